import { kindOfColumn, type RegisterSort } from '../../../sync/model/register.ts';
import { MemberState } from '../../../sync/model/member.ts';
import type { ByteTexts } from './byte-texts.ts';
import type { CodeColumn } from './code-column.ts';
import type { CodeColumnId, NumberColumnId, RegisterTable } from './register-table.ts';
import {
  type CompareSlots,
  mendOrder,
  NO_RANK,
  type Order,
  sortByNumber,
  sortByRank,
  sortByText,
} from './sort-order.ts';

interface KeptOrder extends Order {
  changed: Set<number>;
  usedAt: number;
}

/** Beyond that, to sort anew is quicker than to put each where it belongs. */
const MENDED_MAX = 20_000;
/** The order by name, from which all others are made, and those that were asked for last. */
const KEPT_MAX = 8;

const STATES: readonly string[] = MemberState.options;

/** Of each code its place among all; states as they rise, others by their words. */
function ranksOf(column: CodeColumn, id: CodeColumnId): Float64Array {
  const wordOf = (values: readonly string[]): string =>
    id === 'state' ? String(STATES.indexOf(values[0] ?? '')) : values.join('\u0001').toLowerCase();
  const codes = [...column.sets.keys()].filter((code) => (column.sets[code] ?? []).length > 0);
  const words = codes.map((code) => ({ code, word: wordOf(column.sets[code] ?? []) }));
  words.sort((left, right) =>
    left.word < right.word ? -1 : left.word > right.word ? 1 : left.code - right.code,
  );
  const ranks = new Float64Array(column.sets.length).fill(-1);
  for (const [rank, { code }] of words.entries()) ranks[code] = rank;
  return ranks;
}

/** The table in every order that was asked for: made once, and mended by what changes. */
export class RegisterOrders {
  #table: RegisterTable;
  #textsOf: (column: string) => ByteTexts;
  #kept = new Map<string, KeptOrder>();
  #uses = 0;

  constructor(table: RegisterTable, textsOf: (column: string) => ByteTexts) {
    this.#table = table;
    this.#textsOf = textsOf;
  }

  get byteLength(): number {
    return [...this.#kept.values()].reduce((sum, { slots }) => sum + slots.byteLength, 0);
  }

  /** What a slot holds has changed, or it is new. */
  change(slot: number): void {
    for (const { changed } of this.#kept.values()) changed.add(slot);
  }

  /** Forgets the order by a column that is let go. */
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

  /** Calls `take` for each slot in that order, until it answers false. */
  walk({ column, direction }: RegisterSort, take: (slot: number) => boolean): void {
    const { slots, filled } = this.get(column);
    if (direction === 'up') for (let at = 0; at < filled; at += 1) if (!take(slots[at] ?? 0)) return;
    if (direction === 'down') for (let at = filled - 1; at >= 0; at -= 1) if (!take(slots[at] ?? 0)) return;
    for (let at = filled; at < slots.length; at += 1) if (!take(slots[at] ?? 0)) return;
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
    const { count, capacity, names } = this.#table;
    if (column === 'name')
      return sortByText(
        Int32Array.from({ length: count }, (_, at) => at),
        names,
        capacity,
      );
    const base = this.get('name').slots;
    switch (kindOfColumn(column)) {
      case 'text':
        return sortByText(base, stableTexts(this.#textsOf(column), base), capacity);
      case 'choice':
      case 'choices':
        return this.#sortByCode(base, column as CodeColumnId);
      case 'phone':
      case 'time':
      case 'day':
      case 'number':
        return sortByNumber(base, Float64Array.from(this.#table.numbers[column as NumberColumnId]));
    }
  }

  #sortByCode(base: Int32Array, id: CodeColumnId): Order {
    const column = this.#table.codes[id];
    const ranks = ranksOf(column, id);
    const { codes } = column;
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

  #isFilled(column: string): (slot: number) => boolean {
    if (column === 'name') return (slot) => !this.#table.names.isEmpty(slot);
    const kind = kindOfColumn(column);
    if (kind === 'text') {
      const texts = this.#textsOf(column);
      return (slot) => !texts.isEmpty(slot);
    }
    if (kind === 'choice' || kind === 'choices') {
      const { codes } = this.#table.codes[column as CodeColumnId];
      return (slot) => codes[slot] !== 0;
    }
    const numbers = this.#table.numbers[column as NumberColumnId];
    return (slot) => (numbers[slot] ?? -1) >= 0;
  }

  #compareBy(column: string): CompareSlots {
    const byName = this.#table.names.compare;
    if (column === 'name') return byName;
    const kind = kindOfColumn(column);
    if (kind === 'text') {
      const texts = this.#textsOf(column);
      return (left, right) => texts.compareTexts(left, right) || byName(left, right);
    }
    if (kind === 'choice' || kind === 'choices') {
      const { codes } = this.#table.codes[column as CodeColumnId];
      const ranks = ranksOf(this.#table.codes[column as CodeColumnId], column as CodeColumnId);
      return (left, right) =>
        byRank(ranks[codes[left] ?? 0] ?? -1, ranks[codes[right] ?? 0] ?? -1) || byName(left, right);
    }
    const numbers = this.#table.numbers[column as NumberColumnId];
    return (left, right) => byRank(numbers[left] ?? -1, numbers[right] ?? -1) || byName(left, right);
  }
}

/** Those below zero last. */
function byRank(left: number, right: number): number {
  if (left === right || (left < 0 && right < 0)) return 0;
  if (left < 0 || right < 0) return left < 0 ? 1 : -1;
  return left - right;
}

/** Texts whose equals stay in the order of `base`. */
function stableTexts(texts: ByteTexts, base: Int32Array) {
  let places: Int32Array | undefined;
  const placeOf = (slot: number): number => {
    if (places === undefined) {
      places = new Int32Array(base.length);
      for (const [at, each] of base.entries()) places[each] = at;
    }
    return places[slot] ?? 0;
  };
  return {
    sixBytes: (slot: number, from: number) => texts.sixBytes(slot, from),
    lengthOf: (slot: number) => texts.lengthOf(slot),
    compare: (left: number, right: number) =>
      texts.compareTexts(left, right) || placeOf(left) - placeOf(right),
  };
}
