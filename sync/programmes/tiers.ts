import { addDays, addMonths, type Day } from '../base/business-day.ts';
import { canonicalJson, type Json } from '../base/canonical.ts';
import type { Tier, TierRules } from '../model/chain.ts';
import type { TierReason } from '../model/extras.ts';
import type { MemberRow } from '../model/member.ts';

/** What somebody's purchases of one business day came to, in minor units, corrections taken off. */
export interface SpentDay {
  day: Day;
  spentMinor: number;
  /** Wall clock of the day's last purchase. */
  lastAtMs: number;
}

/** A tier that spending has reached, as of a day. */
export interface EarnedTier extends TierReason {
  /** Moment of the purchase that reached it. */
  atMs: number;
}

/** What one version says, out of a whole document. */
export function tierRulesIn({ tierId: _id, earlier: _earlier, ...rules }: Tier): TierRules {
  return rules;
}

/** The rules that count on a day; undefined before the first. As with card types, a higher version wins. */
export const tierRulesOn = (tier: Tier, day: Day): TierRules | undefined =>
  [tierRulesIn(tier), ...tier.earlier].find(({ validFrom }) => validFrom <= day);

/** The next version of a tier: `rules` count from their `validFrom`, all before is kept. */
export const nextTier = (current: Tier, rules: TierRules): Tier => ({
  tierId: current.tierId,
  ...rules,
  version: current.version + 1,
  earlier: [tierRulesIn(current), ...current.earlier],
});

/** Whether `next` may follow `known`: it starts no earlier than today and keeps every version before it. */
export function mayTierFollow(known: Tier | undefined, next: Tier, today: Day): boolean {
  const before = known === undefined ? [] : [tierRulesIn(known), ...known.earlier];
  const isKept = canonicalJson(next.earlier as Json) === canonicalJson(before as Json);
  return isKept && next.validFrom >= today;
}

/** The tier is read off the date: after its last day it is none. */
export const tierOn = ({ tier, tierUntil }: Pick<MemberRow, 'tier' | 'tierUntil'>, day: Day): string =>
  tierUntil !== null && tierUntil < day ? '' : tier;

/** What `rules` look at on a day: the money of the last `withinMonths` months. */
export function spentFor(
  { withinMonths }: Pick<TierRules, 'withinMonths'>,
  spent: readonly SpentDay[],
  day: Day,
): number {
  const after = addMonths(day, -withinMonths);
  return spent.reduce((sum, each) => sum + (each.day > after && each.day <= day ? each.spentMinor : 0), 0);
}

/** Purchases by day, ready to be asked for the money of any stretch. */
interface SpentSums {
  /** Those with money, in their order. */
  days: Day[];
  /** Of all days before the one of the same place; one more at the end: of all. */
  sums: number[];
  lastAtMs: ReadonlyMap<Day, number>;
}

function toSums(spent: readonly SpentDay[], asOf: Day): SpentSums {
  const byDay = new Map<Day, { sum: number; lastAtMs: number }>();
  for (const { day, spentMinor, lastAtMs } of spent) {
    if (day > asOf) continue;
    const known = byDay.get(day) ?? { sum: 0, lastAtMs };
    byDay.set(day, { sum: known.sum + spentMinor, lastAtMs: Math.max(known.lastAtMs, lastAtMs) });
  }
  const known = [...byDay]
    .filter(([, { sum }]) => sum !== 0)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  const sums = [0];
  let total = 0;
  for (const [, { sum }] of known) sums.push((total += sum));
  return {
    ...{ days: known.map(([day]) => day), sums },
    lastAtMs: new Map(known.map(([day, { lastAtMs }]) => [day, lastAtMs])),
  };
}

/** Sum of the days up to `day`. */
function spentUpTo({ days, sums }: SpentSums, day: Day): number {
  let [low, high] = [0, days.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((days[middle] ?? '') <= day) low = middle + 1;
    else high = middle;
  }
  return sums[low] ?? 0;
}

/** Sum of the days behind `after` up to `day`. */
const spentWithin = (spent: SpentSums, after: Day, day: Day): number =>
  after >= day ? 0 : spentUpTo(spent, day) - spentUpTo(spent, after);

interface Held {
  earned: EarnedTier;
  /** Last day before the term that runs: what was spent since renews it. */
  termAfter: Day;
}

interface Facts {
  /** Versions newest first; in order of id, so that ties of rank go the same way everywhere. */
  tiers: readonly { tierId: string; versions: readonly TierRules[] }[];
  spent: SpentSums;
}

const onDay = (versions: readonly TierRules[] | undefined, day: Day): TierRules | undefined =>
  versions?.find(({ validFrom }) => validFrom <= day);

const rulesOf = ({ tiers }: Facts, tierId: string, day: Day): TierRules | undefined =>
  onDay(tiers.find((each) => each.tierId === tierId)?.versions, day);

/** What the last so many months come to, as of a day; tiers mostly ask for the same number of them. */
function windowsOn({ spent }: Facts, day: Day): (months: number) => number {
  const known = new Map<number, number>();
  return (months) => {
    const sum = known.get(months) ?? spentWithin(spent, addMonths(day, -months), day);
    known.set(months, sum);
    return sum;
  };
}

/** The best tier that the money of the time before `day` reaches, if it is better than the one that is held. */
function better(facts: Facts, held: Held | null, day: Day): Held | null {
  let best: { tierId: string; rules: TierRules; spentMinor: number } | null = null;
  let rank = held === null ? -1 : (rulesOf(facts, held.earned.tierId, day)?.rank ?? -1);
  const spentIn = windowsOn(facts, day);
  for (const { tierId, versions } of facts.tiers) {
    const rules = onDay(versions, day);
    if (rules === undefined || rules.isRetired || rules.thresholdMinor === 0 || rules.rank <= rank) continue;
    const spentMinor = spentIn(rules.withinMonths);
    if (spentMinor < rules.thresholdMinor) continue;
    best = { tierId, rules, spentMinor };
    rank = rules.rank;
  }
  if (best === null) return held;
  const { tierId, rules, spentMinor } = best;
  const earned: EarnedTier = {
    ...{ tierId, version: rules.version, since: day, spentMinor },
    until: rules.validMonths === 0 ? null : addMonths(day, rules.validMonths),
    atMs: facts.spent.lastAtMs.get(day) ?? Date.parse(`${day}T00:00:00Z`),
  };
  return { earned, termAfter: day };
}

/** One more term as soon as enough was spent within the running one. */
function renewed(facts: Facts, held: Held | null, day: Day): Held | null {
  const until = held?.earned.until ?? null;
  if (held === null || until === null) return held;
  const rules = rulesOf(facts, held.earned.tierId, day);
  if (rules === undefined || rules.isRetired || rules.renewalMinor === 0 || rules.validMonths === 0)
    return held;
  if (spentWithin(facts.spent, held.termAfter, day) < rules.renewalMinor) return held;
  return {
    earned: { ...held.earned, until: addMonths(until, rules.validMonths) },
    termAfter: until,
  };
}

/** Past its last day it goes, and what the money still reaches then comes in its place. */
function lapsed(facts: Facts, held: Held | null, day: Day): Held | null {
  let now = held;
  while (now !== null && now.earned.until !== null && now.earned.until < day)
    now = better(facts, null, addDays(now.earned.until, 1));
  return now;
}

/**
 * The tier that somebody's purchases come to as of a day: a fold over the days in their order, so that it does not
 * matter in which order they became known, and every node with the same purchases finds the same. Each day by the
 * versions that counted on it: a later change takes nothing from those who had reached a tier before.
 *
 * @param spent Of everybody who is this person, in any order; days may repeat.
 */
export function earnedTier(tiers: readonly Tier[], spent: readonly SpentDay[], asOf: Day): EarnedTier | null {
  const facts: Facts = {
    tiers: [...tiers]
      .sort((one, other) => (one.tierId < other.tierId ? -1 : 1))
      .map((tier) => ({ tierId: tier.tierId, versions: [tierRulesIn(tier), ...tier.earlier] })),
    spent: toSums(spent, asOf),
  };
  const first = facts.spent.days[0];
  if (first === undefined) return null;
  const starts = facts.tiers.flatMap(({ versions }) => versions.map(({ validFrom }) => validFrom));
  const turns = starts.filter((day) => day > first && day <= asOf);
  let held: Held | null = null;
  for (const day of [...new Set([...facts.spent.days, ...turns])].sort()) {
    held = lapsed(facts, held, day);
    held = better(facts, renewed(facts, held, day), day);
  }
  return lapsed(facts, held, asOf)?.earned ?? null;
}

/** A member's tier as the row has it, and when somebody last set it by hand. */
export interface StandingTier extends Pick<MemberRow, 'tier' | 'tierUntil'> {
  reason: TierReason | null;
  handAtMs: number;
}

/** What the row should say; `reason` null: no tier. */
export interface NextTier extends Pick<MemberRow, 'tier' | 'tierUntil'> {
  reason: TierReason | null;
}

/** True where spending, not a hand, gave the row its tier. */
export const isReached = ({ tier, tierUntil, reason }: Omit<StandingTier, 'handAtMs'>): boolean =>
  reason !== null && reason.tierId === tier && reason.until === tierUntil;

const toNext = ({ atMs: _atMs, ...reason }: EarnedTier): NextTier => ({
  tier: reason.tierId,
  tierUntil: reason.until,
  reason,
});

/** Money that came in on the day on which it was reached tells nobody anything new. */
const isSame = (one: TierReason | null, other: TierReason | null): boolean =>
  canonicalJson({ ...one, spentMinor: 0 } as Json) === canonicalJson({ ...other, spentMinor: 0 } as Json);

/**
 * What a row becomes when spending comes to `earned`, null: it stays. What a person set by hand stays until its last
 * day, unless a purchase after that reached something better; what spending gave goes when the spending is taken back.
 *
 * @param rankOf Of a tier as of `asOf`; a word that is no tier's is above all.
 */
export function tierChange(
  standing: StandingTier,
  earned: EarnedTier | null,
  { rankOf, asOf }: { rankOf: (tierId: string) => number; asOf: Day },
): NextTier | null {
  const next = earned === null ? null : toNext(earned);
  if (isReached(standing)) {
    if (next !== null) return isSame(next.reason, standing.reason) ? null : next;
    // One that ran out by itself tells so by its date.
    return tierOn(standing, asOf) === '' ? null : { tier: '', tierUntil: null, reason: null };
  }
  if (earned === null || next === null || earned.atMs <= standing.handAtMs) return null;
  const now = tierOn(standing, asOf);
  return now === '' || rankOf(earned.tierId) > rankOf(now) ? next : null;
}

/** Ranks as of a day for `tierChange`. */
export const ranksOn =
  (tiers: readonly Tier[], day: Day) =>
  (tierId: string): number => {
    const tier = tiers.find((each) => each.tierId === tierId);
    return tier === undefined ? Infinity : (tierRulesOn(tier, day)?.rank ?? -1);
  };
