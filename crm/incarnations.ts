import type { IncarnationReply, IncarnationRequest } from '../sync/protocol/exchange.ts';
import type { Centre } from './centre.ts';
import type { Sql } from './database.ts';
import { CentreRefusal, notSetUp } from './refusal.ts';
import { findBlock, freezeBlocks, grantBlock } from './repos/card-blocks.ts';
import { findChain } from './repos/documents.ts';
import { lockHead, readHead } from './repos/feed-head.ts';
import { findBegun, turnIncarnation } from './repos/incarnations.ts';
import { lockTill, type TillRow } from './repos/tills.ts';
import { assertLiving } from './standing.ts';

function assertRestored(till: TillRow, request: IncarnationRequest): void {
  assertLiving(till, request.incarnation);
  if (request.lastTseq < till.hiTseq) return;
  throw new CentreRefusal('bad_request', 'This till has all that the centre has of it. Nothing was changed.');
}

/** The answer that was given before, with the till's latest block: the till may not have got it. */
async function repeat(tx: Sql, till: TillRow, incarnation: number): Promise<IncarnationReply> {
  const { epoch } = await readHead(tx);
  const cardBlock = await findBlock(tx, till.lastBlockId);
  if (incarnation !== till.incarnation || cardBlock === undefined)
    throw new CentreRefusal('bad_request', 'This request was answered long ago. Nothing was changed.');
  return { incarnation, epoch, cardBlock };
}

/**
 * The next incarnation of a till whose file is older than what the centre has of it: numbers from 1, cards of
 * a new block. Blocks of the old one are frozen, because their numbers may be on cards that the till has
 * forgotten. The same request again gives the same answer.
 *
 * @throws CentreRefusal When nothing is missing, or another copy went on already.
 */
export function beginIncarnation(
  centre: Centre,
  tillId: string,
  request: IncarnationRequest,
): Promise<IncarnationReply> {
  return centre.database.transaction(async (tx) => {
    const { epoch } = await lockHead(tx);
    const till = await lockTill(tx, tillId);
    const chain = await findChain(tx);
    if (till === undefined || chain === null) throw notSetUp();
    assertLiving(till, undefined);
    const begun = await findBegun(tx, tillId, request.requestId);
    if (begun !== null) return repeat(tx, till, begun);
    assertRestored(till, request);
    const nowMs = centre.clock.nowMs();
    await freezeBlocks(tx, tillId);
    const next = await turnIncarnation(tx, till, { requestId: request.requestId, nowMs });
    const cardBlock = await grantBlock(tx, centre.crypto, { ...next, cardPrefix: chain.cardPrefix, nowMs });
    centre.log.warn(
      { tillId, incarnation: next.incarnation },
      'a restored till goes on under a new incarnation',
    );
    return { incarnation: next.incarnation, epoch, cardBlock };
  });
}
