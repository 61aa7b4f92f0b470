import { expect, test } from 'vitest';
import { createDevicesStore } from '../../../../../renderer/features/scanners/devices-store.ts';
import { createScriptedCore } from '../../scripted-core.ts';
import { makeDevice, makeRules } from './made-devices.ts';

const viewOf = (...devices: ReturnType<typeof makeDevice>[]) => ({ devices, hasHid: true, hidMessage: '' });

function setUp() {
  const core = createScriptedCore();
  return { core, store: createDevicesStore(core.calls) };
}

test('what the core tells meanwhile is newer than the answer to an earlier question', async () => {
  const { core, store } = setUp();
  void store.getState().refresh('all');
  const asked = core.last('devices.list');
  const gone = viewOf(makeDevice({ state: 'gone' }));
  store.getState().hear(gone);
  await core.last('devices.getRules').answer(makeRules());
  await asked.answer(viewOf(makeDevice()));
  expect(store.getState()).toMatchObject({ view: gone, rules: makeRules() });
});

test('a device is taken, and what is refused is said and changes nothing', async () => {
  const { core, store } = setUp();
  const before = viewOf(makeDevice({ isAssigned: false, reason: 'not-chosen', state: 'off' }));
  store.getState().hear(before);
  void store.getState().assign({ deviceId: 'a' });
  void store.getState().assign({ deviceId: 'a' });
  expect(core.asked.length).toBe(1);
  await core.last().refuse('not_found');
  expect(store.getState()).toMatchObject({
    view: before,
    doing: { status: 'failed', failure: { code: 'not_found' } },
  });
  void store.getState().assign({ deviceId: 'a', profile: 'aim cr' });
  await core.last().answer(viewOf(makeDevice()));
  expect(store.getState()).toMatchObject({ view: viewOf(makeDevice()), doing: { status: 'idle' } });
});

test('a tone that could not be asked for is said', async () => {
  const { core, store } = setUp();
  void store.getState().sound('a', 'bad');
  expect(core.last().input).toEqual({ deviceId: 'a', tone: 'bad' });
  await core.last().answer({ isAsked: false });
  expect(store.getState().doing).toEqual({ status: 'sounded', isAsked: false });
});

test('the setting of a scanner that types changes nothing else of the rules', async () => {
  const { core, store } = setUp();
  store.getState().hearRules(makeRules({ walletPrefixes: ['TW1.'] }));
  const wedge = { prefix: { code: 'F13', hasCtrl: false }, layout: 'us', identifiers: 'aim' } as const;
  void store.getState().saveWedge(wedge);
  expect(core.last().input).toEqual({ walletPrefixes: ['TW1.'], tenantRules: [], wedge });
});

test('leaving the screen leaves nothing of it open, and the devices known', async () => {
  const { core, store } = setUp();
  store.getState().hear(viewOf(makeDevice()));
  store.getState().choose('a');
  void store.getState().diagnose();
  await core.last().answer({ version: 1 });
  expect(store.getState().diagnosis).toContain('"version": 1');
  store.getState().leave();
  expect(store.getState()).toMatchObject({ chosenId: null, diagnosis: null, view: viewOf(makeDevice()) });
});

test('the same rules read again stay the same object, so that no scan under way is cut in two', () => {
  const { store } = setUp();
  const rules = makeRules();
  store.getState().hearRules(rules);
  store.getState().hearRules(makeRules());
  expect(store.getState().rules).toBe(rules);
  store.getState().hearRules(makeRules({ walletPrefixes: ['TW1.'] }));
  expect(store.getState().rules).toMatchObject({ walletPrefixes: ['TW1.'] });
});
