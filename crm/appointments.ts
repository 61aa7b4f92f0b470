/** When those who are sent away may come again. */
export interface Appointments {
  /** Somebody was served while others waited. */
  noteServed(nowMs: number): void;
  /** Nobody waits any more: the time until the next one is served says nothing of how long serving takes. */
  noteCalm(): void;
  /** Seconds until the caller's turn, at least 1. `random`: from 0 up to 1. */
  next(nowMs: number, random: number): number;
}

const STEP_MS_START = 20;
const STEP_MS_MAX = 1_000;
/** How much one more measurement counts. */
const WEIGHT = 0.05;
const FURTHEST_MS = 120_000;
/** Nobody comes back to the very moment: seconds are whole, and those of one second would come together. */
const JITTER_MS = 1_000;

/**
 * One turn after another, as fast as others are served: a crowd that is sent away together comes back one by one, and
 * no sooner than there is room. Beyond two minutes it is sent anywhere into the second of them.
 */
export function createAppointments(): Appointments {
  let stepMs = STEP_MS_START;
  let servedAtMs: number | null = null;
  let bookedUntilMs = 0;
  return {
    noteServed: (nowMs) => {
      const gapMs = Math.min(STEP_MS_MAX, Math.max(0, nowMs - (servedAtMs ?? nowMs - stepMs)));
      stepMs += (gapMs - stepMs) * WEIGHT;
      servedAtMs = nowMs;
    },
    noteCalm: () => void (servedAtMs = null),
    next: (nowMs, random) => {
      const turnMs = Math.max(nowMs, bookedUntilMs) + stepMs;
      const furthestMs = nowMs + FURTHEST_MS;
      bookedUntilMs = Math.min(turnMs, furthestMs);
      const isFull = turnMs >= furthestMs;
      const waitMs = isFull ? (FURTHEST_MS * (1 + random)) / 2 : turnMs - nowMs + random * JITTER_MS;
      return Math.max(1, Math.ceil(waitMs / 1_000));
    },
  };
}
