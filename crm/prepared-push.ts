import type { Crypto } from '../sync/base/crypto.ts';
import type { TillId } from '../sync/base/ids.ts';
import { isStorable } from '../sync/base/text.ts';
import { OP_VERSION, OpBody, opHash, type WireOp } from '../sync/model/op.ts';
import { CentreRefusal } from './refusal.ts';

const DEPTH_MAX = 20;

/**
 * An op with everything worked out that needs no database, so that the head is locked for as short as can
 * be.
 */
export interface PreparedOp {
  op: WireOp;
  hash: string;
  /** Null when the body is not one that this centre understands: the op is numbered and held. */
  body: OpBody | null;
}

export interface Push {
  tillId: TillId;
  incarnation: number;
  epoch: string;
  ackedTseq: number;
  ackedHash: string;
  cursor: number;
  ops: readonly PreparedOp[];
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

function readBody(op: WireOp): OpBody | null {
  if (op.version > OP_VERSION || op.kind !== op.body.kind || !isStorable(op.body)) return null;
  const parsed = OpBody.safeParse(op.body);
  if (!parsed.success || hasUpperCaseId(parsed.data)) return null;
  const hasBadCard = parsed.data.kind === 'member.created' && hasUpperCaseId(parsed.data.card ?? {});
  return hasBadCard ? null : parsed.data;
}

/**
 * Hash and body of an op as it came.
 *
 * @throws CentreRefusal `bad_request` for what no till can have made: an amount that is not a safe integer,
 * text in the header that can not be stored, nesting beyond reason. A body of the wrong shape is no reason
 * to refuse.
 */
export function prepareOp(op: WireOp, crypto: Crypto): PreparedOp {
  const { body: wireBody, ...header } = op;
  if (!isStorable(header) || op.opId !== op.opId.toLowerCase() || isDeeperThan(wireBody, DEPTH_MAX)) {
    throw new CentreRefusal('bad_request', `Operation ${op.tseq} is not well formed. Nothing was changed.`);
  }
  try {
    return { op, hash: opHash(op, crypto), body: readBody(op) };
  } catch {
    throw new CentreRefusal(
      'bad_request',
      `Operation ${op.tseq} holds a number that is not a whole one. Nothing was changed.`,
    );
  }
}
