import type { MemberId, StaffId } from '../../sync/base/ids.ts';
import type { OpBody } from '../../sync/model/op.ts';
import type { Centre } from '../centre.ts';
import { toLogged } from '../log.ts';
import { listAllErased, listNotErased } from '../repos/erasures.ts';
import { sqlUnit } from '../sql-store.ts';
import type { CentreStore } from '../store.ts';
import { openUnit, saveUnit, type Unit } from '../unit.ts';
import { keysOf } from '../working-set.ts';
import { writeOwnOp } from './centre-node.ts';

type Parts = Pick<Centre, 'database' | 'crypto' | 'clock' | 'log'>;
type Again = Pick<Parts, 'crypto' | 'clock'> & { named: ReadonlySet<string> };

const MEMBERS_PER_UNIT = 100;
/** Who says it is whoever said it before: the manager's own op is lost with the database. */
const AGAIN = 'centre' as StaffId;

const anonymised = (memberId: MemberId, epoch: number): OpBody => ({
  ...{ kind: 'member.state', memberId, state: 'anonymised', epoch, reason: '' },
});

/** An erasure is of the whole person, and who was split off since the backup was not erased: split off first. */
async function splitOff(unit: Unit, { crypto, named }: Again, memberId: MemberId): Promise<void> {
  const { rows } = unit.around;
  for (const id of rows.mergedSet(memberId)) {
    const intoId = rows.member(id)?.mergedIntoId ?? null;
    if (intoId === null || named.has(id) === named.has(intoId)) continue;
    const body: OpBody = { kind: 'member.unmerged', memberId: id, intoId, reason: '' };
    await writeOwnOp(unit, crypto, { body, actorId: AGAIN, isApproved: true });
  }
}

async function eraseSome(store: CentreStore, again: Again, ids: readonly MemberId[]): Promise<number> {
  const unit = await openUnit(store, again.clock.nowMs());
  const { rows } = unit.around;
  rows.add(await store.loadRows({ ...keysOf([]), members: ids, sets: ids }));
  let count = 0;
  for (const memberId of ids) {
    const member = rows.member(memberId);
    // Another centre over this database has done it meanwhile.
    if (member === undefined || member.state === 'anonymised') continue;
    await splitOff(unit, again, memberId);
    const body = anonymised(memberId, member.stateEpoch + 1);
    const { held } = await writeOwnOp(unit, again.crypto, { body, actorId: AGAIN, isApproved: true });
    if (held !== null) throw new Error(`an erasure can not be done again (${held})`);
    count += 1;
  }
  await saveUnit(unit);
  return count;
}

/**
 * Anonymises everybody whom the list of erasures names and who lives in the database: it was put back to a day before
 * that. Before anybody is answered, and each hour, since a till may send an old row again. To do it again does no harm.
 *
 * @returns How many.
 * @throws When the list can not be read: nobody is to be answered then.
 */
export async function eraseAnew(parts: Parts): Promise<number> {
  const { database, crypto, log } = parts;
  if (database.eraseList === null) return 0;
  const named = await database.eraseList.read();
  const living = await listNotErased(database.sql, [...named]);
  let count = 0;
  for (let at = 0; at < living.length; at += MEMBERS_PER_UNIT) {
    const ids = living.slice(at, at + MEMBERS_PER_UNIT);
    count += await sqlUnit(database, crypto)((store) => eraseSome(store, { ...parts, named }, ids));
  }
  if (count > 0) log.warn({ members: count }, 'the database had lost erasures: they were done again');
  return count;
}

/** Everybody whom the database has erased is in the list: one of before there was a list, of another computer. */
export async function completeEraseList({ database, clock, log }: Parts): Promise<void> {
  const { eraseList, sql } = database;
  if (eraseList === null) return;
  try {
    const named = await eraseList.read();
    const missing = (await listAllErased(sql)).filter((memberId) => !named.has(memberId));
    await eraseList.add(missing.map((memberId) => ({ memberId, atMs: clock.nowMs() })));
  } catch (cause) {
    log.error(
      { cause: toLogged(cause) },
      'the list of erasures can not be written: nobody can be anonymised',
    );
  }
}
