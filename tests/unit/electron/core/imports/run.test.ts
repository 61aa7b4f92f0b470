import { afterEach, beforeEach, expect, test } from 'vitest';
import { endTestTill, startTestTill, type TestTill } from '../../../../parts/till.ts';
import { openImports } from '../../../../../db/imports/open.ts';
import { KEY_HEX } from '../../../../parts/till.ts';
import { join } from 'node:path';
import { csv, reasons, rehearse, sendFile, start, undo } from './files.ts';

let till: TestTill;
beforeEach(async () => {
  till = await startTestTill();
  await till.signIn('manager');
});
afterEach(() => endTestTill(till));

const HEAD = ['full_name', 'mobile_number', 'lookup_id', 'email'];

test('a rehearsal changes nothing, a run does what it said, and everybody is found at once', async () => {
  const file = csv(
    HEAD,
    ['Tan, Wei Ling', '9111 0001', 'M-1', 'wei@example.org'],
    ['Lim', '91110002', '', ''],
  );
  const checked = await rehearse(till.client, file);
  expect(checked).toMatchObject({ state: 'checked', counts: { rows: 2, valid: 2, create: 2, done: 0 } });
  expect((await till.client['members.lookup']({ text: '91110001' })).members).toEqual([]);
  const done = await start(till.client, checked);
  expect(done).toMatchObject({ state: 'done', counts: { rows: 2, create: 2, done: 2 }, operator: 'manager' });
  const { members } = await till.client['members.lookup']({ text: '+65 9111 0001' });
  expect(members).toMatchObject([{ name: 'Tan Wei Ling', lookupId: 'M-1' }]);
});

test('a second file updates by the first key that finds somebody, field by field', async () => {
  await start(till.client, await rehearse(till.client, csv(HEAD, ['Tan', '91110001', 'M-1', ''])));
  const again = csv(HEAD, ['Tan', '91110001', '', 'new@example.org'], ['Lim', '91110002', 'M-1', '']);
  const checked = await rehearse(till.client, again);
  expect(checked.counts).toMatchObject({ rows: 2, update: 1, invalid: 1 });
  const rows = await till.client['imports.listRows']({
    runId: checked.runId,
    action: 'update',
    afterRow: 0,
    limit: 10,
  });
  expect(rows).toMatchObject([
    { rowNo: 2, changes: [{ field: 'email', before: '', after: 'new@example.org' }] },
  ]);
  expect(await reasons(till.client, checked)).toEqual(['3 MEMBER_TWICE']);
});

test('opening balances come with cards of the till’s own stock', async () => {
  const file = csv(
    [...HEAD, 'membership_point', 'credit_balance', 'allow_credit_transactions'],
    ['Tan', '91110001', '', '', '1,240', '12.50', 'TRUE'],
  );
  const done = await start(
    till.client,
    await rehearse(till.client, file, { points: 'points', credit: 'prepaid' }),
  );
  expect(done).toMatchObject({ state: 'done', counts: { done: 1 } });
  const { members } = await till.client['members.lookup']({ text: '91110001' });
  const balances = members[0]?.cards.map(({ kind, balance }) => [kind, balance.pending]).sort();
  expect(balances).toEqual([
    ['credit', 1250],
    ['points', 1240],
  ]);
});

test('an undone run leaves nobody whom it made, and former values where nobody changed them since', async () => {
  await start(
    till.client,
    await rehearse(till.client, csv(HEAD, ['Tan', '91110001', 'M-1', 'old@example.org'])),
  );
  const second = await rehearse(
    till.client,
    csv(
      [...HEAD, 'notes'],
      ['Tan', '91110001', '', 'new@example.org', 'hello'],
      ['Lim', '91110002', '', '', ''],
    ),
  );
  await start(till.client, second);
  const undone = await undo(till.client, second);
  expect(undone).toMatchObject({ state: 'undone', counts: { kept: 0 } });
  const found = await till.client['members.lookup']({ text: '91110001' });
  const member = await till.client['members.get']({ memberId: found.members[0]?.memberId ?? ('' as never) });
  expect(member.fields).toMatchObject({ email: 'old@example.org', notes: '' });
  expect((await till.client['members.lookup']({ text: '91110002' })).members).toEqual([]);
});

test('a run does as many of each as its rehearsal said, whatever the files', async () => {
  // A small generator with a memory: names, numbers and ids come again on purpose.
  let seed = 7;
  const next = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  for (let file = 0; file < 12; file += 1) {
    const rows = Array.from({ length: 20 }, () => [
      next(9) === 0 ? '' : `Person ${next(30)}`,
      next(9) === 0 ? 'no number' : String(91_110_000 + next(40)),
      next(2) === 0 ? '' : `M-${next(40)}`,
      next(3) === 0 ? '' : `p${next(20)}@example.org`,
    ]);
    const checked = await rehearse(till.client, csv(HEAD, ...rows));
    const { counts } = await start(till.client, checked);
    expect({ ...counts, done: 0 }).toEqual({ ...checked.counts, done: 0 });
    expect(counts.done).toBe(counts.create + counts.update);
  }
});

test('what was cancelled before its start changed nothing', async () => {
  const checked = await rehearse(till.client, csv(HEAD, ['Tan', '91110001', '', '']));
  const cancelled = await till.client['imports.cancel']({ runId: checked.runId });
  expect(cancelled).toMatchObject({ state: 'cancelled', counts: { done: 0 } });
  expect((await till.client['members.lookup']({ text: '91110001' })).members).toEqual([]);
  const { runId } = await sendFile(till.client, Buffer.from(csv(HEAD, ['Tan', '91110001', '', ''])));
  expect((await till.client['imports.history']({ beforeNo: null })).map((run) => run.state)).toEqual([
    'mapping',
    'cancelled',
  ]);
  expect(await till.client['imports.cancel']({ runId })).toMatchObject({ state: 'cancelled' });
});

test('rows without a card number wait, and take their turn when there are some', async () => {
  const rows = Array.from({ length: 60 }, (_, at) => [`P ${at}`, String(91_110_000 + at), '', '', '5']);
  const file = csv([...HEAD, 'membership_point'], ...rows);
  const run = await start(till.client, await rehearse(till.client, file, { points: 'points' }));
  // The test till has a block of fifty.
  expect(run).toMatchObject({ state: 'waiting', counts: { done: 50, waiting: 10 } });
});

test('a member who is erased is erased from the file of imports, too', async () => {
  const run = await start(
    till.client,
    await rehearse(till.client, csv(HEAD, ['Erasmus', '91110001', '', ''])),
  );
  const [row] = await till.client['imports.listRows']({
    runId: run.runId,
    action: null,
    afterRow: 0,
    limit: 1,
  });
  await till.close();
  const path = join(till.dir, 'imports.db');
  const db = openImports({ path, keyHex: KEY_HEX });
  db.erase(row?.memberId ?? '');
  expect(db.listRows(run.runNo, 0, 10)).toMatchObject([{ cells: '', given: '', former: '' }]);
  db.close();
});

test('nothing of an import is for a cashier', async () => {
  await till.signIn('cashier');
  await expect(till.client['imports.history']({ beforeNo: null })).rejects.toMatchObject({
    code: 'not_allowed',
  });
  await expect(till.client['imports.listColumns']({})).resolves.toBeDefined();
});
