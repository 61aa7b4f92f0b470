import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openImports } from '../../../../../db/imports/open.ts';
import { openTill } from '../../../../../db/till/open.ts';
import type { CardTypeId, MemberId } from '../../../../../sync/base/ids.ts';
import { endTestTill, KEY_HEX, openTestTill, startTestTill, type TestTill } from '../../../../parts/till.ts';
import type { StagedRow } from '../../../../../db/imports/types.ts';
import { workOnRows, type RunParts } from '../../../../../electron/core/imports/run-job.ts';
import { csv, rehearse, settled, start, undo } from './files.ts';

let till: TestTill;
beforeEach(async () => {
  till = await startTestTill();
  await till.signIn('manager');
});
afterEach(() => endTestTill(till));

const HEAD = ['full_name', 'mobile_number', 'email', 'notes'];

const memberBy = async (text: string) => {
  const { members } = await till.client['members.lookup']({ text });
  return till.client['members.get']({ memberId: members[0]?.memberId ?? ('' as MemberId) });
};

/** Something else happens at the till, so that the rows are compared again before they run. */
const enrolSomebody = () =>
  till.client['members.add']({
    ...{ opId: till.opId(), cardTypeId: 'coffee' as CardTypeId, cardNumber: null },
    ...{ draft: { lastName: 'Goh' }, hasMarketingConsent: false },
  });

test.each([0, 450])(
  'an address that the run itself gave to somebody finds nobody in a row %i further down',
  async (between) => {
    await start(
      till.client,
      await rehearse(till.client, csv(HEAD, ['Tan', '91110001', 'old@example.org', ''])),
    );
    const others = Array.from({ length: between }, (_, at) => [`P ${at}`, String(92_220_000 + at), '', '']);
    const file = csv(HEAD, ['Tan', '91110001', 'family@example.org', ''], ...others, [
      'Tan Junior',
      '91110002',
      'Family@example.org',
      '',
    ]);
    const checked = await rehearse(till.client, file);
    await enrolSomebody();
    const done = await start(till.client, checked);
    expect({ ...done.counts, done: 0 }).toEqual({ ...checked.counts, done: 0 });
    expect(done.counts).toMatchObject({ create: between + 1, update: 1, done: between + 2 });
  },
);

interface Said {
  opId: string;
  body: unknown;
}
function opsOf(dir: string): Said[] {
  const file = openTill({ path: join(dir, 'till.db'), keyHex: KEY_HEX });
  const ops = file.ops.listAfter(0, 1_000).map(({ op }) => ({ opId: op.opId, body: op.body }));
  file.close();
  return ops;
}

/** What came of all rows is noted, their ops are not saved: as a power cut leaves it, with `before` as it was then. */
async function cutBetweenFiles(before: string, { runId }: { runId: string }, state: string): Promise<void> {
  for (const suffix of ['', '-wal', '-shm']) rmSync(join(before, `imports.db${suffix}`), { force: true });
  cpSync(join(till.dir, 'imports.db'), join(before, 'imports.db'));
  const db = openImports({ path: join(before, 'imports.db'), keyHex: KEY_HEX });
  const stored = db.findRun(runId);
  if (stored === undefined) throw new Error('the run is there');
  const body = JSON.stringify({ ...(JSON.parse(stored.body) as object), from: 0 });
  db.saveRun({ ...stored, state, body });
  db.close();
  rmSync(till.dir, { recursive: true });
  cpSync(before, till.dir, { recursive: true });
  rmSync(before, { recursive: true });
  till = openTestTill(till.dir);
  till.core.start();
  await till.signIn('manager');
}

async function copyOfNow(): Promise<string> {
  await till.close();
  const copy = `${till.dir}-before`;
  cpSync(till.dir, copy, { recursive: true });
  till = openTestTill(till.dir);
  await till.signIn('manager');
  return copy;
}

async function opsNow(): Promise<Said[]> {
  await till.close();
  const ops = opsOf(till.dir);
  till = openTestTill(till.dir);
  await till.signIn('manager');
  return ops;
}

test('a run that was cut between its two files makes the very ops of an unbroken one', async () => {
  const head = [...HEAD, 'membership_point'];
  await start(till.client, await rehearse(till.client, csv(HEAD, ['Tan', '91110001', '', 'a'])));
  const file = csv(
    head,
    ['Tan', '91110001', 'new@example.org', 'b', '50'],
    ['Lim', '91110002', 'new@example.org', '', '7'],
    ['Ng', '91110003', '', '', ''],
  );
  const checked = await rehearse(till.client, file, { points: 'points' });
  const before = await copyOfNow();
  const done = await start(till.client, checked);
  expect(done.counts).toMatchObject({ create: 2, update: 1, done: 3 });
  const unbroken = await opsNow();
  await till.close();
  await cutBetweenFiles(before, checked, 'running');
  expect(await settled(till.client, checked.runId)).toMatchObject({ state: 'done', counts: done.counts });
  expect(await opsNow()).toEqual(unbroken);
});

test('an undo that was cut between its two files takes back what it can of a row that somebody changed', async () => {
  const base = csv(HEAD, ['Tan', '91110001', 'old@example.org', 'a']);
  await start(till.client, await rehearse(till.client, base));
  const file = csv(HEAD, ['Tan', '91110001', 'new@example.org', 'b']);
  const run = await start(till.client, await rehearse(till.client, file));
  const { memberId } = await memberBy('91110001');
  await till.client['members.edit']({ opId: till.opId(), memberId, draft: { notes: 'by hand' } });
  const before = await copyOfNow();
  expect(await undo(till.client, run)).toMatchObject({ counts: { kept: 1 } });
  expect((await memberBy('91110001')).fields).toMatchObject({ email: 'old@example.org', notes: 'by hand' });
  const unbroken = await opsNow();
  await till.close();
  await cutBetweenFiles(before, run, 'undoing');
  expect(await settled(till.client, run.runId)).toMatchObject({ state: 'undone', counts: { kept: 1 } });
  expect((await memberBy('91110001')).fields).toMatchObject({ email: 'old@example.org', notes: 'by hand' });
  expect(await opsNow()).toEqual(unbroken);
});

test('a power cut that took what a run had noted of new members changes nothing: no op twice, and all can be undone', async () => {
  const head = [...HEAD, 'membership_point'];
  const rows = Array.from({ length: 9 }, (_, at) => [`P ${at}`, String(92_220_000 + at), '', '', `${at}`]);
  const checked = await rehearse(till.client, csv(head, ...rows), { points: 'points' });
  const before = await copyOfNow();
  const done = await start(till.client, checked);
  const unbroken = await opsNow();
  await till.close();
  // The ops are durable, the last commits of the run's own file are gone.
  for (const suffix of ['', '-wal', '-shm']) rmSync(join(till.dir, `imports.db${suffix}`), { force: true });
  cpSync(join(before, 'imports.db'), join(till.dir, 'imports.db'));
  rmSync(before, { recursive: true });
  const db = openImports({ path: join(till.dir, 'imports.db'), keyHex: KEY_HEX });
  const stored = db.findRun(checked.runId);
  if (stored === undefined) throw new Error('the run is there');
  db.transaction(() => db.saveRun({ ...stored, state: 'running' }));
  db.close();
  till = openTestTill(till.dir);
  till.core.start();
  await till.signIn('manager');
  expect(await settled(till.client, checked.runId)).toMatchObject({ state: 'done', counts: done.counts });
  expect(await opsNow()).toEqual(unbroken);
  expect(await undo(till.client, checked)).toMatchObject({ state: 'undone', counts: { kept: 0 } });
});

test.each([
  ['create', 'quickly'],
  ['update', 'transaction'],
] as const)('what came of a batch with a row of kind %s is saved as %s', async (action, how) => {
  const row: StagedRow = {
    ...{ rowNo: 2, action, status: 'checked', codes: '', cells: '[]', given: '{}', memberId: '', former: '' },
  };
  const called: string[] = [];
  const as =
    (name: string) =>
    (act: () => unknown): unknown => {
      called.push(name);
      return act();
    };
  const db = {
    ...{ quickly: as('quickly'), transaction: as('transaction'), saveRow: () => undefined },
    listRows: (_: number, after: number) => (after < 2 ? [row] : []),
    saveRun: () => undefined,
  };
  const parts = {
    ...{ db, run: { runNo: 1, facts: { cursor: 0, from: 0, rows: 1, headerRow: 1 } } },
    ctx: { writer: { commitAll: (_: unknown, make: (add: () => void) => void) => make(() => undefined) } },
    freshness: { isFresh: () => true, isKept: () => false },
    ...{ assertWanted: () => undefined, onProgress: () => undefined },
  } as unknown as RunParts;
  await workOnRows(parts, () => ({ ...row, status: 'done' }));
  expect(called).toEqual([how]);
});
