import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openFile } from '../../db/open.ts';
import { filesWithCanaries, hasCanary } from './canary-words.ts';
import { KEY_HEX } from './till.ts';

export { CANARY_PHONE, CANARY_WORD, canaryPhone, filesWithCanaries, hasCanary } from './canary-words.ts';

/** Bytes of a column are read as they are: keys and images are kept so. */
const toText = (value: unknown): unknown =>
  value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value;

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
