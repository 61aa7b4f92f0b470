import type { EntryRow } from '../model/card.ts';
import type { CardRules, CardType } from '../model/chain.ts';
import { UNITS_MAX } from '../model/units.ts';

export interface Purchase {
  amountMinor: number;
  /** The member's tier; '' for none. */
  tierId: string;
  /** What the card has earned by purchases on that business day already. */
  earnedToday: number;
}

export interface Earned {
  units: number;
  /** What it would be without the day's limit. */
  uncapped: number;
  /** Why it is nothing, or less than usual. */
  why: 'whole' | 'below_minimum' | 'too_small' | 'day_full';
}

export type EarnRules = Pick<CardType, 'kind'> &
  Pick<
    CardRules,
    | 'earnPoints'
    | 'earnPerMinor'
    | 'earnRounding'
    | 'minSpendMinor'
    | 'tierFactors'
    | 'earnMaxPerDay'
    | 'cashbackBasisPoints'
  >;

const HUNDRED = 100n;

/** Per cent of the usual units for a member of that tier. */
export const tierPercent = ({ tierFactors }: Pick<CardRules, 'tierFactors'>, tierId: string): number =>
  tierFactors.find((factor) => factor.tierId === tierId)?.percent ?? 100;

function divided(over: bigint, under: bigint, rounding: EarnRules['earnRounding']): bigint {
  if (rounding === 'nearest') return (2n * over + under) / (2n * under);
  return rounding === 'up' ? (over + under - 1n) / under : over / under;
}

/** Before the day's limit. In whole numbers of any size: a product of three limits is beyond a double. */
function unitsOf(rules: EarnRules, { amountMinor, tierId }: Purchase): bigint {
  const amount = BigInt(amountMinor);
  const percent = BigInt(tierPercent(rules, tierId));
  const { earnRounding: rounding } = rules;
  if (rules.kind === 'credit') {
    const over = amount * BigInt(rules.cashbackBasisPoints) * percent;
    return divided(over, 10_000n * HUNDRED, rounding === 'step' ? 'down' : rounding);
  }
  const points = BigInt(rules.earnPoints);
  const per = BigInt(rules.earnPerMinor);
  if (rounding === 'step') return ((amount / per) * points * percent) / HUNDRED;
  return divided(amount * points * percent, per * HUNDRED, rounding);
}

/**
 * What a purchase earns: the one rule, for the till, the preview, a trial, the correction of an amount and the centre.
 * Points and stamps by steps of the amount, money by a share of it. Whole units only, never below 0, at most
 * `UNITS_MAX`.
 *
 * @param rules Of the version that counts on the day of the purchase (`rulesOn`, `rulesOfVersion`).
 */
export function earnFor(rules: EarnRules, purchase: Purchase): Earned {
  if (purchase.amountMinor < rules.minSpendMinor) return { units: 0, uncapped: 0, why: 'below_minimum' };
  const exact = unitsOf(rules, purchase);
  const uncapped = exact > BigInt(UNITS_MAX) ? UNITS_MAX : Number(exact);
  if (uncapped < 1) return { units: 0, uncapped: 0, why: 'too_small' };
  if (rules.earnMaxPerDay === 0) return { units: uncapped, uncapped, why: 'whole' };
  const left = Math.max(0, rules.earnMaxPerDay - Math.max(0, purchase.earnedToday));
  return left < uncapped
    ? { units: left, uncapped, why: 'day_full' }
    : { units: uncapped, uncapped, why: 'whole' };
}

/**
 * What a purchase that is on the ledger earns with another amount, or with what was earned beside it.
 *
 * @param rules Of the version that made the entry (N14).
 */
export function earnAgain(
  rules: EarnRules,
  entry: Pick<EntryRow, 'delta' | 'rewardId'>,
  { amountMinor, earnedToday }: Pick<Purchase, 'amountMinor' | 'earnedToday'>,
): number {
  // A stamp given by hand stays what it is: no rule made it of the amount.
  if (!isEarnedByRule(rules)) return entry.delta;
  return earnFor(rules, { amountMinor, tierId: entry.rewardId, earnedToday }).units;
}

/** Whether an amount decides how much: stamps of a type without such a rule are given by hand. */
export const isEarnedByRule = ({ kind, earnPoints }: Pick<EarnRules, 'kind' | 'earnPoints'>): boolean =>
  kind !== 'stamp' || earnPoints > 0;
