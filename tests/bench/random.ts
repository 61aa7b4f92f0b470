/**
 * A well mixed 32-bit number of two others (finalizer of MurmurHash3): the same on every machine and in any
 * order.
 */
export function mix(at: number, stream: number): number {
  let hash = Math.imul(at ^ Math.imul(stream, 0x9e37_79b1), 0x85eb_ca6b) ^ stream;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** One of `values`, by `at` and `stream`. @throws Error when there is none */
export function pick<T>(values: readonly T[], at: number, stream: number): T {
  const value = values[mix(at, stream) % values.length];
  if (value === undefined) throw new Error('pick: nothing to choose from');
  return value;
}

/** A prime larger than any count here, so that multiplying by it visits every number once. */
const STEP = 982_451_653;

/**
 * `0 .. size - 1` in an order that visits each once: the `at`-th of them. Neighbours end up far from each
 * other, so no two look-ups share pages by luck.
 *
 * @param at below 9 000 000, or the product would lose digits
 */
export const shuffled = (at: number, size: number): number => ((at % size) * STEP + 17) % size;
