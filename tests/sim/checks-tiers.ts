import type { MemberId } from '../../sync/base/ids.ts';
import { rootOf } from '../../sync/merge/merged.ts';
import { Tier } from '../../sync/model/chain.ts';
import { readExtras } from '../../sync/model/extras.ts';
import { earnedTier, type SpentDay } from '../../sync/programmes/tiers.ts';
import type { CentreTables } from '../parts/memory-centre.ts';

const BUYING: ReadonlySet<string> = new Set(['points.credited', 'credit.spent', 'stamp.added']);

/** What each member spent on which day, by the entries alone: written a second time here, not taken from the rules. */
function spentBy({ entries, corrections }: CentreTables): Map<string, SpentDay[]> {
  const spent = new Map<string, SpentDay[]>();
  for (const { opId, kind, amountMinor, delta, memberId, businessDay, wallMs } of entries.values()) {
    const amount = amountMinor ?? (kind === 'credit.spent' ? -delta : 0);
    if (!BUYING.has(kind) || amount === 0) continue;
    // Expired points stay bought.
    const counter = entries.get(corrections.get(opId) ?? '')?.kind;
    if (counter === 'entry.corrected' || counter === 'purchase.edited') continue;
    const day = { day: businessDay, spentMinor: amount, lastAtMs: wallMs };
    spent.set(memberId, [...(spent.get(memberId) ?? []), day]);
  }
  return spent;
}

/** Whose tier says that spending gave it, and it is another one that her entries come to; and who has none at all. */
export function wrongTiers(tables: CentreTables, asOf: string): string[] {
  const tiers = [...tables.documents.values()].flatMap(({ kind, body }) =>
    kind === 'tier' ? [Tier.parse(body)] : [],
  );
  const spent = spentBy(tables);
  const people = new Map<MemberId, SpentDay[]>();
  for (const { row } of tables.members.values()) {
    const root = rootOf((id) => tables.members.get(id)?.row, row.memberId);
    people.set(root, [...(people.get(root) ?? []), ...(spent.get(row.memberId) ?? [])]);
  }
  return [...people].flatMap(([memberId, days]) => {
    const row = tables.members.get(memberId)?.row;
    if (row === undefined || row.state === 'anonymised') return [];
    const { isRemoved, tier: reason } = readExtras(row.extras);
    if (isRemoved) return [];
    const isNear = (day: string): boolean => Date.parse(day) - Date.parse(asOf) <= 86_400_000;
    const latest = days.reduce((last, { day }) => (day > last && isNear(day) ? day : last), asOf);
    const earned = earnedTier(tiers, days, latest);
    const said = [reason?.tierId ?? '', reason?.since ?? ''].join(' ');
    const due = [earned?.tierId ?? '', earned?.since ?? ''].join(' ');
    const isRight = said === due && row.tier === (earned?.tierId ?? '');
    return isRight ? [] : [`${memberId} has "${row.tier}" (${said}), her purchases come to (${due})`];
  });
}
