import { EMPTY_ROWS, type AckRange, type CardBlock } from '../sync/model/feed.ts';
import {
  CARD_STOCK_LOW,
  OPS_PER_PUSH_MAX,
  PROTOCOL_VERSION,
  ROWS_PER_PULL_MAX,
  type ExchangeReply,
  type ExchangeRequest,
} from '../sync/protocol/exchange.ts';
import { CHAIN_START } from '../sync/model/op.ts';
import type { Centre } from './centre.ts';
import { prepareOp, type Push } from './prepared-push.ts';
import { CentreRefusal, notSetUp } from './refusal.ts';
import { findBlock, findLastBlockId, grantBlock } from './repos/card-blocks.ts';
import { findChain } from './repos/documents.ts';
import { lockHead } from './repos/feed-head.ts';
import { readFeed, type Ack, type Feed } from './repos/feed.ts';
import type { TillRow } from './repos/tills.ts';

/** @throws CentreRefusal When an op speaks for another till than the one that sent it. */
function toPush(request: ExchangeRequest, centre: Centre): Push {
  const { tillId, incarnation, epoch, ackedTseq, ackedHash, cursor } = request;
  const isForged = request.ops.some((op) => op.tillId !== tillId || op.incarnation !== incarnation);
  if (isForged)
    throw new CentreRefusal('bad_request', 'An operation names another till. Nothing was changed.');
  const ops = request.ops.map((op) => prepareOp(op, centre.crypto));
  return { tillId, incarnation, epoch, ackedTseq, ackedHash, cursor, ops };
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
    return grantBlock(tx, centre.crypto, { tillId: request.tillId, cardPrefix: chain.cardPrefix, nowMs });
  });
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
  const push = toPush(request, centre);
  if (push.ops.length > 0) await centre.writer.push(push);
  const pull = { ...push, acksMax: OPS_PER_PUSH_MAX, rowsMax: ROWS_PER_PULL_MAX };
  const feed = await readFeed(centre.database.sql, pull);
  if (push.ops.length === 0 && isOutOfStep(request, feed, till)) await centre.writer.push(push);
  const nowMs = centre.clock.nowMs();
  return {
    protocol: PROTOCOL_VERSION,
    epoch: feed.epoch,
    hiTseq: feed.hiTseq,
    acks: toAckRanges(feed.acks),
    held: feed.acks.flatMap(({ tseq, held }) => (held === null ? [] : [{ tseq, reason: held }])),
    rows: feed.isFateKnown ? feed.rows : EMPTY_ROWS,
    cursor: feed.until,
    hasMore: feed.until < feed.headSeq,
    cardBlock: await topUpCards(centre, request, nowMs),
    serverTimeMs: nowMs,
  };
}
