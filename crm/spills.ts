import type { Crypto } from '../sync/base/crypto.ts';
import { WireOp } from '../sync/model/op.ts';
import { addUp, type SpillReply } from '../sync/protocol/spill.ts';
import { readSpill, recordsOf, type Found, type ReadSession } from '../sync/spill/format.ts';
import type { Centre } from './centre.ts';
import { releaseWaiting } from './held.ts';
import { findCentreKeys, findSealSecret } from './keys.ts';
import { nodeSigning } from './node-crypto.ts';
import { prepareOp, type PreparedOp } from './prepared-push.ts';
import { CentreRefusal } from './refusal.ts';
import { listTillsByIds, type TillRow } from './repos/tills.ts';
import { sqlUnit } from './sql-store.ts';
import type { CentreStore } from './store.ts';
import { bookStrays, forkItem, notKnown } from './strays.ts';
import { openUnit, saveUnit, type Unit } from './unit.ts';
import { createUnsealer } from './unseal.ts';
import { takePushes, type TakenPushes } from './write-group.ts';

const OPS_PER_UNIT = 2_000;

const NOTHING: SpillReply = { booked: 0, known: 0, kept: 0, refused: 0 };

const BESIDE = 'Operations out of a spill file wait here: other work has their place.';

/** True when the till's own key signed the session, and it is sealed for this centre. */
function isOf(till: TillRow, session: ReadSession, sealKey: string): boolean {
  const signature = Buffer.from(session.signature).toString('hex');
  return (
    Buffer.from(session.sealKey).toString('hex') === sealKey &&
    nodeSigning.isSigned(till.signKey, session.signed, signature)
  );
}

function toWireOp(text: string | null): WireOp | null {
  if (text === null) return null;
  try {
    return WireOp.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

type Unseal = (found: Found) => string | null;

/** The op of a record, ready for the rules; null for what that till can not have sealed there. */
function openOp(centre: Centre, found: Found, unseal: Unseal): PreparedOp | null {
  const op = toWireOp(unseal(found));
  const { session, record } = found;
  if (op === null || op.tillId !== session.tillId) return null;
  if (op.incarnation !== session.incarnation || op.tseq !== record.tseq) return null;
  try {
    return prepareOp(op, centre.crypto);
  } catch (cause) {
    if (cause instanceof CentreRefusal) return null;
    throw cause;
  }
}

/** How many of these go on where the centre's copy of the till ends, hash by hash. */
function countFollowing(till: TillRow, ops: readonly PreparedOp[]): number {
  let [tseq, prev] = [till.hiTseq, till.headHash];
  const end = ops.findIndex(({ op, hash }) => {
    if (op.tseq !== tseq + 1 || op.prev !== prev) return true;
    [tseq, prev] = [op.tseq, hash];
    return false;
  });
  return end === -1 ? ops.length : end;
}

/** As if the till had sent them itself: they get their own places, so that it may yet send them again. */
async function pushFor(
  unit: Unit,
  crypto: Crypto,
  { till, ops }: { till: TillRow; ops: readonly PreparedOp[] },
): Promise<TakenPushes | null> {
  if (ops.length === 0) return null;
  const { tillId, incarnation, fence, hiTseq: ackedTseq, headHash: ackedHash } = till;
  const [view] = await unit.store.listTillViews([tillId]);
  const cursor = view?.incarnation === incarnation ? view.cursor : 0;
  const known = { tillId, incarnation, epoch: '', ackedTseq, ackedHash, cursor };
  const lastTseq = ackedTseq + ops.length;
  const push = { ...known, lastTseq, fence, newFence: crypto.randomHex(16), ops: [...ops] };
  const taken = await takePushes(unit, [push]);
  const refusal = taken.results[0]?.refusal;
  // Nothing is saved then, and who brought the file hears why.
  if (refusal) throw refusal;
  return taken;
}

interface Rest {
  reply: SpillReply;
  /** Whether it was booked at once, with all that waited of the till; else how many wait that did not before. */
  isBooked: boolean;
  added: number;
}

/**
 * What has no place of its own waits for a manager, or is booked at once on the word of the one who imports. A spill
 * comes in parts: while a manager has one item about an incarnation before her, it is about all of them.
 */
async function keepRest(
  unit: Unit,
  till: TillRow,
  { rest, by }: { rest: readonly PreparedOp[]; by: string | null },
): Promise<Rest> {
  const first = rest[0];
  if (first === undefined) return { reply: NOTHING, isBooked: false, added: 0 };
  const { store, nowMs } = unit;
  const added = await store.insertStrays(rest, nowMs);
  if (by !== null) {
    const { booked } = await bookStrays(unit, till.tillId, by);
    const reply = { ...NOTHING, booked, known: Math.max(0, rest.length - booked) };
    return { reply, isBooked: true, added: 0 };
  }
  const raised = { seq: unit.head.seq, atMs: nowMs, opId: first.op.opId, note: BESIDE };
  const branch = await store.nextBranch(till.tillId);
  const { incarnation } = first.op;
  const open = await store.findOpenItem(`till_forked ${till.tillId} ${incarnation}-`);
  const isTold = open?.detail.kind === 'till_forked' && open.detail.note === BESIDE;
  if (added > 0 && !isTold)
    await store.insertInbox([forkItem({ ...till, incarnation }, { ...raised, branch })]);
  return { reply: { ...NOTHING, kept: rest.length }, isBooked: false, added };
}

/**
 * Tells a manager that a till had lost something: once for each loss, in however many parts it comes. What comes again,
 * or waits already, is nothing new.
 */
async function tell(
  { head, nowMs, store }: Unit,
  last: PreparedOp,
  { booked, added, isBooked }: { booked: number; added: number; isBooked: boolean },
): Promise<void> {
  if (booked + added === 0) return;
  const { tillId, incarnation, tseq, opId } = last.op;
  const about = `ops_rescued ${tillId} ${incarnation}-`;
  const open = await store.findOpenItem(about);
  if (open?.detail.kind === 'ops_rescued') {
    const { detail } = open;
    const kept = isBooked ? 0 : detail.kept + added;
    return store.changeDetail(open.id, { ...detail, booked: detail.booked + booked, kept });
  }
  await store.insertInbox([
    {
      id: `${String(head.seq).padStart(16, '0')}-${tillId.slice(-12)}-s${incarnation}-${tseq}`.slice(0, 40),
      topic: `${about}${tseq}`,
      memberId: null,
      tillId,
      opId,
      seq: head.seq,
      atMs: nowMs,
      detail: { kind: 'ops_rescued', booked, kept: added },
    },
  ]);
}

/**
 * Some ops of one incarnation of a till, in their order, in one locked unit: what the till sends itself at the same
 * moment comes before all of them or after.
 */
async function takeSome(
  store: CentreStore,
  centre: Pick<Centre, 'crypto' | 'clock'>,
  { tillId, ops, by }: { tillId: string; ops: readonly PreparedOp[]; by: string | null },
): Promise<SpillReply> {
  const unit = await openUnit(store, centre.clock.nowMs());
  const [till] = await store.listTills([tillId]);
  if (till === undefined) return NOTHING;
  const { fresh, contradicts } = await notKnown(store, ops);
  const last = fresh.at(-1);
  if (last === undefined) return { ...NOTHING, known: ops.length };
  // Beside other content under a known id nothing takes its place by itself: it waits, or a manager answers for it.
  const isLiving = till.state === 'live' && fresh[0]?.op.incarnation === till.incarnation && !contradicts;
  const count = isLiving ? countFollowing(till, fresh) : 0;
  const pushed = await pushFor(unit, centre.crypto, { till, ops: fresh.slice(0, count) });
  const rest = await keepRest(unit, till, { rest: fresh.slice(count), by });
  await releaseWaiting(unit);
  await saveUnit(unit, pushed?.save);
  const reply = addUp({ ...NOTHING, booked: count, known: ops.length - fresh.length }, rest.reply);
  await tell(unit, last, { ...rest, booked: reply.booked });
  return reply;
}

/**
 * Takes the sealed ops of a spill file, whoever brings it: only what the writing till's key vouches for is
 * opened. Ops that go on where the centre's copy of that till ends are booked as if the till had sent them;
 * what is known is passed over; anything else waits for a manager. The same file again changes nothing.
 *
 * @param by The manager who imports it, who decides about that rest too; null when a till sends it.
 */
export async function takeSpill(centre: Centre, bytes: Uint8Array, by: string | null): Promise<SpillReply> {
  const { sql } = centre.database;
  const { sessions } = readSpill(bytes);
  const [secret, { sealKey }] = [await findSealSecret(sql), await findCentreKeys(sql)];
  const tills = await listTillsByIds(sql, [...new Set(sessions.map(({ tillId }) => tillId))]);
  const believed = sessions.filter((session) => {
    const till = tills.find(({ tillId }) => tillId === session.tillId);
    return till !== undefined && isOf(till, session, sealKey);
  });
  const doubtful = sessions.filter((session) => !believed.includes(session));
  const unsealers = new Map(believed.map((session) => [session, createUnsealer(session, secret)]));
  const unseal: Unseal = ({ session, record }) => unsealers.get(session)?.(record) ?? null;
  const runUnit = sqlUnit(centre.database, centre.crypto);
  let reply = { ...NOTHING, refused: doubtful.reduce((sum, { records }) => sum + records.length, 0) };
  const places = new Map(believed.map((each) => [`${each.tillId} ${each.incarnation}`, each]));
  for (const place of places.values()) {
    const found = recordsOf(believed, place);
    const ops = found.map((each) => openOp(centre, each, unseal)).filter((op) => op !== null);
    for (let at = 0; at < ops.length; at += OPS_PER_UNIT) {
      const some = { tillId: place.tillId, ops: ops.slice(at, at + OPS_PER_UNIT), by };
      reply = addUp(reply, await runUnit((store) => takeSome(store, centre, some)));
    }
    reply.refused += found.length - ops.length;
  }
  if (reply.booked > 0) centre.feed.watch.poke();
  centre.log.warn({ ...reply, by }, 'a spill file was taken');
  return reply;
}
