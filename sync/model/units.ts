export const UNITS_MAX = 1_000_000_000;

/** By hand, with one press; more at once is a slip of the keyboard. */
export const STAMPS_PER_PRESS_MAX = 50;
/** As a card type's largest pack. */
export const VISITS_PER_PRESS_MAX = 1_000;

/** Where a body says how much it moves. A kind has at most one of them. */
const FIELDS = ['count', 'points', 'creditMinor', 'cost', 'delta'] as const;

/**
 * What an op counts at close of day, in the unit of its kind: stamps, points, visits, minor units; signed for
 * corrections, 0 for ops that move nothing. Reads bodies that nobody understands, too.
 */
export function unitsOf(body: object): number {
  const named = body as Readonly<Record<string, unknown>>;
  for (const field of FIELDS) {
    const units = named[field];
    if (typeof units === 'number' && Number.isSafeInteger(units)) return units;
  }
  return 0;
}
