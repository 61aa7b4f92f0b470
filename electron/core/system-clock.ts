import type { Clock } from '../../sync/base/clock.ts';

export interface CoreClock extends Clock {
  /** Never jumps, no known start. */
  monotonicMs(): number;
}

export const systemClock: CoreClock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};
