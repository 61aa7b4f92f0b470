import type { Centre } from '../centre.ts';
import { CENTRE_TILL } from '../decide.ts';
import { CentreRefusal } from '../refusal.ts';
import { appendAudit } from '../repos/audit-log.ts';
import { lockHead } from '../repos/feed-head.ts';
import { freeHolds } from '../repos/holds.ts';
import type { Sql } from '../database.ts';
import { listTillsByName, lockTill, saveTillProgress, type TillRow } from '../repos/tills.ts';

const noTill = (): CentreRefusal =>
  new CentreRefusal('bad_request', 'There is no such till. Nothing was changed.', 404);

/** The till of an id, or of a name that no other has: whoever lost one reads its name, and its id was on its screen. */
async function lockNamed(tx: Sql, named: string): Promise<TillRow> {
  const byId = named === CENTRE_TILL ? undefined : await lockTill(tx, named);
  if (byId !== undefined) return byId;
  const tills = (await listTillsByName(tx, named)).filter(({ tillId }) => tillId !== CENTRE_TILL);
  if (tills.length > 1) {
    const which = tills.map(({ tillId, storeId }) => `${tillId} (${storeId})`).join(', ');
    throw new CentreRefusal('bad_request', `Several tills have this name: ${which}. Nothing was changed.`);
  }
  const [only] = tills;
  const till = only && (await lockTill(tx, only.tillId));
  if (till === undefined) throw noTill();
  return till;
}

/**
 * Frees what was set aside for a till that does not come back, on a manager's word. A lost till is stopped first, so
 * that it is given nothing more, not even to read: should it come back, a manager's code lets it in, and what it spent
 * meanwhile is booked by a manager and shows as overdraft. Doing it again changes nothing.
 *
 * @param asked.till Its id, or its name where no other till has it.
 * @throws CentreRefusal For a till that is not known, and for a name that several have.
 */
export function revokeHolds(
  centre: Pick<Centre, 'database' | 'clock' | 'crypto' | 'log'>,
  asked: { till: string; isLost: boolean; managerId: string },
): Promise<void> {
  const { isLost, managerId } = asked;
  return centre.database.transaction(async (tx) => {
    await lockHead(tx);
    const till = await lockNamed(tx, asked.till);
    const { tillId } = till;
    if (isLost) await saveTillProgress(tx, [{ ...till, state: 'lost' }]);
    await freeHolds(tx, tillId, isLost ? till.incarnation + 1 : till.incarnation);
    const action = isLost ? 'till.lost' : 'till.holds_freed';
    const line = { atMs: centre.clock.nowMs(), actorId: managerId, action, objectId: tillId };
    await appendAudit(tx, centre.crypto, [{ ...line, note: `incarnation ${till.incarnation}` }]);
    centre.log.warn({ tillId, isLost, by: managerId }, 'what was set aside for a till is free again');
  });
}
