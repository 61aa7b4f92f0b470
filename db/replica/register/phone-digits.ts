import { unpackPhone } from './texts.ts';

/** Fifteen digits at most, and at least one place that is none; eight of them are one word. */
const PLACES = 16;
const PLACES_PER_WORD = 8;
const PLACE_BITS = 4;
const WORD_BITS = 32;

/** Where in a number the digits must stand. */
export type Where = 'contains' | 'starts' | 'ends' | 'is';

/** Up to eight places in a row that are asked for: which bits count, and what they must be. */
interface Asked {
  mask: number;
  bits: number;
}

/** @param places 0: none; 1 to 10: a digit */
function askedOf(places: readonly number[]): Asked {
  const asked = { mask: 0, bits: 0 };
  for (const [at, place] of places.entries()) {
    const shift = WORD_BITS - PLACE_BITS * (at + 1);
    asked.mask |= 15 << shift;
    asked.bits |= place << shift;
  }
  return asked;
}

/**
 * The digits of a column of numbers, sixteen places of four bits a member: a part is looked for by comparing eight
 * places at once, without unpacking the number.
 */
export class PhoneDigits {
  /** Two words each, the first digits first; 0 where no digit is, else the digit and one. */
  readonly #words: Int32Array;
  readonly #one = new Uint8Array(PLACES);

  constructor(packed: Float64Array | Int32Array, count: number) {
    this.#words = new Int32Array(packed.length * 2);
    for (let slot = 0; slot < count; slot += 1)
      if ((packed[slot] ?? -1) >= 0) this.set(slot, packed[slot] ?? -1);
  }

  get byteLength(): number {
    return this.#words.byteLength;
  }

  set(slot: number, packed: number): void {
    const digits = this.#one;
    const length = packed < 0 ? 0 : unpackPhone(packed, digits);
    let [high, low] = [0, 0];
    for (let at = 0; at < PLACES_PER_WORD; at += 1) {
      high = (high << PLACE_BITS) | (at < length ? (digits[at] ?? 0) + 1 : 0);
      const next = at + PLACES_PER_WORD;
      low = (low << PLACE_BITS) | (next < length ? (digits[next] ?? 0) + 1 : 0);
    }
    this.#words[2 * slot] = high;
    this.#words[2 * slot + 1] = low;
  }

  /**
   * Into `mask`: 1 for each of the first `mask.length` slots whose number has the digits there.
   *
   * @param wanted 1 to 15 digits
   */
  find(wanted: Uint8Array, where: Where, mask: Uint8Array): void {
    // What ends there is followed by no digit.
    const places = [...Array.from(wanted, (digit) => digit + 1), ...(isAtEnd(where) ? [0] : [])];
    const first = askedOf(places.slice(0, PLACES_PER_WORD));
    const rest = askedOf(places.slice(PLACES_PER_WORD));
    const steps = where === 'starts' || where === 'is' ? 1 : PLACES - wanted.length;
    const words = this.#words;
    for (let slot = 0; slot < mask.length; slot += 1) {
      let high = words[2 * slot] ?? 0;
      let low = words[2 * slot + 1] ?? 0;
      // Each step looks one digit further, until there are none.
      for (let step = 0; step < steps && high !== 0; step += 1) {
        if ((high & first.mask) === first.bits && (low & rest.mask) === rest.bits) {
          mask[slot] = 1;
          break;
        }
        high = (high << PLACE_BITS) | (low >>> (WORD_BITS - PLACE_BITS));
        low <<= PLACE_BITS;
      }
    }
  }
}

const isAtEnd = (where: Where): boolean => where === 'ends' || where === 'is';
