import type { Crypto } from '../../sync/base/crypto.ts';
import type { MemberId, StaffId } from '../../sync/base/ids.ts';
import { extraOf, isExtraKey, patchOf, readExtras } from '../../sync/model/extras.ts';
import { MemberFields, type MemberRow } from '../../sync/model/member.ts';
import type { OpBody } from '../../sync/model/op.ts';
import { isOfTwo, secondOf } from '../../sync/merge/second-person.ts';
import { FITTING, type InboxAnswer } from '../../sync/protocol/inbox.ts';
import { retryHeld, releaseWaiting } from '../held.ts';
import { readBody } from '../prepared-push.ts';
import { CentreRefusal } from '../refusal.ts';
import type { InboxItem } from '../repos/inbox.ts';
import type { HeldOp } from '../repos/ops.ts';
import type { CentreStore } from '../store.ts';
import { endHeldAside } from '../spending/settle.ts';
import { bookStrays, discardStrays } from '../strays.ts';
import { loadHolds, nextSeq, openUnit, saveUnit, type Unit } from '../unit.ts';
import { keysOf } from '../working-set.ts';
import { writeOwnOp } from './centre-node.ts';
import { settleLeft } from './left-balances.ts';

/** A manager's answer. Names and PIN were checked before. */
export interface Answering {
  id: string;
  managerId: StaffId;
  /** Who stood by it, her PIN checked as well. */
  secondId?: StaffId | null;
  reason: string;
  answer: InboxAnswer;
}

const refuse = (message: string, status = 409): CentreRefusal =>
  new CentreRefusal('bad_request', `${message} Nothing was changed.`, status);

interface Task {
  unit: Unit;
  crypto: Crypto;
  item: InboxItem;
  answering: Answering;
}

type Conflict = Extract<InboxItem['detail'], { kind: 'field_conflict' }>;

/** The edit that brings the other value back, of the profile or of the extras. */
function restoring(memberId: MemberId, { field, other }: Conflict, reason: string): OpBody {
  if (field === 'removed')
    return { kind: 'member.removed', memberId, isRemoved: other.value === true, reason };
  const patch = isExtraKey(field) ? patchOf(field, other.value) : null;
  if (patch !== null) return { kind: 'member.extras', memberId, ...patch };
  const fields = MemberFields.partial().parse({ [field]: other.value });
  return { kind: 'member.changed', memberId, fields };
}

/** Neither of the two that a conflict tells of stands there any more: whoever wrote the one that does had seen it. */
function isWrittenAnew(member: MemberRow, { field, kept, other }: Conflict): boolean {
  const now = isExtraKey(field) ? extraOf(readExtras(member.extras), field) : member[field];
  return now !== kept.value && now !== other.value;
}

async function restore({ unit, crypto, item, answering }: Task): Promise<void> {
  const { detail } = item;
  if (detail.kind !== 'field_conflict' || item.memberId === null)
    throw refuse('This is no conflict of values.');
  unit.around.rows.add(await unit.store.loadRows({ ...keysOf([]), members: [item.memberId] }));
  const member = unit.around.rows.member(item.memberId);
  if (member !== undefined && isWrittenAnew(member, detail))
    throw refuse(
      'This was written anew since, and neither of the two stands there now. Answer that it is kept, and edit her page ' +
        'where that is wrong.',
    );
  const body = restoring(item.memberId, detail, answering.reason);
  const decision = await writeOwnOp(unit, crypto, { body, actorId: answering.managerId });
  if (decision.held !== null) throw refuse(`The value can not come back (${decision.held}).`);
}

function otherOf(item: InboxItem, intoId: MemberId): MemberId {
  const pair: readonly MemberId[] = 'memberIds' in item.detail ? item.detail.memberIds : [];
  const other = pair.find((id) => id !== intoId);
  if (other === undefined || !pair.includes(intoId)) throw refuse('That member is not of this pair.', 400);
  return other;
}

async function join({ unit, crypto, item, answering }: Task, intoId: MemberId): Promise<void> {
  const { managerId, reason } = answering;
  const body = { kind: 'member.merged' as const, memberId: otherOf(item, intoId), intoId, reason };
  const decision = await writeOwnOp(unit, crypto, { body, actorId: managerId });
  if (decision.held === 'already_merged')
    throw refuse('One of them is merged already; take that back first.');
  if (decision.held === 'unknown_target')
    throw refuse(
      'The one who would stay was removed or anonymised, and the other would go with her. Let the other one stay, or ' +
        'keep both.',
    );
  if (decision.held !== null) throw refuse(`They can not be merged (${decision.held}).`);
}

const MERGED = 'merge ';

/** Of an item whose answer was a merge. */
async function split({ unit, crypto, item, answering }: Task): Promise<void> {
  const intoId = item.answer.slice(MERGED.length) as MemberId;
  const { managerId, reason } = answering;
  const body = { kind: 'member.unmerged' as const, memberId: otherOf(item, intoId), intoId, reason };
  const decision = await writeOwnOp(unit, crypto, { body, actorId: managerId });
  if (decision.held !== null) throw refuse(`It can not be taken back (${decision.held}).`);
}

async function heldOf({ unit, item }: Task): Promise<HeldOp> {
  const [held] = await unit.store.listHeld([item.seq]);
  if (held === undefined) throw refuse('This operation waits no more.');
  return held;
}

/**
 * The held op with the manager's body; kind and member are what they were, and so is who stands behind it and what it
 * makes of a member: that is another op, of another person.
 */
function repaired(held: HeldOp, body: { kind: string }): HeldOp {
  const op = { ...held.op, body };
  const read = readBody(op);
  if (read === null) throw refuse('The corrected operation is not well formed.', 400);
  const { memberId, secondId, state } = held.op.body as Record<string, unknown>;
  if (typeof memberId === 'string' && memberId !== read.memberId)
    throw refuse('The corrected operation names another member.', 400);
  if (secondId !== secondOf(read))
    throw refuse('The corrected operation names somebody else beside its maker.', 400);
  if (read.kind === 'member.state' && state !== read.state)
    throw refuse('The corrected operation makes something else of the member.', 400);
  return { ...held, op };
}

async function release(task: Task, body: { kind: string } | null): Promise<void> {
  const held = await heldOf(task);
  await loadHolds(task.unit, [held.op.opId]);
  const by = task.answering.managerId;
  const tried = body === null ? held : repaired(held, body);
  const read = readBody(tried.op);
  // What two people stand behind has the one who made it, and the one who applies it, whomever it names.
  if (read !== null && isOfTwo(read) && held.op.actorId === by)
    throw refuse('You asked for this yourself: it takes a second person, so another manager applies it.');
  const decision = await retryHeld(task.unit, tried, { by, isApproved: true, body });
  if (decision.held === 'document_changed' && held.op.kind === 'document.saved')
    throw refuse('It does not fit what was saved meanwhile. Dismiss it, and save what is still wanted anew.');
  if (decision.held !== null) throw refuse(`It still can not be applied (${decision.held}).`);
  endHeldAside(task.unit.holds, held.op);
  await releaseWaiting(task.unit);
}

/** It gets a number like any other and does nothing under it, so that its till stops showing it. */
async function dismiss(task: Task): Promise<void> {
  const held = await heldOf(task);
  await loadHolds(task.unit, [held.op.opId]);
  endHeldAside(task.unit.holds, held.op);
  const releasedSeq = nextSeq(task.unit);
  task.unit.settled.push({ heldSeq: held.seq, releasedSeq, by: task.answering.managerId, body: null });
}

/** All that waits of the till: each operation is numbered, and applied or held like any other. */
async function book({ unit, item, answering }: Task): Promise<void> {
  await bookStrays(unit, item.tillId, answering.managerId);
  await releaseWaiting(unit);
}

/** Nobody answers for herself. */
function assertNotSelf({ item, answering }: Task): void {
  const { detail } = item;
  const isWatched = detail.kind === 'own_card' || detail.kind === 'hand_limit';
  if (!isWatched || detail.actorId !== answering.managerId) return;
  throw refuse('This is about you: another manager has to look at it.');
}

/**
 * As a manager’s own press does it at a till: final, and the cards and the ledger stay without a name. What is left of
 * her balances goes first.
 */
async function anonymise({ unit, crypto, item, answering }: Task): Promise<void> {
  const { memberId, detail } = item;
  const { managerId, secondId = null, reason } = answering;
  if (detail.kind !== 'inactive_member' || memberId === null)
    throw refuse('This is about no inactive member.');
  if (secondId === null || secondId === managerId)
    throw refuse('This takes a second person: somebody else, a supervisor or a manager, adds her PIN.');
  unit.around.rows.add(await unit.store.loadRows({ ...keysOf([]), members: [memberId] }));
  const member = unit.around.rows.member(memberId);
  if (member === undefined || member.state === 'anonymised') return;
  // The head is held: whatever was booked since she was proposed is seen here, and whoever joined and is her.
  const { members } = await unit.store.readPerson(memberId);
  const lastAtMs = [await unit.store.lastBookedAt(memberId), ...members.map((each) => each.createdAtMs)];
  if (Math.max(...lastAtMs) > detail.lastAtMs)
    throw refuse('This member has come back since she was proposed. Answer that she is kept.');
  await settleLeft(unit, crypto, { memberId, managerId, secondId });
  const body = {
    ...{ kind: 'member.state' as const, memberId, state: 'anonymised' as const },
    ...{ epoch: member.stateEpoch + 1, reason, secondId },
  };
  const decision = await writeOwnOp(unit, crypto, { body, actorId: managerId });
  if (decision.held !== null) throw refuse(`This member can not be anonymised (${decision.held}).`);
}

async function turn({ unit, item, answering }: Task, isOn: boolean): Promise<void> {
  if (item.detail.kind !== 'webhook_dead') throw refuse('This is about no webhook.');
  const to = { isOn, by: answering.managerId, nowMs: unit.nowMs };
  const isThere = await unit.store.turnWebhook(item.detail.webhookId, to);
  if (!isThere) throw refuse('There is no such webhook any more.');
}

async function act(task: Task): Promise<void> {
  const { answer } = task.answering;
  switch (answer.action) {
    case 'keep':
    case 'pursue':
      return assertNotSelf(task);
    case 'restore':
      return restore(task);
    case 'merge':
      return join(task, answer.intoId);
    case 'unmerge':
      return split(task);
    case 'apply':
      return release(task, null);
    case 'repair':
      return release(task, answer.body);
    case 'dismiss':
      return dismiss(task);
    case 'book':
      return book(task);
    case 'discard':
      return discardStrays(task.unit, task.item.tillId, task.answering.managerId);
    case 'anonymise':
      return anonymise(task);
    case 'resume':
      return turn(task, true);
    case 'switch_off':
      return turn(task, false);
    default:
      answer satisfies never;
  }
}

/** What is kept of an answer: no body, no value. */
const answerText = (answer: InboxAnswer): string =>
  answer.action === 'merge' ? MERGED + answer.intoId : answer.action;

/**
 * Does what a manager decided and closes the item, in one locked unit. The same answer of hers once more (its reply
 * got lost) changes nothing; who comes after another is told so, whatever she says: the decision is not hers.
 *
 * @throws CentreRefusal When the answer does not fit or can not be done; nothing was changed then.
 */
export async function answerItem(
  store: CentreStore,
  answering: Answering,
  { crypto, nowMs }: { crypto: Crypto; nowMs: number },
): Promise<void> {
  const unit = await openUnit(store, nowMs);
  const item = await store.lockInboxItem(answering.id);
  if (item === undefined) throw refuse('There is no such item.', 404);
  const { answer, managerId, reason } = answering;
  const text = answerText(answer);
  const isOpen = item.state === 'open';
  if (!isOpen && item.answer === text && item.answeredBy === managerId) return;
  const takesBack = answer.action === 'unmerge';
  if (isOpen && takesBack) throw refuse('Nobody has answered this yet.');
  if (!isOpen && !(takesBack && item.answer.startsWith(MERGED))) throw refuse('This was answered already.');
  if (!FITTING[answer.action].includes(item.kind)) throw refuse('That answer does not fit.', 400);
  await act({ unit, crypto, item, answering });
  unit.closed = unit.closed.filter(({ topic }) => topic !== item.topic);
  unit.audit.push({
    atMs: nowMs,
    actorId: managerId,
    action: `inbox.${answer.action}`,
    objectId: item.id,
    note: item.kind,
  });
  await saveUnit(unit);
  await store.answerInbox(item.id, { answer: text, answeredBy: managerId, answeredAtMs: nowMs, reason });
}
