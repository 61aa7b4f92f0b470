import type * as Real from '../../../crm/repos/feed-entries.ts';
import { unitOf } from '../memory-centre.ts';
import { readHead } from './feed-head.ts';

export * from '../../../crm/repos/feed-entries.ts';

/** Small, so that a store's entries come in several pages. */
const ENTRIES_PER_PAGE = 20;

export const listEntries: typeof Real.listEntries = async (sql, scope, asked) => {
  const until = Math.min(asked.until, (await readHead(sql)).seq);
  const { tables, step } = unitOf(sql);
  await step();
  const entries = [...tables.entries.values()]
    .filter(
      (entry) => (scope === null || entry.storeId === scope) && entry.seq > asked.after && entry.seq <= until,
    )
    .sort((a, b) => a.seq - b.seq)
    .slice(0, ENTRIES_PER_PAGE);
  const last = entries.at(-1);
  if (last === undefined || entries.length < ENTRIES_PER_PAGE) return { entries, until };
  const whole = entries.filter(({ seq }) => seq < last.seq);
  return whole.length === 0 ? { entries, until: last.seq } : { entries: whole, until: last.seq - 1 };
};
