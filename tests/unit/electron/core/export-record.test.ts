import Database from 'better-sqlite3';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTill } from '../../../../db/till/open.ts';
import type { CardId, CardTypeId, MemberId } from '../../../../sync/base/ids.ts';
import { NO_FILTER } from '../../../../sync/model/register.ts';
import type { WireOp } from '../../../../sync/model/op.ts';
import { endTestTill, KEY_HEX, openTestTill, startTestTill, type TestTill } from '../../../parts/till.ts';

const POINTS = 'points' as CardTypeId;
let till: TestTill;
let memberId: MemberId;
beforeEach(async () => {
  till = await startTestTill();
  await till.signIn('manager');
  const draft = { lastName: 'Tan', mobile: '9111 0001' };
  const { member } = await till.client['members.add']({
    ...{ opId: till.opId(), draft, cardTypeId: POINTS, cardNumber: null, hasMarketingConsent: true },
  });
  ({ memberId } = member);
});
afterEach(() => endTestTill(till));

/** The till's own ops of that kind, as its file keeps them. */
async function told(): Promise<WireOp[]> {
  await till.close();
  const file = openTill({ path: join(till.dir, 'till.db'), keyHex: KEY_HEX });
  const ops = file.ops.listAfter(0, 100).map(({ op }): WireOp => op);
  file.close();
  till = openTestTill(till.dir);
  return ops.filter(({ kind }) => kind === 'export.made');
}
const list = async () => (await till.client['exports.list']({})).exports;
const code = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'done',
    (cause: { code: string }) => cause.code,
  );
const begin = (memberIds: MemberId[] | null) =>
  till.client['directory.beginExport']({
    ...{ filter: NO_FILTER, search: '', purpose: 'administration', memberIds },
  });

test('a list of members is told when it begins, and when it ends with the rows that went out (R-E1, F85, F86)', async () => {
  const { exportId } = await begin(null);
  expect(await list()).toMatchObject([{ exportId, what: 'members', rows: 1, stage: 'begun' }]);
  while ((await till.client['directory.readExport']({ exportId })).text !== '');
  await till.client['directory.endExport']({ exportId });
  const { session } = await till.client['till.get']({});
  expect(await list()).toMatchObject([
    {
      ...{ exportId, what: 'members', purpose: 'administration', rows: 1, stage: 'whole' },
      ...{ actorName: session?.person.name, isOwnTill: true, isPending: true },
    },
  ]);
  expect(await told()).toHaveLength(2);
});

test('one that is given up is told with what had gone out by then; those marked one by one are told as such', async () => {
  const { exportId } = await begin([memberId]);
  await till.client['directory.endExport']({ exportId });
  expect(await list()).toMatchObject([{ exportId, what: 'chosen', rows: 0, stage: 'cut' }]);
});

test('histories are told too, a supervisor’s of one member as well; nothing in the op is personal', async () => {
  const { cards } = await till.client['members.get']({ memberId });
  const { cardId = '' as CardId } = cards[0] ?? {};
  for (const receiptNo of ['1', '2'])
    await till.client['points.credit']({
      ...{ opId: till.opId(), cardId, amountMinor: 500, receiptNo, points: null, reason: '' },
    });
  await till.signIn('supervisor');
  await till.client['history.export']({ scope: { kind: 'member', memberId }, after: null });
  expect(await code(till.client['exports.list']({}))).toBe('not_allowed');
  await till.signIn('manager');
  await till.client['history.export']({ scope: { kind: 'cardType', cardTypeId: POINTS }, after: null });
  expect(await list()).toMatchObject([
    { what: 'card_history', stage: 'whole' },
    { what: 'history', ofName: 'Tan', rows: 2, stage: 'whole' },
  ]);
  const ops = await told();
  expect(JSON.stringify(ops)).not.toMatch(/Tan|9111/);
  expect(ops.map(({ salt }) => salt)).toEqual(['', '']);
});

test('it is in the till’s own file: a till that starts again without a line still tells it', async () => {
  await till.client['history.export']({ scope: { kind: 'member', memberId }, after: null });
  const before = await list();
  const { dir } = till;
  await till.close();
  till = openTestTill(dir, { bootId: 'another' });
  await till.signIn('manager');
  expect(await till.client['exports.list']({})).toEqual({ line: 'down', exports: before });
});

test('what can not be kept is not exported', async () => {
  await till.close();
  const raw = new Database(join(till.dir, 'replica.db'));
  raw.pragma(`cipher='aegis'`);
  raw.pragma(`key='raw:${KEY_HEX}'`);
  // Of a later program: this one saves nothing until it is updated.
  raw.pragma('user_version = 9999');
  raw.close();
  till = openTestTill(till.dir);
  const scope = { kind: 'member', memberId } as const;
  expect(await code(till.client['history.export']({ scope, after: null }))).toBe('update_needed');
  expect(await code(begin(null))).toBe('update_needed');
  expect(await list()).toEqual([]);
});

test('a piece of an export that nobody began is refused', async () => {
  const scope = { kind: 'cardType', cardTypeId: POINTS } as const;
  expect(await code(till.client['history.export']({ scope, after: 1 }))).toBe('not_found');
});
