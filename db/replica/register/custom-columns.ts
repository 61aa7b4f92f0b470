import { CodeColumn } from './code-column.ts';

/** Columns that are held ready: two bytes a member each. */
const COLUMNS_MAX = 16;
/** Different values of one of them, and their length together: words that people choose, not numbers of papers. */
const VALUES_MAX = 10_000;
const CHARS_MAX = 500_000;

interface Kept {
  column: CodeColumn;
  chars: number;
}

/**
 * Values of the chain's own attributes, one code a member: in memory from the start, since the extras are read for
 * tags and groups anyway. An attribute with more values than that is let go, and read from the file when it is asked
 * for.
 */
export class CustomColumns {
  #kept = new Map<string, Kept>();
  #wide = new Set<string>();
  #capacity: number;
  #onWide: (attributeId: string) => void = () => undefined;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get byteLength(): number {
    return [...this.#kept.values()].reduce(
      (sum, { column, chars }) => sum + column.byteLength + 2 * chars,
      0,
    );
  }

  grow(capacity: number): void {
    this.#capacity = capacity;
    for (const { column } of this.#kept.values()) column.grow(capacity);
  }

  /** What was known of such a column counts no longer. */
  onWide(hear: (attributeId: string) => void): void {
    this.#onWide = hear;
  }

  /** All values of a member; what is not named is none. */
  set(slot: number, custom: Readonly<Record<string, string>>): void {
    for (const [id, { column }] of this.#kept) if (custom[id] === undefined) column.codes[slot] = 0;
    for (const id in custom) this.#setOne(slot, id, custom[id] ?? '');
  }

  #setOne(slot: number, id: string, value: string): void {
    if (this.#wide.has(id)) return;
    let kept = this.#kept.get(id);
    if (kept === undefined) {
      if (this.#kept.size === COLUMNS_MAX) return this.#widen(id);
      kept = { column: new CodeColumn(this.#capacity), chars: 0 };
      this.#kept.set(id, kept);
    }
    const known = kept.column.sets.length;
    kept.column.setOne(slot, value);
    if (kept.column.sets.length === known) return;
    kept.chars += value.length;
    if (known >= VALUES_MAX || kept.chars > CHARS_MAX) this.#widen(id);
  }

  #widen(id: string): void {
    this.#kept.delete(id);
    this.#wide.add(id);
    this.#onWide(id);
  }

  /** Undefined for one that is read from the file; one that nobody has a value of is empty. */
  get(id: string): CodeColumn | undefined {
    const kept = this.#kept.get(id)?.column;
    return kept ?? (this.#wide.has(id) ? undefined : new CodeColumn(this.#capacity));
  }
}
