import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createListeners } from '../../../drivers/listeners.ts';
import { Slot } from '../../../drivers/slot.ts';
import { createReplay, type ReplayDevice } from '../../../drivers/transports/replay.ts';
import type { SlotState, Transport } from '../../../drivers/types.ts';

const line = { baudRate: 9600, dataBits: 8, parity: 'none', stopBits: 1 } as const;

let slot: Slot;
let device: ReplayDevice;
let attemptedAtMs: number[];
let seen: SlotState[];

beforeEach(() => {
  vi.useFakeTimers();
  const replay = createReplay();
  device = replay.device;
  attemptedAtMs = [];
  seen = [];
  const startedAtMs = Date.now();
  const transport: Transport = {
    ...replay.transport,
    isPresent(path) {
      attemptedAtMs.push(Date.now() - startedAtMs);
      return replay.transport.isPresent(path);
    },
  };
  slot = new Slot({
    transport,
    address: { path: 'replay', line },
    onChunk: () => undefined,
    onGone: () => undefined,
  });
  slot.onState(({ state }) => seen.push(state));
});
afterEach(async () => {
  await slot.close();
  vi.useRealTimers();
});

test('attempts come after 0.25, 0.5, 1, 2, 5 and then every 5 s, without a word in between', async () => {
  device.unplug();
  await slot.open();
  await vi.advanceTimersByTimeAsync(14_000);
  expect([attemptedAtMs, seen]).toEqual([[0, 250, 750, 1750, 3750, 8750, 13_750], ['absent']]);
});

test('a hint brings the attempt forward, many hints bring one attempt', async () => {
  device.unplug();
  await slot.open();
  await vi.advanceTimersByTimeAsync(4000);
  attemptedAtMs.length = 0;
  for (let count = 0; count < 20; count += 1) {
    device.plug();
    await vi.advanceTimersByTimeAsync(10);
  }
  expect([attemptedAtMs, slot.status().state]).toEqual([[4050], 'ready']);
});

test('after a hint the pauses are short again: what has just come may not let us in yet', async () => {
  device.unplug();
  await slot.open();
  await vi.advanceTimersByTimeAsync(9000);
  attemptedAtMs.length = 0;
  device.refuse('denied');
  device.plug();
  await vi.advanceTimersByTimeAsync(100);
  device.refuse(null);
  await vi.advanceTimersByTimeAsync(1000);
  expect([attemptedAtMs, slot.status().state]).toEqual([[9050, 9300], 'ready']);
});

test('each unplug starts with short pauses again', async () => {
  await slot.open();
  for (let round = 0; round < 3; round += 1) {
    device.unplug();
    await vi.advanceTimersByTimeAsync(0);
    device.plug();
    await vi.advanceTimersByTimeAsync(50);
  }
  expect(seen).toEqual(['opening', 'ready', ...Array(3).fill(['gone', 'opening', 'ready']).flat()]);
});

test.each([
  ['busy', 'busy'],
  ['denied', 'denied'],
  ['not-a-port', 'absent'],
  ['failed', 'absent'],
] as const)('%s is shown as %s, once, and is tried again', async (code, state) => {
  device.refuse(code);
  await slot.open();
  await vi.advanceTimersByTimeAsync(10_000);
  expect([seen, slot.status().error?.code]).toEqual([['opening', state], code]);
  device.refuse(null);
  await vi.advanceTimersByTimeAsync(5000);
  expect(slot.status()).toEqual({ state: 'ready', error: null });
});

test('close during an attempt closes what that attempt opened', async () => {
  const opening = slot.open();
  await slot.close();
  await opening;
  expect([seen, device.feed(new Uint8Array(1))]).toEqual([[], false]);
});

test('a listener that throws does not keep the value from the next, and is not silenced', async () => {
  const surfaced = new Promise((resolve) =>
    vi.stubGlobal('queueMicrotask', (run: () => void) => {
      try {
        run();
      } catch (cause) {
        resolve(cause);
      }
    }),
  );
  const listeners = createListeners<number>();
  const heard: number[] = [];
  listeners.add(() => {
    throw new Error('first');
  });
  listeners.add((value) => heard.push(value));
  listeners.emit(7);
  vi.unstubAllGlobals();
  expect([heard, await surfaced]).toEqual([[7], new Error('first')]);
});

test('a lost session that never closes keeps the device waiting two seconds, not for ever', async () => {
  const replay = createReplay();
  const stuck: Transport = {
    ...replay.transport,
    open: async (address, sink) => ({
      ...(await replay.transport.open(address, sink)),
      close: () => new Promise(() => undefined),
    }),
  };
  const other = new Slot({
    transport: stuck,
    address: { path: 'replay', line },
    onChunk: () => undefined,
    onGone: () => undefined,
  });
  await other.open();
  replay.device.unplug();
  await vi.advanceTimersByTimeAsync(0);
  replay.device.plug();
  await vi.advanceTimersByTimeAsync(3000);
  expect(other.status().state).toBe('ready');
  const closing = other.close();
  await vi.advanceTimersByTimeAsync(2000);
  await expect(closing).resolves.toBeUndefined();
});
