import type { CardTypeId } from '../base/ids.ts';
import type { CardKind, CardType } from '../model/chain.ts';
import type { HeldReason } from '../model/feed.ts';
import type { OpBody, OpBodyOf } from '../model/op.ts';
import { STAMPS_PER_PRESS_MAX, UNITS_MAX, unitsOf, VISITS_PER_PRESS_MAX } from '../model/units.ts';
import { earnAgain, earnFor, isEarnedByRule } from '../programmes/earn.ts';
import { openingUnitsOf } from '../programmes/unlimited.ts';
import { isBooking, isMoving, type BookingBody, type MovingBody } from './entries.ts';
import { isPurchase } from './lots.ts';
import type { RowReader } from './rows.ts';

export type RuleFault = Extract<
  HeldReason,
  'bad_body' | 'unknown_rule' | 'wrong_kind' | 'unknown_reward' | 'beyond_rule'
>;

/** Kinds of card that an op is for; one that is not named is for all. */
const FOR_KINDS: Readonly<Partial<Record<BookingBody['kind'], readonly CardKind[]>>> = {
  'stamp.added': ['stamp'],
  'points.credited': ['points'],
  'points.debited': ['points'],
  'visit.deducted': ['visits'],
  'visits.added': ['visits'],
  'credit.toppedUp': ['credit'],
  'credit.earned': ['credit'],
  'credit.spent': ['credit'],
  'credit.paidOut': ['credit'],
  'reward.redeemed': ['stamp', 'points', 'coupon'],
  'purchase.edited': ['stamp', 'points', 'credit'],
};

/** A card that the op opens; null for none. */
const openingIn = (body: OpBody) =>
  body.kind === 'card.issued' ? body : body.kind === 'member.created' ? body.card : null;

/** The card type and version by which an op was made. */
export interface NamedRule {
  cardTypeId: CardTypeId;
  version: number;
}

/** Null for an op that no rule of a card type made, or whose account is not known yet: it waits for that anyway. */
export function ruleNamed(body: OpBody, rows: Pick<RowReader, 'account'>): NamedRule | null {
  const opening = openingIn(body);
  if (opening !== null) return { cardTypeId: opening.cardTypeId, version: opening.cardTypeVersion };
  if (!isBooking(body)) return null;
  const account = rows.account(body.accountId);
  return account === undefined ? null : { cardTypeId: account.cardTypeId, version: body.cardTypeVersion };
}

interface Earning {
  amountMinor: number | null;
  tier?: string | undefined;
}

/**
 * Most units that the rules give for a purchase, by the tier that the till says counted: its copy of the member may be
 * older or newer than the centre's, and so may what the card had earned on that day.
 */
const mostFor = (rules: CardType, { amountMinor, tier = '' }: Earning): number =>
  amountMinor === null ? 0 : earnFor(rules, { amountMinor, tierId: tier, earnedToday: 0 }).units;

function stampFault(rules: CardType, body: OpBodyOf<'stamp.added'>): RuleFault | null {
  const isByHand = body.amountMinor === null || !isEarnedByRule(rules);
  const most = isByHand ? STAMPS_PER_PRESS_MAX : mostFor(rules, body);
  return body.count > most ? 'beyond_rule' : null;
}

function rewardFault(rules: CardType, { rewardId, cost }: OpBodyOf<'reward.redeemed'>): RuleFault | null {
  const reward = rules.rewards.find((each) => each.rewardId === rewardId);
  if (reward === undefined) return 'unknown_reward';
  return cost === reward.cost ? null : 'beyond_rule';
}

function editFault(
  rows: Pick<RowReader, 'entry'>,
  rules: CardType,
  { correctsOpId, newUnits, amountMinor }: OpBodyOf<'purchase.edited'>,
): RuleFault | null {
  const edited = rows.entry(correctsOpId);
  // Said by the rule of the op itself.
  if (edited === undefined || !isPurchase(edited)) return null;
  return newUnits > earnAgain(rules, edited, { amountMinor, earnedToday: 0 }) ? 'beyond_rule' : null;
}

function mostOf(rules: CardType, body: MovingBody): number {
  if (body.kind === 'visits.added') return VISITS_PER_PRESS_MAX;
  if (body.kind === 'credit.earned') return mostFor(rules, body);
  // By hand it is a manager's word, which her role answers for; what is spent, the balance's.
  const isBought = body.kind === 'points.credited' && body.amountMinor !== null;
  return isBought ? mostFor(rules, body) : UNITS_MAX;
}

function movedFault(rules: CardType, body: MovingBody): RuleFault | null {
  if (body.kind === 'stamp.added') return stampFault(rules, body);
  if (body.kind === 'reward.redeemed') return rewardFault(rules, body);
  return unitsOf(body) > mostOf(rules, body) ? 'beyond_rule' : null;
}

/** What the check looks at. */
export interface RuleFacts {
  rows: Pick<RowReader, 'account' | 'entry'>;
  /** The card type as the version that the op names says (`rulesOfVersion`); undefined when nobody here has it. */
  rules: CardType | undefined;
  /** An import, which is a manager's, brings balances of another system. */
  isManager: boolean;
}

/**
 * Why no till of this program can have made an op, by the very rules that tills make ops with; null when one can. What
 * a till knows for itself is left to it: tiers, what else was earned on the day, the balance.
 */
export function ruleFault(body: OpBody, { rows, rules, isManager }: RuleFacts): RuleFault | null {
  const opening = openingIn(body);
  if (opening !== null) {
    if (rules === undefined) return 'unknown_rule';
    return opening.openingUnits > openingUnitsOf(rules) && !isManager ? 'beyond_rule' : null;
  }
  if (!isBooking(body) || rows.account(body.accountId) === undefined) return null;
  if (body.kind === 'entry.corrected') {
    // By the version of what it counters, also of one that a manager let in and nobody else has.
    const corrected = rows.entry(body.correctsOpId);
    const isSame = corrected === undefined || corrected.cardTypeVersion === body.cardTypeVersion;
    return isSame ? null : 'bad_body';
  }
  if (rules === undefined) return 'unknown_rule';
  if (FOR_KINDS[body.kind]?.includes(rules.kind) === false) return 'wrong_kind';
  if (body.kind === 'purchase.edited') return editFault(rows, rules, body);
  return isMoving(body) ? movedFault(rules, body) : null;
}
