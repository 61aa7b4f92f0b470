import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ImportRun } from '../../../../../electron/contract/imports.ts';
import { endTestTill, startTestTill, type TestTill } from '../../../../parts/till.ts';
import { csv, rehearse, sendFile, settled, start, undo } from './files.ts';

let till: TestTill;
beforeEach(async () => {
  till = await startTestTill();
  await till.signIn('manager');
});
afterEach(() => endTestTill(till));

const ROWS = 6_000;
const file = (): string =>
  csv(
    ['full_name', 'mobile_number', 'notes'],
    ...Array.from({ length: ROWS }, (_, at) => [`P ${at}`, String(92_000_000 + at), 'by the file']),
  );
const ownOps = async (): Promise<number> => (await till.client['till.verify']({})).ownOps;
/** Stopped as soon as the run says how far it is; with that beside it. */
async function stopMidway({ runId }: ImportRun): Promise<ImportRun & { wasAt: number | null }> {
  await till.client['imports.start']({ runId });
  for (;;) {
    const { state, counts, progress } = await till.client['imports.get']({ runId });
    if (progress !== null || state !== 'running') {
      const stopped = await till.client['imports.cancel']({ runId });
      return { ...stopped, wasAt: progress === null ? null : Math.round(progress * ROWS - counts.done) };
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('a check that is cancelled in its midst ends at once and has changed nothing', async () => {
  const { runId, columns } = await sendFile(till.client, Buffer.from(file()));
  await till.client['imports.check']({
    ...{ runId, mode: 'create-and-update', columns: columns.map(({ to }) => to) },
    ...{ pointsCardTypeId: null, creditCardTypeId: null },
  });
  expect((await till.client['imports.cancel']({ runId })).state).toBe('cancelled');
  expect(await ownOps()).toBe(0);
});

test('a run that is stopped keeps what it saved, says how far it is, goes on, and can be undone whole', async () => {
  const stopped = await stopMidway(await rehearse(till.client, file()));
  // Of the rows that it had done by then; the headers are a row, too.
  expect(Math.abs(stopped.wasAt ?? ROWS)).toBeLessThanOrEqual(1);
  expect(stopped.state).toBe('stopped');
  expect(stopped.counts.done).toBeGreaterThan(0);
  expect(stopped.counts.done).toBeLessThan(ROWS);
  // What it says is done is done, and nothing else.
  expect(await ownOps()).toBe(stopped.counts.done);
  expect(stopped.isUndoable).toBe(true);
  const whole = await start(till.client, stopped);
  expect(whole).toMatchObject({ state: 'done', counts: { done: ROWS, invalid: 0 } });
  expect(await ownOps()).toBe(ROWS);
  expect(await undo(till.client, whole)).toMatchObject({ state: 'undone', counts: { kept: 0 } });
});

test('half a run can be undone, too: nobody whom it made is left', async () => {
  const { runId, state } = await stopMidway(await rehearse(till.client, file()));
  expect(state).toBe('stopped');
  expect((await till.client['members.lookup']({ text: '92000000' })).members).toHaveLength(1);
  await till.client['imports.undo']({ runId });
  expect(await settled(till.client, runId)).toMatchObject({ state: 'undone', counts: { kept: 0 } });
  expect((await till.client['members.lookup']({ text: '92000000' })).members).toEqual([]);
});
