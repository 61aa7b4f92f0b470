import { EMPTY_ROWS, type AckRange, type CardBlock } from '../sync/model/feed.ts';
import {
  CARD_STOCK_LOW,
  PROTOCOL_VERSION,
  ROWS_PER_PULL_MAX,
  type ExchangeReply,
  type ExchangeRequest,
} from '../sync/protocol/exchange.ts';
import { RELEASES_MAX } from '../sync/protocol/releases.ts';
import { CHAIN_START } from '../sync/model/op.ts';
import type { Centre } from './centre.ts';
import { tellErasures } from './inbox/erasures.ts';
import { openBatch } from './open-batch.ts';
import type { Push } from './prepared-push.ts';
import { notSetUp } from './refusal.ts';
import { findBlock, findLastBlockId, grantBlock } from './repos/card-blocks.ts';
import { findChain } from './repos/documents.ts';
import { lockHead } from './repos/feed-head.ts';
import { listReleases } from './repos/ops.ts';
import { readFeed, type Ack, type Feed } from './repos/feed.ts';
import { noteTillClock } from './till-clock.ts';
import type { Taken } from './write-group.ts';
import { findFence, noteSchema, type TillRow } from './repos/tills.ts';

async function toPush(request: ExchangeRequest, centre: Centre): Promise<Push> {
  const { tillId, incarnation, epoch, ackedTseq, ackedHash, cursor, lastTseq, fence, batch } = request;
  const { spendsAhead = [] } = request;
  const start = { tillId, incarnation, tseq: ackedTseq, hash: ackedHash };
  const opened = batch == null ? [] : openBatch(centre, batch, start);
  const [ops] = await Promise.all([opened, centre.history.assertRemembered(request)]);
  const newFence = ops.length === 0 ? '' : centre.crypto.randomHex(16);
  const known = { tillId, incarnation, epoch, ackedTseq, ackedHash, cursor, lastTseq, fence, newFence };
  return { ...known, ops, spendsAhead };
}

/** Runs of ops whose numbers follow one another, as `[first op, how many, first number]`. */
export function toAckRanges(acks: readonly Ack[]): AckRange[] {
  const ranges: AckRange[] = [];
  for (const { tseq, seq } of acks) {
    const last = ranges.at(-1);
    const follows =
      last !== undefined && tseq === last.firstTseq + last.count && seq === last.firstSeq + last.count;
    if (follows) last.count += 1;
    else ranges.push({ firstTseq: tseq, count: 1, firstSeq: seq });
  }
  return ranges;
}

/** True when the till's memory of the centre does not fit the centre: the writer's rules then say why. */
function isOutOfStep(request: ExchangeRequest, feed: Feed, till: TillRow): boolean {
  const known = request.ackedTseq === 0 ? CHAIN_START : feed.ackedHash;
  return (
    till.state !== 'live' ||
    request.incarnation !== till.incarnation ||
    request.lastTseq < feed.hiTseq ||
    (request.epoch !== '' && request.epoch !== feed.epoch) ||
    request.cursor > feed.headSeq ||
    known !== request.ackedHash
  );
}

/**
 * A block for a till that runs low. The one granted last is sent again until the till has it: an answer may
 * get lost, and numbers must not be burnt for it.
 */
async function topUpCards(
  centre: Centre,
  request: ExchangeRequest,
  nowMs: number,
): Promise<CardBlock | null> {
  if (request.cardStock >= CARD_STOCK_LOW) return null;
  return centre.database.transaction(async (tx) => {
    await lockHead(tx);
    const lastBlockId = await findLastBlockId(tx, request.tillId);
    if (lastBlockId > request.lastBlockId) return (await findBlock(tx, lastBlockId)) ?? null;
    const chain = await findChain(tx);
    if (chain === null) throw notSetUp();
    const { tillId, incarnation } = request;
    return grantBlock(tx, centre.crypto, { tillId, incarnation, cardPrefix: chain.cardPrefix, nowMs });
  });
}

/** What is answered while more ops are on their way: their fates, no rows. Those come with the last of them. */
function fatesOnly(taken: Taken & { acks: Ack[] }, push: Push): Feed {
  const { epoch, headSeq, acks } = taken;
  const hiTseq = acks.at(-1)?.tseq ?? push.ackedTseq;
  const files = { isFateKnown: false, isFarBehind: false, until: push.cursor, rows: EMPTY_ROWS };
  return { epoch, headSeq, lastOp: null, hiTseq, ackedHash: push.ackedHash, acks, ...files };
}

interface Pushed {
  push: Push;
  taken: Taken | null;
}

/** What the group has just decided where that says it all, the feed as it stands now everywhere else. */
async function feedAfter(centre: Centre, till: TillRow, { push, taken }: Pushed): Promise<Feed> {
  const acks = taken?.acks ?? null;
  const isMoreToCome = push.lastTseq > (push.ops.at(-1)?.op.tseq ?? Infinity);
  if (taken !== null && acks !== null && isMoreToCome) return fatesOnly({ ...taken, acks }, push);
  // Fates of what was shown, and of nothing behind it: under the numbers that follow, a copy of this till may have
  // sent other work, and what is told to be safe is never sent again.
  const limits = { acksMax: push.ops.length, rowsMax: ROWS_PER_PULL_MAX };
  return readFeed(centre.database.sql, { ...push, ...limits, isWholeLedger: till.kind === 'office' });
}

/** Opens the batch while the one before it is being booked, and hands it to the writer right after that. */
async function pushInOrder(centre: Centre, till: TillRow, request: ExchangeRequest): Promise<Pushed> {
  const { tillId, incarnation, ackedTseq: base, batch } = request;
  const last = base + (batch?.count ?? 0);
  const place = centre.pushes.enter({ tillId, incarnation, base, last, hiTseq: till.hiTseq });
  try {
    const push = await toPush(request, centre);
    if (push.ops.length > 0) await place.turn();
    const taking = takeOps(centre, push);
    place.handed();
    return { push, taken: await taking };
  } catch (cause) {
    place.failed();
    throw cause;
  } finally {
    place.leave();
  }
}

async function takeOps(centre: Centre, push: Push): Promise<Taken | null> {
  if (push.ops.length === 0) return null;
  const taken = await centre.writer.push(push);
  centre.feed.watch.poke();
  centre.counters.add('pushes');
  centre.counters.add('ops', push.ops.length);
  return taken;
}

/**
 * One exchange: takes the till's ops, then answers with their fates and the rows that the till misses, as
 * they stood at one instant after the commit.
 *
 * @throws CentreRefusal When the push is refused as a whole; nothing was changed then.
 */
export async function exchange(
  centre: Centre,
  till: TillRow,
  request: ExchangeRequest,
): Promise<ExchangeReply> {
  const pushed = await pushInOrder(centre, till, request);
  const { push, taken } = pushed;
  const { sql } = centre.database;
  const feed = await feedAfter(centre, till, pushed);
  if (push.ops.length === 0 && isOutOfStep(request, feed, till)) await centre.writer.push(push);
  if (request.schema !== till.opSchema) await noteSchema(sql, till.tillId, request.schema);
  const nowMs = centre.clock.nowMs();
  await noteTillClock(centre, till.tillId, { wallMs: request.clock.wallMs, nowMs });
  const { tillId } = till;
  const isRowless = feed.until === request.cursor && !feed.isFateKnown;
  const { releasedSeq: afterSeq = request.cursor } = request;
  const releases = isRowless ? [] : await listReleases(sql, { tillId, afterSeq });
  // A row that holds a released op must not come before the word of it, or the op would count twice for a moment.
  const isHeldBack = releases.length === RELEASES_MAX;
  const mark = feed.lastOp === null ? undefined : await centre.history.markOf(feed.epoch, feed.lastOp);
  const newFence = taken?.acks === null ? await findFence(sql, tillId) : push.newFence;
  return {
    protocol: PROTOCOL_VERSION,
    epoch: feed.epoch,
    hiTseq: feed.hiTseq,
    // Nothing is acknowledged before it is safe: in PostgreSQL by its commit, on PGlite by the journal.
    // What was sent ahead of this answer may be committed there, and not in the journal yet.
    durableTseq:
      push.ops.length === 0 ? feed.hiTseq : Math.min(feed.hiTseq, push.ackedTseq + push.ops.length),
    fence: taken === null ? till.fence : newFence,
    acks: toAckRanges(feed.acks),
    held: feed.acks.flatMap(({ tseq, held }) => (held === null ? [] : [{ tseq, reason: held }])),
    releases,
    erasures: isRowless ? null : await tellErasures(sql, { tillId, purged: request.purgedErasure, nowMs }),
    rows: isHeldBack ? EMPTY_ROWS : feed.rows,
    cursor: isHeldBack ? request.cursor : feed.until,
    headSeq: feed.headSeq,
    isFarBehind: feed.isFateKnown && feed.isFarBehind && !isHeldBack,
    hasMore: !feed.isFateKnown || isHeldBack,
    cardBlock: await topUpCards(centre, request, nowMs),
    ...(mark !== undefined && mark !== request.mark && { mark }),
    serverTimeMs: nowMs,
  };
}
