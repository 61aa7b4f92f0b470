import { z } from 'zod';
import { canonicalJson, type Json } from '../base/canonical.ts';
import { AccountId, MemberId, StaffId, TillId } from '../base/ids.ts';
import { WatchReason } from '../model/inbox.ts';
import { DayText } from '../model/member.ts';
import { CloseCertificate, Signature } from './certificate.ts';
import { RANGES_MAX, RangeHash, TseqRange } from './ranges.ts';
import { DayLine, LINES_MAX } from './tally.ts';

export const RECEIPT_VERSION = 1;
/** Differences that a receipt names; the rest it only counts. */
export const DIFFERENCES_MAX = 100;

/**
 * `missing`: the till has the op, the centre not. `extra`: the centre has an op of that day which the till does
 * not name. `other_content`: both have one, not the same. `not_booked`, `other_units`: the op is the same, but
 * the centre's ledger holds no entry for it, or one that moves something else.
 */
export const DifferenceKind = z.enum(['missing', 'extra', 'other_content', 'not_booked', 'other_units']);
export type DifferenceKind = z.infer<typeof DifferenceKind>;

export const Difference = z.strictObject({
  tseq: z.int().min(1),
  what: DifferenceKind,
  /** The op's kind as the centre has it; '' where it has none. */
  kind: z.string().max(40),
});
export type Difference = z.infer<typeof Difference>;

/** What the centre found in its own ledger about one certificate. Signed by the centre. */
export const CloseReceipt = z.strictObject({
  version: z.int().min(1),
  tillId: TillId,
  incarnation: z.int().min(1),
  businessDay: DayText,
  /** SHA-256 over the certificate's signed text, 64 hex digits. */
  certificateHash: z.string().regex(/^[0-9a-f]{64}$/),
  /** The centre's clock, and its feed's head when it looked. */
  checkedAtMs: z.int(),
  headSeq: z.int().min(0),
  verdict: z.enum(['equal', 'differs']),
  opCount: z.int().min(0),
  lines: z.array(DayLine).max(LINES_MAX),
  differenceCount: z.int().min(0),
  differences: z.array(Difference).max(DIFFERENCES_MAX),
  /** Ops that the centre holds for a person. No difference: both sides have them. */
  heldCount: z.int().min(0),
  /** Ops of this till and day under an earlier incarnation: not what this certificate is about. */
  elsewhere: z.int().min(0),
});
export type CloseReceipt = z.infer<typeof CloseReceipt>;

/** What the centre signs. */
export const receiptText = (receipt: CloseReceipt): string =>
  `receipt\n${canonicalJson(receipt as unknown as Json)}`;

/** A day with more findings than this has other worries than their list. */
export const WATCH_NAMED_MAX = 50;

/** Where a manager should look (N16), as the till finds it in its store's ledger. No part of the certificate. */
export const WatchFound = z.strictObject({
  reason: WatchReason,
  actorId: StaffId,
  memberId: MemberId,
  accountId: AccountId,
  entries: z.int().min(1),
  units: z.int().min(0),
});
export type WatchFound = z.infer<typeof WatchFound>;

/**
 * A certificate on its way to the centre. `ranges`: the parts that the till asks about now, the certificate's own
 * the first time; they must lie inside those.
 */
export const CloseRequest = z.strictObject({
  protocol: z.int(),
  /** The till and its living incarnation; the certificate may be of an earlier one. */
  tillId: TillId,
  incarnation: z.int().min(1),
  certificate: CloseCertificate,
  signature: Signature,
  ranges: z.array(RangeHash).max(RANGES_MAX),
  /** Told the first time that the centre is asked about the day. */
  watch: z.array(WatchFound).max(WATCH_NAMED_MAX).default([]),
});
export type CloseRequest = z.infer<typeof CloseRequest>;
/** As a till sends it: what is empty is left out. */
export type SentClose = z.input<typeof CloseRequest>;

/** Either the verdict, or the parts that differ and are to be asked about in smaller ones. */
export const CloseReply = z.discriminatedUnion('state', [
  z.object({ state: z.literal('proof'), receipt: CloseReceipt, signature: Signature }),
  z.object({ state: z.literal('narrow'), ranges: z.array(TseqRange).min(1).max(RANGES_MAX) }),
]);
export type CloseReply = z.infer<typeof CloseReply>;
