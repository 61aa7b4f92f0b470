import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import { columnsOf } from '../../columns.ts';
import type { Connection } from '../../open.ts';
import type { HashChange } from './digest-keeper.ts';

/** What a table's rows are written by. */
interface Writing<Row> {
  table: SQLiteTable;
  /** Hash of the row for the digests, where the table has one. */
  hash?: { of: (row: Row) => number; note: (row: Row, change: HashChange) => void };
}

/** @param isMending the values are written even where the hashes say that they are the same */
export type WriteRow<Row> = (row: Row, isMending: boolean) => boolean;

/** What tells whether a row has to be written. */
interface Stored {
  at: number;
  seq: number;
  hash: number;
}

/**
 * Writes rows of one table by their first column, which is their id. A row of a lower `seq` than the stored
 * one is passed over. Of one whose values are the same, only the `seq` is written: to set an indexed column
 * costs the index a delete and an insert, even to the same value.
 *
 * @returns True when the id was not there before.
 */
export function createRowWriter<Row extends { seq: number }>(
  raw: Connection,
  { table, hash }: Writing<Row>,
): WriteRow<Row> {
  const columns = columnsOf(table, ['rowHash']);
  const names = hash === undefined ? columns.names : [...columns.names, 'row_hash'];
  const [id, ...others] = names;
  const marks = names.map(() => '?').join(', ');
  const find = raw.prepare<[unknown], Stored>(
    `SELECT rowid AS at, seq, ${hash === undefined ? '-1' : 'row_hash'} AS hash FROM ${columns.table} WHERE ${id} = ?`,
  );
  const insertText = `INSERT INTO ${columns.table} (${names.join(', ')}) VALUES (${marks})`;
  const insert = raw.prepare(insertText);
  const insertNew = raw.prepare(`${insertText} ON CONFLICT (${id}) DO NOTHING`);
  const replace = raw.prepare(
    `UPDATE ${columns.table} SET ${others.map((name) => `${name} = ?`).join(', ')} WHERE rowid = ?`,
  );
  const touch = raw.prepare<[number, number]>(`UPDATE ${columns.table} SET seq = ? WHERE rowid = ?`);
  return (row, isMending) => {
    const values = columns.valuesOf(row);
    // Rows without a hash are ones that never change: hardly any is there already.
    if (hash === undefined && insertNew.run(values).changes === 1) return true;
    const stored = find.get(values[0]);
    if (stored !== undefined && row.seq < stored.seq) return false;
    const after = hash?.of(row);
    if (stored !== undefined && after === stored.hash && !isMending) {
      if (row.seq > stored.seq) touch.run(row.seq, stored.at);
      return false;
    }
    if (after !== undefined) {
      values.push(after);
      hash?.note(row, { before: stored?.hash ?? null, after });
    }
    if (stored === undefined) insert.run(values);
    else replace.run([...values.slice(1), stored.at]);
    return stored === undefined;
  };
}
