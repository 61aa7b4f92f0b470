import type { Staff } from '../sync/model/chain.ts';
import { secondOf } from '../sync/merge/second-person.ts';
import { isPersonal, type OpBody, type WireOp } from '../sync/model/op.ts';
import { bringsBack, decide, type Decision, type Numbered, type Surroundings } from './decide.ts';
import { createOwnRules, type OwnRules } from './card-rules.ts';
import { exportAudit } from './exports.ts';
import { secondAudit } from './second-audit.ts';
import type { PreparedOp } from './prepared-push.ts';
import type { AuditLine } from './repos/audit-log.ts';
import type { FeedHead } from './repos/feed-head.ts';
import { inboxId, type NewInboxItem } from './repos/inbox.ts';
import { namedMember, type KnownOp, type NumberedOp, type Settled } from './repos/ops.ts';
import { holdIdsOf, settle } from './spending/settle.ts';
import { lookupKeyOf, type RowKeys } from './repos/rows.ts';
import type { CentreStore } from './store.ts';
import type { Hold } from '../sync/spending/holds.ts';
import { createWorkingSet, keysOf } from './working-set.ts';

/** Everything that one locked unit has read and is going to write. Opened by `openUnit`, ends in `saveUnit`. */
export interface Unit {
  store: CentreStore;
  head: FeedHead;
  nowMs: number;
  around: Surroundings & { staff: Map<string, Staff>; ownRules: OwnRules };
  /** By id, ops that have a number, this unit's included. */
  known: Map<string, KnownOp>;
  spareNumbers: string[];
  numbered: NumberedOp[];
  settled: Settled[];
  items: NewInboxItem[];
  /** Topics of items that what happens here answers. */
  closed: { topic: string; answer: string; by: string }[];
  audit: AuditLine[];
  /** Holds that this unit's spends name, as it leaves them. */
  holds: Map<string, Hold>;
  /** By person, who saved the newest version of whoever stands by an act; null: the centre was set up with her. */
  authors: Map<string, string | null>;
}

/** Takes the head's lock: from here on nobody else numbers anything. */
export async function openUnit(store: CentreStore, nowMs: number): Promise<Unit> {
  return unitOn(store, await store.lockHead(), nowMs);
}

/** A unit that goes on from `head`, its own from now on. Whoever saves it holds the lock and that very head. */
export function unitOn(store: CentreStore, head: FeedHead, nowMs: number): Unit {
  const spareNumbers: string[] = [];
  const rows = createWorkingSet({
    accountNo: () => head.nextAccountNo++,
    cardNumber: () => spareNumbers.shift() ?? null,
  });
  return {
    store,
    head,
    nowMs,
    around: { rows, staff: new Map(), nowMs, ownRules: createOwnRules() },
    known: new Map(),
    spareNumbers,
    numbered: [],
    settled: [],
    items: [],
    closed: [],
    audit: [],
    holds: new Map(),
    authors: new Map(),
  };
}

const cardNumberOf = (body: OpBody): string | null => {
  if (body.kind === 'member.created') return body.card?.cardNumber ?? null;
  return 'cardNumber' in body ? body.cardNumber : null;
};

/** How many of these bodies bring a number that somebody has, or that comes twice. */
function countTaken(bodies: readonly (OpBody | null)[], { rows }: Surroundings): number {
  const seen = new Set<string>();
  return bodies.filter((body) => {
    const number = body === null ? null : cardNumberOf(body);
    if (number === null) return false;
    const isTaken = seen.has(number) || rows.cardByNumber(number) !== undefined;
    seen.add(number);
    return isTaken;
  }).length;
}

/** Who may share a number with members that are split off or taken back: known only once their rows are. */
function keysOfSplit(bodies: readonly (OpBody | null)[], { rows }: Surroundings): RowKeys | null {
  const members = bodies.flatMap((body) =>
    body !== null && bringsBack(body) ? [rows.member(body.memberId)] : [],
  );
  const known = members.filter((member) => member !== undefined);
  if (known.length === 0) return null;
  const mobiles = known.flatMap(({ mobile }) => mobile ?? []);
  const lookups = known.flatMap(({ lookupId }) => lookupKeyOf(lookupId) ?? []);
  return { ...keysOf([]), mobiles, lookups };
}

/** Card types as they stand, and those that these ops' tills saved for themselves: each once in a unit. */
async function loadRules({ store, around }: Unit, ops: readonly PreparedOp[]): Promise<void> {
  const { ownRules, rows } = around;
  const isFirst = ownRules.readTills.size === 0;
  const tillIds = [...new Set(ops.map(({ op }) => op.tillId))].filter((id) => !ownRules.readTills.has(id));
  if (tillIds.length === 0) return;
  for (const id of tillIds) ownRules.readTills.add(id);
  const [types, own] = await Promise.all([
    isFirst ? store.listCardTypes() : [],
    store.listOwnDocuments(tillIds),
  ]);
  rows.addDocuments(types);
  for (const { tillId, body } of own) ownRules.note(tillId, body);
}

/** Reads who saved the newest version of each of these people. */
export async function loadAuthors({ store, authors }: Unit, ids: readonly string[]): Promise<void> {
  const missing = [...new Set(ids)].filter((id) => !authors.has(id));
  if (missing.length === 0) return;
  const found = await store.listStaffAuthors(missing);
  for (const id of missing) authors.set(id, found.find(({ staffId }) => staffId === id)?.actorId ?? null);
}

/** Reads what these ops need: their rows, the people behind them, numbers for cards whose own are taken. */
export async function loadFor(unit: Unit, ops: readonly PreparedOp[]): Promise<void> {
  if (ops.length === 0) return;
  const { store, around } = unit;
  const bodies = ops.map(({ body }) => body);
  const unread = ops.flatMap(({ op, body }) => (body === null ? [namedMember(op)] : []));
  const keys = keysOf(bodies);
  const members = [...keys.members, ...unread.filter((id) => id !== null)];
  const holdIds = holdIdsOf(ops).filter((id) => !unit.holds.has(id));
  const seconds = bodies.flatMap((body) => (body === null ? [] : (secondOf(body) ?? [])));
  const actors = [...new Set([...ops.map(({ op }) => op.actorId), ...seconds])].filter(
    (id) => !around.staff.has(id),
  );
  const [rows, holds, people] = await Promise.all([
    store.loadRows({ ...keys, members }),
    store.listHolds(holdIds),
    store.listStaff(actors),
    loadRules(unit, ops),
    loadAuthors(unit, seconds),
  ]);
  around.rows.add(rows);
  const split = keysOfSplit(bodies, around);
  if (split !== null) around.rows.add(await store.loadRows(split));
  for (const hold of holds) unit.holds.set(hold.holdId, hold);
  for (const staff of people) around.staff.set(staff.staffId, staff);
  const missing = countTaken(bodies, around) - unit.spareNumbers.length;
  if (missing > 0) unit.spareNumbers.push(...(await store.takeSpareNumbers(unit.head, missing)));
}

/** Notes which of these ids have a number already, whoever sent them. */
export async function loadKnownIds(unit: Unit, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  for (const op of await unit.store.listKnownOps(ids)) unit.known.set(op.opId, op);
}

/** Reads holds by id, but for those that the unit has changed already. */
export async function loadHolds(unit: Unit, ids: readonly string[]): Promise<void> {
  const missing = ids.filter((id) => !unit.holds.has(id));
  if (missing.length === 0) return;
  for (const hold of await unit.store.listHolds(missing)) unit.holds.set(hold.holdId, hold);
}

/** The next number of the feed. */
export function nextSeq(unit: Unit): number {
  unit.head.seq += 1;
  return unit.head.seq;
}

/** Puts what a decision asks of a manager into the inbox. */
export function raise(
  unit: Unit,
  op: WireOp,
  { seq, tasks }: { seq: number; tasks: Decision['tasks'] },
): void {
  for (const { topic, memberId, detail } of tasks) {
    unit.items.push({
      id: inboxId(seq, unit.items.length),
      topic,
      memberId,
      tillId: op.tillId,
      opId: op.opId,
      seq,
      atMs: unit.nowMs,
      detail,
    });
  }
}

/**
 * True when the op says something about a member who is anonymised: its body is not kept. So is one that
 * nobody can read.
 */
export function isOfErased({ op, body }: PreparedOp, { rows }: Surroundings): boolean {
  const memberId = namedMember(op);
  if (memberId === null || (body !== null && !isPersonal(op.kind))) return false;
  return rows.member(memberId)?.state === 'anonymised';
}

/** How many ops this unit has numbered so far: keeps ops in order whose clocks are put right. */
export const orderIn = (unit: Unit): number => unit.numbered.length + unit.settled.length;

/** Decides about an op whose number is given, keeps its tasks, and says what became of it. */
export function applyIn(unit: Unit, prepared: PreparedOp, numbered: Omit<Numbered, 'order'>): Decision {
  const decision = decide(prepared, { ...numbered, order: orderIn(unit) }, unit.around);
  raise(unit, prepared.op, { seq: numbered.seq, tasks: decision.tasks });
  if (decision.held !== null) return decision;
  settle(unit.holds, prepared);
  const { op, body } = prepared;
  if (body?.kind === 'export.made') unit.audit.push(exportAudit(op, body, unit.nowMs));
  const { nowMs, authors } = unit;
  if (body?.kind === 'document.saved' && body.docKind === 'staff') authors.set(body.id, op.actorId);
  const seconded = body === null ? null : secondAudit(op, body, { ...numbered, nowMs, authors });
  if (seconded !== null) unit.audit.push(seconded);
  return decision;
}

/**
 * Writes everything that the unit did. The caller answers only after the commit.
 *
 * @param besides What else goes with it, of tables that no unit writes.
 */
export async function saveUnit(
  unit: Unit,
  besides: () => Promise<unknown> = async () => undefined,
): Promise<void> {
  const { store, nowMs, around } = unit;
  // None of these touches a row of another: the store may write them all at once.
  await Promise.all([
    store.insertOps(unit.numbered, nowMs),
    store.saveRows(around.rows.changed()),
    store.saveHolds([...unit.holds.values()]),
    store.insertInbox(unit.items),
    store.saveHead(unit.head),
    besides(),
  ]);
  await store.saveReleases(unit.settled);
  for (const { topic, answer, by } of unit.closed) {
    await store.closeInbox([topic], { answer, answeredBy: by, answeredAtMs: nowMs });
  }
  const erased = around.rows.erased();
  await store.eraseMembers(erased.map((memberId) => ({ memberId, seq: unit.head.seq, atMs: nowMs })));
  await store.appendAudit(unit.audit);
}
