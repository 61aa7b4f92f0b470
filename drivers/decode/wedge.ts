import { FRAME_BYTES_MAX } from './framer.ts';
import { toPayload, type Payload, type PayloadOptions } from './payload.ts';
import { isPrintable, toKeyText } from './wedge-key.ts';
import type { WedgeKey, WedgeKeyOptions } from './wedge-key.ts';

/** Shorter bursts stay what they look like: typing. */
const WEDGE_KEYS_MIN = 6;
/** Half of the pauses of a scan are at most this long; a fast typist's are not. */
const WEDGE_GAP_MEDIAN_MS = 35;
/** A longer pause ends a burst. A busy machine stretches single pauses, so this is far above the median. */
export const WEDGE_GAP_MAX_MS = 150;
/** The page may show two keys of a scan before it is told to hold the third. */
const KEYS_BEFORE_SWALLOW = 2;

export interface WedgeOptions extends PayloadOptions, WedgeKeyOptions {
  /** Prefix mode: the scanner sends this key first, which nobody types. Null: heuristic mode, by speed. */
  readonly prefix: { readonly code: string; readonly hasCtrl: boolean } | null;
}

/**
 * What the page does with a key:
 * - `pass`: nothing.
 * - `mark`: a burst may begin here. Remember the focused field (value, selection), then let the key pass.
 * - `swallow`: prevent the default action and stop the event.
 * - `scan`: swallow this key too, put the marked field back as it was, use the payload.
 * - `replay`: it was typing. Put `replay` into the focused field in order, then let this key pass; if
 *   `isMark`, mark first.
 */
export type WedgeDecision =
  | 'pass'
  | 'mark'
  | 'swallow'
  | { readonly scan: Payload }
  | { readonly replay: readonly WedgeKey[]; readonly isMark: boolean };

export interface WedgeDetector {
  /** Each key down of the page, in order, at most one burst of `FRAME_BYTES_MAX` keys in memory. */
  push(key: WedgeKey): WedgeDecision;
  /**
   * Call it just over `WEDGE_GAP_MAX_MS` after a swallowed key that no other key followed, and with
   * `Infinity` before the focus moves: held keys come back as `replay`. Silence alone never makes a scan.
   */
  expire(nowMs: number): WedgeDecision;
}

/** Tells a keyboard-wedge scanner from a person. Pure: no timer, no DOM; never throws. */
export function createWedgeDetector(options: WedgeOptions): WedgeDetector {
  return options.prefix === null ? new HeuristicDetector(options) : prefixDetector(options, options.prefix);
}

const isEnd = (key: WedgeKey): boolean =>
  (key.key === 'Enter' || key.key === 'Tab') && !key.hasCtrl && !key.hasAlt && !key.hasMeta;

/** Shift and its like come between the keys of a scan; they neither count nor break it. */
const isModifier = (key: WedgeKey): boolean =>
  ['Shift', 'CapsLock', 'Control', 'Alt', 'AltGraph', 'NumLock'].includes(key.key);

function toScan(keys: readonly WedgeKey[], options: WedgeOptions): WedgeDecision {
  return { scan: toPayload(keys.map((key) => toKeyText(key, options)).join(''), options) };
}

class HeuristicDetector implements WedgeDetector {
  readonly #options: WedgeOptions;
  #keys: WedgeKey[] = [];
  #fastGapCount = 0;
  #lastAtMs = Number.NEGATIVE_INFINITY;
  #isHolding = false;

  constructor(options: WedgeOptions) {
    this.#options = options;
  }

  push(key: WedgeKey): WedgeDecision {
    if (!key.isTrusted || isModifier(key)) return 'pass';
    const gapMs = key.timeMs - this.#lastAtMs;
    this.#lastAtMs = key.timeMs;
    const isInBurst = this.#keys.length > 0 && gapMs <= WEDGE_GAP_MAX_MS;
    if (isEnd(key) && !key.isRepeat) return this.#end(isInBurst);
    if (key.isRepeat || !isPrintable(key)) return this.#release(false);
    return isInBurst && this.#keys.length < FRAME_BYTES_MAX ? this.#collect(key, gapMs) : this.#begin(key);
  }

  expire(nowMs: number): WedgeDecision {
    return nowMs - this.#lastAtMs > WEDGE_GAP_MAX_MS ? this.#release(false) : 'pass';
  }

  #begin(key: WedgeKey): WedgeDecision {
    const decision = this.#release(true);
    this.#keys.push(key);
    return decision;
  }

  #collect(key: WedgeKey, gapMs: number): WedgeDecision {
    if (gapMs <= WEDGE_GAP_MEDIAN_MS) this.#fastGapCount += 1;
    this.#keys.push(key);
    if (this.#isHolding) return 'swallow';
    // Only right at the start: a burst that began slowly is already in the field, key by key.
    const isThird = this.#keys.length === KEYS_BEFORE_SWALLOW + 1;
    this.#isHolding = isThird && this.#fastGapCount === KEYS_BEFORE_SWALLOW;
    return this.#isHolding ? 'swallow' : 'pass';
  }

  #end(isInBurst: boolean): WedgeDecision {
    if (!isInBurst || this.#keys.length < WEDGE_KEYS_MIN || !this.#isFast()) return this.#release(false);
    const decision = toScan(this.#keys, this.#options);
    this.#forget();
    return decision;
  }

  /** Half of the gaps are fast: the same as a median at or below the limit, without sorting. */
  #isFast(): boolean {
    return this.#fastGapCount * 2 >= this.#keys.length - 1;
  }

  /** Forgets the burst and gives back what the page does not have yet. */
  #release(isMark: boolean): WedgeDecision {
    const replay = this.#isHolding ? this.#keys.slice(KEYS_BEFORE_SWALLOW) : [];
    this.#forget();
    if (replay.length > 0) return { replay, isMark };
    return isMark ? 'mark' : 'pass';
  }

  #forget(): void {
    this.#keys = [];
    this.#fastGapCount = 0;
    this.#isHolding = false;
  }
}

function prefixDetector(options: WedgeOptions, prefix: NonNullable<WedgeOptions['prefix']>): WedgeDetector {
  let keys: WedgeKey[] | null = null;
  let lastAtMs = Number.NEGATIVE_INFINITY;

  function push(key: WedgeKey): WedgeDecision {
    if (!key.isTrusted) return 'pass';
    // What came before a silence was cut off: nobody typed it, so nothing is given back.
    if (key.timeMs - lastAtMs > WEDGE_GAP_MAX_MS) keys = null;
    if (key.code === prefix.code && key.hasCtrl === prefix.hasCtrl && !key.isRepeat) {
      keys = [];
      lastAtMs = key.timeMs;
      return 'swallow';
    }
    if (keys === null) return 'pass';
    lastAtMs = key.timeMs;
    if (isEnd(key)) {
      const decision = keys.length === 0 ? 'swallow' : toScan(keys, options);
      keys = null;
      return decision;
    }
    if (isPrintable(key) && !key.isRepeat && keys.length < FRAME_BYTES_MAX) keys.push(key);
    return 'swallow';
  }

  return {
    push,
    expire: (nowMs) => {
      if (nowMs - lastAtMs > WEDGE_GAP_MAX_MS) keys = null;
      return 'pass';
    },
  };
}
