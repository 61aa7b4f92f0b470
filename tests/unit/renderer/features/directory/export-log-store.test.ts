import { beforeEach, expect, test } from 'vitest';
import {
  createExportLogStore,
  type ExportLogStore,
} from '../../../../../renderer/features/directory/export-log-store.ts';
import { createScriptedCore } from '../../scripted-core.ts';

const LOG = { exports: [], line: 'up' };
let core: ReturnType<typeof createScriptedCore>;
let store: ExportLogStore;
beforeEach(() => {
  core = createScriptedCore();
  store = createExportLogStore(core.calls);
});

test('of several readings only the one begun last counts', async () => {
  void store.getState().read();
  const slow = core.last('exports.list');
  void store.getState().read();
  await core.last('exports.list').answer(LOG);
  await slow.refuse('disk_failed');
  expect(store.getState()).toMatchObject({ log: LOG, failure: null });
});

test('who comes next sees nothing of it, also when it was just being read', async () => {
  void store.getState().read();
  await core.last('exports.list').answer(LOG);
  void store.getState().read();
  store.getState().forget();
  expect(store.getState().log).toBeNull();
  await core.last('exports.list').answer(LOG);
  expect(store.getState()).toMatchObject({ log: null, failure: null });
});
