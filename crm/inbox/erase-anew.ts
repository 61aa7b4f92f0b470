import type { Centre } from '../centre.ts';
import { listNotErased } from '../repos/erasures.ts';
import { sqlUnit } from '../sql-store.ts';
import { eraseAgain } from './erase-again.ts';

const MEMBERS_PER_UNIT = 100;

/**
 * Anonymises everybody whom the list of erasures names and who lives in the database: it was put back to a day before
 * that. Before anybody is answered, and each hour, since the list may have got more names by hand; who comes in later
 * goes in the unit that brings her (`sqlUnit`). To do it again does no harm.
 *
 * @returns How many.
 * @throws When the list can not be read: nobody is to be answered then.
 */
export async function eraseAnew({
  database,
  crypto,
  clock,
  log,
}: Pick<Centre, 'database' | 'crypto' | 'clock' | 'log'>): Promise<number> {
  const { eraseList } = database;
  if (eraseList === null) return 0;
  await eraseList.read();
  const named = await eraseList.named();
  const living = await listNotErased(database.sql, [...named]);
  let count = 0;
  for (let at = 0; at < living.length; at += MEMBERS_PER_UNIT) {
    const ids = living.slice(at, at + MEMBERS_PER_UNIT);
    const again = { crypto, named, nowMs: clock.nowMs() };
    count += await sqlUnit(database, crypto)((store) => eraseAgain(store, again, ids));
  }
  if (count > 0) log.warn({ members: count }, 'the database had lost erasures: they were done again');
  return count;
}
