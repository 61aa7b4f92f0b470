import type { SpendPolicy } from '../model/spend-policy.ts';

/** What a till knows when somebody wants to spend and the centre can not be asked. */
export interface SpendFacts {
  units: number;
  isCredit: boolean;
  /** What the cashier sees: confirmed and own pending together. */
  view: number;
  /**
   * Earned at this till, surely not sent yet and not spent: nobody else can spend it. What may have left with a
   * request whose answer never came counts no more.
   */
  gainLeft: number;
  /** Rest of the part of the balance that the centre has set aside for this till. */
  grantLeft: number;
  /** Spent without cover in this offline period. */
  floorUsed: { account: number; till: number; spends: number };
  /** Age of the confirmed copy, and of the membership, in whole hours of the corrected clock. */
  copyAgeHours: number;
  memberAgeHours: number;
  /** The key of this till's files is not protected by its machine. */
  isWeak: boolean;
  /** A supervisor or manager acts. */
  isSupervised: boolean;
}

/** What pays for a spend; the parts add up to its units. */
export interface Cover {
  gain: number;
  grant: number;
  floor: number;
}

export type SpendRefusal = 'insufficient_balance' | 'offline_limit' | 'offline_too_long' | 'needs_supervisor';
export type SpendDecision =
  | { isAllowed: true; cover: Cover }
  | { isAllowed: false; why: SpendRefusal; most: number };

const atLeastZero = (value: number): number => Math.max(0, value);

/** Limit of one account for this spend, before what was used: 0 where none is given at all. */
function floorLimit(facts: SpendFacts, policy: SpendPolicy): number {
  const { copyAgeHours, memberAgeHours, isCredit, isWeak } = facts;
  if (isWeak || copyAgeHours >= policy.noneAfterHours || memberAgeHours < policy.newMemberHours) return 0;
  const whole = isCredit ? policy.creditPerAccount : policy.perAccount;
  return copyAgeHours >= policy.halfAfterHours ? Math.floor(whole / 2) : whole;
}

/** The rest of what this till may spend without cover, for this account and in one go. */
function floorLeft(facts: SpendFacts, policy: SpendPolicy): number {
  const { floorUsed, isCredit, isSupervised } = facts;
  if (floorUsed.spends >= policy.spendsPerTill) return 0;
  const ofTill = policy.perTill - floorUsed.till;
  const ofAccount = floorLimit(facts, policy) - floorUsed.account;
  const atOnce = isCredit || isSupervised ? ofAccount : Math.min(ofAccount, policy.perSpend);
  return atLeastZero(Math.min(ofTill, atOnce));
}

const refuse = (why: SpendRefusal, most: number): SpendDecision => ({ isAllowed: false, why, most });

/**
 * Decides a spend without the centre. Pays first from what was earned here, then from the grant, then from the
 * floor limit; never beyond what the cashier sees.
 *
 * With floor limits of 0 no schedule of cut-off tills spends a unit twice; with limits, the overdraft is at most
 * what the floors and grants of the tills add up to (the model check in the tests walks every small schedule).
 */
export function decideSpend(facts: SpendFacts, policy: SpendPolicy): SpendDecision {
  const { units, view, gainLeft, grantLeft, copyAgeHours } = facts;
  const covered = atLeastZero(gainLeft) + atLeastZero(grantLeft);
  const floor = floorLeft(facts, policy);
  const most = atLeastZero(Math.min(view, covered + floor));
  if (units > view) return refuse('insufficient_balance', most);
  if (units > covered + floor) {
    return refuse(copyAgeHours >= policy.noneAfterHours ? 'offline_too_long' : 'offline_limit', most);
  }
  const gain = Math.min(units, atLeastZero(gainLeft));
  const grant = Math.min(units - gain, atLeastZero(grantLeft));
  const rest = units - gain - grant;
  if (rest > 0 && copyAgeHours >= policy.halfAfterHours && !facts.isSupervised) {
    return refuse('needs_supervisor', atLeastZero(Math.min(view, covered)));
  }
  return { isAllowed: true, cover: { gain, grant, floor: rest } };
}
