const FIRST_MS = 1_000;
const MAX_MS = 5 * 60_000;

/** Full jitter: tills that lost the centre together must not come back together. */
export const backOffMs = (failures: number, random: number): number =>
  Math.max(FIRST_MS / 2, random * Math.min(MAX_MS, FIRST_MS * 2 ** failures));
