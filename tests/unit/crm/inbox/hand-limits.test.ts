import { beforeAll, expect, test } from 'vitest';
import { createHandWatch } from '../../../../crm/inbox/hand-limits.ts';
import { findChain } from '../../../../crm/repos/documents.ts';
import { listInbox } from '../../../../crm/repos/inbox.ts';
import { DEFAULT_SPEND_POLICY } from '../../../../sync/model/spend-policy.ts';
import { centreForAll } from '../centre-for-all.ts';
import { TestTill, type CardRef } from '../test-till.ts';

const open = centreForAll();
let [one, two] = [] as unknown as [TestTill, TestTill];
let ref: CardRef;
beforeAll(async () => {
  one = await TestTill.enrol(open.post);
  two = await TestTill.enrol(open.post);
  one.cardTypeId = 'points' as never;
  ref = one.makeMember();
  await one.sync();
});

const credit = (till: TestTill, points: number, amountMinor: number | null = null) =>
  till.make({
    ...{
      kind: 'points.credited',
      ...ref,
      cardTypeVersion: 1,
      amountMinor,
      receiptNo: '',
      points,
      reason: '',
    },
  });
const items = async () => {
  const { items: found } = await listInbox(open.centre.database.sql, { state: 'open', after: '', limit: 50 });
  return found.flatMap(({ detail }) => (detail.kind === 'hand_limit' ? [detail] : []));
};

test('two tills that each kept the limit are beyond it together: told once, nothing is taken away', async () => {
  const watch = createHandWatch(open.centre);
  credit(one, 3_000);
  await one.sync();
  expect([await watch(), await items()]).toEqual([0, []]);
  const { businessDay } = credit(two, 2_001);
  await two.sync();
  await watch();
  expect(await items()).toEqual([
    { kind: 'hand_limit', businessDay, actorId: 'staff-1', points: 5_001, limit: 5_000 },
  ]);
  credit(two, 10);
  const [answer] = await two.sync();
  expect(answer?.held).toEqual([]);
  await watch();
  // A centre that starts anew finds the same, and tells nobody twice.
  await createHandWatch(open.centre)();
  expect(await items()).toHaveLength(1);
});

test('purchases do not count, what was taken back counts no more, and another day begins anew', async () => {
  const [before, day] = [await items(), '2026-03-01'];
  const wrong = one.make(
    {
      kind: 'points.credited',
      ...ref,
      cardTypeVersion: 1,
      amountMinor: null,
      receiptNo: '',
      points: 4_000,
      reason: '',
    },
    { businessDay: day },
  );
  const named = {
    ...ref,
    cardTypeVersion: 1,
    correctsOpId: wrong.opId,
    delta: -4_000,
    reason: 'typed wrongly',
  };
  one.make({ kind: 'entry.corrected', ...named }, { businessDay: day });
  one.make(
    {
      kind: 'points.credited',
      ...ref,
      cardTypeVersion: 1,
      amountMinor: null,
      receiptNo: '',
      points: 4_000,
      reason: '',
    },
    { businessDay: day },
  );
  Object.assign(credit(one, 4_000, 400_000), { businessDay: day });
  await one.sync();
  await createHandWatch(open.centre)();
  expect(await items()).toEqual(before);
});

test('limits that were saved before there were any for giving by hand have the usual ones', async () => {
  const { sql } = open.centre.database;
  const { handPerDayManager: _manager, handPerDaySupervisor: _supervisor, ...saved } = DEFAULT_SPEND_POLICY;
  await sql.query(
    `update documents set body = jsonb_set(body::jsonb, '{spendPolicy}', $1::jsonb) where kind = 'chain'`,
    [JSON.stringify(saved)],
  );
  expect((await findChain(sql))?.spendPolicy).toEqual(DEFAULT_SPEND_POLICY);
  const day = '2026-04-01';
  Object.assign(credit(one, 5_001), { businessDay: day });
  await one.sync();
  await createHandWatch(open.centre)();
  expect(await items()).toContainEqual({
    ...{ kind: 'hand_limit', businessDay: day, actorId: 'staff-1', points: 5_001, limit: 5_000 },
  });
});
