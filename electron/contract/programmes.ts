import { z } from 'zod';
import { CardId, CardTypeId, MemberId } from '../../sync/base/ids.ts';
import { CardRules } from '../../sync/model/chain.ts';
import { DayText } from '../../sync/model/member.ts';
import { command, query, type Method } from './method.ts';
import { Balance } from './views.ts';

export const TRIAL_CARDS_MAX = 100;

/** What one card earned on the day, and what it would have earned. */
export const TrialRow = z.strictObject({
  cardId: CardId,
  memberId: MemberId,
  cardNumber: z.string(),
  name: z.string(),
  purchases: z.int(),
  amountMinor: z.int(),
  oldUnits: z.int(),
  newUnits: z.int(),
});
export type TrialRow = z.infer<typeof TrialRow>;

export const Trial = z.strictObject({
  /** Null: this store has no purchases before today. */
  day: DayText.nullable(),
  unit: Balance.shape.unit,
  cards: z.int(),
  purchases: z.int(),
  amountMinor: z.int(),
  oldUnits: z.int(),
  newUnits: z.int(),
  /** Cards whose units would differ, the biggest difference first; at most `TRIAL_CARDS_MAX`. */
  rows: z.array(TrialRow),
  changed: z.int(),
  /** The day has more purchases than are looked at. */
  isPartial: z.boolean(),
});
export type Trial = z.infer<typeof Trial>;

export const ExpiryResult = z.strictObject({
  /** Up to which day: the asked one, or the last that has surely come. */
  day: DayText,
  /** Accounts that had units to end, their lots and units. */
  accounts: z.int(),
  lots: z.int(),
  units: z.int(),
  /** Accounts with movements of other stores, which this till does not hold: an office or the centre does them. */
  elsewhere: z.int(),
  /** Accounts with movements that are not confirmed yet: the next run does them. */
  waiting: z.int(),
  isDryRun: z.boolean(),
});
export type ExpiryResult = z.infer<typeof ExpiryResult>;

/** Units of one card that end together. */
export const UnitsEnding = z.strictObject({
  cardId: CardId,
  cardType: z.string(),
  cardTypeZh: z.string(),
  unit: Balance.shape.unit,
  /** The first day on which they are of no use any more. */
  endsOn: DayText,
  /** That day is here or over, and nobody has run the ending yet: they still stand in the balance. */
  isOver: z.boolean(),
  units: z.int(),
});
export type UnitsEnding = z.infer<typeof UnitsEnding>;

export const programmes = {
  /**
   * What a draft would have made of one past day's purchases of this store; changes nothing. `day` null: the latest day
   * that has some. Tiers count as members have them now where the entry does not say.
   */
  'programmes.tryOn': query(
    z.strictObject({ cardTypeId: CardTypeId, rules: CardRules, day: DayText.nullable() }),
    Trial,
  ),
  /**
   * When the units on a member's working cards end, soonest first, own entries counted; units without an end are left
   * out. `isPartial`: a card's movements are not all here, so nothing is said of it.
   */
  'members.listEnding': query(
    z.strictObject({ memberId: MemberId }),
    z.strictObject({ ending: z.array(UnitsEnding), isPartial: z.boolean() }),
  ),
  /**
   * Ends what is due on a business day that is over or running: a supervisor's. A lot ends once, however often and
   * wherever this runs. `isDryRun`: only counts.
   */
  'expiry.run': command(z.strictObject({ day: DayText, isDryRun: z.boolean() }), ExpiryResult),
} satisfies Record<string, Method>;
