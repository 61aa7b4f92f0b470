import { pino } from 'pino';
import { beforeEach, expect, test } from 'vitest';
import { createClockGuard, type ClockGuard } from '../../../../electron/core/clock-guard.ts';
import type { TrustedClock } from '../../../../electron/core/till-settings.ts';
import { toHlc } from '../../../../sync/base/clock.ts';

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 10, 22, 9);

/** A PC and a centre: real time goes on for both, the PC's wall clock can be set. */
let realMs: number;
let wallOffsetMs: number;
let kept: TrustedClock | null;
let writes: number;
let warned: unknown[];

beforeEach(() => {
  [realMs, wallOffsetMs, kept, writes, warned] = [START_MS, 0, null, 0, []];
});

const log = pino({ level: 'warn' }, { write: (line: string) => void warned.push(JSON.parse(line)) });
const start = (): ClockGuard =>
  createClockGuard({
    clock: { nowMs: () => realMs + wallOffsetMs, monotonicMs: () => realMs - START_MS + 500_000 },
    settings: {
      trustedClock: () => kept,
      setTrustedClock: (next) => {
        kept = next;
        writes += 1;
      },
    },
    log,
  });
/** One exchange that takes `tripMs`; the centre looks at its clock half way, give or take `skewMs`. */
const meet = (guard: ClockGuard, { hiTseq = 0, tripMs = 80, skewMs = 0 } = {}): void => {
  const sentMs = guard.monotonicMs();
  realMs += tripMs;
  const serverTimeMs = realMs - tripMs / 2 + skewMs;
  guard.hear({ serverTimeMs, sentMs, gotMs: guard.monotonicMs(), hiTseq });
};
const isRight = (guard: ClockGuard, offMs = 100): boolean => Math.abs(guard.nowMs() - realMs) <= offMs;

test('a till that never met the centre has only the PC’s clock', () => {
  wallOffsetMs = 3 * DAY_MS;
  const guard = start();
  expect(guard.nowMs()).toBe(realMs + 3 * DAY_MS);
  expect([guard.aheadMs(), guard.isProvenAhead({ tseq: 1, hlc: toHlc(realMs + 400 * DAY_MS) })]).toEqual([
    0,
    false,
  ]);
});

test.each([
  3 * DAY_MS,
  -3 * DAY_MS,
  400 * DAY_MS,
  Date.UTC(1970, 0, 2) - START_MS,
  Date.UTC(2038, 0, 20) - START_MS,
])('a PC clock that is off by %i ms: the centre’s time counts from the first answer on', (offMs) => {
  wallOffsetMs = offMs;
  const guard = start();
  meet(guard);
  expect(isRight(guard)).toBe(true);
  expect(guard.wallMs()).toBe(realMs + offMs);
  expect(Math.abs(guard.aheadMs() - offMs)).toBeLessThan(100);
});

test('what can not be taken back goes by no time that the centre has not vouched for', () => {
  wallOffsetMs = 400 * DAY_MS;
  const alone = start();
  expect([alone.sureMs(), alone.nowMs()]).toEqual([null, realMs + 400 * DAY_MS]);
  wallOffsetMs = 0;
  meet(start());
  const toldMs = realMs;
  realMs += 3_600_000;
  // Off for an hour, and set wrong meanwhile: the till has only the PC to go by, and the last word is sure.
  wallOffsetMs = 400 * DAY_MS;
  const guard = start();
  const near = (atMs: number | null, wantedMs: number) => Math.abs((atMs ?? 0) - wantedMs) < 100;
  expect([near(guard.sureMs(), toldMs), guard.nowMs() > realMs + 300 * DAY_MS]).toEqual([true, true]);
  realMs += DAY_MS;
  expect(near(guard.sureMs(), toldMs + DAY_MS)).toBe(true);
  meet(guard);
  expect(near(guard.sureMs(), realMs)).toBe(true);
  // Behind: never ahead of the clock itself either.
  wallOffsetMs = -DAY_MS;
  const behind = start();
  expect(behind.sureMs()).toBeLessThanOrEqual(behind.nowMs());
});

test('a PC clock that is set while the till runs changes nothing, and is noted without a name', () => {
  const guard = start();
  meet(guard);
  for (const offMs of [400 * DAY_MS, -DAY_MS, 3 * DAY_MS, 0]) {
    wallOffsetMs = offMs;
    realMs += 1_000;
    expect(isRight(guard)).toBe(true);
    expect(Math.abs(guard.aheadMs() - offMs)).toBeLessThan(100);
  }
  expect(warned).toHaveLength(4);
  expect(warned[0]).toMatchObject({ byMs: 400 * DAY_MS, msg: 'the clock of this PC jumped' });
});

test('small steps of the PC clock, as time services make them, are nobody’s business', () => {
  const guard = start();
  meet(guard);
  for (let step = 0; step < 4; step += 1) {
    wallOffsetMs += 60_000;
    expect(guard.aheadMs()).toBe(0);
  }
  expect([warned, isRight(guard)]).toEqual([[], true]);
});

test('one slow answer among nine moves nothing: the median counts', () => {
  const guard = start();
  for (let at = 0; at < 8; at += 1) meet(guard, { skewMs: at % 2 === 0 ? 15 : -15 });
  meet(guard, { tripMs: 1_900, skewMs: 900 });
  expect(isRight(guard, 20)).toBe(true);
});

test('a break is taken at once, not after five more answers: the machine slept or the centre’s clock was set', () => {
  const guard = start();
  for (let at = 0; at < 9; at += 1) meet(guard);
  meet(guard, { skewMs: 60_000 });
  expect(Math.abs(guard.nowMs() - realMs - 60_000)).toBeLessThan(100);
});

test('a centre whose own clock is not set teaches nothing', () => {
  const guard = start();
  guard.hear({ serverTimeMs: 0, sentMs: 1, gotMs: 2, hiTseq: 0 });
  expect([guard.nowMs(), kept]).toEqual([realMs, null]);
});

test('the last trusted time never goes back: neither by the centre nor by a restart with a PC clock set back', () => {
  const guard = start();
  meet(guard);
  const before = guard.nowMs();
  meet(guard, { skewMs: -60 * 60_000 });
  expect(guard.nowMs()).toBeGreaterThanOrEqual(before - 100);
  realMs += 60_000;
  meet(guard);
  const lastToldMs = realMs - 40;
  wallOffsetMs = -3 * DAY_MS;
  realMs += 10 * 60_000;
  const again = start();
  expect(again.nowMs()).toBeGreaterThanOrEqual(lastToldMs);
  expect(again.nowMs()).toBeLessThanOrEqual(realMs);
  expect(again.aheadMs()).toBeLessThan(-2 * DAY_MS);
});

test('after a restart without a line the PC clock counts, corrected as it was last known', () => {
  wallOffsetMs = -3 * DAY_MS;
  const first = start();
  meet(first);
  realMs += 12 * 3_600_000;
  const next = start();
  expect(isRight(next)).toBe(true);
  wallOffsetMs = 5 * DAY_MS;
  expect(isRight(next)).toBe(true);
  meet(next);
  expect(isRight(next)).toBe(true);
  expect(warned.map((line) => (line as { byMs: number }).byMs)).toEqual([8 * DAY_MS, expect.any(Number)]);
});

test('the file is written to at most once a minute while nothing changes', () => {
  const guard = start();
  for (let at = 0; at < 60; at += 1) {
    realMs += 5_000;
    meet(guard);
  }
  expect(writes).toBeLessThanOrEqual(7);
});

test('an op is proven ahead only where the centre had it before a time that it claims to be after', () => {
  const guard = start();
  meet(guard, { hiTseq: 4 });
  const ahead = toHlc(realMs + DAY_MS);
  expect(guard.isProvenAhead({ tseq: 4, hlc: ahead })).toBe(true);
  expect(guard.isProvenAhead({ tseq: 5, hlc: ahead })).toBe(false);
  expect(guard.isProvenAhead({ tseq: 4, hlc: toHlc(realMs + 60_000) })).toBe(false);
  expect(start().isProvenAhead({ tseq: 4, hlc: ahead })).toBe(true);
});

test('one wrong time of the centre counts no more once nine later answers agree that it was ahead', () => {
  const guard = start();
  meet(guard, { hiTseq: 4 });
  const op = { tseq: 4, hlc: toHlc(realMs + 10 * 365 * DAY_MS) };
  meet(guard, { skewMs: 10 * 365 * DAY_MS });
  for (let at = 0; at < 8; at += 1) meet(guard);
  expect([isRight(guard), guard.isProvenAhead(op)]).toEqual([false, false]);
  meet(guard);
  expect([isRight(guard), guard.isProvenAhead(op)]).toEqual([true, true]);
  expect(Math.abs((kept?.trustedMs ?? 0) - realMs)).toBeLessThan(100);
  expect(isRight(start())).toBe(true);
});
