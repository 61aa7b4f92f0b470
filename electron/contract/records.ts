import { z } from 'zod';
import { CardTypeId, MemberId, OpId } from '../../sync/base/ids.ts';
import { ConsentChannel } from '../../sync/model/consent.ts';
import { ExportPurpose, ExportReason } from '../../sync/model/export.ts';
import { HandReceipt } from '../../sync/model/hand-receipt.ts';
import { command, query, type Method } from './method.ts';
import { ActionReply, Balance, EntryView } from './views.ts';

export const HISTORY_ROWS_MAX = 200;
/** One receipt is booked on a card or two. */
export const BOOKED_MAX = 20;

/** One word of a member about marketing, as it was recorded. */
export const ConsentView = z.strictObject({
  opId: OpId,
  isGranted: z.boolean(),
  policyVersion: z.string(),
  channel: ConsentChannel,
  wallMs: z.int(),
  actorName: z.string(),
  storeName: z.string(),
  isOwnTill: z.boolean(),
});
export type ConsentView = z.infer<typeof ConsentView>;

export const HistoryScope = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('member'), memberId: MemberId }),
  /** Everybody who holds a card of this type. */
  z.strictObject({ kind: z.literal('cardType'), cardTypeId: CardTypeId }),
]);
export type HistoryScope = z.infer<typeof HistoryScope>;

const ReceiptOf = z.strictObject({ memberId: MemberId, receiptId: z.uuid().lowercase() });

/** An entry that bears the number of a receipt, and what its card has with and without it. */
export const BookedReceipt = z.strictObject({
  entryOpId: OpId,
  cardType: z.string(),
  cardTypeZh: z.string(),
  unit: Balance.shape.unit,
  delta: z.int(),
  balance: z.int(),
  balanceAfter: z.int(),
  /** Null: it can be countered here. `elsewhere`: only where it was booked. `spent`: it is in use by now. */
  problem: z.enum(['elsewhere', 'spent']).nullable(),
});
export type BookedReceipt = z.infer<typeof BookedReceipt>;

/** What was recorded of members, to be read or taken along. */
export const records = {
  /**
   * Newest first. `centre`: the whole ledger of consents, with own words that it does not have yet. `till`: no answer,
   * so these are this till's own words only.
   */
  'consents.list': query(
    z.strictObject({ memberId: MemberId }),
    z.strictObject({ from: z.enum(['centre', 'till']), words: z.array(ConsentView) }),
  ),
  /**
   * A stretch of one member's history, newest first: what this copy holds, and own entries on top. `receipts`: only
   * what came with the number of a receipt.
   */
  'history.list': query(
    z.strictObject({
      memberId: MemberId,
      only: z.enum(['all', 'receipts']),
      after: z.int().min(0),
      limit: z.int().min(1).max(HISTORY_ROWS_MAX),
    }),
    z.strictObject({ entries: z.array(EntryView).max(HISTORY_ROWS_MAX), hasMore: z.boolean() }),
  ),
  /** A receipt typed in by hand, for a manager to check. It moves no card; its day may not be one to come. */
  'receipts.add': command(
    z.strictObject({ opId: OpId, memberId: MemberId, receipt: HandReceipt }),
    ActionReply,
  ),
  /** For managers. */
  'receipts.check': command(ReceiptOf.extend({ opId: OpId, isChecked: z.boolean() }), ActionReply),
  /** What was booked under the number of a receipt, before anything is saved. Refuses as taking it back would. */
  'receipts.previewTakeBack': query(
    ReceiptOf,
    z.strictObject({ booked: z.array(BookedReceipt).max(BOOKED_MAX) }),
  ),
  /**
   * A receipt that was typed wrongly counts no more: it stays in the list with who took it back, when and why. For
   * supervisors; one that a manager has verified is first to be not verified.
   */
  'receipts.takeBack': command(
    ReceiptOf.extend({
      opId: OpId,
      reason: z.string().trim().min(1).max(200),
      /** Entries under its number that are countered first, each by an op of its own. */
      counters: z.array(z.strictObject({ entryOpId: OpId, opId: OpId })).max(BOOKED_MAX),
    }),
    ActionReply,
  ),
  /** The shop that she came to on most days, by the entries that this copy holds: a till's are its shop's. */
  'members.favouriteStore': query(
    z.strictObject({ memberId: MemberId }),
    z.strictObject({ store: z.strictObject({ name: z.string(), visits: z.int() }).nullable() }),
  ),
  /**
   * A piece of the history as CSV, cells guarded against spreadsheets; begins with `after: null`, goes on with the
   * `next` of the piece before, and is over when that is null. Of one member for supervisors, of all holders of a card
   * type for managers; the beginning is noted in the log. What this copy holds, own entries on top, and receipts by
   * hand.
   */
  'history.export': command(
    z.strictObject({
      scope: HistoryScope,
      after: z.int().min(0).nullable(),
      /** `marketing`: nobody without consent. Of this and the reason, what came with the first piece counts. */
      purpose: ExportPurpose.default('administration'),
      reason: ExportReason,
      /** The first piece begins with the mark by which spreadsheets know UTF-8. */
      hasBom: z.boolean().default(true),
    }),
    z.strictObject({ text: z.string(), next: z.int().nullable() }),
  ),
} satisfies Record<string, Method>;
