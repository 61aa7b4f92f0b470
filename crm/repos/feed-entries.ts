import { ENTRIES_PER_PAGE_MAX, type EntryPage } from '../../sync/feed/replies.ts';
import type { EntryRow } from '../../sync/model/card.ts';
import { rowsOf, type Sql } from '../database.ts';
import { readHead } from './feed-head.ts';

/**
 * A store's entries behind `after` and up to `until`. A page ends behind a whole number, so that the entries
 * of one op stay together. None goes past the head: what is not numbered yet is not told.
 */
export async function listStoreEntries(
  sql: Sql,
  storeId: string,
  asked: { after: number; until: number },
): Promise<EntryPage> {
  // Read before the entries: those up to it are all there.
  const until = Math.min(asked.until, (await readHead(sql)).seq);
  const rows = await rowsOf<{ row: EntryRow }>(
    sql,
    `select "row"::json from entries where store_id = $1 and seq > $2 and seq <= $3 order by seq limit $4`,
    [storeId, asked.after, until, ENTRIES_PER_PAGE_MAX],
  );
  const entries = rows.map(({ row }) => row);
  const last = entries.at(-1);
  if (last === undefined || entries.length < ENTRIES_PER_PAGE_MAX) return { entries, until };
  const whole = entries.filter((entry) => entry.seq < last.seq);
  return whole.length === 0 ? { entries, until: last.seq } : { entries: whole, until: last.seq - 1 };
}
