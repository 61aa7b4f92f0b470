import type { Crypto } from '../sync/base/crypto.ts';
import type { Sql } from './database.ts';
import { skipFiles } from './repos/feed-files.ts';
import { beginEpoch, lockHead, saveHead } from './repos/feed-head.ts';

/** Card numbers and blocks that may have been given out and forgotten are passed over. */
const SERIALS_SKIPPED = 100_000;
const BLOCKS_SKIPPED = 1_000;
/** A cache may still have files under numbers that the feed gives a second time. */
const FILES_SKIPPED = 1_000_000;

/**
 * What tills know of the centre may be lost at the centre, and its numbers fall to other ops: all is fetched again.
 *
 * @param hasFiles False in a database of a program that knew no files.
 */
export async function countAnew(tx: Sql, crypto: Crypto, hasFiles = true): Promise<void> {
  const head = await lockHead(tx);
  await saveHead(tx, {
    ...head,
    nextBlockId: head.nextBlockId + BLOCKS_SKIPPED,
    nextCardSerial: head.nextCardSerial + SERIALS_SKIPPED,
  });
  await beginEpoch(tx, crypto.randomHex(8));
  if (hasFiles) await skipFiles(tx, FILES_SKIPPED);
}
