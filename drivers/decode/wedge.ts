import { stripAim } from './aim.ts';
import { classify, type DecodeRules } from './classify.ts';
import { stripCodeId, type Identifiers } from './code-id.ts';
import { DoubleReads } from './double-read.ts';
import { FRAME_BYTES_MAX } from './framer.ts';
import { findPaymentCard } from './payment-card.ts';
import { toScan, type ScanEvent } from './scan-event.ts';
import { readAim } from './symbology.ts';
import { isAltDigit, isControl, isPrintable, toAltSign, toKeyText } from './wedge-key.ts';
import type { WedgeKey, WedgeKeyOptions } from './wedge-key.ts';

/** Shorter bursts stay what they look like: typing. */
const WEDGE_KEYS_MIN = 6;
/** Half of the pauses of a scan are at most this long; a fast typist's are not. */
export const WEDGE_GAP_MEDIAN_MS = 35;
/** Up to so many keys, three pauses of four must be short: in a short word chance makes half of them short. */
const WEDGE_SHORT_KEYS_MAX = 12;
/** A longer pause ends a burst. A busy machine stretches single pauses, so this is far above the median. */
export const WEDGE_GAP_MAX_MS = 150;
/** The page may show two keys of a scan before it is told to hold the third. */
const KEYS_BEFORE_SWALLOW = 2;
/** How a magnetic track begins; no word does. */
const TRACK_START = /^(?:%B|;)\d/;
const TRACK_BEGUN = /^(?:%B|;)\d{6}/;
/** What follows a number on a track, without the beginning: the swipe was cut in two. */
const TRACK_TAIL = /^\d{4,}=\d{7}|\^\d{7}/;
const CARD_KEYS_MIN = 13;
/** Longest piece of a magnetic track in front of the sign that proves a card. */
const TRACK_HEAD_MAX = 32;

export interface WedgeOptions extends DecodeRules, WedgeKeyOptions {
  readonly identifiers: Identifiers;
  /** Prefix mode: the scanner sends this key first, which nobody types. Null: heuristic mode, by speed. */
  readonly prefix: { readonly code: string; readonly hasCtrl: boolean } | null;
}

/**
 * What the page does with a key:
 * - `pass`: nothing.
 * - `mark`: a burst may begin here. Remember the focused field (value, selection), then let the key pass.
 * - `swallow`: prevent the default action and stop the event.
 * - `event`: swallow this key too, put the marked field back as it was unless no key of it got there (`isUnseen`),
 *   use the event.
 * - `replay`: it was typing. Put `replay` into the focused field in order, then let this key pass; if
 *   `isMark`, mark first.
 */
export type WedgeDecision =
  | 'pass'
  | 'mark'
  | 'swallow'
  | { readonly event: ScanEvent; readonly isUnseen?: true }
  | { readonly replay: readonly WedgeKey[]; readonly isMark: boolean };

export interface WedgeDetector {
  /** Each key down of the page, in order, at most one burst of `FRAME_BYTES_MAX` keys in memory. */
  push(key: WedgeKey): WedgeDecision;
  /**
   * Call it just over `WEDGE_GAP_MAX_MS` after a swallowed key that no other key followed, and with
   * `Infinity` before the focus moves: held keys come back as `replay`, and a payment card that was begun as
   * `event`. Silence alone never makes a scan.
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

/** The keys of one burst and what they say, with the card guard at work on each of them. */
class Burst {
  readonly #options: WedgeOptions;
  readonly #doubleReads: DoubleReads;
  #keys: WedgeKey[] = [];
  #text = '';
  #altDigits = '';
  #altKeys: WedgeKey[] = [];
  /** Set once a payment card is proven: nothing is kept from then on. */
  #masked: string | null = null;
  #signCount = 0;

  constructor(options: WedgeOptions) {
    this.#options = options;
    this.#doubleReads = new DoubleReads(options.walletPrefixes ?? []);
  }

  /** Signs so far; a whole Alt code is one. */
  get length(): number {
    return this.#signCount + (this.#altDigits === '' ? 0 : 1);
  }

  get isBlocked(): boolean {
    return this.#masked !== null;
  }

  get startsAsTrack(): boolean {
    return TRACK_START.test(this.#text);
  }

  /** A swipe that broke off: it is told as a bad read, and none of its keys come back. */
  get isTrackBegun(): boolean {
    return TRACK_BEGUN.test(this.#text);
  }

  /** Looks at what came so far as at a whole number. */
  guard(): boolean {
    if (this.#masked === null && this.#signCount >= CARD_KEYS_MIN) {
      this.#masked = findPaymentCard(this.#text, this.#options.ownPrefixes);
    }
    return this.isBlocked;
  }

  add(key: WedgeKey): void {
    if (isAltDigit(key)) {
      this.#altDigits = (this.#altDigits + key.code.slice('Numpad'.length)).slice(0, 4);
      this.#altKeys.push(key);
      return;
    }
    this.endAltCode();
    this.#addSign(toKeyText(key, this.#options), key);
  }

  /** Alt was let go, or pressed anew. */
  endAltCode(): void {
    const [first] = this.#altKeys;
    if (first === undefined) return;
    const sign = toAltSign(this.#altDigits);
    this.#altDigits = '';
    this.#altKeys = [];
    this.#addSign(sign, { ...first, key: sign, hasAlt: false });
  }

  /** From the key at `from` on, Alt codes as the sign they stand for. */
  keysFrom(from: number): WedgeKey[] {
    this.endAltCode();
    return this.#keys.slice(from);
  }

  toEvent(atMs: number): ScanEvent {
    this.endAltCode();
    const event = this.#read();
    const isRepeat = event.type === 'scan' && this.#doubleReads.isRepeat(event.scan, atMs);
    return isRepeat ? { type: 'suppressed', why: 'double-read' } : event;
  }

  clear(): void {
    this.#keys = [];
    this.#text = '';
    this.#altDigits = '';
    this.#altKeys = [];
    this.#masked = null;
    this.#signCount = 0;
  }

  #addSign(sign: string, key: WedgeKey): void {
    this.#signCount += 1;
    if (this.#masked !== null) return;
    this.#text += sign;
    this.#keys.push(key);
    if (sign !== '=' && sign !== '^') return;
    this.#masked = findPaymentCard(this.#text.slice(-TRACK_HEAD_MAX), this.#options.ownPrefixes);
    if (this.#masked === null) return;
    this.#text = '';
    this.#keys = [];
  }

  #read(): ScanEvent {
    if (this.#masked !== null) {
      const card = { kind: 'blocked-payment-card', text: '', symbology: 'msr', isDeclared: false } as const;
      return { type: 'scan', scan: toScan({ ...card, aim: null, masked: this.#masked }) };
    }
    return readTyped(this.#text, this.#options);
  }
}

const toPartial = (byteCount: number): ScanEvent => ({
  ...{ type: 'scan-error', code: 'partial' },
  ...{ byteCount, hint: null },
});

/** A whole text from a keyboard, identifiers off. */
function readTyped(typed: string, options: WedgeOptions): ScanEvent {
  const { identifiers } = options;
  const rest = { issues: [], byteCount: typed.length };
  if (identifiers === 'honeywell' || identifiers === 'zebra') {
    const { symbology, text } = stripCodeId(typed.trim(), identifiers);
    const isDeclared = symbology !== null;
    return classify({ text, symbology: symbology ?? 'unknown', isDeclared, aim: null, ...rest }, options);
  }
  if (TRACK_TAIL.test(typed)) return toPartial(typed.length);
  const { aim, text } = identifiers === 'aim' ? stripAim(typed.trim()) : { aim: null, text: typed.trim() };
  const symbology = aim === null ? 'unknown' : readAim(aim).symbology;
  return classify({ text, symbology, isDeclared: aim !== null, aim, ...rest }, options);
}

class HeuristicDetector implements WedgeDetector {
  readonly #options: WedgeOptions;
  /** Only payment cards are told; every other burst is typing, and is never held. */
  readonly #isGuard: boolean;
  readonly #burst: Burst;
  #keyCount = 0;
  #fastGapCount = 0;
  #lastAtMs = Number.NEGATIVE_INFINITY;
  #isHolding = false;

  constructor(options: WedgeOptions, isGuard = false) {
    this.#options = options;
    this.#isGuard = isGuard;
    this.#burst = new Burst(options);
  }

  push(key: WedgeKey): WedgeDecision {
    if (key.isTrusted && key.key === 'Alt' && !key.isRepeat) this.#burst.endAltCode();
    if (!key.isTrusted || isModifier(key)) return 'pass';
    const gapMs = key.timeMs - this.#lastAtMs;
    this.#lastAtMs = key.timeMs;
    const isInBurst = this.#keyCount > 0 && gapMs <= WEDGE_GAP_MAX_MS;
    if (isEnd(key) && !key.isRepeat) return this.#end(isInBurst);
    if (key.isRepeat || !this.#isSign(key, isInBurst)) return this.#release(false);
    return isInBurst && this.#keyCount < FRAME_BYTES_MAX ? this.#collect(key, gapMs) : this.#begin(key);
  }

  expire(nowMs: number): WedgeDecision {
    return nowMs - this.#lastAtMs > WEDGE_GAP_MAX_MS ? this.#release(false) : 'pass';
  }

  /** Ctrl and a key is a command unless it comes as fast as a scan does. */
  #isSign(key: WedgeKey, isInBurst: boolean): boolean {
    return (
      isPrintable(key, this.#options) || isAltDigit(key) || (isInBurst && this.#isHolding && isControl(key))
    );
  }

  #begin(key: WedgeKey): WedgeDecision {
    const decision = this.#release(true);
    this.#burst.add(key);
    this.#keyCount = 1;
    return decision;
  }

  #collect(key: WedgeKey, gapMs: number): WedgeDecision {
    if (gapMs <= WEDGE_GAP_MEDIAN_MS) this.#fastGapCount += 1;
    this.#keyCount += 1;
    this.#burst.add(key);
    if (this.#isHolding) return 'swallow';
    // Only right at the start: a burst that began slowly is already in the field, key by key.
    const isThird = this.#keyCount === KEYS_BEFORE_SWALLOW + 1;
    const isFast = this.#fastGapCount === KEYS_BEFORE_SWALLOW;
    this.#isHolding = isThird && ((isFast && !this.#isGuard) || this.#burst.startsAsTrack);
    return this.#isHolding ? 'swallow' : 'pass';
  }

  #end(isInBurst: boolean): WedgeDecision {
    const isLong = this.#burst.length >= WEDGE_KEYS_MIN;
    const isScan = isInBurst && isLong && this.#isFast() && !this.#isGuard;
    if (!isScan) return this.#release(false);
    const event = this.#burst.toEvent(this.#lastAtMs);
    this.#forget();
    return { event };
  }

  /** Half of the gaps are fast: the same as a median at or below the limit, without sorting. Of few, three quarters. */
  #isFast(): boolean {
    const gapCount = this.#keyCount - 1;
    const isShort = this.#keyCount <= WEDGE_SHORT_KEYS_MAX;
    return isShort ? this.#fastGapCount * 4 >= gapCount * 3 : this.#fastGapCount * 2 >= gapCount;
  }

  /** Forgets the burst and gives back what the page does not have yet; nothing of a payment card. */
  #release(isMark: boolean): WedgeDecision {
    // However slowly it came: a card's number stays in no field.
    const isSuspect = this.#isHolding || (this.#isGuard && this.#isFast());
    const isCard = this.#burst.isBlocked || (isSuspect && this.#burst.guard());
    if (isCard || (this.#isHolding && this.#burst.isTrackBegun)) {
      const event = isCard ? this.#burst.toEvent(this.#lastAtMs) : toPartial(this.#burst.length);
      this.#forget();
      return { event };
    }
    const replay = this.#isHolding ? this.#burst.keysFrom(KEYS_BEFORE_SWALLOW) : [];
    this.#forget();
    if (replay.length > 0) return { replay, isMark };
    return isMark ? 'mark' : 'pass';
  }

  #forget(): void {
    this.#burst.clear();
    this.#keyCount = 0;
    this.#fastGapCount = 0;
    this.#isHolding = false;
  }
}

function prefixDetector(options: WedgeOptions, prefix: NonNullable<WedgeOptions['prefix']>): WedgeDetector {
  const burst = new Burst(options);
  // A card reader that has no start key types too.
  const guard = new HeuristicDetector(options, true);
  let isOpen = false;
  let lastAtMs = Number.NEGATIVE_INFINITY;

  function close(): void {
    isOpen = false;
    burst.clear();
  }

  function push(key: WedgeKey): WedgeDecision {
    if (!key.isTrusted) return 'pass';
    // What came before a silence was cut off: nobody typed it, so nothing is given back.
    if (key.timeMs - lastAtMs > WEDGE_GAP_MAX_MS) close();
    if (key.code === prefix.code && key.hasCtrl === prefix.hasCtrl && !key.isRepeat) {
      close();
      isOpen = true;
      lastAtMs = key.timeMs;
      const held = guard.expire(Number.POSITIVE_INFINITY);
      return held === 'pass' ? 'swallow' : held;
    }
    if (!isOpen) return guard.push(key);
    lastAtMs = key.timeMs;
    if (key.key === 'Alt' && !key.isRepeat) burst.endAltCode();
    if (isEnd(key)) {
      const seen = burst.length === 0 ? null : burst.toEvent(key.timeMs);
      const decision = seen === null ? 'swallow' : ({ event: seen, isUnseen: true } as const);
      close();
      return decision;
    }
    const isSign = isPrintable(key, options) || isAltDigit(key) || isControl(key);
    if (isSign && !isModifier(key) && !key.isRepeat && burst.length < FRAME_BYTES_MAX) burst.add(key);
    return 'swallow';
  }

  return {
    push,
    expire: (nowMs) => {
      if (nowMs - lastAtMs > WEDGE_GAP_MAX_MS) close();
      return guard.expire(nowMs);
    },
  };
}
