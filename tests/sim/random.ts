/** Chance from a seed: the same seed gives the same run on every machine. Not for secrets. */
export interface Random {
  /** 0 up to, and not including, 1. */
  next(): number;
  /** A whole number of 0 .. `below` - 1. */
  int(below: number): number;
  /** A whole number of `from` .. `to`. */
  between(from: number, to: number): number;
  isHit(chance: number): boolean;
  /** @throws Error When there is nothing to pick from. */
  pick<T>(list: readonly T[]): T;
  /** Lower-case hex of so many bytes. */
  hex(byteCount: number): string;
  /** A stream of its own, so that one part's draws do not shift another's. */
  fork(): Random;
}

/** Mixes a seed's bits, so that neighbouring seeds have nothing in common (splitmix32). */
function createMixer(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
}

/** Small fast counter generator (sfc32) behind a mixed seed. */
export function createRandom(seed: number): Random {
  const mix = createMixer(seed);
  let [a, b, c, counter] = [mix(), mix(), mix(), 1];
  const word = (): number => {
    const sum = (a + b + counter) >>> 0;
    counter = (counter + 1) >>> 0;
    a = (b ^ (b >>> 9)) >>> 0;
    b = (c + (c << 3)) >>> 0;
    c = (((c << 21) | (c >>> 11)) + sum) >>> 0;
    return sum;
  };
  for (let round = 0; round < 12; round += 1) word();
  const random: Random = {
    next: () => word() / 0x1_0000_0000,
    int: (below) => Math.floor(random.next() * below),
    between: (from, to) => from + random.int(to - from + 1),
    isHit: (chance) => random.next() < chance,
    pick: (list) => {
      const found = list[random.int(list.length)];
      if (found === undefined) throw new Error('pick: nothing to pick from');
      return found;
    },
    hex: (byteCount) => {
      let text = '';
      for (let at = 0; at < byteCount; at += 1) text += random.int(256).toString(16).padStart(2, '0');
      return text;
    },
    fork: () => createRandom(word()),
  };
  return random;
}
