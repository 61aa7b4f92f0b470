import { expect, test, vi } from 'vitest';
import { checkBooks } from '../../../../crm/inbox/check-books.ts';
import { startKeeping } from '../../../../crm/inbox/keeping.ts';
import { rowsOf } from '../../../../crm/database.ts';
import { centreForAll } from '../centre-for-all.ts';
import { injected, TestTill } from '../test-till.ts';

const open = centreForAll();

const items = () =>
  rowsOf<{ state: string; detail: object }>(
    open.centre.database.sql,
    `select state, detail from inbox where kind = 'books_differ' order by at_ms`,
  );

test('books that add up are told to nobody; a balance that is not its entries is told once, and again after an answer', async () => {
  const { centre } = open;
  const till = await TestTill.enrol(injected(open.app));
  const ref = till.makeMember();
  till.stamp(ref, 3);
  await till.sync();
  expect(await checkBooks(centre)).toBe(0);
  expect(await items()).toEqual([]);
  await centre.database.sql.query('update accounts set balance = balance + 1 where account_id = $1', [
    ref.accountId,
  ]);
  expect(await checkBooks(centre)).toBe(1);
  await checkBooks(centre);
  const detail = { kind: 'books_differ', problem: 'balance_differs', count: 1 };
  expect(await items()).toEqual([{ state: 'open', detail }]);
  await centre.database.sql.query(`update inbox set state = 'answered' where kind = 'books_differ'`);
  const later = { ...centre, clock: { nowMs: () => centre.clock.nowMs() + 1 } };
  await checkBooks(later);
  expect((await items()).map(({ state }) => state)).toEqual(['answered', 'open']);
});

test('they are added up within two hours of a start, and then once a day', async () => {
  vi.useFakeTimers();
  const looks: number[] = [];
  const { centre } = open;
  const startMs = Date.now();
  const transaction: typeof centre.database.transaction = async (act, mode) => {
    if (mode === 'read') looks.push((Date.now() - startMs) / 3_600_000);
    return centre.database.transaction(act, mode);
  };
  const kept = {
    ...centre,
    database: { ...centre.database, transaction },
    clock: { nowMs: () => Date.now() },
  };
  const end = startKeeping(kept, () => Promise.resolve());
  vi.advanceTimersByTime(30 * 3_600_000);
  end();
  vi.useRealTimers();
  // What was given by hand is read every five minutes; at these times something is read besides.
  expect(looks.filter((at, place) => looks.indexOf(at) !== place)).toEqual([1, 25]);
});
