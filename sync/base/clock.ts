/** Wall clock of a node, injected everywhere. Milliseconds since 1970 UTC; may jump either way. */
export interface Clock {
  nowMs(): number;
}

/**
 * Hybrid logical clock value: 12 hex digits of milliseconds and 4 of a counter, so that texts sort as times
 * do. The counter carries into the milliseconds instead of overflowing.
 */
export type Hlc = string;

const COUNTER_LIMIT = 0x1_0000;

export function toHlc(wallMs: number, counter = 0): Hlc {
  const carried = wallMs + Math.floor(counter / COUNTER_LIMIT);
  const ms = Math.max(0, carried).toString(16).padStart(12, '0');
  return ms + (counter % COUNTER_LIMIT).toString(16).padStart(4, '0');
}

/** Milliseconds part of an `Hlc`. */
export const hlcMs = (hlc: Hlc): number => Number.parseInt(hlc.slice(0, 12), 16);

/** When an op was made, by its till's corrected clock. Its `wallMs` is what the PC's showed: for the record only. */
export const madeAtMs = ({ hlc }: Readonly<{ hlc: Hlc }>): number => hlcMs(hlc);

/** The next value: after `last`, and not before the wall clock. Never goes back, whatever the clock does. */
export function nextHlc(last: Hlc | null, wallMs: number): Hlc {
  if (last === null || hlcMs(last) < wallMs) return toHlc(wallMs);
  return toHlc(hlcMs(last), Number.parseInt(last.slice(12), 16) + 1);
}

/**
 * What the centre counts with: an op's time, but never later than the centre's own clock. Clamped, never
 * refused.
 *
 * @param order Place among the ops that are clamped to the same instant, so that the later of them stays
 * later.
 */
export function clampHlc(hlc: Hlc, serverNowMs: number, order = 0): Hlc {
  return hlcMs(hlc) > serverNowMs ? toHlc(serverNowMs, order) : hlc;
}

const FAR_BEHIND_MS = 60_000;

/**
 * For a clock that is far behind (an empty battery, 1970): an op that can not be older than `floorMs` counts
 * from there. A clock that is a little slow is left alone.
 *
 * @param order As for `clampHlc`.
 */
export function floorHlc(hlc: Hlc, floorMs: number, order = 0): Hlc {
  return hlcMs(hlc) < floorMs - FAR_BEHIND_MS ? toHlc(floorMs, order) : hlc;
}
