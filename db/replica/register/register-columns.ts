import { foldText, numberOf } from '../../../sync/model/list-tests.ts';
import { MemberState } from '../../../sync/model/member.ts';
import {
  type ColumnKind,
  type ColumnKinds,
  CUSTOM_PREFIX,
  isBuiltIn,
  kindOfColumn,
} from '../../../sync/model/register.ts';
import type { ByteTexts } from './byte-texts.ts';
import type { CodeColumn } from './code-column.ts';
import { ReadNumbers } from './read-numbers.ts';
import type { RegisterReader } from './register-reader.ts';
import type { RegisterTable } from './register-table.ts';
import { FOLDED, ReadColumns, type ReadScene } from './register-texts.ts';

/** How a column is held, whatever is asked of it. */
export type ColumnView =
  | { is: 'texts'; texts: ByteTexts }
  | {
      is: 'codes';
      kind: ColumnKind;
      column: CodeColumn;
      /** A value of the chain's own, not a word out of a list. */
      isCustom: boolean;
      /** What its values are sorted by; absent: by column and kind. */
      keyOf?: (value: string) => string;
    }
  /** `isSigned`: NaN is none; else what is below zero. */
  | { is: 'numbers'; kind: ColumnKind; values: Float64Array | Int32Array; isSigned: boolean };

/** Of each code its place among all, equal ones for equal keys; -1 for what has no place. */
function ranksBy(column: CodeColumn, keyOf: (value: string) => string | number | null): Float64Array {
  const keys = column.sets.flatMap((values, code) => {
    const key = values.length === 0 ? null : keyOf(values.join('\u0001'));
    return key === null ? [] : [{ code, key }];
  });
  keys.sort((left, right) => (left.key < right.key ? -1 : left.key > right.key ? 1 : 0));
  const ranks = new Float64Array(column.sets.length).fill(-1);
  let rank = -1;
  for (const [at, { code, key }] of keys.entries()) {
    if (at === 0 || keys[at - 1]?.key !== key) rank += 1;
    ranks[code] = rank;
  }
  return ranks;
}

const STATES: readonly string[] = MemberState.options;
const SORT_KEYS = {
  state: (value: string) => STATES.indexOf(value),
  words: (value: string) => value.toLowerCase(),
  text: (value: string) => foldText(value) || null,
};

/** Of each code its place: states as they rise, numbers and days as such, others by their words. */
export function ranksOf(
  { kind, column, isCustom, keyOf }: Extract<ColumnView, { is: 'codes' }>,
  id: string,
): Float64Array {
  if (keyOf !== undefined) return ranksBy(column, keyOf);
  if (id === 'state') return ranksBy(column, SORT_KEYS.state);
  if (!isCustom) return ranksBy(column, SORT_KEYS.words);
  if (kind !== 'number' && kind !== 'day') return ranksBy(column, SORT_KEYS.text);
  return ranksBy(column, (value) => {
    const number = numberOf(kind, value);
    return Number.isNaN(number) ? null : number;
  });
}

/** Every column of the list: held ready, or read when asked for. */
export class RegisterColumns {
  readonly #table: RegisterTable;
  readonly #texts: ReadColumns<ByteTexts>;
  readonly #numbers: ReadColumns<ReadNumbers>;
  #onDropped: (column: string) => void;
  #kinds: ColumnKinds = {};

  constructor(reader: RegisterReader, scene: ReadScene) {
    this.#table = scene.table;
    this.#onDropped = scene.onDropped;
    this.#texts = new ReadColumns(reader, scene, FOLDED);
    this.#numbers = new ReadColumns<ReadNumbers>(reader, scene, {
      make: (column, capacity) =>
        new ReadNumbers(capacity, (text) => numberOf(kindOfColumn(column, this.#kinds), text)),
      put: (values, slot, text) => values.set(slot, text),
    });
    scene.table.custom.onWide((attributeId) => scene.onDropped(`${CUSTOM_PREFIX}${attributeId}`));
  }

  get byteLength(): number {
    return this.#texts.byteLength + this.#numbers.byteLength;
  }

  /** What the chain's attributes are now. @returns true when one of them is something else than before */
  setKinds(kinds: ColumnKinds): boolean {
    const all = new Set([...Object.keys(kinds), ...Object.keys(this.#kinds)]);
    const changed = [...all].filter(
      (column) => (kinds[column] ?? 'text') !== (this.#kinds[column] ?? 'text'),
    );
    this.#kinds = kinds;
    for (const column of changed) {
      this.#texts.drop(column);
      this.#numbers.drop(column);
      this.#onDropped(column);
    }
    return changed.length > 0;
  }

  view(column: string): ColumnView {
    const { names, codes, numbers, custom } = this.#table;
    if (column === 'name') return { is: 'texts', texts: names };
    const kind = kindOfColumn(column, this.#kinds);
    if (column in codes)
      return { is: 'codes', kind, column: codes[column as keyof typeof codes], isCustom: false };
    if (column in numbers)
      return { is: 'numbers', kind, values: numbers[column as keyof typeof numbers], isSigned: false };
    const held = isBuiltIn(column) ? undefined : custom.get(column.slice(CUSTOM_PREFIX.length));
    if (held !== undefined) return { is: 'codes', kind, column: held, isCustom: true };
    if (kind === 'number' || kind === 'day')
      return { is: 'numbers', kind, values: this.#numbers.get(column).values, isSigned: true };
    return { is: 'texts', texts: this.#texts.get(column) };
  }

  /** A row has changed. @param rid 0 for one that only this till knows as it is */
  change(slot: number, rid: number): void {
    this.#texts.change(slot, rid);
    this.#numbers.change(slot, rid);
  }

  /** The table may have grown. */
  grow(): void {
    this.#texts.grow();
    this.#numbers.grow();
  }
}
