import type { OpId, TillId } from '../sync/base/ids.ts';
import { must } from '../sync/base/must.ts';
import type { WireOp } from '../sync/model/op.ts';
import { WAITS_FOR_ANSWER_MS } from '../sync/spending/holds.ts';
import type { StraysReply, StraysRequest } from '../sync/protocol/exchange.ts';
import type { Centre } from './centre.ts';
import { openBatch } from './open-batch.ts';
import { readBody, type PreparedOp } from './prepared-push.ts';
import { holdRepeat, judgeRepeat, repeatOf, toKnown } from './repeats.ts';
import type { NewInboxItem } from './repos/inbox.ts';
import type { Stray } from './repos/strays.ts';
import type { TillRow } from './repos/tills.ts';
import { sqlStore } from './sql-store.ts';
import { setHeldAside } from './spending/settle.ts';
import { otherGoesOn } from './standing.ts';
import type { CentreStore } from './store.ts';
import { applyIn, isOfErased, loadFor, loadKnownIds, nextSeq, type Unit } from './unit.ts';

const STRAYS_PER_READ = 5_000;

/**
 * What a manager is told when ops of a till wait beside the feed.
 *
 * @param raised `branch`: of the booking that is to come; 0 when two copies were met. Once for each, however
 * often it happens.
 */
export function forkItem(
  till: { tillId: TillId; incarnation: number },
  raised: { seq: number; atMs: number; opId: OpId | null; branch: number; note: string },
): NewInboxItem {
  const { seq, atMs, opId, branch, note } = raised;
  const what = `${till.incarnation}-${branch}`;
  return {
    id: `${String(seq).padStart(16, '0')}-${till.tillId.slice(-12)}-${what}-${(opId ?? '0').slice(-12)}`,
    // By the first op too: what comes after an item was answered is told of again.
    topic: `till_forked ${till.tillId} ${what} ${opId ?? ''}`.trimEnd(),
    memberId: null,
    tillId: till.tillId,
    ...{ opId, seq, atMs },
    detail: { kind: 'till_forked', note },
  };
}

/**
 * Those that no numbered op says already: under a new id, or under a known one with other content.
 *
 * @returns `contradicts`: some are of the second kind.
 */
export async function notKnown(
  store: Pick<CentreStore, 'listKnownOps'>,
  ops: readonly PreparedOp[],
): Promise<{ fresh: PreparedOp[]; contradicts: boolean }> {
  const known = await store.listKnownOps(ops.map(({ op }) => op.opId));
  const firsts = new Map(known.map((each) => [each.opId, each]));
  const fresh = ops.filter((prepared) => {
    const first = firsts.get(prepared.op.opId);
    return first === undefined || judgeRepeat(first, prepared) !== 'again';
  });
  return { fresh, contradicts: fresh.some(({ op }) => firsts.has(op.opId)) };
}

/**
 * Keeps ops that can not go the usual way: of an incarnation that was given up, or out of a spill file. None
 * is applied here; a manager books them. Each op once, by its id, so a repeat changes nothing.
 *
 * @throws CentreRefusal For another copy than the living one.
 */
export async function keepStrays(
  centre: Centre,
  till: TillRow,
  request: StraysRequest,
): Promise<StraysReply> {
  const { from, batch } = request;
  if (request.incarnation !== till.incarnation || from.incarnation > till.incarnation) {
    throw otherGoesOn();
  }
  const strays = await openBatch(centre, batch, { tillId: till.tillId, ...from });
  const nowMs = centre.clock.nowMs();
  return centre.database.transaction(async (tx) => {
    const store = sqlStore(tx, centre.crypto, null);
    const { seq } = await store.lockHead();
    const { fresh } = await notKnown(store, strays);
    const added = await store.insertStrays(fresh, nowMs);
    const note = 'Operations of an earlier copy of this till wait here.';
    const opId = fresh[0]?.op.opId ?? null;
    const branch = await store.nextBranch(till.tillId);
    const raised = { seq, atMs: nowMs, opId, branch, note };
    const item = forkItem({ ...till, incarnation: from.incarnation }, raised);
    if (added > 0) await store.insertInbox([item]);
    return { known: strays.length - fresh.length, kept: fresh.length };
  });
}

/** Gives each place its next free branch: two copies may have made different ops under one number. */
function createBranches(first: number): (op: WireOp) => number {
  const taken = new Map<string, number>();
  return ({ incarnation, tseq }) => {
    const place = `${incarnation} ${tseq}`;
    const branch = taken.get(place) ?? first;
    taken.set(place, branch + 1);
    return branch;
  };
}

interface Booking {
  till: TillRow;
  by: string;
  branchOf: (op: WireOp) => number;
}

/** Numbers and applies these; null stands for one that has a number already. */
async function bookSome(unit: Unit, strays: readonly Stray[], booking: Booking): Promise<(number | null)[]> {
  const { till, by, branchOf } = booking;
  const prepared = strays.map(({ op, hash }) => ({ op, hash, body: readBody(op) }));
  await loadKnownIds(
    unit,
    strays.map(({ op }) => op.opId),
  );
  await loadFor(unit, prepared);
  const booked = prepared.map((each): { opId: OpId; seq: number | null } => {
    const { op, hash } = each;
    const repeat = repeatOf(unit, each);
    if (repeat === 'again') return { opId: op.opId, seq: null };
    const seq = nextSeq(unit);
    const { held, flags, waitsFor } =
      repeat === null
        ? applyIn(unit, each, { seq, till, seenSeq: 0, floorMs: 0 })
        : holdRepeat(unit, each, { seq, repeat });
    if (repeat === null && held !== null) setHeldAside(unit.holds, each, unit.around.rows);
    const isErased = isOfErased(each, unit.around);
    unit.numbered.push({ seq, op, hash, held, flags, waitsFor, isErased, branch: branchOf(op) });
    if (repeat === null) unit.known.set(op.opId, toKnown(each));
    return { opId: op.opId, seq };
  });
  await unit.store.saveBooked(booked, { actorId: by, nowMs: unit.nowMs });
  return booked.map(({ seq }) => seq);
}

/** Frees what the till held before, also what is left of holds that this unit has read and writes behind that. */
async function freeEarlier({ store, holds }: Unit, { tillId, incarnation }: TillRow): Promise<void> {
  await store.freeHolds(tillId, incarnation);
  for (const hold of holds.values()) {
    const isEarlier = hold.tillId === tillId && hold.incarnation < incarnation;
    if (isEarlier && hold.lapsesAtMs !== WAITS_FOR_ANSWER_MS) holds.set(hold.holdId, { ...hold, left: 0 });
  }
}

/**
 * Books all strays of a till on a manager's word: each is numbered and applied like any other op, under a
 * branch beside the op that has its place; one with a number already is dropped. Part of a unit, which the
 * caller saves.
 *
 * @param by The manager. @returns How many were booked and dropped.
 */
export async function bookStrays(
  unit: Unit,
  tillId: string,
  by: string,
): Promise<{ booked: number; dropped: number }> {
  const { store } = unit;
  const till = must((await store.listTills([tillId]))[0], 'strays belong to a till');
  const booking: Booking = { till, by, branchOf: createBranches(await store.nextBranch(tillId)) };
  const seqs: (number | null)[] = [];
  for (;;) {
    const strays = await store.listStrays(tillId, STRAYS_PER_READ);
    if (strays.length === 0) break;
    seqs.push(...(await bookSome(unit, strays, booking)));
  }
  await freeEarlier(unit, till);
  const dropped = seqs.filter((seq) => seq === null).length;
  return { booked: seqs.length - dropped, dropped };
}

/**
 * A manager's word that all strays of a till shall have no effect: they stay where they are, and are never booked. Part
 * of a unit, which the caller saves.
 */
export async function discardStrays(unit: Unit, tillId: string, by: string): Promise<void> {
  const { store, nowMs } = unit;
  const till = must((await store.listTills([tillId]))[0], 'strays belong to a till');
  for (;;) {
    const strays = await store.listStrays(tillId, STRAYS_PER_READ);
    if (strays.length === 0) break;
    const dropped = strays.map(({ op: { opId } }) => ({ opId, seq: null }));
    await store.saveBooked(dropped, { actorId: by, nowMs });
  }
  await store.freeHolds(tillId, till.incarnation);
}
