/** Random numbers that are the same at each run for the same seed. Never for anything secret. */
export interface SeededRandom {
  /** 0 <= value < 1. */
  next(): number;
  /** least .. most, both included. */
  int(least: number, most: number): number;
  chance(probability: number): boolean;
  pick<Item>(items: readonly Item[]): Item;
  /** `count` decimal digits. */
  digits(count: number): string;
  /** A UUID of version 7 for the instant `atMs`. */
  uuid(atMs: number): string;
}

/** Small fast counter generator (sfc32), run in. */
export function createRandom(seed: number): SeededRandom {
  let [a, b, c, counter] = [seed | 0, 0x9e3779b9 | 0, 0x243f6a88 | 0, 1];
  const next32 = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let round = 0; round < 16; round += 1) next32();
  const next = (): number => next32() / 0x1_0000_0000;
  const int = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1));
  const hex = (count: number): string =>
    Array.from({ length: Math.ceil(count / 8) }, () => next32().toString(16).padStart(8, '0'))
      .join('')
      .slice(0, count);
  return {
    next,
    int,
    chance: (probability) => next() < probability,
    pick: (items) => {
      const item = items[int(0, items.length - 1)];
      if (item === undefined) throw new Error('pick: nothing to pick from');
      return item;
    },
    digits: (count) => Array.from({ length: count }, () => int(0, 9)).join(''),
    uuid: (atMs) => {
      const time = Math.max(0, Math.floor(atMs)).toString(16).padStart(12, '0');
      const variant = '89ab'.charAt(int(0, 3));
      return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(3)}-${variant}${hex(3)}-${hex(12)}`;
    },
  };
}
