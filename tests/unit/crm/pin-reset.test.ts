import { beforeAll, expect, test } from 'vitest';
import { rowsOf } from '../../../crm/database.ts';
import { listStaffByIds } from '../../../crm/repos/documents.ts';
import { WHOLE_CHAIN } from '../../../sync/base/ids.ts';
import { must } from '../../../sync/base/must.ts';
import { documentSum, type Staff } from '../../../sync/model/chain.ts';
import { addSecond, SECOND_ID } from '../../parts/second.ts';
import { centreForAll } from './centre-for-all.ts';
import { MANAGER_PIN } from './test-centre.ts';
import { TestTill } from './test-till.ts';

const open = centreForAll();
let till: TestTill;

beforeAll(async () => {
  await addSecond(open.centre);
  till = await TestTill.enrol(open.post);
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

/** What two tills send that saw the same version: the manager's comes first. @returns Why the other is held. */
async function saveBoth(byManager: Partial<Staff>): Promise<string[]> {
  const known = await find('staff-2');
  const named = { docKind: 'staff', id: 'staff-2', baseVersion: known.version, baseSum: documentSum(known) };
  const body = (change: Partial<Staff>) => ({ ...known, ...change, version: known.version + 1 });
  const shared = { kind: 'document.saved', memberId: WHOLE_CHAIN, ...named };
  const [first, second] = [
    { ...shared, body: body(byManager) },
    { ...shared, body: body({ pinHash: 'late' }) },
  ];
  till.make(first);
  till.make(second, { actorId: SECOND_ID });
  return (await till.sync()).flatMap(({ held }) => held.map(({ reason }) => reason));
}

test.each([
  ['renamed', { name: 'Arun B' }],
  ['promoted', { role: 'supervisor' }],
  ['let go', { isGone: true }],
] as const)(
  'a PIN for somebody whom a manager %s meanwhile brings nothing of before back',
  async (_, change) => {
    expect(await saveBoth(change)).toEqual(['document_changed']);
    const after = await find('staff-2');
    expect(after).toMatchObject(change);
    const text = `select id from inbox where state = 'open' and detail ->> 'reason' = 'document_changed'`;
    const [item] = await rowsOf<{ id: string }>(open.centre.database.sql, text);
    const say = (action: 'apply' | 'dismiss') =>
      till.sendTo(`/v1/inbox/${item?.id}/answer`, {
        ...{ login: 'manager', pin: MANAGER_PIN, reason: 'late', answer: { action } },
      });
    expect(await say('apply')).toMatchObject({
      status: 409,
      body: { message: expect.stringMatching(/saved meanwhile/) },
    });
    expect(await find('staff-2')).toEqual(after);
    expect((await say('dismiss')).status).toBe(200);
    expect(await find('staff-2')).toEqual(after);
    // As it was, for the next one.
    const before = { name: 'Arun', role: 'cashier', isGone: false } as const;
    expect(await save('staff-2', before, 'staff-1' as typeof SECOND_ID)).toEqual([]);
  },
);
