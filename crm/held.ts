import { must } from '../sync/base/must.ts';
import { isOfTwo } from '../sync/merge/second-person.ts';
import { hold, heldTopic, type Decision } from './decide.ts';
import { readBody, type PreparedOp } from './prepared-push.ts';
import type { HeldOp } from './repos/ops.ts';
import type { TillRow } from './repos/tills.ts';
import { applyIn, isOfErased, loadAuthors, loadFor, nextSeq, type Unit } from './unit.ts';

/** On whose word a held op is tried again; null: its missing target came. */
export type Approval = { by: string; isApproved: boolean; body: HeldOp['op']['body'] | null } | null;

/** A held op as the rules want it. The hash stays that of what the till sent. */
const toPrepared = ({ op }: HeldOp): PreparedOp => ({ op, hash: '', body: readBody(op) });

/** Held ops whose rows are read together. */
const OPS_PER_LOAD = 1_000;

/** Reads what these ops need. @returns Their tills by id. */
async function loadHeld(unit: Unit, held: readonly HeldOp[]): Promise<Map<string, TillRow>> {
  await loadFor(unit, held.map(toPrepared));
  const tills = await unit.store.listTills([...new Set(held.map(({ op }) => op.tillId))]);
  return new Map(tills.map((till) => [till.tillId, till]));
}

/**
 * Tries a held op again under a new number. It keeps its till, its clock and its place in the till's chain;
 * only what it does to rows happens now. Nothing is kept of a try that is held again.
 */
export async function retryHeld(unit: Unit, held: HeldOp, approval: Approval): Promise<Decision> {
  const tills = await loadHeld(unit, [held]);
  const body = readBody(held.op);
  if (approval?.isApproved === true && body !== null && isOfTwo(body)) await loadAuthors(unit, [approval.by]);
  return retryLoaded(unit, held, { approval, tills });
}

function retryLoaded(
  unit: Unit,
  held: HeldOp,
  { approval, tills }: { approval: Approval; tills: ReadonlyMap<string, TillRow> },
): Decision {
  const prepared = toPrepared(held);
  const till = must(tills.get(held.op.tillId), 'a held op names a till that is known');
  if (held.reason === 'op_id_repeated') {
    return hold(prepared, held.seq, { held: held.reason, rows: unit.around.rows });
  }
  const seq = nextSeq(unit);
  const isApproved = approval?.isApproved === true;
  // Whoever made it had seen nothing that came after it reached the centre.
  const isRepaired = isApproved && approval.body !== null;
  const by = isApproved ? { approvedBy: approval.by } : {};
  const numbered = { seq, till, seenSeq: held.seq, floorMs: 0, isApproved, isRepaired, ...by };
  const itemCount = unit.items.length;
  const decision = applyIn(unit, prepared, numbered);
  if (decision.held !== null) {
    unit.head.seq -= 1;
    unit.items.length = itemCount;
    return decision;
  }
  unit.settled.push({
    heldSeq: held.seq,
    releasedSeq: seq,
    by: approval?.by ?? null,
    // What a repair says of somebody who was anonymised meanwhile is not kept either.
    body: isOfErased(prepared, unit.around) ? null : (approval?.body ?? null),
  });
  unit.closed.push({ topic: heldTopic(held.seq), answer: 'released', by: approval?.by ?? '' });
  return decision;
}

/** Held ops of this very unit that wait for one of `targets`: the store does not have them yet. */
function waitingHere({ numbered }: Unit, targets: readonly string[]): HeldOp[] {
  const held = numbered.filter(({ waitsFor, isErased }) => waitsFor.length > 0 && !isErased);
  if (held.length === 0) return [];
  const come = new Set(targets);
  return held.flatMap(({ seq, op, held: reason, waitsFor }) =>
    reason !== null && waitsFor.some((target) => come.has(target)) ? [{ seq, op, reason }] : [],
  );
}

/**
 * Applies held ops whose missing target has come, in the order of their numbers, until no more can be: what
 * one of them makes may be what the next one waits for.
 */
export async function releaseWaiting(unit: Unit): Promise<void> {
  const settled = new Set(unit.settled.map(({ heldSeq }) => heldSeq));
  for (let created = unit.around.rows.takeCreated(); created.length > 0;) {
    const known = await unit.store.listWaiting(created);
    const waiting = [...known, ...waitingHere(unit, created)].filter(({ seq }) => !settled.has(seq));
    for (let at = 0; at < waiting.length; at += OPS_PER_LOAD) {
      const part = waiting.slice(at, at + OPS_PER_LOAD);
      const loaded = { approval: null, tills: await loadHeld(unit, part) };
      const released = part.filter((held) => retryLoaded(unit, held, loaded).held === null);
      for (const { seq } of released) settled.add(seq);
    }
    created = unit.around.rows.takeCreated();
  }
}
