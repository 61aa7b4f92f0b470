const SMALL_CODES = 2 ** 16;
/** Between the values of a set, in the key under which it is known; no value holds it. */
const COMMA = '\u001f';

/**
 * A column with few different values: each slot holds the number of its value, or of its set of values. Number 0 is
 * the empty one.
 */
export class CodeColumn {
  codes: Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;
  /** By code, sorted. */
  readonly sets: (readonly string[])[] = [[]];
  #known = new Map<string, number>([['', 0]]);
  #added = new Map<string, number[]>();

  constructor(capacity: number) {
    this.codes = new Uint16Array(capacity);
  }

  get byteLength(): number {
    return this.codes.byteLength;
  }

  grow(capacity: number): void {
    const codes = this.codes instanceof Uint16Array ? new Uint16Array(capacity) : new Uint32Array(capacity);
    codes.set(this.codes);
    this.codes = codes;
  }

  /** @param values sorted, each once, none of them '' */
  set(slot: number, values: readonly string[]): void {
    this.codes[slot] = this.#codeOf(values);
  }

  setOne(slot: number, value: string): void {
    const known = this.#known.get(value);
    this.codes[slot] = known ?? this.#codeOf(value === '' ? [] : [value]);
  }

  /** One value more for a slot. */
  add(slot: number, value: string): void {
    const code = this.codes[slot] ?? 0;
    let next = this.#added.get(value);
    if (next === undefined) this.#added.set(value, (next = []));
    const known = next[code];
    if (known !== undefined) {
      this.codes[slot] = known;
      return;
    }
    const made = this.#codeOf([...new Set([...(this.sets[code] ?? []), value])].sort());
    next[code] = made;
    this.codes[slot] = made;
  }

  #codeOf(values: readonly string[]): number {
    const key = values.join(COMMA);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const code = this.sets.length;
    this.sets.push(values);
    this.#known.set(key, code);
    if (code === SMALL_CODES) this.codes = Uint32Array.from(this.codes);
    return code;
  }

  /** Of each code, whether its values are what is asked for. */
  test(isWanted: (values: readonly string[]) => boolean): Uint8Array {
    return Uint8Array.from(this.sets, (values) => (isWanted(values) ? 1 : 0));
  }
}
