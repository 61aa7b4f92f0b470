export const DIGITS_MAX = 15;
const HALF_DIGITS = 7;
const BASE = 11;
const HALF = BASE ** HALF_DIGITS;

/** A number of E.164 as one that sorts as its digits do, as text; -1 for none. */
export function packPhone(e164: string | null): number {
  if (e164 === null) return -1;
  let packed = 0;
  for (let at = 1; at <= DIGITS_MAX; at += 1)
    packed = packed * BASE + (at < e164.length ? e164.charCodeAt(at) - 47 : 0);
  return packed;
}

const QUARTER = BASE ** 4;
const QUARTER_DIGITS = 4;
/** The four signs of each number below 11^4, 0 for none. */
const SIGNS = Uint8Array.from({ length: QUARTER * QUARTER_DIGITS }, (_, at) => {
  const power = BASE ** (QUARTER_DIGITS - 1 - (at % QUARTER_DIGITS));
  return Math.floor(Math.floor(at / QUARTER_DIGITS) / power) % BASE;
});

/** Writes the digits, 0 to 9, into `digits`. @returns how many there are */
export function unpackPhone(packed: number, digits: Uint8Array): number {
  // As if one more sign followed: sixteen signs are four times four.
  const high = Math.floor(packed / HALF);
  const low = (packed - high * HALF) * BASE;
  const parts = [
    Math.floor(high / QUARTER),
    high % QUARTER,
    Math.floor(low / QUARTER),
    low % QUARTER,
  ] as const;
  for (let part = 0, at = 0; part < parts.length; part += 1) {
    const from = (parts[part] ?? 0) * QUARTER_DIGITS;
    for (let step = 0; step < QUARTER_DIGITS; step += 1, at += 1) {
      const sign = SIGNS[from + step] ?? 0;
      if (sign === 0) return at;
      digits[at] = sign - 1;
    }
  }
  return DIGITS_MAX;
}
