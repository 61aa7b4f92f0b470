import { z } from 'zod';
import { canonicalJson, type Json } from '../base/canonical.ts';
import type { Crypto } from '../base/crypto.ts';
import { AccountId, CardId, CardTypeId, MemberId, OpId, StaffId, StoreId, TillId } from '../base/ids.ts';
import { CardNumber, CardStatus } from './card.ts';
import { DayText, MemberFields, MemberState } from './member.ts';

export const OP_VERSION = 1;
export const UNITS_MAX = 1_000_000_000;

const Units = z.int().min(1).max(UNITS_MAX);
const Reason = z.string().trim().max(200);
const OnCard = { memberId: MemberId, cardId: CardId, accountId: AccountId };
const Rule = { cardTypeVersion: z.int().min(1) };
const Purchase = { amountMinor: Units.nullable(), receiptNo: z.string().trim().max(40) };

const NewCard = {
  cardId: CardId,
  accountId: AccountId,
  cardTypeId: CardTypeId,
  cardNumber: CardNumber,
  openingUnits: z.int().min(0).max(UNITS_MAX),
  expiresOn: DayText.nullable(),
  ...Rule,
};

/** What each kind carries. A kind's shape never changes once released: a new shape is a new `version`. */
export const OpBody = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('member.created'),
    memberId: MemberId,
    supportId: z.string().max(20),
    storeId: StoreId,
    fields: MemberFields,
    pdpaPolicy: z.string().max(40),
    hasMarketingConsent: z.boolean(),
    /** Member and first card are one act: both or neither. */
    card: z.strictObject(NewCard).nullable(),
  }),
  z.strictObject({ kind: z.literal('member.changed'), memberId: MemberId, fields: MemberFields.partial() }),
  z.strictObject({
    kind: z.literal('member.state'),
    memberId: MemberId,
    state: MemberState,
    epoch: z.int().min(0),
    reason: Reason,
  }),
  z.strictObject({
    kind: z.literal('consent.recorded'),
    memberId: MemberId,
    purpose: z.enum(['marketing']),
    isGranted: z.boolean(),
    policyVersion: z.string().max(40),
  }),
  z.strictObject({ kind: z.literal('card.issued'), memberId: MemberId, ...NewCard }),
  z.strictObject({
    kind: z.literal('card.replaced'),
    memberId: MemberId,
    accountId: AccountId,
    oldCardId: CardId,
    cardId: CardId,
    cardNumber: CardNumber,
    reason: Reason,
  }),
  z.strictObject({
    kind: z.literal('card.status'),
    memberId: MemberId,
    cardId: CardId,
    status: CardStatus,
    reason: Reason,
  }),
  z.strictObject({ kind: z.literal('stamp.added'), ...OnCard, ...Rule, ...Purchase, count: Units }),
  z.strictObject({
    kind: z.literal('points.credited'),
    ...OnCard,
    ...Rule,
    ...Purchase,
    points: Units,
    reason: Reason,
  }),
  z.strictObject({ kind: z.literal('points.debited'), ...OnCard, ...Rule, points: Units, reason: Reason }),
  z.strictObject({ kind: z.literal('visit.deducted'), ...OnCard, ...Rule, count: Units }),
  z.strictObject({ kind: z.literal('visits.added'), ...OnCard, ...Rule, ...Purchase, count: Units }),
  z.strictObject({
    kind: z.literal('credit.toppedUp'),
    ...OnCard,
    ...Rule,
    receiptNo: Purchase.receiptNo,
    creditMinor: Units,
  }),
  z.strictObject({
    kind: z.literal('credit.spent'),
    ...OnCard,
    ...Rule,
    receiptNo: Purchase.receiptNo,
    creditMinor: Units,
  }),
  z.strictObject({
    kind: z.literal('reward.redeemed'),
    ...OnCard,
    ...Rule,
    rewardId: z.string().min(1).max(40),
    cost: Units,
  }),
  z.strictObject({
    kind: z.literal('entry.corrected'),
    ...OnCard,
    ...Rule,
    correctsOpId: OpId,
    /** Counters the named entry to the unit. */
    delta: z.int().min(-UNITS_MAX).max(UNITS_MAX),
    reason: Reason,
  }),
]);
export type OpBody = z.infer<typeof OpBody>;
export type OpKind = OpBody['kind'];
export type OpBodyOf<Kind extends OpKind> = Extract<OpBody, { kind: Kind }>;

/**
 * Who, where and when: the part of an op that is no personal data. `sync/README.md` has the byte-exact table.
 */
export const OpHeader = z.strictObject({
  version: z.int().min(1),
  opId: OpId,
  tillId: TillId,
  incarnation: z.int().min(1),
  /** Dense per till and incarnation: 1, 2, 3 … */
  tseq: z.int().min(1),
  hlc: z.string().regex(/^[0-9a-f]{16}$/),
  wallMs: z.int(),
  actorId: StaffId,
  storeId: StoreId,
  businessDay: DayText,
  kind: z.string().min(1).max(40),
  /** Hex; hides the body's commitment for kinds that carry personal data, empty for the others. */
  salt: z.string().max(64),
  /** First 32 hex digits of the hash of the till's previous op; zeros for the first. */
  prev: z.string().regex(/^[0-9a-f]{32}$/),
});
export type OpHeader = z.infer<typeof OpHeader>;

export interface Op extends OpHeader {
  body: OpBody;
}

/** An op as it travels: the body is checked by itself, so that one bad body is held and the rest flows. */
export const WireOp = OpHeader.extend({ body: z.looseObject({ kind: z.string() }) });
export type WireOp = z.infer<typeof WireOp>;

export const CHAIN_START = '0'.repeat(32);

const SALTED_KINDS: ReadonlySet<string> = new Set<OpKind>(['member.created', 'member.changed']);

/** A new salt for kinds whose body carries personal data, '' for the rest. */
export const saltFor = (kind: OpKind, crypto: Crypto): string =>
  SALTED_KINDS.has(kind) ? crypto.randomHex(16) : '';

/**
 * Hash of an op, 32 hex digits: over the header and a salted commitment to the body, so that a body can be
 * erased later and the chain still holds.
 */
export function opHash(op: WireOp | Op, crypto: Crypto): string {
  const { body, salt, ...header } = op;
  const commitment = crypto.sha256Hex(salt + canonicalJson(body as Json));
  return crypto.sha256Hex(canonicalJson([header as Json, commitment])).slice(0, 32);
}
