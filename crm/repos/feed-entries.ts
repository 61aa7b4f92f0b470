import { ENTRIES_PER_PAGE_MAX, type EntryPage } from '../../sync/feed/replies.ts';
import { must } from '../../sync/base/must.ts';
import { rowsOf, type Sql } from '../database.ts';
import type { TillRow } from './tills.ts';

/**
 * A page ends before the number of the first entry that does not fit, so that the entries of one op stay together.
 * That number is looked for first and alone: what is sorted by the way is numbers and not rows. The head is read with
 * them: what is not numbered yet is not told.
 */
const pageOf = (scope: string): string => `
with asked as materialized (select least($2::bigint, (select seq from feed_head where id = 1)) as until),
numbers as materialized (
  select seq from entries where ${scope}seq > $1::bigint and seq <= (select until from asked)
  order by seq limit $3::bigint + 1
),
size as materialized (select count(*) as count, min(seq) as first, max(seq) as last from numbers),
whole as materialized (
  select case when count <= $3::bigint then (select until from asked) else greatest(first, last - 1) end as until
  from size
)
select (select until from whole) as until,
  (select coalesce(string_agg("row", ','), '') from entries
    where ${scope}seq > $1::bigint and seq <= (select until from whole)) as entries`;

/** Null: all stores, as an office has them. */
export type EntryScope = string | null;
export const scopeOf = ({ kind, storeId }: Pick<TillRow, 'kind' | 'storeId'>): EntryScope =>
  kind === 'office' ? null : storeId;

// Two statements, so that each has its own index and its own plan.
const OF_STORE = pageOf('store_id = $4 and ');
const OF_ALL = pageOf('');

/** The entries of `scope` behind `after` and up to `until`; `entries` as they were stored, with commas between. */
export async function findEntries(
  sql: Sql,
  scope: EntryScope,
  asked: { after: number; until: number },
): Promise<{ entries: string; until: number }> {
  const rows = await rowsOf<{ entries: string; until: number }>(sql, scope === null ? OF_ALL : OF_STORE, [
    asked.after,
    asked.until,
    ENTRIES_PER_PAGE_MAX,
    ...(scope === null ? [] : [scope]),
  ]);
  return must(rows[0], 'the statement gives one row');
}

/** The page in JSON, as it is sent: nobody here has to read what was stored as JSON. */
export const toPageText = ({ entries, until }: { entries: string; until: number }): string =>
  `{"entries":[${entries}],"until":${until}}`;

/** The same as it is read. */
export async function listEntries(
  sql: Sql,
  scope: EntryScope,
  asked: { after: number; until: number },
): Promise<EntryPage> {
  return JSON.parse(toPageText(await findEntries(sql, scope, asked))) as EntryPage;
}
