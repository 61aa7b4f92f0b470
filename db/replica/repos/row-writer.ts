import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import { columnsOf } from '../../columns.ts';
import type { Connection } from '../../open.ts';

/**
 * Writes rows of one table by their first column, which is their id. A row of a lower `seq` than the stored
 * one is passed over; one of the same `seq` is written again, which changes nothing.
 *
 * @returns True when the id was not there before.
 */
export function createRowWriter(raw: Connection, table: SQLiteTable) {
  const columns = columnsOf(table);
  const [id, ...others] = columns.names;
  const marks = columns.names.map(() => '?').join(', ');
  const find = raw.prepare<[unknown], { at: number; seq: number }>(
    `SELECT rowid AS at, seq FROM ${columns.table} WHERE ${id} = ?`,
  );
  const insert = raw.prepare(`INSERT INTO ${columns.table} (${columns.names.join(', ')}) VALUES (${marks})`);
  const replace = raw.prepare(
    `UPDATE ${columns.table} SET ${others.map((name) => `${name} = ?`).join(', ')} WHERE rowid = ?`,
  );
  return (row: { seq: number }): boolean => {
    const values = columns.valuesOf(row);
    const stored = find.get(values[0]);
    if (stored === undefined) {
      insert.run(values);
      return true;
    }
    if (row.seq >= stored.seq) replace.run([...values.slice(1), stored.at]);
    return false;
  };
}
