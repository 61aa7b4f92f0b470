import { describe, expect, test } from 'vitest';
import { matchDevices, matchOf, scoreMatch, type DeviceMatch } from '../../../drivers/match.ts';
import type { SeenDevice } from '../../../drivers/types.ts';

const USAGE = { page: 0x8c, usage: 2 };
const seen = (facts: Partial<SeenDevice>): SeenDevice => ({
  ...{ transport: 'hid', path: '/dev/hidraw0', vendorId: 1, productId: 2, serialNumber: 'A' },
  ...{ maker: '', model: '', usages: [USAGE], socket: 'usb1-1' },
  ...facts,
});
const match = (facts: Partial<DeviceMatch> = {}): DeviceMatch => ({ ...matchOf(seen({}), USAGE), ...facts });

describe('score', () => {
  test.each([
    [{}, 135],
    [{ socket: 'usb1-2' }, 130],
    [{ path: '/dev/hidraw7' }, 135],
    [{ serialNumber: '' }, 35],
    [{ serialNumber: 'B' }, 0],
    [{ productId: 3 }, 0],
    [{ usages: [{ page: 1, usage: 6 }] }, 0],
    [{ transport: 'serial' as const }, 0],
  ])('the slot’s own device, but %j', (facts, score) => {
    expect(scoreMatch(match(), seen(facts))).toBe(score);
  });

  test('without serial numbers the model counts', () => {
    expect(scoreMatch(match({ serialNumber: '' }), seen({ serialNumber: '' }))).toBe(35);
  });

  test('a path by hand counts until its device is known, and then least', () => {
    const port = seen({ transport: 'serial', path: '/dev/ttyACM0', usages: [] });
    const byHand = match({ transport: 'serial', usage: null, path: '/dev/ttyACM0' });
    expect([
      scoreMatch({ ...byHand, vendorId: null }, port),
      scoreMatch(byHand, port),
      scoreMatch(byHand, { ...port, serialNumber: 'B' }),
      scoreMatch(byHand, { ...port, path: '/dev/ttyACM1' }),
    ]).toEqual([60, 185, 15, 125]);
  });
});

test('a pin tells a device from its like, and takes nothing else that is there', () => {
  const pinned = match({ serialNumber: '', pin: '/dev/hidraw0' });
  const twin = seen({ serialNumber: '', path: '/dev/hidraw1' });
  expect([
    scoreMatch(pinned, seen({ serialNumber: '' })) > scoreMatch(pinned, twin),
    scoreMatch(pinned, seen({ productId: 3 })),
  ]).toEqual([true, 0]);
});

describe('matching', () => {
  const one = seen({ serialNumber: '', socket: 'a', path: 'p1' });
  const two = seen({ serialNumber: '', socket: 'b', path: 'p2' });
  const any = match({ serialNumber: '', socket: '' });

  test('the surest pair goes first, and one device has one slot', () => {
    const slots = [
      { slotId: 'any', match: any },
      { slotId: 'a', match: match({ serialNumber: '', socket: 'a' }) },
    ];
    const { bySlot, ties } = matchDevices(slots, [one, two]);
    expect([[...bySlot], ties]).toEqual([
      [
        ['a', one],
        ['any', two],
      ],
      [],
    ]);
  });

  test('more devices than slots that fit equally well are a tie, and nobody gets one', () => {
    const { bySlot, ties } = matchDevices([{ slotId: 'any', match: any }], [one, two]);
    expect([[...bySlot], ties]).toEqual([[], [{ slotIds: ['any'], devices: [one, two] }]]);
  });

  test('slots that fit equally well take theirs in order', () => {
    const slots = [
      { slotId: 'x', match: any },
      { slotId: 'y', match: any },
    ];
    expect([...matchDevices(slots, [two]).bySlot]).toEqual([['x', two]]);
    expect([...matchDevices(slots, [one, two]).bySlot]).toEqual([
      ['x', one],
      ['y', two],
    ]);
  });
});
