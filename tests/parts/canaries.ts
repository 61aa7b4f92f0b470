import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openFile } from '../../db/open.ts';
import { KEY_HEX } from './till.ts';

/** In every word that would show who one of them was; phones begin so, and nobody else's do. */
export const CANARY_WORD = 'Quagga';
export const CANARY_PHONE = '8666';

/** The words, and their phones wherever they stand as a number of their own: eight digits can be part of a hash. */
const WORD = new RegExp(CANARY_WORD, 'i');
const PHONE = new RegExp(`(?<![0-9a-f])(?:\\+?65)?${CANARY_PHONE}\\d{4}(?![0-9a-f])`);

export const hasCanary = (text: string): boolean => WORD.test(text) || PHONE.test(text);

/** Mobile of the canary `at`, below ten thousand. */
export const canaryPhone = (at: number): string => `+65${CANARY_PHONE}${String(at).padStart(4, '0')}`;

/** Bytes of a column are read as they are: keys and images are kept so. */
const toText = (value: unknown): unknown =>
  value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value;

/** Files below `folder` in which a canary can be read as they lie there, as paths from it. */
export function filesWithCanaries(folder: string): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    if (hasCanary(readFileSync(path).toString('latin1'))) found.push(path.slice(folder.length + 1));
  }
  return found.sort();
}

/** `file.table` of an encrypted file of a till, for each table that says one, whatever it is called on the disk. */
export function tablesWithCanaries(path: string, file: 'till' | 'replica' | 'imports'): string[] {
  const raw = openFile({ path, keyHex: KEY_HEX, file });
  const found: string[] = [];
  const names = raw.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all() as string[];
  for (const name of names) {
    const rows = raw.prepare<[], unknown[]>(`SELECT * FROM "${name}"`).raw().iterate();
    for (const row of rows) {
      if (!hasCanary(JSON.stringify(row.map(toText)))) continue;
      found.push(`${file}.${name}`);
      break;
    }
  }
  raw.close();
  return found.sort();
}

/** Where a till's folder says one: raw, and in every table of what lies in it encrypted. */
export function canariesOfTill(folder: string): string[] {
  const found = filesWithCanaries(folder);
  for (const name of readdirSync(folder)) {
    if (!statSync(join(folder, name)).isFile() || /-(wal|shm)$/.test(name)) continue;
    const file = /^(till|replica|imports)\.db/.exec(name)?.[1] as 'till' | 'replica' | 'imports' | undefined;
    if (file !== undefined) found.push(...tablesWithCanaries(join(folder, name), file));
  }
  return found.sort();
}
