import { toCardNumber } from '../../sync/base/card-number.ts';
import type { Crypto } from '../../sync/base/crypto.ts';
import { CARD_BLOCK_SIZE, type CardBlock } from '../../sync/model/feed.ts';
import { rowsOf, type Sql } from '../database.ts';
import { lockHead, saveHead } from './feed-head.ts';
import { saveLastBlock } from './tills.ts';

export async function findBlock(sql: Sql, blockId: number): Promise<CardBlock | undefined> {
  const text = `select block_id as "blockId", numbers from card_blocks
    where block_id = $1 and state = 'granted'`;
  const [block] = await rowsOf<CardBlock>(sql, text, [blockId]);
  return block;
}

/** The latest block granted to a till; 0 before the first. */
export async function findLastBlockId(tx: Sql, tillId: string): Promise<number> {
  const text = 'select last_block_id as "blockId" from tills where till_id = $1';
  const [till] = await rowsOf<{ blockId: number }>(tx, text, [tillId]);
  return till?.blockId ?? 0;
}

/** A block of numbers that no till had before. Takes the head's lock: serials are counted there. */
export async function grantBlock(
  tx: Sql,
  crypto: Crypto,
  grant: { tillId: string; incarnation: number; cardPrefix: string; nowMs: number },
): Promise<CardBlock> {
  const head = await lockHead(tx);
  const block: CardBlock = { blockId: head.nextBlockId, numbers: [] };
  const firstSerial = head.nextCardSerial;
  for (let serial = firstSerial; serial < firstSerial + CARD_BLOCK_SIZE; serial += 1) {
    block.numbers.push(toCardNumber(crypto, { key: head.cardKey, prefix: grant.cardPrefix }, serial));
  }
  await tx.query(
    'insert into card_blocks (block_id, till_id, incarnation, first_serial, numbers, granted_at_ms) values ' +
      '($1, $2, $3, $4, $5, $6)',
    [block.blockId, grant.tillId, grant.incarnation, firstSerial, block.numbers, grant.nowMs],
  );
  await saveLastBlock(tx, grant.tillId, block.blockId);
  await saveHead(tx, {
    ...head,
    nextBlockId: head.nextBlockId + 1,
    nextCardSerial: firstSerial + CARD_BLOCK_SIZE,
  });
  return block;
}

/** No number of the till's blocks is given out again: another copy of the till may have used any of them. */
export async function freezeBlocks(tx: Sql, tillId: string): Promise<void> {
  await tx.query("update card_blocks set state = 'frozen' where till_id = $1", [tillId]);
}
