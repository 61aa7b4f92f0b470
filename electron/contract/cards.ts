import { z } from 'zod';
import { CardId, CardTypeId, MemberId, OpId } from '../../sync/base/ids.ts';
import { CardNumber } from '../../sync/model/card.ts';
import { STAMPS_PER_PRESS_MAX, UNITS_MAX, VISITS_PER_PRESS_MAX } from '../../sync/model/units.ts';
import { Attribute } from '../../sync/model/attributes.ts';
import { CustomValue, ExtraId } from '../../sync/model/extras.ts';
import { command, query, type Method } from './method.ts';
import { ActionReply, SecondPerson } from './views.ts';

const Units = z.int().min(1).max(UNITS_MAX);
const Receipt = z.string().trim().max(40);
const Reason = z.string().trim().max(200);
const OnCard = { opId: OpId, cardId: CardId };

export const cards = {
  'cards.issue': command(
    z.strictObject({
      opId: OpId,
      memberId: MemberId,
      cardTypeId: CardTypeId,
      cardNumber: CardNumber.nullable(),
    }),
    ActionReply,
  ),
  /** The new card takes over the balance; the old number is dead from then on. */
  'cards.replace': command(
    z.strictObject({ ...OnCard, reason: Reason, cardNumber: CardNumber.nullable() }),
    ActionReply,
  ),
  /** What the chain keeps of each card, in the order of a form. */
  'cards.listAttributes': query(z.strictObject({}), z.array(Attribute)),
  /** Values of those, null takes one away; whether it is on a phone (taking that back is a supervisor's). */
  'cards.setData': command(
    z.strictObject({
      ...OnCard,
      custom: z.record(ExtraId, CustomValue.nullable()),
      isInstalled: z.boolean().nullable(),
    }),
    ActionReply,
  ),
  /** Ends it for good, a supervisor's. */
  'cards.close': command(z.strictObject({ ...OnCard, reason: Reason }), ActionReply),
  'cards.reportLost': command(z.strictObject({ ...OnCard, reason: Reason }), ActionReply),
  /** So many stamps, or by purchase amount: then they follow from the card type's rule. Exactly one of the two. */
  'stamps.add': command(
    z.strictObject({
      ...OnCard,
      count: z.int().min(1).max(STAMPS_PER_PRESS_MAX).optional(),
      amountMinor: Units.optional(),
      receiptNo: Receipt.optional(),
    }),
    ActionReply,
  ),
  /**
   * By purchase amount: points follow from the card type's rule. By `points`: by hand, a manager's. Exactly
   * one of the two.
   */
  'points.credit': command(
    z.strictObject({
      ...OnCard,
      amountMinor: Units.nullable(),
      receiptNo: Receipt,
      points: Units.nullable(),
      reason: Reason,
      /** By hand, for a manager: another one stands by it, and neither's limit of a day is asked. */
      second: SecondPerson.nullable().default(null),
    }),
    ActionReply,
  ),
  'points.debit': command(z.strictObject({ ...OnCard, points: Units, reason: Reason }), ActionReply),
  'visits.deduct': command(z.strictObject({ ...OnCard, count: Units }), ActionReply),
  'visits.add': command(
    z.strictObject({ ...OnCard, count: z.int().min(1).max(VISITS_PER_PRESS_MAX), receiptNo: Receipt }),
    ActionReply,
  ),
  'credit.topUp': command(z.strictObject({ ...OnCard, creditMinor: Units, receiptNo: Receipt }), ActionReply),
  /** Cashback of a purchase, by the card type's rule. */
  'credit.earn': command(z.strictObject({ ...OnCard, amountMinor: Units, receiptNo: Receipt }), ActionReply),
  'credit.spend': command(z.strictObject({ ...OnCard, creditMinor: Units, receiptNo: Receipt }), ActionReply),
  'rewards.redeem': command(z.strictObject({ ...OnCard, rewardId: z.string().min(1).max(40) }), ActionReply),
  /** Counters an entry of this till. Within ten minutes the person who made it; later a supervisor. */
  'entries.undo': command(z.strictObject({ opId: OpId, undoesOpId: OpId, reason: Reason }), ActionReply),
} satisfies Record<string, Method>;
