import { pino } from 'pino';
import { expect, test } from 'vitest';
import { DeviceSlot } from '../../../../../electron/core/devices/device-slot.ts';
import { createEars } from '../../../../../electron/core/devices/ears.ts';
import { createTokenBucket } from '../../../../../electron/core/devices/token-bucket.ts';
import { createHidTransport } from '../../../../../drivers/transports/hid.ts';
import type { ScanLoss } from '../../../../../drivers/types.ts';
import { createFakeHid } from '../../../../parts/fake-hid.ts';
import { createFakePorts } from '../../../../parts/fake-ports.ts';

const LOSS: ScanLoss = { why: 'check-digit', byteCount: 13, hint: null, device: 'serial' };

/** A slot that nobody opens: only what is said about it counts here. */
function makeSlot(slotId: string): DeviceSlot {
  const match = { transport: 'serial', vendorId: null, productId: null, serialNumber: '' } as const;
  return new DeviceSlot(
    {
      ...{ slotId, deviceId: slotId, kind: 'serial', profile: 'cr', line: null, tone: 'none' },
      ...{ maker: '', model: '', match: { ...match, usage: null, socket: '', path: slotId } },
    },
    {
      transports: { serial: createFakePorts().transport, hid: createHidTransport(createFakeHid().binding) },
      rules: () => ({ ownPrefixes: [] }),
      clock: { nowMs: () => 0, monotonicMs: () => 0 },
      placeOf: () => ({ find: async () => null, watch: () => () => undefined }),
      onScan: () => undefined,
      onLoss: () => undefined,
      onChanged: () => undefined,
    },
  );
}

function setUp() {
  const lines: { unloggedCount: number }[] = [];
  const told: string[] = [];
  let atMs = 1_000_000;
  const ears = createEars({
    scans: { take: () => 'good', takeLoss: (source) => told.push(source) },
    log: pino({ base: null }, { write: (line) => lines.push(JSON.parse(line) as { unloggedCount: number }) }),
    clock: { monotonicMs: () => atMs },
  });
  const pass = (ms: number): void => {
    atMs += ms;
  };
  return { ears, lines, told, pass };
}

test('a flood of 10,000 bad reports leaves a few lines in the log, and the next one says how many there were', () => {
  const { ears, lines, told, pass } = setUp();
  const slot = makeSlot('noisy');
  for (let count = 0; count < 10_000; count += 1) {
    ears.hearLoss(slot, LOSS);
    pass(1);
  }
  expect([lines.length, told.length]).toEqual([5, 3 + Math.floor(9999 / 300)]);
  pass(60_000);
  ears.hearLoss(slot, LOSS);
  expect(lines.map(({ unloggedCount }) => unloggedCount)).toEqual([0, 0, 0, 0, 0, 9995]);
});

test('what one slot floods keeps no line and no tone of another', () => {
  const { ears, lines, told } = setUp();
  const noisy = makeSlot('noisy');
  for (let count = 0; count < 50; count += 1) ears.hearLoss(noisy, LOSS);
  const before = [lines.length, told.length];
  ears.hearLoss(makeSlot('calm'), LOSS);
  expect([lines.length, told.length]).toEqual(before.map((count) => count + 1));
});

test('a bad read each second is told each time', () => {
  const { ears, told, pass } = setUp();
  const slot = makeSlot('tired');
  for (let count = 0; count < 40; count += 1) {
    ears.hearLoss(slot, LOSS);
    pass(1000);
  }
  expect(told.length).toBe(40);
});

test('a bucket refills one by one up to its size, and never by a clock that stands', () => {
  const bucket = createTokenBucket({ size: 2, refillMs: 100 });
  const taken = [0, 0, 0, 99, 100, 150, 1000, 1000, 1000].map((atMs) => bucket.take(atMs));
  expect(taken).toEqual([0, 0, null, null, 2, null, 1, 0, null]);
});
