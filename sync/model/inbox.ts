import { z } from 'zod';
import { AccountId, CardId, MemberId, StaffId } from '../base/ids.ts';
import { CardNumber } from './card.ts';
import { ExtraKeyText } from './extras.ts';
import { HeldReason } from './feed.ts';
import { DayText, MemberFields, Seq, type MemberField } from './member.ts';

/** What a manager decides at the centre. Nothing waits for the answer but what the item names. */
export const InboxKind = z.enum([
  'held_op',
  'field_conflict',
  'shared_mobile',
  'shared_lookup_id',
  'card_bound_twice',
  'barred_member',
  'late_edit',
  'overdrawn',
  'till_forked',
  'clock_ahead',
  'ops_rescued',
  'day_differs',
  'own_card',
  'hand_limit',
  'inactive_member',
  'webhook_dead',
  'books_differ',
  'other_rule',
]);
export type InboxKind = z.infer<typeof InboxKind>;

const Field = z.union([
  z.enum(Object.keys(MemberFields.shape) as [MemberField, ...MemberField[]]),
  ExtraKeyText,
]);

/** One side of a conflict: a value, who wrote it, where, when as the centre counts, in which op of the feed. */
export const WrittenValue = z.strictObject({
  value: z.union([z.string(), z.boolean(), z.null()]),
  tillId: z.string(),
  actorId: z.string(),
  hlc: z.string(),
  seq: Seq,
});
export type WrittenValue = z.infer<typeof WrittenValue>;

/**
 * Why somebody should look at a card. `often`: one cashier books on it again and again, and hardly anybody else does.
 * `noSale`: units without amount and receipt. `spendAfter`: units without a sale, spent by the same cashier soon after.
 */
export const WatchReason = z.enum(['often', 'noSale', 'spendAfter']);
export type WatchReason = z.infer<typeof WatchReason>;

/** Differing ops that an item names; the rest it counts, and the close of the day has them all. */
export const DIFFERENCES_SHOWN = 20;

/** What each kind shows. A kind's members and tills stand beside it in the item. No kind but a conflict holds
 * personal data; that one is emptied when the member is anonymised. */
export const InboxDetail = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('held_op'), reason: HeldReason, opKind: z.string() }),
  z.strictObject({
    kind: z.literal('field_conflict'),
    field: Field,
    /** Why one side won: its clock was later, or both were alike and its till's name is the later one. */
    rule: z.enum(['later_clock', 'till_order']),
    kept: WrittenValue,
    other: WrittenValue,
  }),
  z.strictObject({ kind: z.literal('shared_mobile'), memberIds: z.tuple([MemberId, MemberId]) }),
  z.strictObject({ kind: z.literal('shared_lookup_id'), memberIds: z.tuple([MemberId, MemberId]) }),
  z.strictObject({
    kind: z.literal('card_bound_twice'),
    cardNumber: CardNumber,
    keptBy: z.strictObject({ memberId: MemberId, cardId: CardId }),
    /** Goes on under a number of the centre's until it is given another card. */
    other: z.strictObject({ memberId: MemberId, cardId: CardId, cardNumber: CardNumber }),
  }),
  /** Booked, because it happened, on a member who was locked or blocked: provisional until somebody looked. */
  z.strictObject({ kind: z.literal('barred_member'), state: z.string(), opKind: z.string() }),
  /** An edit of a member who was anonymised before it arrived: its personal part was dropped. */
  z.strictObject({ kind: z.literal('late_edit'), opKind: z.string() }),
  z.strictObject({ kind: z.literal('overdrawn'), accountId: AccountId, balance: z.int() }),
  z.strictObject({ kind: z.literal('till_forked'), note: z.string().max(200) }),
  z.strictObject({ kind: z.literal('clock_ahead'), aheadMs: z.int() }),
  /** Out of a till's spill file: its own file had lost them, or the till is gone. */
  z.strictObject({ kind: z.literal('ops_rescued'), booked: z.int(), kept: z.int() }),
  /** A closed day that the centre's ledger has otherwise; the first of the ops that differ, by their numbers. */
  z.strictObject({
    kind: z.literal('day_differs'),
    businessDay: DayText,
    incarnation: z.int().min(1),
    differenceCount: z.int().min(0),
    differences: z
      .array(z.strictObject({ tseq: z.int().min(1), what: z.string().max(20), kind: z.string().max(40) }))
      .max(DIFFERENCES_SHOWN),
  }),
  /** Where a manager should look (N16): it accuses nobody. By the till that closed the day, from its store's ledger. */
  z.strictObject({
    kind: z.literal('own_card'),
    businessDay: DayText,
    reason: WatchReason,
    actorId: StaffId,
    accountId: AccountId,
    entries: z.int().min(1),
    units: z.int().min(0),
  }),
  /** Nothing was booked for her for so long that the chain asks whether she is to be kept (`Chain.inactiveMonths`). */
  z.strictObject({
    kind: z.literal('inactive_member'),
    months: z.int().min(1),
    /** The latest booking, or when she joined. */
    lastAtMs: z.int(),
  }),
  /** One person gave more points by hand than her role may on a day, at several tills or with the line down. */
  z.strictObject({
    kind: z.literal('hand_limit'),
    businessDay: DayText,
    actorId: StaffId,
    /** When it was told; more may have come since. */
    points: z.int().min(1),
    limit: z.int().min(0),
  }),
  /** Another system takes no events any more. `host`: of its address, which may hold a secret further on. */
  z.strictObject({
    kind: z.literal('webhook_dead'),
    webhookId: z.string().max(40),
    keyName: z.string(),
    host: z.string(),
    problem: z.string().max(100),
    failingSinceMs: z.int(),
  }),
  /** The centre added its accounts up by night, and some are not what they say: damage, for support. */
  z.strictObject({
    kind: z.literal('books_differ'),
    problem: z.enum(['balance_differs', 'entry_without_account', 'card_without_account', 'number_repeated']),
    count: z.int().min(1),
  }),
  /**
   * A till worked by rules of its own that were saved elsewhere as well, under the same number: it gave more than those
   * that stand, or was sure of another price. Told once for each till and version; the first op of it.
   */
  z.strictObject({
    kind: z.literal('other_rule'),
    opKind: z.string(),
    accountId: AccountId.nullable(),
    cardType: z.string(),
    cardTypeZh: z.string(),
    version: z.int(),
    units: z.int(),
  }),
  /** The member was anonymised: what stood here is gone. */
  z.strictObject({ kind: z.literal('erased') }),
]);
export type InboxDetail = z.infer<typeof InboxDetail>;
