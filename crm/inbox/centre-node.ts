import { nextHlc } from '../../sync/base/clock.ts';
import type { Crypto } from '../../sync/base/crypto.ts';
import { newId, type OpId, type StaffId, type StoreId } from '../../sync/base/ids.ts';
import { must } from '../../sync/base/must.ts';
import type { FieldWriter } from '../../sync/model/member.ts';
import { OP_VERSION, saltFor, type OpBody, type WireOp } from '../../sync/model/op.ts';
import { CENTRE_TILL, type Decision } from '../decide.ts';
import { prepareOp } from '../prepared-push.ts';
import { applyIn, isOfErased, loadFor, nextSeq, type Unit } from '../unit.ts';

/** An op that a manager's answer makes. `actorId`: the manager. */
export interface OwnOp {
  body: OpBody;
  actorId: StaffId;
  /** The member did it, in person: no role is asked. */
  isApproved?: boolean;
}

/** Later than whatever wrote these fields: who decides here has seen it. */
function latestOf(unit: Unit, body: OpBody): string | null {
  const clocks = unit.around.rows.fieldClocks(body.memberId) ?? {};
  const writers: (FieldWriter | undefined)[] = Object.values(clocks);
  return (
    writers
      .filter((writer) => writer !== undefined)
      .map(({ hlc }) => hlc)
      .sort()
      .at(-1) ?? null
  );
}

/**
 * Appends an op of the centre's own node and applies it like any other: it has an actor, a number, a place in
 * the node's chain. A decision that is held was not appended; the caller throws, and the unit leaves no trace.
 */
export async function writeOwnOp(
  unit: Unit,
  crypto: Crypto,
  { body, actorId, isApproved = false }: OwnOp,
): Promise<Decision> {
  const [till] = await unit.store.listTills([CENTRE_TILL]);
  const node = must(till, 'a migration makes the node of the centre');
  const draft: WireOp = {
    version: OP_VERSION,
    opId: newId<OpId>(),
    tillId: node.tillId,
    incarnation: node.incarnation,
    tseq: node.hiTseq + 1,
    hlc: nextHlc(null, unit.nowMs),
    wallMs: unit.nowMs,
    actorId,
    storeId: node.storeId as StoreId,
    businessDay: new Date(unit.nowMs).toISOString().slice(0, 10),
    kind: body.kind,
    salt: saltFor(body.kind, crypto),
    prev: node.headHash,
    body,
  };
  await loadFor(unit, [{ op: draft, hash: '', body }]);
  const prepared = prepareOp({ ...draft, hlc: nextHlc(latestOf(unit, body), unit.nowMs) }, crypto);
  const seq = nextSeq(unit);
  const decision = applyIn(unit, prepared, { seq, till: node, seenSeq: seq, floorMs: 0, isApproved });
  if (decision.held !== null) return decision;
  const { op, hash } = prepared;
  const isErased = isOfErased(prepared, unit.around);
  unit.numbered.push({ seq, op, hash, held: null, flags: decision.flags, waitsFor: [], isErased });
  await unit.store.saveTills([{ ...node, hiTseq: op.tseq, headHash: hash }]);
  return decision;
}
