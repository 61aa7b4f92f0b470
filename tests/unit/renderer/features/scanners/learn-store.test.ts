import { expect, test } from 'vitest';
import type { Learned } from '../../../../../electron/contract/devices.ts';
import { KNOWN_KEYS, KNOWN_TEXT } from '../../../../../renderer/lib/known-code.ts';
import { createLearnStore } from '../../../../../renderer/features/scanners/learn-store.ts';
import { createScriptedCore } from '../../scripted-core.ts';
import { pressed, typed } from './keys.ts';

/** A store, the tones it made, and a silence that the test lets pass. */
function setUp() {
  const core = createScriptedCore();
  const tones: boolean[] = [];
  let waiting: (() => void) | undefined;
  const store = createLearnStore({
    core: core.calls,
    onScan: (isGood) => tones.push(isGood),
    schedule: (act) => {
      waiting = act;
      return () => {
        waiting = undefined;
      };
    },
  });
  /** True when every key of the text was kept from the page. */
  const scan = (text: string): boolean => {
    const isTaken = typed(text).map((key) => store.getState().tap(key));
    waiting?.();
    return isTaken.every(Boolean);
  };
  return { core, store, tones, scan, now: () => store.getState().learning };
}

const learnedOf = (change: Partial<Learned>): Learned => ({
  deviceId: 'a',
  state: 'listening',
  goodCount: 0,
  line: null,
  found: null,
  ...change,
});

test('three scans of the code that is shown, and what they show stands there; no key reaches a field', () => {
  const { store, tones, scan, now } = setUp();
  store.getState().startKeys();
  expect([1, 2, 3].map(() => scan(`${KNOWN_KEYS}\r`))).toEqual([true, true, true]);
  expect(now()).toMatchObject({ found: { setting: { layout: 'os' }, warnings: [] } });
  expect(tones).toEqual([true, true, true]);
  expect(scan('later')).toBe(false);
});

test('another code is said to be wrong, counts for nothing and is kept nowhere', () => {
  const { store, tones, scan, now } = setUp();
  store.getState().startKeys();
  scan(`${KNOWN_KEYS}\r`);
  scan('4111111111111111\r');
  expect(now()).toMatchObject({ problem: 'wrong', samples: [{ end: 'Enter' }] });
  expect(JSON.stringify(store.getState())).not.toContain('4111');
  expect(tones).toEqual([true, false]);
});

test('scans that differ from each other begin anew', () => {
  const { store, scan, now } = setUp();
  store.getState().startKeys();
  scan(`${KNOWN_KEYS}\r`);
  scan(KNOWN_KEYS);
  scan(`${KNOWN_KEYS}\r`);
  expect(now()).toEqual({ status: 'keys', samples: [], problem: 'differ', found: null });
});

test('a person’s way to a button is no scan: Tab, Enter and Esc pass, and a few keys are forgotten', () => {
  const { store, tones, scan, now } = setUp();
  store.getState().startKeys();
  for (const key of ['Tab', 'Enter', 'Escape'])
    expect(store.getState().tap(pressed({ code: key, key }))).toBe(false);
  expect(scan('abc')).toBe(true);
  expect([tones, now()]).toMatchObject([[], { samples: [], problem: null }]);
});

test('a device is learned by the core; only what it tells of this device counts', async () => {
  const { core, store, tones, now } = setUp();
  void store.getState().startDevice('a');
  expect(core.last().input).toEqual({ deviceId: 'a', text: KNOWN_TEXT });
  await core.last().answer({ isStarted: true });
  store.getState().hear(learnedOf({ state: 'heard', goodCount: 1 }));
  store.getState().hear(learnedOf({ deviceId: 'b', state: 'failed' }));
  expect(now()).toMatchObject({ status: 'device', learned: { goodCount: 1 } });
  store.getState().hear(learnedOf({ state: 'wrong', goodCount: 1 }));
  expect(tones).toEqual([true, false]);
  store.getState().stop();
  expect([core.last().method, now()]).toEqual(['devices.learn.stop', { status: 'off' }]);
});

test('one that can not be learned now says so, with the core’s reason where there is one', async () => {
  const { core, store, now } = setUp();
  void store.getState().startDevice('a');
  await core.last().answer({ isStarted: false });
  expect(now()).toEqual({ status: 'failed', deviceId: 'a', failure: null });
  void store.getState().startDevice('a');
  await core.last().refuse('core_restarted');
  expect(now()).toMatchObject({ status: 'failed', failure: { code: 'core_restarted' } });
});

test('with another core nobody waits for a lesson that it does not know of; keys are learned by the page alone', async () => {
  const { core, store, scan, now } = setUp();
  void store.getState().startDevice('a');
  await core.last().answer({ isStarted: true });
  store.getState().coreBegan();
  expect(now()).toEqual({ status: 'failed', deviceId: 'a', failure: null });
  store.getState().startKeys();
  scan(`${KNOWN_KEYS}\r`);
  store.getState().coreBegan();
  expect(now()).toMatchObject({ status: 'keys', samples: [{ end: 'Enter' }] });
});

test('the answer to an earlier start ends no later one', async () => {
  const { core, store, now } = setUp();
  void store.getState().startDevice('a');
  const first = core.last();
  void store.getState().startDevice('a');
  await first.answer({ isStarted: false });
  expect(now()).toEqual({ status: 'device', deviceId: 'a', learned: null });
  store.getState().stop();
  await core.asked.findLast(({ method }) => method === 'devices.learn.start')?.refuse('core_restarted');
  expect(now()).toEqual({ status: 'off' });
});

test('a burst without an end is no scan, and no more of it is kept than a scan could be', () => {
  const { store, scan, now } = setUp();
  store.getState().startKeys();
  expect(scan(`${'x'.repeat(100_000)}${KNOWN_KEYS}\r`)).toBe(true);
  expect(now()).toMatchObject({ problem: 'wrong', samples: [] });
});
