import { clampHlc } from '../sync/base/clock.ts';
import type { Staff } from '../sync/model/chain.ts';
import type { Op, OpBody } from '../sync/model/op.ts';
import type { HeldReason } from '../sync/model/feed.ts';
import { applyOp } from '../sync/merge/apply-op.ts';
import { isClockAhead } from '../sync/merge/members.ts';
import { isAtLeast, roleNeeded } from '../sync/merge/roles.ts';
import type { Flag } from '../sync/merge/rows.ts';
import type { PreparedOp } from './prepared-push.ts';
import type { TillRow } from './repos/tills.ts';
import type { WorkingSet } from './working-set.ts';

/** The centre's own node: it writes for every store, for example the demo's history. */
export const CENTRE_TILL = 'centre';

export interface Surroundings {
  rows: WorkingSet;
  staff: ReadonlyMap<string, Staff>;
  /** Ids of ops that have a number, this group's included. */
  opIds: ReadonlySet<string>;
  nowMs: number;
}

export type Decision = { held: HeldReason; flags: [] } | { held: null; flags: Flag[] };

const hold = (held: HeldReason): Decision => ({ held, flags: [] });

/** Who may do what (I7): a till is not believed, neither about its people's roles nor about other shops. */
function refusedActor(op: Op, till: TillRow, { staff, rows }: Surroundings): HeldReason | null {
  const actor = staff.get(op.actorId);
  if (actor === undefined || actor.isGone) return 'actor_unknown';
  if (op.storeId !== till.storeId && till.tillId !== CENTRE_TILL) return 'not_allowed';
  return isAtLeast(actor.role, roleNeeded(op.body, rows.member(op.body.memberId)?.state))
    ? null
    : 'not_allowed';
}

function mobileFlags(body: OpBody, rows: WorkingSet): Flag[] {
  const mobile = 'fields' in body ? body.fields.mobile : null;
  return mobile != null && rows.isMobileShared(mobile, body.memberId) ? ['shared_mobile'] : [];
}

/**
 * Applies one op to the group's rows, or says why it has to wait for a person. What happened is never
 * refused.
 *
 * @param numbered `order`: place in the group.
 */
export function decide(
  prepared: PreparedOp,
  numbered: { seq: number; till: TillRow; order: number },
  around: Surroundings,
): Decision {
  if (around.opIds.has(prepared.op.opId)) return hold('op_id_repeated');
  if (prepared.body === null) return hold('bad_body');
  const op: Op = { ...prepared.op, body: prepared.body };
  const refused = refusedActor(op, numbered.till, around);
  if (refused !== null) return hold(refused);
  const hlc = clampHlc(op.hlc, around.nowMs, numbered.order);
  const outcome = applyOp(around.rows, { op, seq: numbered.seq, hlc });
  if (outcome.held !== null) return hold(outcome.held);
  for (const change of outcome.changes) around.rows.apply(change);
  const flags = [...outcome.flags, ...mobileFlags(op.body, around.rows)];
  if (isClockAhead(op.hlc, around.nowMs)) flags.push('clock_ahead');
  return { held: null, flags };
}
