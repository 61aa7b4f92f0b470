import { z } from 'zod';
import { TillId } from '../base/ids.ts';
import { AccountRow, CardRow, EntryRow } from '../model/card.ts';
import { Chain, ChainDocument } from '../model/chain.ts';
import { MemberRow, Seq } from '../model/member.ts';
import { WireOp } from '../model/op.ts';

export const PROTOCOL_VERSION = 1;
export const OPS_PER_PUSH_MAX = 500;
export const ROWS_PER_PULL_MAX = 5_000;
/** A till with fewer free card numbers than this is granted another block. */
export const CARD_STOCK_LOW = 200;
export const CARD_BLOCK_SIZE = 500;

/** Card numbers that only this till may issue. */
export const CardBlock = z.strictObject({
  blockId: z.int().min(1),
  numbers: z.array(z.string().regex(/^\d{16}$/)).max(CARD_BLOCK_SIZE),
});
export type CardBlock = z.infer<typeof CardBlock>;

/** One exchange: what the till made since the last answer, and how far its copy reaches. */
export const ExchangeRequest = z.strictObject({
  protocol: z.int(),
  tillId: TillId,
  incarnation: z.int().min(1),
  /** The centre's epoch that `cursor` belongs to; '' before the first answer. */
  epoch: z.string().max(40),
  /** Highest tseq whose fate the till knows. Ops start right behind it. */
  ackedTseq: z.int().min(0),
  /** Hash of the op `ackedTseq`; zeros when 0. A centre that knows another one has met a clone. */
  ackedHash: z.string().regex(/^[0-9a-f]{32}$/),
  ops: z.array(WireOp).max(OPS_PER_PUSH_MAX),
  cursor: Seq,
  cardStock: z.int().min(0),
  lastBlockId: z.int().min(0),
});
export type ExchangeRequest = z.infer<typeof ExchangeRequest>;

/** Ops `firstTseq .. firstTseq + count - 1` were numbered `firstSeq …` in the same order. */
export const AckRange = z.strictObject({
  firstTseq: z.int().min(1),
  count: z.int().min(1),
  firstSeq: z.int().min(1),
});
export type AckRange = z.infer<typeof AckRange>;

/** Why a numbered op had no effect yet: it waits at the centre for a person, and stays "pending" on the till. */
export const HeldReason = z.enum([
  'bad_body',
  'unknown_target',
  'card_number_taken',
  'op_id_repeated',
  'already_corrected',
  'actor_unknown',
  'not_allowed',
]);
export type HeldReason = z.infer<typeof HeldReason>;

export const Rows = z.strictObject({
  documents: z.array(ChainDocument),
  members: z.array(MemberRow),
  cards: z.array(CardRow),
  accounts: z.array(AccountRow),
  entries: z.array(EntryRow),
});
export type Rows = z.infer<typeof Rows>;
export const EMPTY_ROWS: Rows = { documents: [], members: [], cards: [], accounts: [], entries: [] };

export const ExchangeReply = z.strictObject({
  protocol: z.int(),
  epoch: z.string().max(40),
  /** Highest tseq of this till that the centre has numbered. */
  hiTseq: z.int().min(0),
  acks: z.array(AckRange),
  held: z.array(z.strictObject({ tseq: z.int().min(1), reason: HeldReason })),
  rows: Rows,
  /** Everything up to here is in `rows` or was sent before. */
  cursor: Seq,
  /** True when ops or rows remain; ask again at once. */
  hasMore: z.boolean(),
  cardBlock: CardBlock.nullable(),
  serverTimeMs: z.int(),
});
export type ExchangeReply = z.infer<typeof ExchangeReply>;

export const EnrolRequest = z.strictObject({
  protocol: z.int(),
  code: z.string().min(8).max(40),
  tillName: z.string().trim().max(40),
});
export type EnrolRequest = z.infer<typeof EnrolRequest>;

export const EnrolReply = z.strictObject({
  tillId: TillId,
  incarnation: z.int().min(1),
  /** Bearer secret of this till; the centre keeps only its hash. */
  token: z.string().min(32),
  storeId: z.string(),
  tillName: z.string(),
  epoch: z.string(),
  chain: Chain,
  cardBlock: CardBlock,
});
export type EnrolReply = z.infer<typeof EnrolReply>;

export const EnrolCodeRequest = z.strictObject({
  login: z.string().max(40),
  pin: z.string().max(20),
  /** Null: the chain's first store. */
  storeId: z.string().max(40).nullable(),
});
export type EnrolCodeRequest = z.infer<typeof EnrolCodeRequest>;
export const EnrolCodeReply = z.strictObject({ code: z.string(), storeId: z.string(), expiresAtMs: z.int() });
export type EnrolCodeReply = z.infer<typeof EnrolCodeReply>;

/** Closed list of refusals; every one leaves the centre and the till as they were. */
export const CentreErrorCode = z.enum([
  'bad_request',
  'unauthorised',
  'code_unknown',
  'protocol_unsupported',
  'till_forked',
  'tseq_gap',
  'epoch_changed',
  'not_set_up',
  'already_set_up',
  'busy',
  'bug',
]);
export type CentreErrorCode = z.infer<typeof CentreErrorCode>;
export const CentreError = z.strictObject({ code: CentreErrorCode, message: z.string() });
export type CentreError = z.infer<typeof CentreError>;
