import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchPlugs } from '../../../../../electron/core/devices/plug-watch.ts';
import type { Transport } from '../../../../../drivers/types.ts';

let plug: () => void;
let isMissing: boolean;
let lookedAtS: number[];
let stop: () => void;
let startedAtMs: number;

function watch(isTold: boolean): void {
  const transport: Pick<Transport, 'watch'> = {
    watch: (_path, hint) => {
      plug = hint;
      return () => undefined;
    },
  };
  startedAtMs = Date.now();
  stop = watchPlugs({
    // Cast: it is only watched.
    transports: [transport as Transport],
    isMissing: () => isMissing,
    look: async () => lookedAtS.push(Math.round((Date.now() - startedAtMs) / 1000)),
    hint: () => undefined,
    isTold,
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  isMissing = true;
  lookedAtS = [];
});
afterEach(() => {
  stop();
  vi.useRealTimers();
});

test('a missing device is looked for each second at first, then ever more rarely: a look slows the whole bus', async () => {
  watch(true);
  await vi.advanceTimersByTimeAsync(180_000);
  const first = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  expect(lookedAtS).toEqual([...first, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 90, 120, 150, 180]);
});

test('where the system tells of no plug it is looked for each five seconds for ever', async () => {
  watch(false);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(lookedAtS.slice(-3)).toEqual([590, 595, 600]);
});

test('a plug is looked at at once, and what it brings is looked for often again', async () => {
  watch(true);
  await vi.advanceTimersByTimeAsync(100_000);
  lookedAtS = [];
  plug();
  await vi.advanceTimersByTimeAsync(3000);
  expect(lookedAtS).toEqual([100, 101, 102, 103]);
});

test('with all of them there nobody looks where the system tells', async () => {
  isMissing = false;
  watch(true);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(lookedAtS).toEqual([]);
});
