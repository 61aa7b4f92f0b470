import { expect, test } from 'vitest';
import {
  conditionOf,
  nameOf,
  sortDevices,
  troubledIdOf,
  troubleOf,
} from '../../../../../renderer/features/scanners/condition.ts';
import { makeDevice } from './made-devices.ts';

const viewOf = (...devices: ReturnType<typeof makeDevice>[]) => ({ devices, hasHid: true, hidMessage: '' });
const free = { isAssigned: false, state: 'off' } as const;

test.each([
  [makeDevice(), 'ready'],
  [makeDevice({ state: 'gone', problem: 'gone' }), 'gone'],
  [makeDevice({ state: 'absent', problem: 'failed' }), 'failed'],
  [makeDevice({ state: 'denied', problem: 'denied' }), 'denied'],
  [makeDevice({ ...free, reason: 'tie' }), 'tie'],
  [makeDevice({ ...free, reason: 'tie', isIdentifying: true }), 'identifying'],
  [makeDevice({ ...free, kind: 'keyboard-mode', reason: 'keyboard-mode' }), 'keyboard-mode'],
] as const)('each device stands in one word (%#)', (device, condition) => {
  expect(conditionOf(device)).toBe(condition);
});

test('the worst trouble of this till’s scanners is told; what nobody uses is none, nor is a scanner that types', () => {
  expect(troubleOf(null)).toBeNull();
  const typing = makeDevice({ ...free, reason: 'keyboard-mode' });
  expect(troubleOf(viewOf(makeDevice(), typing, makeDevice({ ...free, reason: 'not-chosen' })))).toBeNull();
  const gone = makeDevice({ state: 'gone' });
  expect(troubleOf(viewOf(gone, makeDevice({ state: 'denied' })))).toBe('denied');
});

test('the scanners of this till stand first', () => {
  const [other, own] = [makeDevice({ ...free, deviceId: 'other' }), makeDevice({ deviceId: 'own' })];
  expect(sortDevices(viewOf(other, own)).map(({ deviceId }) => deviceId)).toEqual(['own', 'other']);
});

test('a maker that is in the name already is not said twice', () => {
  expect(nameOf(makeDevice())).toBe('Zebra DS2208');
  expect(nameOf(makeDevice({ model: 'zebra DS2208' }))).toBe('zebra DS2208');
  expect(nameOf(makeDevice({ maker: '', model: '' }))).toBe('');
});

test('the chip leads to the device that it speaks of, and to none while all is well', () => {
  const [well, gone] = [makeDevice({ deviceId: 'well' }), makeDevice({ deviceId: 'gone', state: 'gone' })];
  const denied = makeDevice({ deviceId: 'denied', state: 'denied' });
  expect(troubledIdOf(viewOf(well, gone, denied))).toBe('denied');
  expect([troubledIdOf(viewOf(well)), troubledIdOf(null)]).toEqual([null, null]);
});
