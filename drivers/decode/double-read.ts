import type { DecodedScan, ScanKind } from './scan-event.ts';
import { stablePart } from './wallet.ts';

/** A product under a scanner for so long is one; sooner than a hand can bring the next of its kind. */
export const PRODUCT_REPEAT_MS = 400;
/** A card or a phone's screen is held there for longer. */
export const PERSON_REPEAT_MS = 1500;
/** More different codes than anybody reads in that time. */
const REMEMBERED_MAX = 64;

const WINDOWS_MS: Readonly<Partial<Record<ScanKind, number>>> = {
  product: PRODUCT_REPEAT_MS,
  logistic: PRODUCT_REPEAT_MS,
  unknown: PRODUCT_REPEAT_MS,
  phone: PERSON_REPEAT_MS,
  'member-card': PERSON_REPEAT_MS,
  wallet: PERSON_REPEAT_MS,
  coupon: PERSON_REPEAT_MS,
};

const PERSON_KEY = /^(phone|member-card|wallet|coupon) /;

/**
 * Remembers what was read last, to tell a second look of the scanner from a second scan. Windows count from
 * the scan that was told. Refused kinds are never remembered.
 */
export class DoubleReads {
  readonly #walletPrefixes: readonly string[];
  /** Oldest first. */
  readonly #untilMs = new Map<string, number>();

  constructor(walletPrefixes: readonly string[]) {
    this.#walletPrefixes = walletPrefixes;
  }

  /** @param atMs The same monotonic clock each time. */
  isRepeat(scan: DecodedScan, atMs: number): boolean {
    const windowMs = WINDOWS_MS[scan.kind];
    if (windowMs === undefined) return false;
    const stable = scan.kind === 'wallet' ? stablePart(scan.text, this.#walletPrefixes) : scan.text;
    const key = `${scan.kind} ${stable}`;
    if (atMs < (this.#untilMs.get(key) ?? Number.NEGATIVE_INFINITY)) return true;
    this.#untilMs.delete(key);
    if (windowMs === PERSON_REPEAT_MS) this.#forgetOtherPeople();
    this.#untilMs.set(key, atMs + windowMs);
    if (this.#untilMs.size > REMEMBERED_MAX) this.#forgetOldest();
    return false;
  }

  reset(): void {
    this.#untilMs.clear();
  }

  /** Card, other card, first card again: the third is meant, since the second was another customer's. */
  #forgetOtherPeople(): void {
    for (const key of this.#untilMs.keys()) if (PERSON_KEY.test(key)) this.#untilMs.delete(key);
  }

  #forgetOldest(): void {
    for (const key of this.#untilMs.keys()) {
      this.#untilMs.delete(key);
      return;
    }
  }
}
