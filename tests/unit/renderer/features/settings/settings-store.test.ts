import { expect, test } from 'vitest';
import { createSettingsStore } from '../../../../../renderer/features/settings/settings-store.ts';
import { createScriptedCore } from '../../scripted-core.ts';

function setUp() {
  const core = createScriptedCore();
  const preferred: unknown[] = [];
  const store = createSettingsStore({ core: core.calls, onPreferred: (next) => preferred.push(next) });
  return { core, store, preferred };
}

test('a scanner is saved as edited, and the form then shows the till’s own values again', async () => {
  const { core, store } = setUp();
  store.getState().edit({ path: ' /dev/ttyACM0 ', profile: 'cr' });
  void store.getState().saveScanner();
  expect(core.last().input).toEqual({ path: '/dev/ttyACM0', profile: 'cr' });
  await core.last().answer({});
  expect(store.getState()).toMatchObject({ draft: null, saving: { status: 'saved' } });
});

test('a refused scanner keeps what was typed', async () => {
  const { core, store } = setUp();
  store.getState().edit({ path: 'COM3', profile: 'cr' });
  void store.getState().saveScanner();
  await core.last().refuse('not_allowed');
  expect(store.getState()).toMatchObject({ draft: { path: 'COM3' }, saving: { status: 'failed' } });
});

test('a preference shows as the core has saved it and leaves a half-edited scanner alone', async () => {
  const { core, store, preferred } = setUp();
  store.getState().edit({ path: 'COM3', profile: 'cr' });
  void store.getState().prefer({ language: 'zh' });
  const saved = { language: 'zh', theme: 'system', isSoundOn: true };
  await core.last().answer(saved);
  expect(preferred).toEqual([saved]);
  expect(store.getState().draft).toEqual({ path: 'COM3', profile: 'cr' });
});
