import { afterAll, beforeAll, expect, test } from 'vitest';
import { listStaffByIds } from '../../../crm/repos/documents.ts';
import { WHOLE_CHAIN } from '../../../sync/base/ids.ts';
import { must } from '../../../sync/base/must.ts';
import { documentSum, type Staff } from '../../../sync/model/chain.ts';
import { startPostgres, type PostgresPart } from '../../parts/postgres.ts';
import { addSecond, SECOND_ID } from '../../parts/second.ts';
import { openTestCentre, type TestCentre } from './test-centre.ts';
import { injected, TestTill } from './test-till.ts';

let postgres: PostgresPart;
let open: TestCentre;
let till: TestTill;
beforeAll(async () => {
  postgres = await startPostgres();
  open = await openTestCentre({ url: await postgres.createDatabase() });
  await addSecond(open.centre);
  till = await TestTill.enrol(injected(open.app));
}, 60_000);
afterAll(async () => {
  await open.close();
  await postgres.stop();
});

const find = async (staffId: string): Promise<Staff> =>
  must((await listStaffByIds(open.centre.database.sql, [staffId]))[0], 'she works here');

/** What a till of a supervisor sends. @returns Why it is held. */
async function save(staffId: string, change: Partial<Staff>, actorId = SECOND_ID): Promise<string[]> {
  const known = await find(staffId);
  const body = { ...known, ...change, version: known.version + 1 };
  const named = { docKind: 'staff', id: staffId, baseVersion: known.version, baseSum: documentSum(known) };
  till.make({ kind: 'document.saved', memberId: WHOLE_CHAIN, ...named, body }, { actorId });
  return (await till.sync()).flatMap(({ held }) => held.map(({ reason }) => reason));
}

test('a supervisor’s op gives a cashier another PIN, and that alone; whatever else it says waits for a manager', async () => {
  expect(await save('staff-2', { pinHash: 'another' })).toEqual([]);
  expect((await find('staff-2')).pinHash).toBe('another');
  for (const change of [
    { role: 'manager' },
    { isGone: true },
    { name: 'Other' },
    { login: 'other' },
  ] as const)
    expect([change, await save('staff-2', { pinHash: 'third', ...change })]).toEqual([
      change,
      ['not_allowed'],
    ]);
  expect(await save('staff-1', { pinHash: 'a manager’s' })).toEqual(['not_allowed']);
  expect(await save(SECOND_ID, { pinHash: 'her own' })).toEqual(['not_allowed']);
  expect(await find('staff-2')).toMatchObject({ pinHash: 'another', role: 'cashier', isGone: false });
  expect(await save('staff-2', { pinHash: 'fourth' }, 'staff-2' as typeof SECOND_ID)).toEqual([
    'not_allowed',
  ]);
});
