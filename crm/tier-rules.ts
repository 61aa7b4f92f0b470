import { addDays, dayAt, type Day } from '../sync/base/business-day.ts';
import { allOf } from '../sync/merge/rows.ts';
import { readDocument, type Store, type Tier } from '../sync/model/chain.ts';
import type { CentreStore } from './store.ts';
import { keysOf } from './working-set.ts';

/** What decides on tiers beside the money. */
export interface Rules {
  tiers: Tier[];
  stores: Store[];
  /** Of the newest version of a tier. */
  seq: number;
}

async function readTiers(store: CentreStore): Promise<{ tiers: Tier[]; seq: number }> {
  const { documents } = await store.loadRows({ ...keysOf([]), documents: [allOf('tier')] });
  // One that can not be read gives nothing.
  const read = documents.flatMap((each) => readDocument(each) ?? []);
  return {
    tiers: read.flatMap((each) => (each.kind === 'tier' ? [each.body] : [])),
    seq: documents.reduce((most, { seq }) => Math.max(most, seq), 0),
  };
}

export async function readRules(store: CentreStore): Promise<Rules> {
  const tiers = await readTiers(store);
  const { documents } = await store.loadRows({ ...keysOf([]), documents: [allOf('store')] });
  return { ...tiers, stores: documents.flatMap((each) => (each.kind === 'store' ? [each.body] : [])) };
}

/** Whether any tier is, or was, reached by spending. */
export async function isAnyBySpending(store: CentreStore): Promise<boolean> {
  const { tiers } = await readTiers(store);
  return tiers.some((tier) => [tier, ...tier.earlier].some(({ thresholdMinor }) => thresholdMinor > 0));
}

/** Where a day ends last on earth. */
const LAST_ZONE = 'Etc/GMT+12';

/** None where nobody knows such a zone. */
function dayIn({ timeZone, cutOffHour }: Pick<Store, 'timeZone' | 'cutOffHour'>, nowMs: number): Day[] {
  try {
    return [dayAt(nowMs, timeZone, cutOffHour)];
  } catch {
    return [];
  }
}

/** The business day of the shop that is behind all others: what lasts to the end of a day ends nowhere before that. */
export function chainDay({ stores }: Pick<Rules, 'stores'>, nowMs: number): Day {
  const days = stores.flatMap((each) => dayIn(each, nowMs)).sort();
  return days[0] ?? dayAt(nowMs, LAST_ZONE, 0);
}

/** The last day whose purchases count by now: a shop further east may be a day ahead, a wrong clock is further. */
export const lastDayThatCounts = (today: Day): Day => addDays(today, 1);
