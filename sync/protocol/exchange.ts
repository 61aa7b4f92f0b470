import { z } from 'zod';
import { TillId } from '../base/ids.ts';
import { Chain } from '../model/chain.ts';
import { AckRange, CardBlock, HeldReason, Rows } from '../model/feed.ts';
import { Seq } from '../model/member.ts';
import { WireOp } from '../model/op.ts';

export const PROTOCOL_VERSION = 1;
export const OPS_PER_PUSH_MAX = 500;
export const ROWS_PER_PULL_MAX = 5_000;
/** A till with fewer free card numbers than this is granted another block. */
export const CARD_STOCK_LOW = 200;

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
