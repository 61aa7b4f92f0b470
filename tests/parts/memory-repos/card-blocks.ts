import type * as Real from '../../../crm/repos/card-blocks.ts';
import { toCardNumber } from '../../../sync/base/card-number.ts';
import { CARD_BLOCK_SIZE } from '../../../sync/model/feed.ts';
import { unitOf } from '../memory-centre.ts';
import { lockHead, saveHead } from './feed-head.ts';
import { saveLastBlock } from './tills.ts';

export * from '../../../crm/repos/card-blocks.ts';

export const findBlock: typeof Real.findBlock = async (sql, blockId) => {
  const { tables, step } = unitOf(sql);
  await step();
  const block = tables.blocks.get(String(blockId));
  return block === undefined || block.isFrozen ? undefined : { blockId, numbers: [...block.numbers] };
};

export const findLastBlockId: typeof Real.findLastBlockId = async (tx, tillId) => {
  const { tables, step } = unitOf(tx);
  await step();
  return tables.tills.get(tillId)?.lastBlockId ?? 0;
};

export const grantBlock: typeof Real.grantBlock = async (tx, crypto, { tillId, cardPrefix }) => {
  const head = await lockHead(tx);
  const { tables, step } = unitOf(tx);
  const [blockId, firstSerial] = [head.nextBlockId, head.nextCardSerial];
  const key = { key: head.cardKey, prefix: cardPrefix };
  const numbers = Array.from({ length: CARD_BLOCK_SIZE }, (_, at) =>
    toCardNumber(crypto, key, firstSerial + at),
  );
  await step();
  tables.blocks.add(String(blockId), { blockId, numbers, tillId, isFrozen: false });
  await saveLastBlock(tx, tillId, blockId);
  await saveHead(tx, { ...head, nextBlockId: blockId + 1, nextCardSerial: firstSerial + CARD_BLOCK_SIZE });
  return { blockId, numbers };
};

export const freezeBlocks: typeof Real.freezeBlocks = async (tx, tillId) => {
  const { tables, step } = unitOf(tx);
  await step();
  for (const block of [...tables.blocks.values()])
    if (block.tillId === tillId) tables.blocks.set(String(block.blockId), { ...block, isFrozen: true });
};
