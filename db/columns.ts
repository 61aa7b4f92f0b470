import { getTableColumns, getTableName } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';

interface ColumnList {
  table: string;
  /** Names in SQL, in the order of `props`. */
  names: string[];
  props: string[];
  /** `name AS prop, …` for a SELECT. */
  select: string;
  /** `row`'s values in order, booleans as 0 and 1. */
  valuesOf(row: object): unknown[];
}

/**
 * Columns of a table for hand-prepared statements, taken from its one definition. Used where drizzle's own
 * mapping costs more than the read itself.
 *
 * @param without Properties that do not travel: the file's own row numbers.
 */
export function columnsOf(table: SQLiteTable, without: readonly string[] = []): ColumnList {
  const columns = Object.entries(getTableColumns(table)).filter(([prop]) => !without.includes(prop));
  const props = columns.map(([prop]) => prop);
  const names = columns.map(([, column]) => column.name);
  return {
    table: getTableName(table),
    names,
    props,
    select: columns.map(([prop, column]) => `"${column.name}" AS "${prop}"`).join(', '),
    valuesOf: (row) => {
      const values = row as Record<string, unknown>;
      return props.map((prop) => (typeof values[prop] === 'boolean' ? Number(values[prop]) : values[prop]));
    },
  };
}
