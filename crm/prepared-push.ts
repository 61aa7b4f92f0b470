import type { Crypto } from '../sync/base/crypto.ts';
import type { TillId } from '../sync/base/ids.ts';
import { isStorable } from '../sync/base/text.ts';
import { OP_VERSION, OpBody, sealOp, type SealedOp, type WireOp } from '../sync/model/op.ts';
import type { SpendAhead } from '../sync/protocol/exchange.ts';
import { CentreRefusal } from './refusal.ts';

const DEPTH_MAX = 20;

/**
 * An op with everything worked out that needs no database, so that the head is locked for as short as can
 * be.
 */
export interface PreparedOp {
  op: WireOp;
  hash: string;
  /** Header and body as they are stored; made for the hash and the checks, hence only once. */
  headerText?: string;
  bodyText?: string;
  /** Null when the body is not one that this centre understands: the op is numbered and held. */
  body: OpBody | null;
  /** Of an op whose body its till has erased: stands for it in the hash. */
  commitment?: string;
}

export interface Push {
  tillId: TillId;
  incarnation: number;
  epoch: string;
  ackedTseq: number;
  ackedHash: string;
  cursor: number;
  /** Highest tseq of the till's own file. */
  lastTseq: number;
  /** The token that the till shows, and the one that it gets when an op of this push is new. */
  fence: string;
  newFence: string;
  ops: readonly PreparedOp[];
  /** Spends that come later, of what these ops earn. */
  spendsAhead?: readonly SpendAhead[];
}

function isDeeperThan(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((member) => isDeeperThan(member, depth - 1));
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Ids are written in lower case: the database compares them without case, programs with it. */
const hasUpperCaseId = (fields: object): boolean =>
  Object.values(fields).some(
    (value) => typeof value === 'string' && UUID.test(value) && value !== value.toLowerCase(),
  );

/** JSON writes what no database keeps, and nothing else, with this escape: its absence proves a text storable. */
const isSurelyStorable = (json: string): boolean => !json.includes('\\u');
const HAS_UPPER_HEX = /[A-F]/;

/** The body as the rules know it; null when this centre does not understand it, or could not store it. */
export function readBody(op: WireOp, bodyText?: string): OpBody | null {
  if (op.version > OP_VERSION || op.kind !== op.body.kind) return null;
  if ((bodyText === undefined || !isSurelyStorable(bodyText)) && !isStorable(op.body)) return null;
  const parsed = OpBody.safeParse(op.body);
  if (!parsed.success) return null;
  if (bodyText !== undefined && !HAS_UPPER_HEX.test(bodyText)) return parsed.data;
  if (hasUpperCaseId(parsed.data)) return null;
  const hasBadCard = parsed.data.kind === 'member.created' && hasUpperCaseId(parsed.data.card ?? {});
  return hasBadCard ? null : parsed.data;
}

/** Hash and texts of an op; without the texts where its body was erased. */
type Sealed = Pick<SealedOp, 'hash'> & Partial<Pick<SealedOp, 'headerText' | 'bodyText'>>;

const notWell = (op: WireOp, what: string): CentreRefusal =>
  new CentreRefusal('bad_request', `Operation ${op.tseq} ${what}. Nothing was changed.`);

function hasStorableHeader(op: WireOp, known?: Sealed): boolean {
  if (known?.headerText !== undefined && isSurelyStorable(known.headerText)) return true;
  const { body: _, ...header } = op;
  return isStorable(header);
}

function seal(op: WireOp, crypto: Crypto): Sealed {
  try {
    return sealOp(op, crypto);
  } catch {
    throw notWell(op, 'holds a number that is not a whole one');
  }
}

/**
 * Hash and body of an op as it came.
 *
 * @param known The op sealed, where that was done already.
 * @throws CentreRefusal `bad_request` for what no till can have made: an amount that is not a safe integer,
 * text in the header that can not be stored, nesting beyond reason. A body of the wrong shape is no reason
 * to refuse.
 */
export function prepareOp(op: WireOp, crypto: Crypto, known?: Sealed): PreparedOp {
  if (!hasStorableHeader(op, known) || HAS_UPPER_HEX.test(op.opId) || isDeeperThan(op.body, DEPTH_MAX)) {
    throw notWell(op, 'is not well formed');
  }
  const { hash, headerText, bodyText } = known ?? seal(op, crypto);
  const texts = headerText === undefined || bodyText === undefined ? {} : { headerText, bodyText };
  return { op, hash, ...texts, body: readBody(op, bodyText) };
}
