import { rowsOf, type Sql } from '../../../../crm/database.ts';

/** What lies in every table of a database: equal only when nothing at all was changed. */
export async function contentOf(sql: Sql): Promise<Record<string, string>> {
  const tables = await rowsOf<{ name: string }>(
    sql,
    `select table_name as name from information_schema.tables where table_schema = 'public' order by 1`,
  );
  const parts = tables.map(
    ({ name }) =>
      `select '${name}' as name, md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as hash from ${name} t`,
  );
  const hashes = await rowsOf<{ name: string; hash: string }>(sql, parts.join(' union all '));
  return Object.fromEntries(hashes.map(({ name, hash }) => [name, hash]));
}
