import type { Order } from './sort-order.ts';

/** What a sort by text needs of a column. */
export interface SortableTexts {
  isEmpty(slot: number): boolean;
  /**
   * Into two words for each of `slots`: above, bytes `from` to `from + 3` of its text; below, the next byte, and then
   * its place in `slots` in 24 bits. Beyond its end a text has zeros.
   */
  putKeys(slots: Int32Array, from: number, words: Uint32Array): void;
  /** Below zero: `left` comes first; 0 for equal texts. */
  compareTexts(left: number, right: number): number;
}

const BYTES = 5;
const PLACE_BITS = 24;
const PLACE = 2 ** PLACE_BITS - 1;
/** Shorter runs are quicker sorted by comparing. */
const SHORT_RUN = 12;

/** Puts a few slots in order, equal ones as they stood. */
function insertionSort(slots: Int32Array, texts: SortableTexts): void {
  for (let at = 1; at < slots.length; at += 1) {
    const slot = slots[at] ?? 0;
    let to = at;
    for (; to > 0 && texts.compareTexts(slots[to - 1] ?? 0, slot) > 0; to -= 1)
      slots[to] = slots[to - 1] ?? 0;
    slots[to] = slot;
  }
}

/**
 * Sorts slots by their texts, five bytes at a time: each run that is still equal is sorted by the next five. A key and
 * its place are one number of 64 bits, which the engine sorts by itself, so equal texts stay in the order of `base`.
 * Slots without a text come last. Words are as on little-endian machines, which all are that Node runs on.
 *
 * @param base at most 16,777,216 slots
 */
export function sortByText(base: Int32Array, texts: SortableTexts): Order {
  const { slots, filled } = emptyLast(base, texts);
  const keys = new BigUint64Array(filled);
  const words = new Uint32Array(keys.buffer);
  const before = new Int32Array(filled);
  // Start, end and byte of runs to be sorted. A run lies within its parent, whose keys were read before.
  const runs = [0, filled, 0];
  while (runs.length > 0) {
    const [start = 0, end = 0, from = 0] = runs.splice(-3);
    const run = slots.subarray(start, end);
    if (run.length <= SHORT_RUN) {
      insertionSort(run, texts);
      continue;
    }
    texts.putKeys(run, from, words.subarray(2 * start, 2 * end));
    keys.subarray(start, end).sort();
    before.set(run, start);
    for (let at = start; at < end; at += 1) slots[at] = before[start + ((words[2 * at] ?? 0) & PLACE)] ?? 0;
    pushRuns(runs, words, [start, end, from + BYTES]);
  }
  return { slots, filled };
}

/** Runs of two and more with equal keys whose texts go on. */
function pushRuns(runs: number[], words: Uint32Array, [start, end, from]: readonly [number, number, number]) {
  for (let first = start; first < end;) {
    const [lead, fifth] = [words[2 * first + 1], (words[2 * first] ?? 0) >>> PLACE_BITS];
    let next = first + 1;
    while (next < end && words[2 * next + 1] === lead && (words[2 * next] ?? 0) >>> PLACE_BITS === fifth)
      next += 1;
    // Texts that have ended are equal.
    if (next - first > 1 && fifth !== 0) runs.push(first, next, from);
    first = next;
  }
}

function emptyLast(base: Int32Array, texts: SortableTexts): Order {
  const slots = new Int32Array(base.length);
  let filled = 0;
  for (const slot of base) if (!texts.isEmpty(slot)) slots[filled++] = slot;
  let end = filled;
  for (const slot of base) if (texts.isEmpty(slot)) slots[end++] = slot;
  return { slots, filled };
}
