import { must } from '../sync/base/must.ts';
import { hold, type Decision } from './decide.ts';
import { releaseWaiting } from './held.ts';
import type { PreparedOp, Push } from './prepared-push.ts';
import { CentreRefusal } from './refusal.ts';
import type { Ack } from './repos/feed.ts';
import type { TillView } from './repos/till-views.ts';
import type { TillRow } from './repos/tills.ts';
import type { CentreStore } from './store.ts';
import { forkItem } from './strays.ts';
import { triage } from './triage.ts';
import {
  applyIn,
  isOfErased,
  loadFor,
  loadKnownIds,
  nextSeq,
  openUnit,
  saveUnit,
  type Unit,
} from './unit.ts';

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
    if (till === undefined || push.ackedTseq >= till.hiTseq) continue;
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

async function loadGroup(unit: Unit, pushes: readonly Push[]): Promise<Group> {
  const { store } = unit;
  const tillIds = [...new Set(pushes.map((push) => push.tillId))];
  const [foundTills, foundViews] = await Promise.all([
    store.listTills(tillIds),
    store.listTillViews(tillIds),
  ]);
  const tills = new Map(foundTills.map((till) => [till.tillId as string, till]));
  const views = new Map(foundViews.map((view) => [view.tillId, view]));
  const hashes = await loadHashes(store, pushes, tills);
  const ops = pushes.flatMap((push) =>
    push.ops.filter(({ op }) => op.tseq > (tills.get(op.tillId)?.hiTseq ?? 0)),
  );
  const ids = ops.map(({ op }) => op.opId);
  await Promise.all([loadKnownIds(unit, ids), loadFor(unit, ops)]);
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
    const { rows } = unit.around;
    const decision: Decision = unit.opIds.has(op.opId)
      ? hold(prepared, seq, { held: 'op_id_repeated', rows })
      : applyIn(unit, prepared, { seq, till, ...circumstances(push, view, op.tseq) });
    const { held, flags, waitsFor } = decision;
    const isErased = commitment !== undefined || isOfErased(prepared, unit.around);
    const texts = headerText === undefined || bodyText === undefined ? {} : { headerText, bodyText };
    unit.numbered.push({ seq, op, hash, ...texts, held, flags, waitsFor, isErased, commitment });
    unit.opIds.add(op.opId);
    hashes.set(hashKey(till.tillId, op.tseq), hash);
    till.hiTseq = op.tseq;
    till.headHash = hash;
    acks.push({ tseq: op.tseq, seq, held });
  }
  return acks;
}

function takePush(group: Group, push: Push): PushResult {
  const { unit, tills, views } = group;
  const till = must(tills.get(push.tillId), 'a push comes from a till that was found by its token');
  const hashAt = (tseq: number): string | undefined => group.hashes.get(hashKey(push.tillId, tseq));
  const sorted = triage(push, till, { head: unit.head, hashAt });
  if (sorted.refusal !== null) {
    if (sorted.isFork) {
      till.state = 'quarantined';
      group.strays.push(...push.ops);
      const note = 'Two copies of this till made different operations under the same numbers.';
      const opId = push.ops[0]?.op.opId ?? null;
      unit.items.push(forkItem(till, { seq: unit.head.seq, atMs: unit.nowMs, opId, branch: 0, note }));
    }
    return { refusal: sorted.refusal };
  }
  const view = views.get(push.tillId);
  const acks = numberOps(group, till, { push, view, fresh: sorted.fresh });
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

/** Takes pushes in a unit that the caller has opened and saves. */
export async function takePushes(unit: Unit, pushes: readonly Push[]): Promise<TakenPushes> {
  const { store } = unit;
  const group = await loadGroup(unit, pushes);
  const results = pushes.map((push) => takePush(group, push));
  const save = (): Promise<unknown> =>
    Promise.all([store.saveTills([...group.tills.values()]), store.saveTillViews([...group.views.values()])]);
  return { results, strays: group.strays, save };
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
  const unit = await openUnit(store, nowMs);
  const { results, strays, save } = await takePushes(unit, pushes);
  await releaseWaiting(unit);
  await saveUnit(unit, save);
  await store.insertStrays(strays, nowMs);
  return results;
}
