import { isPaymentNumber, maskNumber } from './payment-card.ts';

/** Longer than any symbol: a QR code holds at most 7,089 digits. */
export const FRAME_BYTES_MAX = 8192;
/** A pause this long inside a frame means that the rest will not come. */
export const PARTIAL_SILENCE_MS = 200;
/** Where silence ends a frame: at least so long, */
export const IDLE_MS_MIN = 50;
/** and at least as long as so many bytes take. */
const IDLE_BYTES = 10;
/** A byte with start, stop and parity. */
const BITS_PER_BYTE = 10;

/** The silence that ends a frame on a line of this speed. */
export const idleMsOf = (baudRate: number): number =>
  Math.max(IDLE_MS_MIN, Math.ceil((IDLE_BYTES * BITS_PER_BYTE * 1000) / baudRate));

const STX = 0x02;
const ETX = '\x03';
const ACK = 0x06;
const NAK = 0x15;
const EQUALS = 0x3d;
const CARET = 0x5e;
/** Digits of a card and the spaces between their groups. */
const NUMBER_BYTES_MAX = 24;
/** A look at lost bytes, for the reason why. */
const SAMPLE_BYTES_MAX = 64;

/**
 * `suffix` cuts at any of `endings` (one or two characters each); `stx-etx` takes only what stands between
 * the two; `idle` cuts at a silence of `silenceMs`, for scanners that send no ending.
 */
export type Framing =
  | { readonly kind: 'suffix'; readonly endings: readonly string[] }
  | { readonly kind: 'stx-etx' }
  | { readonly kind: 'idle'; readonly silenceMs: number };

/** `partial`: the rest did not come; `overlong`: beyond `FRAME_BYTES_MAX`. */
type LossReason = 'partial' | 'overlong';

/**
 * `bytes` and `sample` belong to the receiver, who wipes them; `bytes` come without ending, never empty.
 * `blocked`: a payment card's track, of which nothing but this was kept.
 */
export type FrameEvent =
  | { readonly type: 'frame'; readonly bytes: Uint8Array }
  | {
      readonly type: 'loss';
      readonly why: LossReason;
      readonly byteCount: number;
      readonly sample: Uint8Array;
    }
  | { readonly type: 'blocked'; readonly masked: string; readonly byteCount: number }
  | { readonly type: 'reply'; readonly reply: 'ack' | 'nak' };

type Mode = 'collecting' | 'skipping' | 'blocked' | 'outside';

/**
 * Cuts a byte stream into frames. Pure but for its own buffer: no timer, time is passed in, memory is
 * bounded, never throws. After an overlong frame everything up to the next ending is skipped, since its tail
 * could look like a code. The number on a payment card's track is masked in the buffer by the very byte that
 * proves it, and what follows is not stored.
 */
export class Framer {
  readonly #framing: Framing;
  readonly #ownPrefixes: readonly string[];
  readonly #endings: readonly string[];
  readonly #buffer: Uint8Array;
  /** By byte: 1 where more is to be done than to store it. */
  readonly #isSpecial = new Uint8Array(256);
  readonly #silenceMs: number;
  readonly #firstMode: Mode;
  #length = 0;
  /** Bytes of the frame that were counted and not stored. */
  #droppedCount = 0;
  #masked = '';
  #previousByte = -1;
  #mode: Mode;
  #lastByteAtMs = Number.NEGATIVE_INFINITY;

  constructor(framing: Framing, ownPrefixes: readonly string[] = []) {
    this.#framing = framing;
    this.#ownPrefixes = ownPrefixes;
    this.#endings = framing.kind === 'suffix' ? framing.endings : framing.kind === 'idle' ? [] : [ETX];
    this.#silenceMs = framing.kind === 'idle' ? framing.silenceMs : PARTIAL_SILENCE_MS;
    this.#firstMode = framing.kind === 'stx-etx' ? 'outside' : 'collecting';
    this.#mode = this.#firstMode;
    for (const ending of this.#endings) this.#isSpecial[ending.charCodeAt(ending.length - 1)] = 1;
    for (const byte of [STX, ACK, NAK, EQUALS, CARET]) this.#isSpecial[byte] = 1;
    // Room for the ending behind the longest frame, or for the byte that is one too many.
    this.#buffer = new Uint8Array(
      FRAME_BYTES_MAX + Math.max(1, ...this.#endings.map(({ length }) => length)),
    );
  }

  /** After so long without a byte, `expire` has something to say. */
  get silenceMs(): number {
    return this.#silenceMs;
  }

  /** @param atMs Monotonic clock. */
  push(chunk: Uint8Array, atMs: number): FrameEvent[] {
    const events = this.expire(atMs);
    this.#lastByteAtMs = atMs;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at] ?? 0;
      const isPlain = this.#isSpecial[byte] === 0 && this.#mode === 'collecting';
      if (isPlain && this.#length < this.#buffer.length - 1) {
        this.#buffer[this.#length] = byte;
        this.#length += 1;
        this.#previousByte = byte;
      } else {
        const event = this.#take(byte);
        if (event !== null) events.push(event);
      }
    }
    return events;
  }

  /** Ends a frame by silence, or drops a partial one, if enough has passed since the last byte. */
  expire(atMs: number): FrameEvent[] {
    if (!this.isPending() || !(atMs - this.#lastByteAtMs >= this.#silenceMs)) return [];
    const isWhole = this.#framing.kind === 'idle' && this.#mode !== 'skipping';
    const event = isWhole ? this.#end(0) : this.#lose('partial');
    return event === null ? [] : [event];
  }

  /** True while a frame is begun and not ended. */
  isPending(): boolean {
    return this.#length > 0 || this.#mode === 'skipping' || this.#mode === 'blocked';
  }

  /** Forgets and wipes what was begun, as after an unplug. */
  reset(): void {
    this.#buffer.fill(0, 0, this.#length);
    this.#length = 0;
    this.#droppedCount = 0;
    this.#masked = '';
    this.#previousByte = -1;
    this.#mode = this.#firstMode;
  }

  #take(byte: number): FrameEvent | null {
    if (this.#firstMode === 'outside' && byte === STX) return this.#start();
    if (!this.isPending() && (byte === ACK || byte === NAK)) {
      return { type: 'reply', reply: byte === ACK ? 'ack' : 'nak' };
    }
    if (this.#mode === 'outside') return null;
    const endingLength = this.#isSpecial[byte] === 0 ? 0 : this.#endedBy(byte);
    this.#previousByte = byte;
    if (this.#mode === 'skipping') {
      if (endingLength > 0) this.reset();
      return null;
    }
    if (this.#mode === 'blocked') {
      this.#droppedCount += 1;
      return endingLength > 0 ? this.#end(endingLength) : null;
    }
    return this.#store(byte, endingLength);
  }

  #store(byte: number, endingLength: number): FrameEvent | null {
    if (byte === EQUALS || byte === CARET) this.#guard();
    if (this.#mode === 'blocked') {
      this.#droppedCount += 1;
      return null;
    }
    this.#buffer[this.#length] = byte;
    this.#length += 1;
    if (endingLength > 0) return this.#end(endingLength);
    if (this.#length < this.#buffer.length) return null;
    const lost = this.#lose('overlong');
    this.#mode = 'skipping';
    this.#previousByte = byte;
    return lost;
  }

  /** Digits right before a track's separator: if they are a payment card's, they go at once. */
  #guard(): void {
    let digits = '';
    let from = this.#length;
    for (; from > 0 && this.#length - from < NUMBER_BYTES_MAX; from -= 1) {
      const byte = this.#buffer[from - 1] ?? 0;
      if (byte === 0x20) continue;
      if (byte < 48 || byte > 57) break;
      digits = String.fromCharCode(byte) + digits;
    }
    if (!isPaymentNumber(digits, this.#ownPrefixes)) return;
    this.#masked = maskNumber(digits);
    this.#droppedCount = this.#length;
    this.#buffer.fill(0, 0, this.#length);
    this.#length = 0;
    this.#mode = 'blocked';
  }

  /** Length of the ending that `byte` completes; 0 for none. */
  #endedBy(byte: number): number {
    for (const ending of this.#endings) {
      const isLast = ending.charCodeAt(ending.length - 1) === byte;
      if (isLast && (ending.length === 1 || ending.charCodeAt(0) === this.#previousByte))
        return ending.length;
    }
    return 0;
  }

  #start(): FrameEvent | null {
    const lost = this.#lose('partial');
    this.#mode = 'collecting';
    return lost;
  }

  #end(endingLength: number): FrameEvent | null {
    if (this.#mode === 'blocked') return this.#lose('partial');
    const bytes = this.#buffer.slice(0, Math.max(0, this.#length - endingLength));
    this.reset();
    return bytes.length === 0 ? null : { type: 'frame', bytes };
  }

  #lose(why: LossReason): FrameEvent | null {
    const byteCount = this.#length + this.#droppedCount;
    const masked = this.#masked;
    const sample = this.#buffer.slice(0, Math.min(this.#length, SAMPLE_BYTES_MAX));
    this.reset();
    if (masked !== '') return { type: 'blocked', masked, byteCount };
    return byteCount === 0 ? null : { type: 'loss', why, byteCount, sample };
  }
}
