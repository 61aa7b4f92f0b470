import Database from 'better-sqlite3';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openFile } from '../../../../db/open.ts';
import { openTill } from '../../../../db/till/open.ts';
import type { CardId, CardTypeId, MemberId } from '../../../../sync/base/ids.ts';
import { NO_FILTER } from '../../../../sync/model/register.ts';
import type { WireOp } from '../../../../sync/model/op.ts';
import { csv, rehearse } from './imports/files.ts';
import { endTestTill, KEY_HEX, openTestTill, startTestTill, type TestTill } from '../../../parts/till.ts';

const WHY = 'the owner asked';
const POINTS = 'points' as CardTypeId;
let till: TestTill;
let memberId: MemberId;
const HERS = () => ({ scope: { kind: 'member', memberId } as const, reason: WHY });
const OF_TYPE = { scope: { kind: 'cardType', cardTypeId: POINTS } as const, reason: WHY };
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
const begin = (memberIds: MemberId[] | null, reason = WHY) =>
  till.client['directory.beginExport']({
    ...{ filter: NO_FILTER, search: '', purpose: 'administration', reason, memberIds },
  });

test('a list of members is told when it begins, and when it ends with the rows that went out (R-E1, F85, F86)', async () => {
  const { exportId } = await begin(null);
  expect(await list()).toMatchObject([{ exportId, what: 'members', rows: 1, stage: 'begun' }]);
  while ((await till.client['directory.readExport']({ exportId })).text !== '');
  await till.client['directory.endExport']({ exportId });
  const { session } = await till.client['till.get']({});
  expect(await list()).toMatchObject([
    {
      ...{ exportId, what: 'members', purpose: 'administration', reason: WHY, rows: 1, stage: 'whole' },
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
  await till.client['history.export']({ ...HERS(), after: null });
  expect(await code(till.client['exports.list']({}))).toBe('not_allowed');
  await till.signIn('manager');
  await till.client['history.export']({ ...OF_TYPE, after: null });
  expect(await list()).toMatchObject([
    { what: 'card_history', purpose: 'administration', reason: WHY, stage: 'whole' },
    { what: 'history', reason: WHY, ofName: 'Tan', rows: 2, stage: 'whole' },
  ]);
  const ops = await told();
  expect(JSON.stringify(ops)).not.toMatch(/Tan|9111/);
  expect(ops.map(({ salt }) => salt)).toEqual(['', '']);
});

test('it is in the till’s own file: a till that starts again without a line still tells it', async () => {
  await till.client['history.export']({ ...HERS(), after: null });
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
  expect(await code(till.client['history.export']({ ...HERS(), after: null }))).toBe('update_needed');
  expect(await code(begin(null))).toBe('update_needed');
  expect(await list()).toEqual([]);
});

/** From now on the till's own file takes no action, as with a disk that refuses it; or takes them again. */
function refuse(isRefused: boolean): void {
  const raw = openFile({ path: join(till.dir, 'till.db'), keyHex: KEY_HEX, file: 'till' });
  if (isRefused)
    raw.exec("CREATE TRIGGER refusing BEFORE INSERT ON ops BEGIN SELECT RAISE(ABORT, 'no room'); END");
  else raw.exec('DROP TRIGGER refusing');
  raw.close();
}

test('nor does the piece behind one that could not be told go out, though the same was begun before', async () => {
  const bad = Array.from({ length: 1_001 }, (_, at) => [`Lim ${at}`, '12']);
  const { runId } = await rehearse(till.client, csv(['full_name', 'mobile_number'], ...bad));
  const piece = (afterRow: number) => till.client['imports.failedRows']({ runId, afterRow });
  const { next } = await piece(0);
  refuse(true);
  expect(await code(piece(0))).toBe('bug');
  expect(await code(piece(next ?? 0))).toBe('not_found');
  refuse(false);
  expect(await code(piece(next ?? 0))).toBe('not_found');
  expect(await list()).toMatchObject([{ what: 'failed_rows', stage: 'begun' }]);
  await piece(0);
  expect((await piece(next ?? 0)).text).toContain('Lim');
});

test('a piece of an export that nobody began is refused', async () => {
  expect(await code(till.client['history.export']({ ...OF_TYPE, after: 1 }))).toBe('not_found');
});

test('rows of an import that were not taken are people too: who takes them back as a file is told, with how many (F84)', async () => {
  const bad = Array.from({ length: 501 }, (_, at) => [`Lim ${at}`, '12']);
  const run = await rehearse(till.client, csv(['full_name', 'mobile_number'], ...bad));
  const { runId } = run;
  const first = await till.client['imports.failedRows']({ runId, afterRow: 0 });
  expect(await list()).toMatchObject([
    { what: 'failed_rows', ofName: run.fileName, rows: null, stage: 'begun' },
  ]);
  await till.client['imports.failedRows']({ runId, afterRow: first.next ?? 0 });
  expect(await list()).toMatchObject([
    { what: 'failed_rows', ofName: run.fileName, rows: 501, stage: 'whole' },
  ]);
  expect(await code(till.client['imports.failedRows']({ runId, afterRow: 500 }))).toBe('not_found');
  expect(JSON.stringify(await told())).not.toContain('Lim');
});

test('no reason, no file; what somebody writes is one line of words, and nothing else', async () => {
  const asked = (reason: string) => till.client['history.export']({ ...HERS(), reason, after: null });
  for (const none of ['', '  ', '\n\t', '\u202e\u2066', 'x'.repeat(201)])
    expect(await code(asked(none))).toBe('bad_request');
  expect(await code(begin(null, ' '))).toBe('bad_request');
  expect(await list()).toEqual([]);
  const told = [
    [' for the \r\n audit\u202e ', 'for the audit'],
    ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
    ["'; DROP TABLE ops; --", "'; DROP TABLE ops; --"],
    ['审计用', '审计用'],
  ] as const;
  for (const [typed] of told) await asked(typed);
  expect(new Set((await list()).map(({ reason }) => reason))).toEqual(new Set(told.map(([, kept]) => kept)));
});

test('a history that is said to be for marketing has nobody in it who did not agree (N20)', async () => {
  const draft = { lastName: 'Lim', mobile: '9111 0002' };
  const { member } = await till.client['members.add']({
    ...{ opId: till.opId(), draft, cardTypeId: POINTS, cardNumber: null, hasMarketingConsent: false },
  });
  for (const each of [memberId, member.memberId]) {
    const { cards } = await till.client['members.get']({ memberId: each });
    const { cardId = '' as CardId } = cards[0] ?? {};
    const bought = { amountMinor: 500, receiptNo: each.slice(-6), points: null, reason: '' };
    await till.client['points.credit']({ opId: till.opId(), cardId, ...bought });
  }
  const namesIn = async (purpose: 'administration' | 'marketing') => {
    const { text } = await till.client['history.export']({ ...OF_TYPE, purpose, after: null });
    return ['Tan', 'Lim'].filter((name) => text.includes(name));
  };
  expect([await namesIn('administration'), await namesIn('marketing')]).toEqual([['Tan', 'Lim'], ['Tan']]);
  const hers = { kind: 'member', memberId: member.memberId } as const;
  await till.client['history.export']({ scope: hers, purpose: 'marketing', reason: WHY, after: null });
  expect((await list()).filter(({ what }) => what === 'history')).toMatchObject([
    { purpose: 'marketing', rows: 0 },
  ]);
});
