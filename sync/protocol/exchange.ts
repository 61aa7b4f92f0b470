import { z } from 'zod';
import { Mark } from './mark.ts';
import { AccountId, OpId, TillId } from '../base/ids.ts';
import { Chain } from '../model/chain.ts';
import { AckRange, CardBlock, Rows, ToldReason } from '../model/feed.ts';
import { Seq } from '../model/member.ts';
import { Erasures, PurgedErasure } from './erasures.ts';
import { OPS_PER_BATCH_MAX, PackedBatch } from './pack.ts';
import { Releases } from './releases.ts';
import type { VersionRange } from './versions.ts';

/** The version that this program speaks, and the oldest one that the centre still understands. */
export const PROTOCOL_VERSION = 1;
export const PROTOCOL_OLDEST = 1;
/** What this program understands, as till or as centre. */
export const PROTOCOLS: VersionRange = { oldest: PROTOCOL_OLDEST, newest: PROTOCOL_VERSION };
export const OPS_PER_PUSH_MAX = OPS_PER_BATCH_MAX;
export const ROWS_PER_PULL_MAX = 5_000;
/** A till with fewer free card numbers than this is granted another block. */
export const CARD_STOCK_LOW = 200;
/** What the centre reads of one request, as sent and unpacked, in bytes. */
export const REQUEST_BYTES_MAX = 1024 * 1024;

const Hash = z.string().regex(/^[0-9a-f]{32}$/);
/** '' before the first answer; then the token of the last one. Kept and shown; which copy lives, the chain decides. */
const Fence = z.string().regex(/^([0-9a-f]{32})?$/);
const PublicKey = z.string().regex(/^[0-9a-f]{64}$/);

/** As many ops can earn in one request; a till that has more such spends names the earliest. */
export const SPENDS_AHEAD_MAX = OPS_PER_PUSH_MAX;

/**
 * A spend that comes with a later request, of units that the ops of this one earn (`cover.gain`): they are set aside
 * for it, or another till would be given them in between.
 */
export const SpendAhead = z.strictObject({
  opId: OpId,
  accountId: AccountId,
  gain: z.int().min(1),
  /** What pays for it besides: a reservation under the same id may be among that. */
  grant: z.int().min(0),
});
export type SpendAhead = z.infer<typeof SpendAhead>;

const Protocols = z.tuple([z.int(), z.int()]);

/** One exchange: what the till made since the last answer, and how far its copy reaches. */
export const ExchangeRequest = z.strictObject({
  /** The version that this is written in. */
  protocol: z.int(),
  /** All that the till understands, oldest and newest; left out where `protocol` is the only one. */
  protocols: Protocols.optional(),
  /** `schemaHash()` of the till: a centre with another one notes it and says its own. */
  schema: z.string().regex(/^[0-9a-f]{16}$/),
  tillId: TillId,
  incarnation: z.int().min(1),
  /** The centre's epoch that `cursor` belongs to; '' before the first answer. */
  epoch: z.string().max(40),
  /** Highest tseq whose fate the till knows. Ops start right behind it. */
  ackedTseq: z.int().min(0),
  /** Hash of the op `ackedTseq`; zeros when 0. A centre that knows another one has met a clone. */
  ackedHash: Hash,
  /** Highest tseq of the till's own file, sent or not. Below what the centre has: the file lost its tail. */
  lastTseq: z.int().min(0),
  fence: Fence,
  /** Ops right behind `ackedTseq`; left out or null for none. Left out, the answer leaves out what is empty too. */
  batch: PackedBatch.nullable().optional(),
  spendsAhead: z.array(SpendAhead).max(SPENDS_AHEAD_MAX).optional(),
  /** The till's raw wall clock when it sent this. */
  clock: z.strictObject({ wallMs: z.int() }),
  cursor: Seq,
  /** What the centre gave last (`ExchangeReply.mark`), as it gave it. */
  mark: Mark.optional(),
  /** The last release that was told, where one answer could not tell all; without it `cursor` says so. */
  releasedSeq: Seq.optional(),
  cardStock: z.int().min(0),
  lastBlockId: z.int().min(0),
  purgedErasure: PurgedErasure,
});
export type ExchangeRequest = z.infer<typeof ExchangeRequest>;

/** Replies are read loosely: what a later centre adds is passed over. */
export const ExchangeReply = z.object({
  /** The highest version that both understand: the next request comes in it. */
  protocol: z.int(),
  /** `schemaHash()` of the centre; left out where it is the till's. */
  schema: z.string().max(40).optional(),
  epoch: z.string().max(40),
  /** Highest tseq of this till that the centre has numbered. */
  hiTseq: z.int().min(0),
  /** Highest tseq that survives a power cut at the centre. */
  durableTseq: z.int().min(0),
  /** To be shown in the next request; stored with the acks. A lean answer to a mark may leave it out. */
  fence: Fence.optional(),
  acks: z.array(AckRange).default(() => []),
  held: z.array(z.object({ tseq: z.int().min(1), reason: ToldReason })).default(() => []),
  releases: Releases.default([]),
  erasures: Erasures.nullable().default(null),
  rows: Rows.default(() => ({ documents: [], members: [], cards: [], accounts: [], entries: [] })),
  /** Everything up to here is in `rows` or was sent before. */
  cursor: Seq,
  /** The feed's number when this was answered. */
  headSeq: Seq,
  /** True when too much is missing for an answer: `rows` has documents only, the till fetches segments instead. */
  isFarBehind: z.boolean().default(false),
  /** True when ops or rows remain; ask again at once. */
  hasMore: z.boolean().default(false),
  cardBlock: CardBlock.nullable().default(null),
  /** To be kept and shown; left out when it is what the till has shown. Only the centre reads it. */
  mark: Mark.optional(),
  serverTimeMs: z.int(),
});
export type ExchangeReply = z.infer<typeof ExchangeReply>;

const isEmpty = (value: unknown): boolean =>
  value === null || value === false || (Array.isArray(value) && value.length === 0);

/** The same answer without what is empty, or as the till has shown it: a till puts it back. */
export function leanReply(
  { rows, ...reply }: ExchangeReply,
  { fence: shown, mark }: Pick<ExchangeRequest, 'fence' | 'mark'>,
): Partial<ExchangeReply> {
  const isKept = ([key, value]: [string, unknown]): boolean =>
    !isEmpty(value) && !(key === 'fence' && value === shown && mark !== undefined);
  const kept = Object.fromEntries(Object.entries(reply).filter(isKept));
  return Object.values(rows).every(isEmpty) ? kept : { ...kept, rows };
}

/** A counter, which gets the entries of its own store; or a page in the head office, which gets the whole ledger. */
export const NodeKind = z.enum(['till', 'office']);
export type NodeKind = z.infer<typeof NodeKind>;

export const EnrolRequest = z.strictObject({
  protocol: z.int(),
  code: z.string().min(8).max(40),
  tillName: z.string().trim().max(40),
  /** Public half of the till's Ed25519 key: everything that it sends from now on is signed with it. */
  signKey: PublicKey,
  /**
   * A till that comes back with a manager's code, after it was stopped: it goes on under a new incarnation of
   * its old name. The request is signed with the key that the centre knows; null for a new till.
   */
  renews: z.strictObject({ tillId: TillId, incarnation: z.int().min(1) }).nullable(),
  /** What asks to come in; it must be what the code is for. Absent: a till. */
  kind: NodeKind.optional(),
});
export type EnrolRequest = z.infer<typeof EnrolRequest>;

/** Public halves of the centre's keys: it signs with the one, and what is sealed for the other only it can open. */
export const CentreKeys = z.object({ signKey: PublicKey, sealKey: PublicKey });
export type CentreKeys = z.infer<typeof CentreKeys>;

export const EnrolReply = z.object({
  tillId: TillId,
  incarnation: z.int().min(1),
  /** Bearer secret of this till; the centre keeps only its hash. */
  token: z.string().min(32),
  storeId: z.string(),
  tillName: z.string(),
  epoch: z.string(),
  chain: Chain,
  cardBlock: CardBlock,
  centreKeys: CentreKeys,
  /** Absent: a till. */
  kind: NodeKind.optional(),
});
export type EnrolReply = z.infer<typeof EnrolReply>;

/** A till whose file lost its tail goes on under a new incarnation: numbers from 1, cards of a new block. */
export const IncarnationRequest = z.strictObject({
  protocol: z.int(),
  tillId: TillId,
  /** The one that the till has now. */
  incarnation: z.int().min(1),
  lastTseq: z.int().min(0),
  /** Made once and kept, so that a lost answer can be asked for again. */
  requestId: z.string().regex(/^[0-9a-f]{32}$/),
});
export type IncarnationRequest = z.infer<typeof IncarnationRequest>;
export const IncarnationReply = z.object({
  incarnation: z.int().min(2),
  epoch: z.string(),
  cardBlock: CardBlock,
});
export type IncarnationReply = z.infer<typeof IncarnationReply>;

/** Ops that can not go the usual way: of an incarnation that was given up, or out of a spill file. */
export const StraysRequest = z.strictObject({
  protocol: z.int(),
  tillId: TillId,
  /** The living one, which sends. */
  incarnation: z.int().min(1),
  /** Where the ops come from: their incarnation, and the op before the first. */
  from: z.strictObject({ incarnation: z.int().min(1), tseq: z.int().min(0), hash: Hash }),
  batch: PackedBatch,
});
export type StraysRequest = z.infer<typeof StraysRequest>;
/** `known`: numbered already, nothing to do; `kept`: they wait at the centre for a manager. */
export const StraysReply = z.object({ known: z.int().min(0), kept: z.int().min(0) });
export type StraysReply = z.infer<typeof StraysReply>;

export const EnrolCodeRequest = z.strictObject({
  login: z.string().max(40),
  pin: z.string().max(20),
  /** Null: the chain's first store. */
  storeId: z.string().max(40).nullable(),
  /** What the code lets in; absent: a till. */
  kind: NodeKind.optional(),
});
export type EnrolCodeRequest = z.infer<typeof EnrolCodeRequest>;
export const EnrolCodeReply = z.object({ code: z.string(), storeId: z.string(), expiresAtMs: z.int() });
export type EnrolCodeReply = z.infer<typeof EnrolCodeReply>;

/** Closed list of refusals; every one leaves the centre and the till as they were. */
export const CentreErrorCode = z.enum([
  'bad_request',
  'unauthorised',
  'bad_signature',
  'code_unknown',
  'protocol_unsupported',
  'till_forked',
  'till_lost',
  'till_restored',
  'send_in_full',
  'tseq_gap',
  'epoch_changed',
  'not_set_up',
  'already_set_up',
  'busy',
  'bug',
]);
export type CentreErrorCode = z.infer<typeof CentreErrorCode>;
export const CentreError = z.object({
  code: CentreErrorCode,
  message: z.string(),
  /** With `protocol_unsupported`: what the centre understands, oldest and newest. */
  protocols: Protocols.optional().catch(undefined),
});
export type CentreError = z.infer<typeof CentreError>;
