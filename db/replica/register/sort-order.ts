/** Rows of the list in one order, and how it is made and mended. Numbers of rows are slots of `RegisterTable`. */
export interface Order {
  /** Rising, those without a value at the end. */
  slots: Int32Array;
  /** So many have a value. */
  filled: number;
}

/** Below zero: `left` comes first. Never 0 for two slots. */
export type CompareSlots = (left: number, right: number) => number;

const DIGIT_BITS = 16;
const DIGITS = 2 ** DIGIT_BITS;
const HALF = 2 ** 32;

/** One stable pass by one digit of each slot's key. */
function sortByDigit(from: Int32Array, to: Int32Array, digitOf: (slot: number) => number): void {
  const starts = new Uint32Array(DIGITS);
  for (const slot of from) {
    const digit = digitOf(slot);
    starts[digit] = (starts[digit] ?? 0) + 1;
  }
  let sum = 0;
  for (let digit = 0; digit < DIGITS; digit += 1) {
    const count = starts[digit] ?? 0;
    starts[digit] = sum;
    sum += count;
  }
  for (const slot of from) {
    const digit = digitOf(slot);
    const at = starts[digit] ?? 0;
    to[at] = slot;
    starts[digit] = at + 1;
  }
}

/**
 * Sorts slots by a whole number of at most 52 bits each, equal ones staying in the order given.
 *
 * @param keys by slot; below zero means no value: those come last
 */
export function sortByNumber(base: Int32Array, keys: Float64Array): Order {
  const { slots: filledSlots, rest } = divide(base, (slot) => (keys[slot] ?? -1) >= 0);
  let least = Infinity;
  let most = 0;
  for (const slot of filledSlots) {
    const key = keys[slot] ?? 0;
    if (key < least) least = key;
    if (key > most) most = key;
  }
  const low = new Uint32Array(keys.length);
  const high = new Uint32Array(keys.length);
  for (const slot of filledSlots) {
    const key = (keys[slot] ?? 0) - least;
    low[slot] = key % HALF;
    high[slot] = key / HALF;
  }
  let from: Int32Array = filledSlots;
  let to: Int32Array = new Int32Array(from.length);
  const bits = most > least ? Math.ceil(Math.log2(most - least + 1)) : 0;
  for (let bit = 0; bit < bits; bit += DIGIT_BITS) {
    const part = bit < 32 ? low : high;
    const shift = bit % 32;
    sortByDigit(from, to, (slot) => ((part[slot] ?? 0) >>> shift) & (DIGITS - 1));
    [from, to] = [to, from];
  }
  return joined(from, rest);
}

/**
 * Sorts slots by a small number each, equal ones staying in the order given.
 *
 * @param rankOf 0 .. 65,534; 65,535 for no value
 */
export function sortByRank(base: Int32Array, rankOf: (slot: number) => number): Order {
  const slots = new Int32Array(base.length);
  sortByDigit(base, slots, rankOf);
  let filled = slots.length;
  while (filled > 0 && rankOf(slots[filled - 1] ?? 0) === NO_RANK) filled -= 1;
  return { slots, filled };
}
export const NO_RANK = DIGITS - 1;

function divide(
  base: Int32Array,
  isFilled: (slot: number) => boolean,
): { slots: Int32Array; rest: Int32Array } {
  const slots = new Int32Array(base.length);
  const rest = new Int32Array(base.length);
  let filled = 0;
  let empty = 0;
  for (const slot of base) {
    if (isFilled(slot)) slots[filled++] = slot;
    else rest[empty++] = slot;
  }
  return { slots: slots.slice(0, filled), rest: rest.slice(0, empty) };
}

function joined(filled: Int32Array, rest: Int32Array): Order {
  if (rest.length === 0) return { slots: filled, filled: filled.length };
  const slots = new Int32Array(filled.length + rest.length);
  slots.set(filled);
  slots.set(rest, filled.length);
  return { slots, filled: filled.length };
}

/** Where `slot` belongs among the first `end` of `slots`, which are in order. */
function placeOf(slots: Int32Array, end: number, [slot, compare]: readonly [number, CompareSlots]): number {
  let low = 0;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(slots[middle] ?? 0, slot) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Puts changed and new rows where they belong now. Linear in the rows, however few have changed: some milliseconds
 * at a million.
 *
 * @param compare puts rows without a value last @param count slots there are now, the new ones among `changed`
 */
export function mendOrder(
  { slots }: Order,
  { changed, count, compare }: { changed: ReadonlySet<number>; count: number; compare: CompareSlots },
): Int32Array {
  const kept = new Int32Array(count);
  let end = 0;
  for (const slot of slots) if (!changed.has(slot)) kept[end++] = slot;
  const coming = Int32Array.from(changed).sort(compare);
  const places = coming.map((slot) => placeOf(kept, end, [slot, compare]));
  let to = count - 1;
  let from = end - 1;
  for (let at = coming.length - 1; at >= 0; at -= 1) {
    const place = places[at] ?? 0;
    while (from >= place) kept[to--] = kept[from--] ?? 0;
    kept[to--] = coming[at] ?? 0;
  }
  return kept;
}
