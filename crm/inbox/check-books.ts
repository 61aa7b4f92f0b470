import { CENTRE_TILL } from '../decide.ts';
import type { TillId } from '../../sync/base/ids.ts';
import type { Centre } from '../centre.ts';
import { listProblems } from '../repos/audit.ts';
import { lockHead } from '../repos/feed-head.ts';
import { hasOpenItem, insertInbox } from '../repos/inbox.ts';

/**
 * Adds up every account from its entries and holds the sums against the balances (I3), with what else `listProblems`
 * knows. A difference is damage of the database: nothing is put right here, a manager is told, once as long as that
 * stands open. Reads all entries, for minutes in a large chain, in one transaction that only reads; on the trial
 * database, which has one connection, everybody waits for it.
 *
 * @returns How many broken rules it found, 100 at most.
 */
export async function checkBooks({
  database,
  clock,
  log,
}: Pick<Centre, 'database' | 'clock' | 'log'>): Promise<number> {
  const problems = await database.transaction(async (tx) => {
    await tx.query('set local statement_timeout = 0');
    return listProblems(tx);
  }, 'read');
  const [first] = problems;
  if (first === undefined) return 0;
  const atMs = clock.nowMs();
  log.error({ problems: problems.slice(0, 5), count: problems.length }, 'the books of the centre differ');
  await database.transaction(async (tx) => {
    const { seq } = await lockHead(tx);
    if (await hasOpenItem(tx, 'books_differ')) return;
    await insertInbox(tx, [
      {
        id: `${String(seq).padStart(16, '0')}-books-${atMs}`,
        topic: `books_differ ${atMs}`,
        ...{ memberId: null, tillId: CENTRE_TILL as TillId, opId: null, seq, atMs },
        detail: { kind: 'books_differ', problem: first.problem, count: problems.length },
      },
    ]);
  });
  return problems.length;
}
