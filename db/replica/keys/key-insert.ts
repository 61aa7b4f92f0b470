import type { Connection } from '../../open.ts';

export interface FiledKey {
  key: string;
  rid: number;
}

/** Rows of one statement: calling one costs as much as the insert itself. */
const ROWS = 50;

const statement = (rows: number): string =>
  `INSERT OR IGNORE INTO search_keys (run, key, rid) VALUES ${Array.from({ length: rows }, () => '(?, ?, ?)').join(', ')}`;

/** Puts keys into a run, in their order; one that is there already is passed over. @returns how many were new */
export function keyInsert(raw: Connection): (run: number, keys: readonly FiledKey[]) => number {
  const many = raw.prepare(statement(ROWS));
  const one = raw.prepare<[number, string, number]>(statement(1));
  return (run, keys) => {
    let added = 0;
    let at = 0;
    for (; at + ROWS <= keys.length; at += ROWS) {
      const values: (string | number)[] = [];
      for (let row = at; row < at + ROWS; row += 1) {
        const each = keys[row];
        if (each !== undefined) values.push(run, each.key, each.rid);
      }
      added += many.run(values).changes;
    }
    for (const { key, rid } of keys.slice(at)) added += one.run(run, key, rid).changes;
    return added;
  };
}
