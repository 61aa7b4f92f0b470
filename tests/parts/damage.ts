import Database from 'better-sqlite3';
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { KEY_HEX } from './till.ts';

const PAGE_BYTES = 4096;

function withFile<T>(path: string, act: (raw: Database.Database) => T): T {
  const raw = new Database(path);
  try {
    raw.pragma(`cipher = 'aegis'`);
    raw.pragma(`key = 'raw:${KEY_HEX}'`);
    return act(raw);
  } finally {
    raw.close();
  }
}

/** The number of a table's first page. */
const rootPage = (path: string, table: string): number =>
  withFile(
    path,
    // Cast: one number.
    (raw) => raw.prepare('SELECT rootpage FROM sqlite_master WHERE name = ?').pluck().get(table) as number,
  );

/** As a file that was made anew from a copy of before the till was given its numbers. */
export const loseCardNumbers = (path: string): void =>
  withFile(path, (raw) => void raw.exec('DELETE FROM card_stock; DELETE FROM card_blocks'));

/** Other bytes where the file's page `page` was, counted from 1. */
function overwritePage(path: string, page: number): void {
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(PAGE_BYTES, 0xa5), 0, PAGE_BYTES, (page - 1) * PAGE_BYTES);
  closeSync(file);
}

/** The page of a table. Its file must be closed, with no log beside it. */
export const damageTable = (path: string, table: string): void => overwritePage(path, rootPage(path, table));

/** The page that says what the file is. */
export const damageHeader = (path: string): void => overwritePage(path, 1);

/** One bit in the middle of the last half of a log. */
export function damageLog(path: string): void {
  const bytes = readFileSync(`${path}-wal`);
  const at = Math.floor(bytes.length * 0.75);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(`${path}-wal`, bytes);
}
