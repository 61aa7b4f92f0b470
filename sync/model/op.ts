import { z } from 'zod';
import { canonicalJson, textJson, type Json } from '../base/canonical.ts';
import type { Crypto } from '../base/crypto.ts';
import {
  AccountId,
  CardId,
  CardTypeId,
  MemberId,
  OpId,
  StaffId,
  StoreId,
  TillId,
  WHOLE_CHAIN,
} from '../base/ids.ts';
import { assert } from '../base/must.ts';
import { CardNumber, CardStatus } from './card.ts';
import { readDocument } from './chain.ts';
import { ConsentChannel } from './consent.ts';
import { ExportFacts } from './export.ts';
import { ExtrasPatch, NewExtras, TierReason } from './extras.ts';
import { DayText, MemberFields, MemberState } from './member.ts';
import { UNITS_MAX } from './units.ts';

export const OP_VERSION = 1;

const Units = z.int().min(1).max(UNITS_MAX);
const Reason = z.string().trim().max(200);
const OnCard = { memberId: MemberId, cardId: CardId, accountId: AccountId };
const Rule = { cardTypeVersion: z.int().min(1) };
/**
 * What pays for a spend: units earned at this till and not sent before, units of a hold that the centre granted, units
 * within the offline limit. They add up to the spend; without it the spend is the balance's.
 */
export const SpendCover = z.strictObject({
  gain: z.int().min(0).max(UNITS_MAX),
  grant: z.int().min(0).max(UNITS_MAX),
  floor: z.int().min(0).max(UNITS_MAX),
  holdId: z.uuid().nullable(),
});
export type SpendCover = z.infer<typeof SpendCover>;
const Spend = { cover: SpendCover.optional() };
/** Who stood by the act with her own PIN, beside its actor: `merge/second-person.ts`. Absent: nobody did. */
const Second = { secondId: StaffId.optional() };
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
    extras: NewExtras.optional(),
  }),
  z.strictObject({ kind: z.literal('member.changed'), memberId: MemberId, fields: MemberFields.partial() }),
  z.strictObject({ kind: z.literal('member.extras'), memberId: MemberId, ...ExtrasPatch.shape }),
  /**
   * Out of every list and look-up, her cards of no use, her mobile free; the ledger stays, and it can be taken back.
   * `undone`: the import that made her is undone, and her accounts had so many entries together.
   */
  z.strictObject({
    kind: z.literal('member.removed'),
    memberId: MemberId,
    isRemoved: z.boolean(),
    reason: Reason,
    undone: z.int().min(0).optional(),
  }),
  z.strictObject({
    kind: z.literal('member.state'),
    memberId: MemberId,
    state: MemberState,
    epoch: z.int().min(0),
    reason: Reason,
    ...Second,
  }),
  /** The centre's own: what a member's spending has come to by the rules of the tiers; null: none any more. */
  z.strictObject({ kind: z.literal('tier.earned'), memberId: MemberId, reached: TierReason.nullable() }),
  z.strictObject({
    kind: z.literal('consent.recorded'),
    memberId: MemberId,
    purpose: z.enum(['marketing']),
    isGranted: z.boolean(),
    policyVersion: z.string().max(40),
    channel: ConsentChannel,
  }),
  /** Both are one person: `memberId` goes on as `intoId`. Nothing is moved, so it can be taken back. */
  z.strictObject({ kind: z.literal('member.merged'), memberId: MemberId, intoId: MemberId, reason: Reason }),
  z.strictObject({
    kind: z.literal('member.unmerged'),
    memberId: MemberId,
    intoId: MemberId,
    reason: Reason,
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
  /** `undone`: the import that issued it is undone, and its account had so many entries. */
  z.strictObject({
    kind: z.literal('card.status'),
    memberId: MemberId,
    cardId: CardId,
    status: CardStatus,
    reason: Reason,
    undone: z.int().min(0).optional(),
  }),
  z.strictObject({
    kind: z.literal('stamp.added'),
    ...OnCard,
    ...Rule,
    ...Purchase,
    count: Units,
    /** Of stamps by a purchase: the tier whose factor counted. */
    tier: z.string().min(1).max(40).optional(),
  }),
  z.strictObject({
    kind: z.literal('points.credited'),
    ...OnCard,
    ...Rule,
    ...Purchase,
    points: Units,
    /** Tier whose factor counted; absent where it was the usual rate. */
    tier: z.string().min(1).max(40).optional(),
    reason: Reason,
    ...Second,
  }),
  z.strictObject({
    kind: z.literal('points.debited'),
    ...{ ...OnCard, ...Rule, ...Spend },
    points: Units,
    reason: Reason,
  }),
  z.strictObject({ kind: z.literal('visit.deducted'), ...OnCard, ...Rule, ...Spend, count: Units }),
  z.strictObject({ kind: z.literal('visits.added'), ...OnCard, ...Rule, ...Purchase, count: Units }),
  z.strictObject({
    kind: z.literal('credit.toppedUp'),
    ...OnCard,
    ...Rule,
    receiptNo: Purchase.receiptNo,
    creditMinor: Units,
  }),
  /** The share of a purchase that comes back (`cashbackBasisPoints`). */
  z.strictObject({
    kind: z.literal('credit.earned'),
    ...OnCard,
    ...Rule,
    ...Purchase,
    creditMinor: Units,
    tier: z.string().min(1).max(40).optional(),
  }),
  z.strictObject({
    kind: z.literal('credit.spent'),
    ...OnCard,
    ...Rule,
    ...Spend,
    receiptNo: Purchase.receiptNo,
    creditMinor: Units,
  }),
  z.strictObject({
    kind: z.literal('reward.redeemed'),
    ...OnCard,
    ...Rule,
    ...Spend,
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
  /**
   * Another amount for a purchase: counters its entry to the unit and books it anew, as the entry `entryId`, by the
   * rule version of the entry (N14). Both or neither.
   */
  z.strictObject({
    kind: z.literal('purchase.edited'),
    ...OnCard,
    ...Rule,
    correctsOpId: OpId,
    entryId: OpId,
    delta: z.int().min(-UNITS_MAX).max(0),
    newUnits: z.int().min(0).max(UNITS_MAX),
    amountMinor: Units,
    reason: Reason,
  }),
  /** What is left of one lot when its time is over: the lot is the entry `lotOpId`, and it expires once. */
  z.strictObject({
    kind: z.literal('points.expired'),
    ...OnCard,
    ...Rule,
    points: Units,
    lotOpId: OpId,
    day: DayText,
  }),
  /**
   * What is left of somebody who is erased, by the chain's rule (`Chain.leftBalance`): units of any card that are
   * gone, or credit that was handed over. By the till that erases her, in one transaction with that op and before it,
   * and never by one person.
   */
  z.strictObject({
    kind: z.literal('balance.forfeited'),
    ...{ ...OnCard, ...Rule, secondId: StaffId },
    count: Units,
  }),
  z.strictObject({
    kind: z.literal('credit.paidOut'),
    ...{ ...OnCard, ...Rule, secondId: StaffId },
    creditMinor: Units,
  }),
  /**
   * The centre writes to a member, or with `WHOLE_CHAIN` to everybody in a segment (F56, F73); the till changes
   * nothing.
   */
  z
    .strictObject({
      kind: z.literal('message.requested'),
      memberId: MemberId,
      segmentId: z.string().max(40),
      templateId: z.string().min(1).max(40),
      /** The version that its author saw: of another one nothing is sent. */
      templateVersion: z.int().min(1),
      /** `textSum` of what its author saw: of another text nothing is sent. None of a till from before. */
      templateSum: z.string().max(16).optional(),
      /** Of a saved filter: the version that its author counted; of another one nothing is sent. */
      filterVersion: z.int().min(1).optional(),
    })
    .refine(({ memberId, segmentId }) => (memberId === WHOLE_CHAIN) === (segmentId !== ''), 'one of both'),
  /**
   * Data of members leave as a file: who, when and where are the op's own. Told when it begins, with the rows that are
   * asked for where they are known, and once more when it ends, with those that went out. About nobody, and it moves
   * nothing. Not strict: what a later till says besides must not keep it out of the record.
   */
  z.object({
    kind: z.literal('export.made'),
    memberId: MemberId.refine((id) => id === WHOLE_CHAIN, 'an export is about nobody'),
    ...ExportFacts.shape,
  }),
  /**
   * A chain document of the version behind `baseVersion`, 0 for a new one. `baseSum`: what `documentSum` says of the
   * version that its author saw, '' for none; another one now, and it waits for a manager.
   */
  z
    .strictObject({
      kind: z.literal('document.saved'),
      memberId: MemberId.refine((id) => id === WHOLE_CHAIN, 'a document is about nobody'),
      docKind: z.string().min(1).max(40),
      id: z.string().min(1).max(80),
      baseVersion: z.int().min(0),
      baseSum: z.string().regex(/^([0-9a-f]{16})?$/),
      body: z.looseObject({ version: z.int().min(1) }),
    })
    .refine(
      ({ docKind, id, baseVersion, body }) =>
        body.version === baseVersion + 1 && readDocument({ kind: docKind, id, seq: 0, body }) !== null,
      'no document of this kind',
    ),
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

/** Kinds whose body carries personal data, a free reason about a person included: erased with the member. */
const PERSONAL_KINDS: ReadonlySet<string> = new Set<OpKind>([
  'member.created',
  'member.changed',
  'member.state',
  'member.extras',
  'member.removed',
]);
export const isPersonal = (kind: string): boolean => PERSONAL_KINDS.has(kind);

/** A new salt for kinds whose body carries personal data, '' for the rest. */
export const saltFor = (kind: OpKind, crypto: Crypto): string =>
  isPersonal(kind) ? crypto.randomHex(16) : '';

/**
 * The header as it is hashed, without its closing brace: what `canonicalJson` makes of all but the salt. Written out
 * with the keys already in their order, because every op of a till waits for it.
 */
function openHeader(op: OpHeader): string {
  const { incarnation, tseq, version, wallMs } = op;
  for (const value of [incarnation, tseq, version, wallMs]) {
    assert(Number.isSafeInteger(value), 'a header has safe integers only');
  }
  return (
    `{"actorId":${textJson(op.actorId)},"businessDay":${textJson(op.businessDay)},"hlc":${textJson(op.hlc)}` +
    `,"incarnation":${incarnation},"kind":${textJson(op.kind)},"opId":${textJson(op.opId)}` +
    `,"prev":${textJson(op.prev)},"storeId":${textJson(op.storeId)},"tillId":${textJson(op.tillId)}` +
    `,"tseq":${tseq},"version":${version},"wallMs":${wallMs}`
  );
}

const hashOver = (header: string, commitment: string, crypto: Crypto): string =>
  crypto.sha256Hex(`[${header}},"${commitment}"]`).slice(0, 32);

/**
 * Hash of an op whose body may be gone: header and commitment, 64 hex digits, are enough, and the salt is no part of
 * it.
 */
export const headerHash = (op: OpHeader, commitment: string, crypto: Crypto): string =>
  hashOver(openHeader(op), commitment, crypto);

/** What stands for a body in the hash: SHA-256 over the salt and the body's canonical JSON. */
export const commitmentOf = ({ salt, body }: Pick<WireOp | Op, 'salt' | 'body'>, crypto: Crypto): string =>
  crypto.sha256Hex(salt + canonicalJson(body as Json));

/**
 * Hash of an op, 32 hex digits: over the header and a salted commitment to the body, so that a body can be
 * erased later and the chain still holds.
 */
export const opHash = (op: WireOp | Op, crypto: Crypto): string =>
  headerHash(op, commitmentOf(op, crypto), crypto);

/** Hash of an op as it is kept: with its body, or with the commitment that stands for an erased one. */
export const keptHash = (
  { op, commitment }: { op: WireOp | Op; commitment?: string | undefined },
  crypto: Crypto,
): string => (commitment === undefined ? opHash(op, crypto) : headerHash(op, commitment, crypto));

/** An op ready to be saved. Both texts are JSON of what was hashed, so that each is written out once. */
export interface SealedOp<Sealed extends WireOp | Op = Op> {
  op: Sealed;
  hash: string;
  /** With the salt. */
  headerText: string;
  bodyText: string;
}

export function sealOp<Sealed extends WireOp | Op>(op: Sealed, crypto: Crypto): SealedOp<Sealed> {
  const bodyText = canonicalJson(op.body as Json);
  const header = openHeader(op);
  const hash = hashOver(header, crypto.sha256Hex(op.salt + bodyText), crypto);
  return { op, hash, headerText: `${header},"salt":${textJson(op.salt)}}`, bodyText };
}
