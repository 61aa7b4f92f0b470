import { ByteTexts } from './byte-texts.ts';
import type { RegisterReader } from './register-reader.ts';
import type { RegisterTable } from './register-table.ts';
import type { OwnMember } from './register-types.ts';
import { foldText } from './texts.ts';

const ROWS_PER_SLICE = 20_000;
/** Columns of text that stay in memory, those used last. */
const KEPT_MAX = 2;

interface Scene {
  table: RegisterTable;
  slotOf(rid: number): number;
  own: ReadonlyMap<number, OwnMember>;
  onDropped(column: string): void;
}

/** Columns of text that hardly anybody sorts by: read from the file when somebody does, and let go again. */
export class RegisterTexts {
  readonly #reader: RegisterReader;
  readonly #scene: Scene;
  /** The one used last at the end. */
  readonly #kept = new Map<string, ByteTexts>();

  constructor(reader: RegisterReader, scene: Scene) {
    this.#reader = reader;
    this.#scene = scene;
  }

  get byteLength(): number {
    return [...this.#kept.values()].reduce((sum, texts) => sum + texts.byteLength, 0);
  }

  get(column: string): ByteTexts {
    const texts = this.#kept.get(column) ?? this.#read(column);
    this.#kept.delete(column);
    this.#kept.set(column, texts);
    for (const oldest of [...this.#kept.keys()].slice(0, -KEPT_MAX)) {
      this.#kept.delete(oldest);
      this.#scene.onDropped(oldest);
    }
    return texts;
  }

  #read(column: string): ByteTexts {
    const { table, own, slotOf } = this.#scene;
    const texts = new ByteTexts(table.capacity);
    const slices = this.#reader.textSlices(column);
    const last = this.#reader.lastRows().members;
    for (let after = 0; after < last; after += ROWS_PER_SLICE) {
      for (const [rid, text] of slices(after, Math.min(after + ROWS_PER_SLICE, last))) {
        const slot = slotOf(rid);
        if (slot >= 0) texts.set(slot, foldText(text));
      }
    }
    for (const [slot, member] of own) texts.set(slot, foldText(member.texts[column] ?? ''));
    return texts;
  }

  /** A row has changed. @param rid 0 for one that only this till knows as it is */
  change(slot: number, rid: number): void {
    for (const [column, texts] of this.#kept) {
      const own = this.#scene.own.get(slot);
      const text = own === undefined ? this.#readOne(column, rid) : (own.texts[column] ?? '');
      texts.set(slot, foldText(text));
    }
  }

  #readOne(column: string, rid: number): string {
    return this.#reader.textSlices(column)(rid - 1, rid)[0]?.[1] ?? '';
  }

  /** The table may have grown. */
  grow(): void {
    for (const texts of this.#kept.values()) texts.grow(this.#scene.table.capacity);
  }
}
