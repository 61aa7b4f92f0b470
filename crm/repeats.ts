import { canonicalJson, type Json } from '../sync/base/canonical.ts';
import { commitmentOf, type WireOp } from '../sync/model/op.ts';
import { CENTRE_TILL, hold, type Decision } from './decide.ts';
import { nodeCrypto } from './node-crypto.ts';
import type { PreparedOp } from './prepared-push.ts';
import type { KnownOp } from './repos/ops.ts';
import { nextSeq, raise, type Unit } from './unit.ts';

/**
 * An op whose id has a number already. `again`: it says the same, as when a till that was put back from a copy is
 * pressed once more; it counts once, and there is nothing to tell. `other`: it says something else. `fork`: something
 * else, by the very incarnation that said the first, which a file that was not tampered with or copied can not do.
 */
export type Repeat = 'again' | 'other' | 'fork';

/** What an op says, without the note of what paid for it: that depends on what its till knew at that moment. */
function contentOf(body: WireOp['body']): string {
  const { cover: _, ...said } = body as { cover?: unknown };
  return canonicalJson(said as Json);
}

/** Of a body that went with its member only the commitment is left, so the very same bytes are recognised. */
function saysSame(known: KnownOp, { op, hash, commitment }: PreparedOp): boolean {
  if (known.hash === hash) return true;
  if (known.body !== null && commitment === undefined)
    return known.kind === op.kind && contentOf(known.body) === contentOf(op.body);
  const kept =
    known.commitment ?? commitmentOf({ salt: known.salt, body: known.body ?? op.body }, nodeCrypto);
  return kept === (commitment ?? commitmentOf(op, nodeCrypto));
}

/** How `prepared` relates to the op that has its id; null where the id is new. */
export function repeatOf({ known }: Pick<Unit, 'known'>, prepared: PreparedOp): Repeat | null {
  const first = known.get(prepared.op.opId);
  if (first === undefined) return null;
  return judgeRepeat(first, prepared);
}

export function judgeRepeat(first: KnownOp, prepared: PreparedOp): Repeat {
  if (saysSame(first, prepared)) return 'again';
  const { tillId, incarnation } = prepared.op;
  // What can not be read any more proves nothing against a till.
  const isReadable = first.body !== null && prepared.commitment === undefined;
  const isOwn = first.tillId === tillId && first.incarnation === incarnation;
  return isOwn && isReadable ? 'fork' : 'other';
}

/**
 * A numbered repeat has no effect. One that says the same is done with at once, so that its till stops showing it; any
 * other waits, and a manager is told: which of the two is true can not be known here.
 */
export function holdRepeat(
  unit: Unit,
  prepared: PreparedOp,
  { seq, repeat }: { seq: number; repeat: Repeat },
): Decision {
  const decision = hold(prepared, seq, { held: 'op_id_repeated', rows: unit.around.rows });
  if (repeat === 'again')
    unit.settled.push({ heldSeq: seq, releasedSeq: nextSeq(unit), by: CENTRE_TILL, body: null });
  else raise(unit, prepared.op, { seq, tasks: decision.tasks });
  return decision;
}

/** The op as one whose id is known from now on. */
export function toKnown({ op, hash, commitment }: PreparedOp): KnownOp {
  const { opId, tillId, incarnation, kind, salt, body } = op;
  const isErased = commitment !== undefined;
  return {
    ...{ opId, tillId, incarnation, kind, hash, salt },
    ...(isErased ? { body: null, commitment } : { body, commitment: null }),
  };
}
