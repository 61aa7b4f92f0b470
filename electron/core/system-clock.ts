import { uptime } from 'node:os';
import type { Clock } from '../../sync/base/clock.ts';

/** What the machine's clocks say, uncorrected. */
export interface CoreClock extends Clock {
  /**
   * Milliseconds since the machine started: never jumps, goes on while it sleeps, and is the same for every
   * process, to a second.
   */
  monotonicMs(): number;
}

const LOOK_MS = 1_000;
/** Uptime comes in parts of a second: less than this is rounding. */
const SLEPT_MS_MIN = 3_000;

/** `performance.now` stands still while the machine sleeps, the uptime does not: what that is ahead by is added. */
function createMonotonic(): () => number {
  let atMs = uptime() * 1_000;
  let ranAt = performance.now();
  return () => {
    const nowMs = atMs + (performance.now() - ranAt);
    if (nowMs - atMs < LOOK_MS) return nowMs;
    const upMs = uptime() * 1_000;
    const isSlept = upMs - nowMs > SLEPT_MS_MIN;
    ranAt = performance.now();
    atMs = isSlept ? upMs : nowMs;
    return atMs;
  };
}

export const systemClock: CoreClock = { nowMs: () => Date.now(), monotonicMs: createMonotonic() };
