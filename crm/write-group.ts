import type { OpId } from '../sync/base/ids.ts';
import { must } from '../sync/base/must.ts';
import { isBooking } from '../sync/merge/entries.ts';
import type { Decision } from './decide.ts';
import { releaseWaiting } from './held.ts';
import type { PreparedOp, Push } from './prepared-push.ts';
import type { CentreRefusal } from './refusal.ts';
import { holdRepeat, judgeRepeat, repeatOf, toKnown } from './repeats.ts';
import type { Ack } from './repos/feed.ts';
import type { TillView } from './repos/till-views.ts';
import type { TillRow } from './repos/tills.ts';
import type { CentreStore } from './store.ts';
import { forkItem } from './strays.ts';
import { forked, triage, type Triage } from './triage.ts';
import {
  applyIn,
  isOfErased,
  loadFor,
  loadHolds,
  loadKnownIds,
  nextSeq,
  saveUnit,
  unitOn,
  type Unit,
} from './unit.ts';
import type { FeedHead } from './repos/feed-head.ts';
import { setGainsAside } from './spending/set-aside.ts';
import { holdIdsOf, setHeldAside } from './spending/settle.ts';

/** What a push that was taken has come to. */
export interface Taken {
  epoch: string;
  /** The feed's highest number right after the push's own ops: no op of the till after them has it or a lower one. */
  headSeq: number;
  /** Fates of its ops, in order; null when some were known before, and their fates are elsewhere. */
  acks: Ack[] | null;
}

/** What became of one push: taken (repeats dropped), or refused as a whole. */
export type PushResult = ({ refusal: null } & Taken) | { refusal: CentreRefusal };

type Hashes = Map<string, string>;
const hashKey = (tillId: string, tseq: number): string => `${tillId} ${tseq}`;

/** Hashes that the triage compares with: each till's latest, and those under repeated ops. */
async function loadHashes(
  store: CentreStore,
  pushes: readonly Push[],
  tills: ReadonlyMap<string, TillRow>,
): Promise<Hashes> {
  const hashes: Hashes = new Map();
  for (const till of tills.values()) hashes.set(hashKey(till.tillId, till.hiTseq), till.headHash);
  for (const push of pushes) {
    const till = tills.get(push.tillId);
    // What an earlier incarnation made under the same numbers is nothing to compare the living one's with.
    if (push.incarnation !== till?.incarnation || push.ackedTseq >= till.hiTseq) continue;
    const known = await store.listHashes({
      tillId: push.tillId,
      incarnation: push.incarnation,
      fromTseq: push.ackedTseq,
      toTseq: push.ackedTseq + push.ops.length,
    });
    for (const { tillId, tseq, hash } of known) hashes.set(hashKey(tillId, tseq), hash);
  }
  return hashes;
}

interface Group {
  unit: Unit;
  tills: Map<string, TillRow>;
  views: Map<string, TillView>;
  hashes: Hashes;
  /** Ops of forked pushes: kept beside the feed, for a manager. */
  strays: PreparedOp[];
}

/** What a decided group has changed and may not have committed yet: the group after it is decided on top of that. */
export interface Left extends Pick<Group, 'unit' | 'tills' | 'views'> {
  head: FeedHead;
}

/** Copies, with what the group before has made of them. */
function over<Row>(found: readonly Row[], keyOf: (row: Row) => string, left?: ReadonlyMap<string, Row>) {
  return new Map(found.map((row) => [keyOf(row), { ...(left?.get(keyOf(row)) ?? row) }]));
}

async function loadGroup(unit: Unit, pushes: readonly Push[], left: Left | null): Promise<Group> {
  const { store } = unit;
  const tillIds = [...new Set(pushes.map((push) => push.tillId))];
  const [foundTills, foundViews] = await Promise.all([
    store.listTills(tillIds),
    store.listTillViews(tillIds),
  ]);
  const tills = over(foundTills, (till) => till.tillId, left?.tills);
  const views = over(foundViews, (view) => view.tillId, left?.views);
  for (const id of tillIds) {
    const view = left?.views.get(id);
    if (view !== undefined) views.set(id, { ...view });
  }
  const hashes = await loadHashes(store, pushes, tills);
  // Of ops whose numbers are not committed yet: a request that comes again is compared with them.
  for (const { op, hash } of left?.unit.numbered ?? []) hashes.set(hashKey(op.tillId, op.tseq), hash);
  const ops = pushes.flatMap((push) =>
    push.ops.filter(({ op }) => op.tseq > (tills.get(op.tillId)?.hiTseq ?? 0)),
  );
  const ahead = pushes.flatMap(({ spendsAhead = [] }) => spendsAhead.map(({ opId }) => opId));
  const ids = [...ops.map(({ op }) => op.opId as string), ...ahead];
  if (left !== null) {
    unit.around.rows.addChanged(left.unit.around.rows.changed());
    for (const { op, hash, commitment } of left.unit.numbered)
      unit.known.set(op.opId, toKnown({ op, hash, body: null, ...(commitment != null && { commitment }) }));
  }
  await Promise.all([loadKnownIds(unit, ids), loadHolds(unit, ahead), loadFor(unit, ops)]);
  return { unit, tills, views, hashes, strays: [] };
}

/**
 * What the author of an op can have seen, and the latest moment before it was made. An op that the till had
 * when it last sent some is older than that exchange; any other is younger.
 */
function circumstances(
  push: Push,
  view: TillView | undefined,
  tseq: number,
): { seenSeq: number; floorMs: number } {
  if (view === undefined || view.incarnation !== push.incarnation) {
    return { seenSeq: push.cursor, floorMs: 0 };
  }
  return tseq <= view.tseq
    ? { seenSeq: view.cursor, floorMs: 0 }
    : { seenSeq: push.cursor, floorMs: view.atMs };
}

/** What the till had just now, unless it still has ops to send from the time before. */
function nextView(
  push: Push,
  view: TillView | undefined,
  { till, nowMs }: { till: TillRow; nowMs: number },
): TillView {
  const isBacklog = view !== undefined && view.incarnation === push.incarnation && till.hiTseq < view.tseq;
  if (isBacklog) return view;
  const { tillId, incarnation, cursor } = push;
  const tseq = Math.max(push.lastTseq, till.hiTseq);
  return { tillId, incarnation, tseq, cursor, atMs: nowMs };
}

/** Gives each fresh op its number, held ones too, and applies what can be applied. */
function numberOps(
  { unit, hashes }: Group,
  till: TillRow,
  {
    push,
    view,
    fresh,
  }: {
    push: Push;
    view: TillView | undefined;
    fresh: readonly PreparedOp[];
  },
): Ack[] {
  const acks: Ack[] = [];
  for (const prepared of fresh) {
    const { op, hash, commitment, headerText, bodyText } = prepared;
    const seq = nextSeq(unit);
    const repeat = repeatOf(unit, prepared);
    const decision: Decision =
      repeat === null
        ? applyIn(unit, prepared, { seq, till, ...circumstances(push, view, op.tseq) })
        : holdRepeat(unit, prepared, { seq, repeat });
    const { held, flags, waitsFor } = decision;
    if (repeat === null && held !== null) setHeldAside(unit.holds, prepared, unit.around.rows);
    const isErased = commitment !== undefined || isOfErased(prepared, unit.around);
    const texts = headerText === undefined || bodyText === undefined ? {} : { headerText, bodyText };
    unit.numbered.push({ seq, op, hash, ...texts, held, flags, waitsFor, isErased, commitment });
    if (repeat === null) unit.known.set(op.opId, toKnown(prepared));
    hashes.set(hashKey(till.tillId, op.tseq), hash);
    till.hiTseq = op.tseq;
    till.headHash = hash;
    acks.push({ tseq: op.tseq, seq, held });
  }
  return acks;
}

/** Ids are made once: other content under an own one proves two copies as well as under a number. */
function forkedById(unit: Unit, sorted: Triage): Triage {
  if (sorted.refusal !== null) return sorted;
  const known = new Map(unit.known);
  for (const prepared of sorted.fresh) {
    const { opId } = prepared.op;
    const first = known.get(opId);
    if (first === undefined) known.set(opId, toKnown(prepared));
    else if (judgeRepeat(first, prepared) === 'fork') return forked(true);
  }
  return sorted;
}

function takePush(group: Group, push: Push): PushResult {
  const { unit, tills, views } = group;
  const till = must(tills.get(push.tillId), 'a push comes from a till that was found by its token');
  const hashAt = (tseq: number): string | undefined => group.hashes.get(hashKey(push.tillId, tseq));
  const sorted = forkedById(unit, triage(push, till, { head: unit.head, hashAt }));
  if (sorted.refusal !== null) {
    if (sorted.isFork) {
      till.state = 'quarantined';
      group.strays.push(...push.ops);
      const note = 'Two copies of this till made different operations under the same numbers or ids.';
      const opId = push.ops[0]?.op.opId ?? null;
      unit.items.push(forkItem(till, { seq: unit.head.seq, atMs: unit.nowMs, opId, branch: 0, note }));
    }
    return { refusal: sorted.refusal };
  }
  const view = views.get(push.tillId);
  const acks = numberOps(group, till, { push, view, fresh: sorted.fresh });
  const { around, known: opIds, nowMs } = unit;
  const entryOf = (opId: string) => around.rows.entry(opId as OpId);
  setGainsAside(unit.holds, { push, fresh: sorted.fresh, entryOf, opIds, nowMs });
  if (sorted.fresh.length > 0) till.fence = push.newFence;
  views.set(push.tillId, nextView(push, view, { till, nowMs: unit.nowMs }));
  const { epoch, seq: headSeq } = unit.head;
  return { refusal: null, epoch, headSeq, acks: acks.length === push.ops.length ? acks : null };
}

/** What became of pushes in a unit that is not saved yet. */
export interface TakenPushes {
  /** One per push, in order. */
  results: PushResult[];
  /** Ops of forked pushes, for `insertStrays`. */
  strays: PreparedOp[];
  /** Saves what no unit writes: tills and what they had seen. */
  save: () => Promise<unknown>;
}

const takenIn = (group: Group, results: PushResult[]): TakenPushes => ({
  results,
  strays: group.strays,
  save: () => {
    const { store } = group.unit;
    return Promise.all([
      store.saveTills([...group.tills.values()]),
      store.saveTillViews([...group.views.values()]),
    ]);
  },
});

/** Takes pushes in a unit that the caller has opened and saves. */
export async function takePushes(unit: Unit, pushes: readonly Push[]): Promise<TakenPushes> {
  const group = await loadGroup(unit, pushes, null);
  return takenIn(
    group,
    pushes.map((push) => takePush(group, push)),
  );
}

/** A group that is decided and not saved. */
export interface DecidedGroup {
  unit: Unit;
  taken: TakenPushes;
  /** What it was decided on: true as long as the centre still has these. */
  basis: { head: FeedHead; tills: Map<string, TillRow>; views: Map<string, TillView> };
  /** Null: what it did reaches further than the next group's rules are told beforehand. */
  left: Left | null;
}

const isPlain = ({ ops }: Push): boolean =>
  ops.every(({ body, commitment }) => body !== null && commitment === undefined && isBooking(body));

/** Nothing but bookings on accounts, all of them applied. What a manager is told of them no rule reads. */
function leftBy(group: Group, pushes: readonly Push[]): Left | null {
  const { unit, tills, views, strays } = group;
  const { numbered, settled, closed, audit, holds, spareNumbers } = unit;
  const besides = [settled, closed, audit, strays, spareNumbers].some((list) => list.length > 0);
  const isOdd = besides || holds.size > 0 || numbered.some(({ held }) => held !== null);
  return isOdd || !pushes.every(isPlain) ? null : { unit, tills, views, head: { ...unit.head } };
}

/**
 * Decides about pushes by the rows that `store` has, and those of the group before.
 *
 * @param left What the group before leaves, when its commit is still to come.
 */
export async function decideGroup(
  { store, head, nowMs }: { store: CentreStore; head: FeedHead; nowMs: number },
  pushes: readonly Push[],
  left: Left | null = null,
): Promise<DecidedGroup> {
  const unit = unitOn(store, { ...head }, nowMs);
  const group = await loadGroup(unit, pushes, left);
  const basis = {
    head,
    tills: over([...group.tills.values()], (till) => till.tillId),
    views: over([...group.views.values()], (view) => view.tillId),
  };
  const results = pushes.map((push) => takePush(group, push));
  await releaseWaiting(unit);
  return { unit, taken: takenIn(group, results), basis, left: leftBy(group, pushes) };
}

/**
 * Parts of balances that are set aside change without a number of the feed: nobody may decide on them beforehand. What
 * waited for these pushes may spend such parts too: `isStillSo`.
 */
export const mayBeDraft = (pushes: readonly Push[]): boolean =>
  pushes.every(({ ops, spendsAhead = [] }) => holdIdsOf(ops).length === 0 && spendsAhead.length === 0);

const TILL_FACTS = ['incarnation', 'hiTseq', 'headHash', 'state', 'fence', 'storeId'] as const;
const VIEW_FACTS = ['incarnation', 'tseq', 'cursor', 'atMs'] as const;
const HEAD_FACTS = ['epoch', 'seq', 'nextAccountNo', 'nextCardSerial', 'nextBlockId'] as const;

function areSame<Row extends object>(
  one: Row | undefined,
  other: Row | undefined,
  facts: readonly (keyof Row)[],
): boolean {
  if (one === undefined || other === undefined) return one === other;
  return facts.every((fact) => one[fact] === other[fact]);
}

/**
 * True when everything that the group was decided on is still so, under the head's lock: whatever changes rows that
 * rules read raises the head, but for tills and what they had seen, which are compared.
 */
export async function isStillSo(
  store: CentreStore,
  head: FeedHead,
  { basis, unit }: DecidedGroup,
): Promise<boolean> {
  // Held ops that it released may spend what was set aside, and so may those that it only tried.
  if (unit.holds.size > 0 || unit.settled.some(({ by }) => by === null)) return false;
  if (!areSame(head, basis.head, HEAD_FACTS)) return false;
  const ids = [...basis.tills.keys()];
  const [tills, views] = await Promise.all([store.listTills(ids), store.listTillViews(ids)]);
  const viewOf = new Map(views.map((view) => [view.tillId, view]));
  return (
    tills.length === ids.length &&
    tills.every((till) => areSame(till, basis.tills.get(till.tillId), TILL_FACTS)) &&
    ids.every((id) => areSame(viewOf.get(id), basis.views.get(id), VIEW_FACTS))
  );
}

/** Writes what was decided. The caller answers only after the commit. @returns One result per push, in order. */
export async function saveGroup(store: CentreStore, { unit, taken }: DecidedGroup): Promise<PushResult[]> {
  unit.store = store;
  await saveUnit(unit, taken.save);
  await store.insertStrays(taken.strays, unit.nowMs);
  return taken.results;
}

/**
 * Pushes of several tills in one locked unit: numbers become visible in their order, so a reader that
 * remembers the last one misses nothing. All or nothing; the caller answers only after the commit.
 *
 * @returns One result per push, in order.
 */
export async function writeGroup(
  store: CentreStore,
  pushes: readonly Push[],
  nowMs: number,
): Promise<PushResult[]> {
  const head = await store.lockHead();
  return saveGroup(store, await decideGroup({ store, head, nowMs }, pushes));
}
