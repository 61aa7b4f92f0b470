import { clampHlc, floorHlc, hlcMs } from '../sync/base/clock.ts';
import type { MemberId } from '../sync/base/ids.ts';
import { isBuiltInGuarded } from '../sync/model/attributes.ts';
import type { Staff, StaffRole } from '../sync/model/chain.ts';
import { isRemoved } from '../sync/model/extras.ts';
import type { MemberRow } from '../sync/model/member.ts';
import type { Op, OpBody } from '../sync/model/op.ts';
import type { HeldReason } from '../sync/model/feed.ts';
import { applyOp } from '../sync/merge/apply-op.ts';
import { isOverNewest } from '../sync/merge/documents.ts';
import { isBooking } from '../sync/merge/entries.ts';
import { isClockAhead } from '../sync/merge/members.ts';
import { isPinReset } from '../sync/merge/pin-reset.ts';
import { isAtLeast, mayStartEpoch, roleNeeded } from '../sync/merge/roles.ts';
import { isBacked } from '../sync/merge/second-person.ts';
import { documentKey, targetsOf, type Flag, type InboxTask } from '../sync/merge/rows.ts';
import { ruleNamed } from '../sync/merge/card-rules.ts';
import { CENTRE_TILL } from '../sync/base/ids.ts';
import { fitRules, type OwnRules } from './card-rules.ts';
import type { PreparedOp } from './prepared-push.ts';
import type { TillRow } from './repos/tills.ts';
import { overdrawnTask } from './spending/settle.ts';
import type { WorkingSet } from './working-set.ts';

export { CENTRE_TILL };

export interface Surroundings {
  rows: WorkingSet;
  staff: Map<string, Staff>;
  ownRules: OwnRules;
  nowMs: number;
}

/** The number that an op gets, and what is known of how it was made. */
export interface Numbered {
  seq: number;
  till: Pick<TillRow, 'tillId' | 'storeId'>;
  /** Place in the unit, so that ops whose clocks are put right to one instant keep their order. */
  order: number;
  /** Highest number of the feed that its author can have seen. */
  seenSeq: number;
  /** The centre's clock at a moment before the op was made; 0 when none is known. */
  floorMs: number;
  /** A manager answers for it, so its own actor's role is not asked. */
  isApproved?: boolean;
  /** Who does, where it is somebody. */
  approvedBy?: string;
  /** She put it right, so it must fit the rules now. */
  isRepaired?: boolean;
}

export type Decision =
  | { held: HeldReason; flags: []; tasks: InboxTask[]; waitsFor: string[] }
  | { held: null; flags: Flag[]; tasks: InboxTask[]; waitsFor: [] };

const heldTask = (op: { kind: string }, seq: number, reason: HeldReason): InboxTask => ({
  topic: heldTopic(seq),
  memberId: null,
  detail: { kind: 'held_op', reason, opKind: op.kind },
});

/** The inbox item of a held op. */
export const heldTopic = (seq: number): string => `held_op ${seq}`;

/** The held op as a decision. It waits for rows that it names and nobody has. */
export function hold(
  prepared: PreparedOp,
  seq: number,
  { held, rows }: { held: HeldReason; rows: WorkingSet },
) {
  const decision: Decision = {
    held,
    flags: [],
    tasks: [heldTask(prepared.op, seq, held)],
    waitsFor: prepared.body === null ? [] : waitsOf(prepared.body, { held, rows }),
  };
  return decision;
}

function waitsOf(body: OpBody, { held, rows }: { held: HeldReason; rows: WorkingSet }): string[] {
  if (held === 'unknown_target') return missingOf(body, rows);
  const named = held === 'unknown_rule' ? ruleNamed(body, rows) : null;
  return named === null ? [] : [documentKey('card-type', named.cardTypeId)];
}

/** Of what only books, its account comes with its card and member: it waits for that, and what it corrects. */
function missingOf(body: OpBody, rows: WorkingSet): string[] {
  const { members, cards, accounts, entries } = targetsOf(body);
  const isWhole = !isBooking(body);
  return [
    ...members.filter((id) => isWhole && rows.member(id) === undefined),
    ...cards.filter((id) => isWhole && rows.card(id) === undefined),
    ...accounts.filter((id) => rows.account(id) === undefined),
    ...entries.filter((id) => rows.entry(id) === undefined),
  ];
}

/** Whether only a supervisor sets a custom value: the attribute's own document says so. */
const isGuardedIn =
  (rows: WorkingSet) =>
  (attributeId: string): boolean => {
    const found = rows.document('attribute', attributeId);
    return found?.kind === 'attribute' ? found.body.isSensitive : isBuiltInGuarded(attributeId);
  };

const roleIn = (staff: Surroundings['staff'], id: string): StaffRole | undefined => {
  const known = staff.get(id);
  return known === undefined || known.isGone ? undefined : known.role;
};

function neededFor(body: OpBody, rows: WorkingSet): StaffRole {
  const known = body.kind === 'document.saved' ? rows.document('staff', body.id)?.body : undefined;
  if (isPinReset(body, known !== undefined && 'pinHash' in known ? known : undefined)) return 'supervisor';
  return roleNeeded(body, rows.member(body.memberId)?.state, isGuardedIn(rows));
}

/** A supervisor's PIN for somebody whom a manager changed meanwhile: at her till it was hers to give. */
const isLateReset = (body: OpBody, role: StaffRole, rows: WorkingSet): boolean =>
  body.kind === 'document.saved' &&
  body.docKind === 'staff' &&
  isAtLeast(role, 'supervisor') &&
  !isOverNewest(rows.document('staff', body.id)?.body, body);

/** Who may do what (I7): a till is not believed, neither about its people's roles nor about other shops. */
function refusedActor(op: Op, till: Numbered['till'], { staff, rows }: Surroundings): HeldReason | null {
  const actor = staff.get(op.actorId);
  if (actor === undefined || actor.isGone) return 'actor_unknown';
  if (op.storeId !== till.storeId && till.tillId !== CENTRE_TILL) return 'not_allowed';
  if (!isBacked(op, (id) => roleIn(staff, id))) return 'not_allowed';
  // Reckoned by the centre from what everybody sent; no node's word for itself.
  if (op.body.kind === 'tier.earned') return 'not_allowed';
  const member = rows.member(op.body.memberId);
  if (!isAtLeast(actor.role, neededFor(op.body, rows)))
    return isLateReset(op.body, actor.role, rows) ? 'document_changed' : 'not_allowed';
  const startsEpoch = op.body.kind === 'member.state' && op.body.epoch > (member?.stateEpoch ?? 0);
  return startsEpoch && !mayStartEpoch(actor.role) ? 'not_allowed' : null;
}

/** A manager's card type that is held: its till works by it until it hears of that. Nobody else's word makes a rule. */
function noteOwn({ tillId, body }: Op, { ownRules }: Surroundings): void {
  if (body.kind === 'document.saved') ownRules.note(tillId, body);
}

type SharedKind = 'shared_mobile' | 'shared_lookup_id';

/** A pair is proposed once, whichever of the two came second. */
function pairTask(kind: SharedKind, one: MemberId, other: MemberId): InboxTask {
  const memberIds: [MemberId, MemberId] = one < other ? [one, other] : [other, one];
  return { topic: `${kind} ${memberIds.join(' ')}`, memberId: one, detail: { kind, memberIds } };
}

/** Who comes back among the living brings all that names her; the rows behind that are read by `keysOfSplit`. */
export const bringsBack = (body: OpBody): boolean =>
  body.kind === 'member.unmerged' || (body.kind === 'member.removed' && !body.isRemoved);

/** What the op may have given the member that names one living member; its row says whether it did. */
function namingFields(body: OpBody, member: MemberRow): Partial<Pick<MemberRow, 'mobile' | 'lookupId'>> {
  if (bringsBack(body)) return member;
  return 'fields' in body ? { mobile: body.fields.mobile ?? null, lookupId: body.fields.lookupId ?? '' } : {};
}

/** Members who now share what names one of them; nothing where the edit lost or was dropped. */
function sharedTasks(body: OpBody, rows: WorkingSet): InboxTask[] {
  const member: MemberRow | undefined = rows.member(body.memberId);
  if (member === undefined || member.state === 'anonymised' || member.mergedIntoId !== null) return [];
  if (isRemoved(member)) return [];
  const { mobile = null, lookupId = '' } = namingFields(body, member);
  const { memberId } = member;
  const mobiles = mobile !== null && mobile === member.mobile ? rows.mobileHolders(mobile, memberId) : [];
  const lookups = lookupId === member.lookupId ? rows.lookupHolders(lookupId, memberId) : [];
  return [
    ...mobiles.map((other) => pairTask('shared_mobile', memberId, other)),
    ...lookups.map((other) => pairTask('shared_lookup_id', memberId, other)),
  ];
}

/** A card is opened once: the same again, by another op, would bring it back to life and book its units anew. */
function isOpenedAgain(body: OpBody, rows: WorkingSet): boolean {
  if (body.kind === 'member.created') return body.card !== null && rows.card(body.card.cardId) !== undefined;
  const isOpening = body.kind === 'card.issued' || body.kind === 'card.replaced';
  return isOpening && rows.card(body.cardId) !== undefined;
}

const clockTask = (op: Op, nowMs: number): InboxTask => ({
  topic: `clock_ahead ${op.tillId} ${op.incarnation} ${op.businessDay}`,
  memberId: null,
  // A clock of garbage must not be beyond what JSON carries.
  detail: { kind: 'clock_ahead', aheadMs: hlcMs(op.hlc) - nowMs },
});

/**
 * Applies one op to the unit's rows, or says why it has to wait for a person. What happened is never
 * refused. Whether its id is known is the caller's question.
 */
export function decide(prepared: PreparedOp, numbered: Numbered, around: Surroundings): Decision {
  const { rows, nowMs } = around;
  const { seq } = numbered;
  if (prepared.body === null) return hold(prepared, seq, { held: 'bad_body', rows });
  const op: Op = { ...prepared.op, body: prepared.body };
  const refused = numbered.isApproved === true ? null : refusedActor(op, numbered.till, around);
  if (refused !== null) return hold(prepared, seq, { held: refused, rows });
  const fit = fitRules(op, numbered, around);
  if (fit.held !== null) return hold(prepared, seq, { held: fit.held, rows });
  const floored = floorHlc(op.hlc, numbered.floorMs, numbered.order);
  const hlc = clampHlc(floored, nowMs, numbered.order);
  const { seenSeq, isApproved = false } = numbered;
  const outcome = applyOp(rows, { op, seq, hlc, seenSeq, isApproved });
  if (outcome.held !== null) {
    noteOwn(op, around);
    return hold(prepared, seq, { held: outcome.held, rows });
  }
  if (isOpenedAgain(op.body, rows)) return hold(prepared, seq, { held: 'bad_body', rows });
  for (const change of outcome.changes) {
    rows.apply(change);
    // From the next op on the new role counts.
    if (change.table === 'document' && change.row.kind === 'staff')
      around.staff.set(change.row.id, change.row.body);
  }
  const shared = sharedTasks(op.body, rows);
  const tasks = [...(outcome.tasks ?? []), ...shared, ...fit.tasks];
  const flags = [...outcome.flags, ...shared.map(({ detail }) => detail.kind as SharedKind)];
  if (fit.tasks.length > 0) flags.push('other_rule');
  if (flags.includes('overdrawn') && 'accountId' in op.body) {
    tasks.push(overdrawnTask(op.body, { balance: rows.account(op.body.accountId)?.balance ?? 0, seq }));
  }
  if (floored !== op.hlc) flags.push('clock_behind');
  if (isClockAhead(op.hlc, nowMs)) {
    flags.push('clock_ahead');
    tasks.push(clockTask(op, nowMs));
  }
  return { held: null, flags, tasks, waitsFor: [] };
}
