/** One number for each slot, read from texts; NaN where there is none. May be below zero, or a fraction. */
export class ReadNumbers {
  values: Float64Array<ArrayBuffer>;
  readonly #toNumber: (text: string) => number;

  constructor(capacity: number, toNumber: (text: string) => number) {
    this.values = new Float64Array(capacity).fill(Number.NaN);
    this.#toNumber = toNumber;
  }

  get byteLength(): number {
    return this.values.byteLength;
  }

  grow(capacity: number): void {
    const values = new Float64Array(capacity).fill(Number.NaN);
    values.set(this.values);
    this.values = values;
  }

  set(slot: number, text: string): void {
    this.values[slot] = text === '' ? Number.NaN : this.#toNumber(text);
  }
}

/** Of each number its place among all different ones; -1 for NaN. */
export function rankNumbers(values: Float64Array): Float64Array {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  let distinct = 0;
  for (const value of sorted)
    if (distinct === 0 || sorted[distinct - 1] !== value) sorted[distinct++] = value;
  const placeOf = (value: number): number => {
    let low = 0;
    let high = distinct;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sorted[middle] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return values.map((value) => (Number.isNaN(value) ? -1 : placeOf(value)));
}
