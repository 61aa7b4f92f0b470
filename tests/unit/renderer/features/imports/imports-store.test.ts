import { expect, test } from 'vitest';
import type { ImportRun } from '../../../../../electron/contract/imports.ts';
import { createImportsStore } from '../../../../../renderer/features/imports/imports-store.ts';
import { createScriptedCore } from '../../scripted-core.ts';

const runOf = (runId: string, state = 'done'): ImportRun =>
  ({
    ...{ runId, state, mode: 'create-and-update', columns: [], pointsCardTypeId: null },
    ...{ creditCardTypeId: null, counts: { rows: 3 } },
  }) as unknown as ImportRun;
const rowOf = (rowNo: number) => ({ rowNo });

function openStore() {
  const core = createScriptedCore();
  const store = createImportsStore(core.calls, () => 'new');
  const { last } = core;
  return { last, now: () => store.getState() };
}

test('a run that was asked for earlier does not take the place of the one that was opened since', async () => {
  const { now, last } = openStore();
  void now().show('one');
  const early = last('imports.get');
  void now().show('two');
  await last('imports.get').answer(runOf('two'));
  await early.answer(runOf('one'));
  expect(now().run?.runId).toBe('two');
});

test('who left a run is not brought back to it by a late answer', async () => {
  const { now, last } = openStore();
  void now().show('one');
  await last('imports.get').answer(runOf('one', 'checked'));
  void now().act('imports.start');
  now().leave();
  await last('imports.start').answer(runOf('one', 'running'));
  expect(now().run).toBeNull();
});

test('a file that was still on its way when somebody went to another run stays in the history', async () => {
  const { now, last } = openStore();
  const bytes = new Uint8Array(1);
  const slice = () => ({ arrayBuffer: () => Promise.resolve(bytes.buffer) });
  void now().choose({ name: 'a.csv', size: 1, slice });
  const begun = last('imports.begin');
  void now().show('two');
  await last('imports.get').answer(runOf('two'));
  await begun.answer(runOf('new', 'refused'));
  expect([now().run?.runId, now().sent]).toEqual(['two', null]);
});

test('rows that were asked for earlier are not put over later ones, nor twice behind them', async () => {
  const { now, last } = openStore();
  void now().show('one');
  await last('imports.get').answer(runOf('one'));
  const early = last('imports.listRows');
  now().hear(runOf('one'));
  void now().filter(null);
  await last('imports.listRows').answer([rowOf(2), rowOf(3)]);
  await early.answer([rowOf(9)]);
  expect(now().rows.map(({ rowNo }) => rowNo)).toEqual([2, 3]);
  void now().more();
  const first = last('imports.listRows');
  void now().more();
  await first.answer([rowOf(4)]);
  await last('imports.listRows').answer([rowOf(4)]);
  expect(now().rows.map(({ rowNo }) => rowNo)).toEqual([2, 3, 4]);
});

test('a history that was read earlier does not undo a later one', async () => {
  const { now, last } = openStore();
  void now().open();
  const early = last('imports.history');
  void now().open();
  await last('imports.history').answer([runOf('two')]);
  await early.answer([]);
  expect(now().history.map(({ runId }) => runId)).toEqual(['two']);
});

test('what failed on a run that was left is not shown on the next one', async () => {
  const { now, last } = openStore();
  void now().show('one');
  const early = last('imports.get');
  void now().show('two');
  await last('imports.get').answer(runOf('two'));
  await early.refuse('not_found');
  expect(now().failure).toBeNull();
});

test('imports before the newest fifty are asked for by the oldest that is shown, and stay when the newest are read anew', async () => {
  const { now, last } = openStore();
  const runs = (from: number, count: number) =>
    Array.from({ length: count }, (_, at) => ({ ...runOf(`r${from - at}`), runNo: from - at }));
  void now().open();
  await last('imports.history').answer(runs(120, 50));
  await last('imports.listColumns').answer([{ name: 'full_name', label: 'full_name' }]);
  expect([now().history.length, now().hasOlder]).toEqual([50, true]);
  void now().older();
  expect(last('imports.history').input).toEqual({ beforeNo: 71 });
  await last('imports.history').answer(runs(70, 50));
  void now().older();
  await last('imports.history').answer(runs(20, 20));
  expect([now().history.length, now().history.at(-1)?.runNo, now().hasOlder]).toEqual([120, 1, false]);
  now().hear({ ...runOf('r121'), runNo: 121 });
  await last('imports.history').answer(runs(121, 50));
  expect(now().history.map(({ runNo }) => runNo)).toEqual(runs(121, 121).map(({ runNo }) => runNo));
  expect(now().hasOlder).toBe(false);
});
