import { unpackPhone } from './texts.ts';

/** Fifteen digits at most, and at least one place that is none. */
const PLACES_BITS = 4;
const PLACES = 1 << PLACES_BITS;
/** What stands where no digit is: digits are 0 to 9. */
const NONE = 255;

/** Where in a number the digits must stand. */
export type Where = 'contains' | 'starts' | 'ends' | 'is';

/**
 * The digits of a column of numbers laid out one after the other, sixteen places a member: to unpack a million of them
 * takes longer than to look through them.
 */
export class PhoneDigits {
  readonly #digits: Uint8Array;
  readonly #one = new Uint8Array(PLACES);

  constructor(packed: Float64Array | Int32Array, count: number) {
    this.#digits = new Uint8Array(packed.length << PLACES_BITS).fill(NONE);
    for (let slot = 0; slot < count; slot += 1)
      if ((packed[slot] ?? -1) >= 0) this.set(slot, packed[slot] ?? -1);
  }

  get byteLength(): number {
    return this.#digits.byteLength;
  }

  set(slot: number, packed: number): void {
    const start = slot << PLACES_BITS;
    const length = packed < 0 ? 0 : unpackPhone(packed, this.#one);
    for (let at = 0; at < PLACES; at += 1)
      this.#digits[start + at] = at < length ? (this.#one[at] ?? NONE) : NONE;
  }

  /** Into `mask`: 1 for each of the first `mask.length` slots whose number has the digits there. */
  find(wanted: Uint8Array, where: Where, mask: Uint8Array): void {
    const digits = this.#digits;
    const first = wanted[0] ?? NONE;
    const last = PLACES - wanted.length;
    const isAtStart = where === 'starts' || where === 'is';
    const isAtEnd = where === 'ends' || where === 'is';
    for (let slot = 0; slot < mask.length; slot += 1) {
      const from = slot << PLACES_BITS;
      const to = isAtStart ? from : from + last;
      for (let at = from; at <= to; at += 1) {
        if (digits[at] !== first) continue;
        let same = 1;
        while (same < wanted.length && digits[at + same] === wanted[same]) same += 1;
        const end = at + same;
        const isEnd = end === from + PLACES || digits[end] === NONE;
        if (same === wanted.length && (!isAtEnd || isEnd)) {
          mask[slot] = 1;
          break;
        }
      }
    }
  }
}
