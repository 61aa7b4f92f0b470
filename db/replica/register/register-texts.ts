import { foldText } from '../../../sync/model/list-tests.ts';
import { ByteTexts } from './byte-texts.ts';
import type { RegisterReader } from './register-reader.ts';
import type { RegisterTable } from './register-table.ts';
import type { OwnMember } from './register-types.ts';

const ROWS_PER_SLICE = 20_000;
/** Columns that stay in memory, those used last. */
const KEPT_MAX = 2;

export interface ReadScene {
  table: RegisterTable;
  slotOf(rid: number): number;
  own: ReadonlyMap<number, OwnMember>;
  onDropped(column: string): void;
}

interface ReadColumn {
  readonly byteLength: number;
  grow(capacity: number): void;
}

/** How such a column is made, and takes what a row has. */
interface ReadKind<Column> {
  make(column: string, capacity: number): Column;
  put(values: Column, slot: number, text: string): void;
}

/** Texts as they are looked for. */
export const FOLDED: ReadKind<ByteTexts> = {
  make: (_, capacity) => new ByteTexts(capacity),
  put: (values, slot, text) => values.set(slot, foldText(text)),
};

/** Columns that hardly anybody sorts by: read from the file when somebody does, and let go again. */
export class ReadColumns<Column extends ReadColumn> {
  readonly #reader: RegisterReader;
  readonly #scene: ReadScene;
  readonly #kind: ReadKind<Column>;
  /** The one used last at the end. */
  readonly #kept = new Map<string, Column>();

  constructor(reader: RegisterReader, scene: ReadScene, kind: ReadKind<Column>) {
    this.#reader = reader;
    this.#scene = scene;
    this.#kind = kind;
  }

  get byteLength(): number {
    return [...this.#kept.values()].reduce((sum, values) => sum + values.byteLength, 0);
  }

  get(column: string): Column {
    const values = this.#kept.get(column) ?? this.#read(column);
    this.#kept.delete(column);
    this.#kept.set(column, values);
    for (const oldest of [...this.#kept.keys()].slice(0, -KEPT_MAX)) {
      this.#kept.delete(oldest);
      this.#scene.onDropped(oldest);
    }
    return values;
  }

  drop(column: string): void {
    this.#kept.delete(column);
  }

  #read(column: string): Column {
    const { table, own, slotOf } = this.#scene;
    const { make, put } = this.#kind;
    const values = make(column, table.capacity);
    const slices = this.#reader.textSlices(column);
    const last = this.#reader.lastRows().members;
    for (let after = 0; after < last; after += ROWS_PER_SLICE) {
      for (const [rid, text] of slices(after, Math.min(after + ROWS_PER_SLICE, last))) {
        const slot = slotOf(rid);
        if (slot >= 0) put(values, slot, text);
      }
    }
    for (const [slot, member] of own) put(values, slot, member.texts[column] ?? '');
    return values;
  }

  /** A row has changed. @param rid 0 for one that only this till knows as it is */
  change(slot: number, rid: number): void {
    for (const [column, values] of this.#kept) {
      const own = this.#scene.own.get(slot);
      const text = own === undefined ? this.#readOne(column, rid) : (own.texts[column] ?? '');
      this.#kind.put(values, slot, text);
    }
  }

  #readOne(column: string, rid: number): string {
    return this.#reader.textSlices(column)(rid - 1, rid)[0]?.[1] ?? '';
  }

  /** The table may have grown. */
  grow(): void {
    for (const values of this.#kept.values()) values.grow(this.#scene.table.capacity);
  }
}
