import { CENTRE_TILL } from '../decide.ts';
import { addMonths } from '../../sync/base/business-day.ts';
import type { TillId } from '../../sync/base/ids.ts';
import type { Centre } from '../centre.ts';
import { findChain } from '../repos/documents.ts';
import { lockHead } from '../repos/feed-head.ts';
import { listInactive } from '../repos/inactive.ts';
import { countOpenOf, insertInbox, type NewInboxItem } from '../repos/inbox.ts';

/** So many stand in the inbox at once: a chain of millions must not bury what else waits there. */
export const INACTIVE_OPEN_MAX = 20;
/** Somebody who was kept is asked about again after so long. */
const QUIET_MS = 365 * 86_400_000;

const monthsAgo = (nowMs: number, months: number): number =>
  Date.parse(`${addMonths(new Date(nowMs).toISOString().slice(0, 10), -months)}T00:00:00Z`);

/**
 * Proposes members for whom nothing was booked for as long as the chain says, the longest silent first. A manager
 * answers for each; by itself nothing is ever erased.
 *
 * @returns How many were proposed.
 */
export async function proposeInactive({
  database,
  clock,
}: Pick<Centre, 'database' | 'clock'>): Promise<number> {
  const months = (await findChain(database.sql))?.inactiveMonths;
  if (months === undefined) return 0;
  const nowMs = clock.nowMs();
  const asked = { beforeMs: monthsAgo(nowMs, months), quietFromMs: nowMs - QUIET_MS };
  const found = await database.transaction(async (tx) => {
    const limit = INACTIVE_OPEN_MAX - (await countOpenOf(tx, 'inactive_member'));
    if (limit <= 0) return [];
    await tx.query('set local statement_timeout = 0');
    return listInactive(tx, { ...asked, limit });
  }, 'read');
  if (found.length === 0) return 0;
  await database.transaction(async (tx) => {
    const { seq } = await lockHead(tx);
    const items = found.map(({ memberId, lastAtMs }): NewInboxItem => ({
      id: `${String(seq).padStart(16, '0')}-inactive-${memberId.slice(-12)}-${nowMs}`,
      // By the day: two centres over one database may look at once, and the second one's item is the first one's.
      topic: `inactive_member ${memberId} ${new Date(nowMs).toISOString().slice(0, 10)}`,
      ...{ memberId, tillId: CENTRE_TILL as TillId, opId: null, seq, atMs: nowMs },
      detail: { kind: 'inactive_member', months, lastAtMs },
    }));
    await insertInbox(tx, items);
  });
  return found.length;
}
