import { rowsOf, type Sql } from '../database.ts';

/** The last erasure up to `beforeMs` whose words may still lie in the database's own files; null: there is none. */
export async function findUnscoured(sql: Sql, beforeMs: number): Promise<number | null> {
  const text = `select max(e.erasure_no) as "erasureNo" from erasures e, erasure_scour s
    where e.erasure_no > s.erasure_no and e.at_ms <= $1`;
  const [found] = await rowsOf<{ erasureNo: number | null }>(sql, text, [beforeMs]);
  return found?.erasureNo ?? null;
}

export async function noteScour(sql: Sql, { erasureNo, nowMs }: { erasureNo: number; nowMs: number }) {
  await sql.query('update erasure_scour set erasure_no = $1, at_ms = $2 where erasure_no < $1', [
    erasureNo,
    nowMs,
  ]);
}

/** The centre's own tables, and what each takes with its indexes and what it keeps beside itself. */
export const listTableSizes = (sql: Sql): Promise<{ table: string; bytes: number }[]> =>
  rowsOf(
    sql,
    `select format('%I.%I', n.nspname, c.relname) as table, pg_total_relation_size(c.oid) as bytes
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and n.nspname = current_schema() order by c.relname`,
  );
