import type { RegisterSort } from '../../../sync/model/register.ts';
import { rankNumbers } from './read-numbers.ts';
import { type ColumnView, ranksOf } from './register-columns.ts';
import type { RegisterTable } from './register-table.ts';
import { type CompareSlots, mendOrder, NO_RANK, type Order, sortByNumber, sortByRank } from './sort-order.ts';
import { sortByText } from './text-sort.ts';

interface KeptOrder extends Order {
  changed: Set<number>;
  usedAt: number;
}

/** Beyond that, to sort anew is quicker than to put each where it belongs. */
const MENDED_MAX = 20_000;
/** The order by name, from which all others are made, and those that were asked for last. */
const KEPT_MAX = 8;

/** Members or cards; `names` is what equal ones of another column are sorted by. */
type OrderedRows = Pick<RegisterTable, 'count' | 'names'>;

/** The table in every order that was asked for: made once, and mended by what changes. */
export class RegisterOrders {
  #table: OrderedRows;
  #viewOf: (column: string) => ColumnView;
  #kept = new Map<string, KeptOrder>();
  #uses = 0;

  constructor(table: OrderedRows, viewOf: (column: string) => ColumnView) {
    this.#table = table;
    this.#viewOf = viewOf;
  }

  get byteLength(): number {
    return [...this.#kept.values()].reduce((sum, { slots }) => sum + slots.byteLength, 0);
  }

  /** What a slot holds has changed, or it is new. */
  change(slot: number): void {
    for (const { changed } of this.#kept.values()) changed.add(slot);
  }

  /** Forgets the order by a column that is let go, or means something else now. */
  drop(column: string): void {
    this.#kept.delete(column);
  }

  get(column: string): Order {
    const kept = this.#kept.get(column);
    this.#uses += 1;
    if (kept !== undefined && kept.changed.size <= MENDED_MAX) {
      kept.usedAt = this.#uses;
      if (kept.changed.size > 0) this.#mend(column, kept);
      return kept;
    }
    const made = { ...this.#make(column), changed: new Set<number>(), usedAt: this.#uses };
    this.#kept.set(column, made);
    this.#forgetOldest();
    return made;
  }

  /** Those slots that `mask` means, in that order. */
  select({ column, direction }: RegisterSort, mask: Uint8Array): Int32Array {
    const { slots, filled } = this.get(column);
    const chosen = new Int32Array(slots.length);
    let count = 0;
    const step = direction === 'up' ? 1 : -1;
    for (let at = direction === 'up' ? 0 : filled - 1; at >= 0 && at < filled; at += step) {
      const slot = slots[at] ?? 0;
      if (mask[slot] === 1) chosen[count++] = slot;
    }
    for (let at = filled; at < slots.length; at += 1) {
      const slot = slots[at] ?? 0;
      if (mask[slot] === 1) chosen[count++] = slot;
    }
    return chosen.slice(0, count);
  }

  #forgetOldest(): void {
    const byAge = [...this.#kept].filter(([column]) => column !== 'name');
    byAge.sort(([, left], [, right]) => right.usedAt - left.usedAt);
    for (const [column] of byAge.slice(KEPT_MAX)) this.#kept.delete(column);
  }

  #mend(column: string, kept: KeptOrder): void {
    const compare = this.#compareBy(column);
    const isFilled = this.#isFilled(column);
    kept.slots = mendOrder(kept, { changed: kept.changed, count: this.#table.count, compare });
    let filled = kept.slots.length;
    while (filled > 0 && !isFilled(kept.slots[filled - 1] ?? 0)) filled -= 1;
    kept.filled = filled;
    kept.changed.clear();
  }

  /** Equal ones by name: all others are sorted from there, and every sort is stable. */
  #make(column: string): Order {
    const { count, names } = this.#table;
    if (column === 'name')
      return sortByText(
        Int32Array.from({ length: count }, (_, at) => at),
        names,
      );
    const base = this.get('name').slots;
    const view = this.#viewOf(column);
    switch (view.is) {
      case 'texts':
        return sortByText(base, view.texts);
      case 'codes':
        return sortByCode(base, view, column);
      case 'numbers':
        return sortByNumber(
          base,
          view.isSigned ? rankNumbers(Float64Array.from(view.values)) : Float64Array.from(view.values),
        );
    }
  }

  #isFilled(column: string): (slot: number) => boolean {
    const view = this.#viewOf(column);
    if (view.is === 'texts') return (slot) => !view.texts.isEmpty(slot);
    const placeOf = placesIn(view, column);
    return (slot) => placeOf(slot) !== null;
  }

  #compareBy(column: string): CompareSlots {
    const byName = this.#table.names.compare;
    if (column === 'name') return byName;
    const view = this.#viewOf(column);
    if (view.is === 'texts')
      return (left, right) => view.texts.compareTexts(left, right) || byName(left, right);
    const placeOf = placesIn(view, column);
    return (left, right) => byPlace(placeOf(left), placeOf(right)) || byName(left, right);
  }
}

function sortByCode(base: Int32Array, view: Extract<ColumnView, { is: 'codes' }>, id: string): Order {
  const { codes } = view.column;
  const ranks = ranksOf(view, id);
  if (ranks.length >= NO_RANK)
    return sortByNumber(
      base,
      Float64Array.from(codes, (code) => ranks[code] ?? -1),
    );
  return sortByRank(base, (slot) => {
    const rank = ranks[codes[slot] ?? 0] ?? -1;
    return rank < 0 ? NO_RANK : rank;
  });
}

/** Where a row stands in a column of codes or numbers; null for one without a value. */
function placesIn(
  view: Exclude<ColumnView, { is: 'texts' }>,
  column: string,
): (slot: number) => number | null {
  if (view.is === 'codes') {
    const ranks = ranksOf(view, column);
    const { codes } = view.column;
    return (slot) => toPlace(ranks[codes[slot] ?? 0] ?? -1);
  }
  const { values, isSigned } = view;
  if (!isSigned) return (slot) => toPlace(values[slot] ?? -1);
  return (slot) => {
    const value = values[slot] ?? Number.NaN;
    return Number.isNaN(value) ? null : value;
  };
}
const toPlace = (rank: number): number | null => (rank < 0 ? null : rank);

/** Those without a value last. */
function byPlace(left: number | null, right: number | null): number {
  if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1;
  return left - right;
}
