import type { Centre } from './centre.ts';
import type { JournalEntry } from './ack-journal.ts';
import { prepareOp, type Push } from './prepared-push.ts';
import { CentreRefusal } from './refusal.ts';
import { lockHead, saveHead } from './repos/feed-head.ts';
import { listTillsByIds } from './repos/tills.ts';

/** Card numbers and blocks that may have been given out and forgotten are passed over. */
const SERIALS_SKIPPED = 100_000;
const BLOCKS_SKIPPED = 1_000;

const toPush = (entry: JournalEntry, centre: Centre): Push => ({
  ...entry,
  epoch: '',
  cursor: 0,
  fence: '',
  ops: entry.ops.map((op) => prepareOp(op, centre.crypto)),
});

/**
 * The entries whose ops the database does not have: those it can take, and how many are of a till or an
 * incarnation that began after the dump, which it can not.
 */
async function listMissing(
  centre: Centre,
  entries: readonly JournalEntry[],
): Promise<{ missing: JournalEntry[]; unknown: number }> {
  const ids = [...new Set(entries.map((entry) => entry.tillId))];
  const tills = new Map((await listTillsByIds(centre.database.sql, ids)).map((till) => [till.tillId, till]));
  const missing = entries.filter((entry) => {
    const till = tills.get(entry.tillId);
    return till?.incarnation === entry.incarnation && entry.ackedTseq + entry.ops.length > till.hiTseq;
  });
  const unknown = entries.filter(
    ({ tillId, incarnation }) => incarnation > (tills.get(tillId)?.incarnation ?? 0),
  ).length;
  return { missing, unknown };
}

/** Numbers may fall to other ops now than tills were told, so tills fetch and send everything again. */
async function countAnew(centre: Centre): Promise<void> {
  await centre.database.transaction(async (tx) => {
    const head = await lockHead(tx);
    await saveHead(tx, {
      ...head,
      nextBlockId: head.nextBlockId + BLOCKS_SKIPPED,
      nextCardSerial: head.nextCardSerial + SERIALS_SKIPPED,
    });
    await tx.query('update feed_head set epoch = $1 where id = 1', [centre.crypto.randomHex(8)]);
  });
}

/**
 * Writes again what was acknowledged and is not in the database: after a power cut, or the restore of a dump.
 *
 * @param isRestored True when the database is a dump of earlier. @returns How many pushes it took, and how many it
 * could not: their journal is to be kept.
 */
export async function replayAcks(
  centre: Centre,
  entries: readonly JournalEntry[],
  isRestored: boolean,
): Promise<{ taken: number; lost: number }> {
  const found = await listMissing(centre, entries);
  const { unknown } = found;
  let { missing } = found;
  if (missing.length > 0 || isRestored) await countAnew(centre);
  let taken = 0;
  for (let before = Infinity; missing.length > 0 && missing.length < before;) {
    before = missing.length;
    for (const entry of missing) {
      const isTaken = await centre.writer.push(toPush(entry, centre)).then(
        () => true,
        (cause: unknown) => {
          if (cause instanceof CentreRefusal) return false;
          throw cause;
        },
      );
      if (isTaken) taken += 1;
    }
    ({ missing } = await listMissing(centre, missing));
  }
  if (missing.length > 0)
    centre.log.error({ pushes: missing.length }, 'journal: some pushes do not fit any more');
  if (unknown > 0)
    centre.log.error(
      { pushes: unknown },
      'journal: some pushes are of tills that the database does not know',
    );
  if (taken > 0) centre.log.warn({ pushes: taken }, 'journal: acknowledged work was written again');
  return { taken, lost: unknown + missing.length };
}
