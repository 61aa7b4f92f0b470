/**
 * Money spent travels as steps of the average purchase, four to a doubling: exact minor units would cost each changed
 * balance three bytes, and fifths of a chain or "about 1,200" need no more. The centre has the exact sum.
 */

/** 2^k times these, over 65536, are the borders of the steps of that doubling. */
const QUARTERS = [65_536, 77_936, 92_682, 110_218] as const;
const DOUBLINGS = 40;

const BORDERS: readonly number[] = Array.from({ length: DOUBLINGS }, (_, power) =>
  // Powers of two times integers below 2^17: exact.
  QUARTERS.map((quarter) => Math.floor((2 ** power * quarter) / 65_536)),
).flat();

export const SPENT_LEVELS = BORDERS.length;

/**
 * 0 where nothing was spent, else 1 to `SPENT_LEVELS`.
 *
 * @param spentMinor an exact sum or one of `spentOfLevel` @param purchases how many it is made of
 */
export function spentLevel(spentMinor: number, purchases: number): number {
  if (purchases <= 0 || spentMinor < purchases) return 0;
  let low = 0;
  let high = BORDERS.length;
  // The last border that the average reaches, compared as a product: integers only.
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((BORDERS[middle] ?? 0) * purchases <= spentMinor) low = middle;
    else high = middle;
  }
  return low + 1;
}

/** The sum that stands for a level, within 10 % of any sum of it; minor units. */
export function spentOfLevel(level: number, purchases: number): number {
  if (level === 0 || purchases <= 0) return 0;
  const border = BORDERS[level - 1] ?? 0;
  return Math.floor((border + (BORDERS[level] ?? border)) / 2) * purchases;
}

/** As every copy keeps it, whichever way it came. Of one that is rounded it makes the same again. */
export const roundSpent = (spentMinor: number, purchases: number): number =>
  spentOfLevel(spentLevel(spentMinor, purchases), purchases);
