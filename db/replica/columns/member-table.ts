import { NONE, type Column } from '../../../sync/segments/columns.ts';
import { CodeColumn } from '../register/code-column.ts';

type Numbers = Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

const SMALL: ReadonlySet<string> = new Set(['created', 'birthday', 'share', 'lastActive', 'purchases']);
const COUNTED: ReadonlySet<string> = new Set(['purchases', 'spent']);
const MORE = 1.25;
const MORE_LEAST = 1_024;

/** Columns of all members in memory, one slot each; made as fields turn up. Nothing here knows the file. */
export class MemberTable {
  count = 0;
  capacity: number;
  /** The row of `members`. */
  rids: Int32Array<ArrayBuffer>;
  isLiving: Uint8Array<ArrayBuffer>;
  readonly #codes = new Map<string, CodeColumn>();
  readonly #numbers = new Map<string, Numbers>();

  constructor(capacity: number) {
    this.capacity = Math.max(capacity, MORE_LEAST);
    this.rids = new Int32Array(this.capacity);
    this.isLiving = new Uint8Array(this.capacity);
  }

  /** A new slot. */
  take(rid: number): number {
    if (this.count === this.capacity) this.#grow();
    const slot = this.count;
    this.count += 1;
    this.rids[slot] = rid;
    return slot;
  }

  #grow(): void {
    const capacity = Math.ceil(this.capacity * MORE) + MORE_LEAST;
    const [rids, living] = [new Int32Array(capacity), new Uint8Array(capacity)];
    rids.set(this.rids);
    living.set(this.isLiving);
    [this.rids, this.isLiving, this.capacity] = [rids, living, capacity];
    for (const column of this.#codes.values()) column.grow(capacity);
    for (const [field, values] of this.#numbers) {
      const larger = this.#make(field);
      larger.set(values);
      this.#numbers.set(field, larger);
    }
  }

  #make(field: string): Numbers {
    const made = SMALL.has(field) ? new Int32Array(this.capacity) : new Float64Array(this.capacity);
    return COUNTED.has(field) ? made : made.fill(NONE);
  }

  codes(field: string): CodeColumn {
    let column = this.#codes.get(field);
    if (column === undefined) this.#codes.set(field, (column = new CodeColumn(this.capacity)));
    return column;
  }

  numbers(field: string): Numbers {
    let values = this.#numbers.get(field);
    if (values === undefined) this.#numbers.set(field, (values = this.#make(field)));
    return values;
  }

  /** Before the facts of a slot are told anew: what is not told is not there any more. */
  clear(slot: number): void {
    for (const column of this.#codes.values()) column.codes[slot] = 0;
    for (const [field, values] of this.#numbers) values[slot] = COUNTED.has(field) ? 0 : NONE;
    this.isLiving[slot] = 0;
  }

  /** The columns as the rules read them. */
  column(field: string): Column | undefined {
    const codes = this.#codes.get(field);
    if (codes !== undefined) return { type: 'set', codes: codes.codes, sets: codes.sets };
    const values = this.#numbers.get(field);
    return values === undefined ? undefined : { type: 'number', values };
  }
}
