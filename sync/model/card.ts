import { z } from 'zod';
import { AccountId, CardId, CardTypeId, MemberId, OpId, StaffId, StoreId, TillId } from '../base/ids.ts';
import { DayText, Seq } from './member.ts';

export const CardNumber = z.string().regex(/^\d{16}$/);

/** Only ever rises: a lost card does not come back, it is replaced. Expiry is read off `expiresOn`. */
export const CardStatus = z.enum(['active', 'lost', 'closed', 'replaced']);
export type CardStatus = z.infer<typeof CardStatus>;
export const cardStatusRank = (status: CardStatus): number => CardStatus.options.indexOf(status);

export const CardRow = z.strictObject({
  cardId: CardId,
  seq: Seq,
  cardNumber: CardNumber,
  memberId: MemberId,
  accountId: AccountId,
  cardTypeId: CardTypeId,
  status: CardStatus,
  statusReason: z.string().max(200),
  issuedAtMs: z.int(),
  expiresOn: DayText.nullable(),
  replacesCardId: CardId.nullable(),
});
export type CardRow = z.infer<typeof CardRow>;

const ISSUE_UNDONE = 'issue_undone';

/** `CardRow.statusReason` of a card whose import was undone when its account had so many entries. */
export const undoneReason = (entries: number): string => `${ISSUE_UNDONE} ${entries}`;

/**
 * How many entries the account of a card had when the import that issued it was undone; null for any other card.
 * While it has no more, the card is nobody's: no list shows it. Somebody who booked on it meanwhile brings it back.
 */
export function undoneAsOf({
  status,
  statusReason,
}: Pick<CardRow, 'status' | 'statusReason'>): number | null {
  if (status !== 'closed' || !statusReason.startsWith(`${ISSUE_UNDONE} `)) return null;
  const entries = Number(statusReason.slice(ISSUE_UNDONE.length + 1));
  return Number.isSafeInteger(entries) ? entries : null;
}

/**
 * One card lineage's balance, in the unit of its card type: stamps, points, visits, minor currency units or
 * uses.
 */
export const AccountRow = z.strictObject({
  accountId: AccountId,
  seq: Seq,
  /** Dense number that the centre gives for feeds; null until it has. */
  accountNo: z.int().nullable(),
  memberId: MemberId,
  cardTypeId: CardTypeId,
  /** Sum of the account's entries. Below zero only when tills spent the same units apart from each other. */
  balance: z.int(),
  entryCount: z.int().min(0),
  /** Wall clock of the latest entry; 0 before the first. */
  lastEntryAtMs: z.int().min(0),
  /**
   * Purchases booked here, less those taken back (`sync/merge/purchases.ts`); below zero never at the centre. Like
   * `spentMinor` absent in what a centre answered before it counted them (R-N7).
   */
  purchaseCount: z.int().default(0),
  /**
   * What those came to, in minor units: what tills know of money without the ledger (N19). Exact at the centre; copies
   * have it as `roundSpent` does.
   */
  spentMinor: z.int().default(0),
});
export type AccountRow = z.infer<typeof AccountRow>;

export const EntryKind = z.enum([
  'card.issued',
  'stamp.added',
  'points.credited',
  'points.debited',
  'visit.deducted',
  'visits.added',
  'credit.toppedUp',
  'credit.earned',
  'credit.spent',
  'reward.redeemed',
  'entry.corrected',
  'purchase.edited',
  'points.expired',
  'balance.forfeited',
  'credit.paidOut',
]);
export type EntryKind = z.infer<typeof EntryKind>;

/** One movement of one account; never changed, only countered by another entry. */
export const EntryRow = z.strictObject({
  opId: OpId,
  seq: Seq,
  accountId: AccountId,
  memberId: MemberId,
  cardId: CardId,
  kind: EntryKind,
  delta: z.int(),
  /** Purchase amount behind it, in minor units; null where there was none. */
  amountMinor: z.int().nullable(),
  receiptNo: z.string().max(40),
  /** The reward that was redeemed; of a purchase the tier whose factor counted. */
  rewardId: z.string().max(40),
  /** Version of the card type whose rule made it (N14). */
  cardTypeVersion: z.int(),
  correctsOpId: OpId.nullable(),
  reason: z.string().max(200),
  storeId: StoreId,
  tillId: TillId,
  actorId: StaffId,
  businessDay: DayText,
  wallMs: z.int(),
});
export type EntryRow = z.infer<typeof EntryRow>;
