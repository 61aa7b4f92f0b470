import type { Centre } from '../centre.ts';
import { CENTRE_TILL } from '../decide.ts';
import { CentreRefusal } from '../refusal.ts';
import { appendAudit } from '../repos/audit-log.ts';
import { lockHead } from '../repos/feed-head.ts';
import { freeHolds } from '../repos/holds.ts';
import { lockTill, saveTillProgress } from '../repos/tills.ts';

/**
 * Frees what was set aside for a till that does not come back, on a manager's word. A lost till is stopped first, so
 * that it is given nothing more, not even to read: should it come back, a manager's code lets it in, and what it spent
 * meanwhile is booked by a manager and shows as overdraft. Doing it again changes nothing.
 *
 * @throws CentreRefusal For a till that is not known.
 */
export function revokeHolds(
  centre: Pick<Centre, 'database' | 'clock' | 'crypto' | 'log'>,
  { tillId, isLost, managerId }: { tillId: string; isLost: boolean; managerId: string },
): Promise<void> {
  return centre.database.transaction(async (tx) => {
    await lockHead(tx);
    const till = tillId === CENTRE_TILL ? undefined : await lockTill(tx, tillId);
    if (till === undefined)
      throw new CentreRefusal('bad_request', 'There is no such till. Nothing was changed.', 404);
    if (isLost) await saveTillProgress(tx, [{ ...till, state: 'lost' }]);
    await freeHolds(tx, tillId, isLost ? till.incarnation + 1 : till.incarnation);
    const action = isLost ? 'till.lost' : 'till.holds_freed';
    const line = { atMs: centre.clock.nowMs(), actorId: managerId, action, objectId: tillId };
    await appendAudit(tx, centre.crypto, [{ ...line, note: `incarnation ${till.incarnation}` }]);
    centre.log.warn({ tillId, isLost, by: managerId }, 'what was set aside for a till is free again');
  });
}
