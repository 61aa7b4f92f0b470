import Database from 'better-sqlite3';
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { must } from '../../sync/base/must.ts';

const PAGE_BYTES = 4096;

/** A till's own file, closed, with no log beside it. */
interface OwnFile {
  path: string;
  keyHex: string;
}

function withFile<T>({ path, keyHex }: OwnFile, act: (raw: Database.Database) => T): T {
  const raw = new Database(path);
  try {
    raw.pragma(`cipher = 'aegis'`);
    raw.pragma(`key = 'raw:${keyHex}'`);
    return act(raw);
  } finally {
    raw.close();
  }
}

/** The number of a table's first page. */
const rootPage = (file: OwnFile, table: string): number =>
  withFile(
    file,
    // Cast: one number.
    (raw) => raw.prepare('SELECT rootpage FROM sqlite_master WHERE name = ?').pluck().get(table) as number,
  );

/** As a file that was made anew from a copy of before the till was given its numbers. */
export const loseCardNumbers = (file: OwnFile): void =>
  withFile(file, (raw) => void raw.exec('DELETE FROM card_stock; DELETE FROM card_blocks'));

/** Other bytes where the file's page `page` was, counted from 1. */
function overwritePage(path: string, page: number): void {
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(PAGE_BYTES, 0xa5), 0, PAGE_BYTES, (page - 1) * PAGE_BYTES);
  closeSync(file);
}

/** The page of a table. */
export const damageTable = (file: OwnFile, table: string): void =>
  overwritePage(file.path, rootPage(file, table));

/** A page of rows in the middle of a table of several, so that there are rows before it and after it. */
export function damageMiddle(file: OwnFile, table: string): void {
  const sql = "SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY path";
  // Cast: a column of numbers.
  const pages = withFile(file, (raw) => raw.prepare(sql).pluck().all(table) as number[]);
  overwritePage(file.path, must(pages[pages.length >> 1], 'a table has pages'));
}

/** The page that says what the file is. */
export const damageHeader = (path: string): void => overwritePage(path, 1);

/** One bit in the middle of the last half of a log. */
export function damageLog(path: string): void {
  const bytes = readFileSync(`${path}-wal`);
  const at = Math.floor(bytes.length * 0.75);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(`${path}-wal`, bytes);
}
