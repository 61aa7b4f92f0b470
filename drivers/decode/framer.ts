/** Longer than any symbol: a QR code holds at most 7,089 digits. */
export const FRAME_BYTES_MAX = 8192;
/** A pause this long inside a frame means that the rest will not come. */
export const PARTIAL_SILENCE_MS = 200;

const STX = 0x02;
const ETX = '\x03';

/**
 * `suffix` cuts at any of `endings` (one or two characters each); `stx-etx` takes only what stands between
 * the two.
 */
export type Framing =
  | { readonly kind: 'suffix'; readonly endings: readonly string[] }
  | { readonly kind: 'stx-etx' };

/** `partial`: the rest did not come; `overlong`: beyond `FRAME_BYTES_MAX`. */
export type LossReason = 'partial' | 'overlong';

/** `bytes` belong to the receiver, without ending, never empty. */
export type FrameEvent =
  | { readonly type: 'frame'; readonly bytes: Uint8Array }
  | { readonly type: 'loss'; readonly why: LossReason; readonly byteCount: number };

/**
 * Cuts a byte stream into frames. Pure but for its own buffer: no timer, time is passed in, memory is
 * bounded, never throws. After an overlong frame everything up to the next ending is skipped, since its tail
 * could look like a code.
 */
export class Framer {
  readonly #hasStart: boolean;
  readonly #endings: readonly string[];
  readonly #buffer: Uint8Array;
  #length = 0;
  #previousByte = -1;
  #mode: 'collecting' | 'skipping' | 'outside';
  #lastByteAtMs = Number.NEGATIVE_INFINITY;

  constructor(framing: Framing) {
    this.#hasStart = framing.kind === 'stx-etx';
    this.#endings = framing.kind === 'stx-etx' ? [ETX] : framing.endings;
    this.#mode = this.#hasStart ? 'outside' : 'collecting';
    // Room for an ending of two behind the longest frame.
    this.#buffer = new Uint8Array(
      FRAME_BYTES_MAX + Math.max(...this.#endings.map((ending) => ending.length)),
    );
  }

  /** @param atMs Monotonic clock. */
  push(chunk: Uint8Array, atMs: number): FrameEvent[] {
    const events = this.expire(atMs);
    this.#lastByteAtMs = atMs;
    for (const byte of chunk) events.push(...this.#take(byte));
    return events;
  }

  /** Drops a partial frame if `PARTIAL_SILENCE_MS` have passed since the last byte. */
  expire(atMs: number): FrameEvent[] {
    return atMs - this.#lastByteAtMs >= PARTIAL_SILENCE_MS ? this.#lose('partial') : [];
  }

  /** True while a frame is begun and not ended. */
  isPending(): boolean {
    return this.#length > 0 || this.#mode === 'skipping';
  }

  /** Forgets and wipes what was begun, as after an unplug. */
  reset(): void {
    this.#buffer.fill(0, 0, this.#length);
    this.#length = 0;
    this.#previousByte = -1;
    this.#mode = this.#hasStart ? 'outside' : 'collecting';
  }

  #take(byte: number): FrameEvent[] {
    if (this.#hasStart && byte === STX) return this.#start();
    if (this.#mode === 'outside') return [];
    const ending = this.#endedBy(byte);
    this.#previousByte = byte;
    if (this.#mode === 'skipping') {
      if (ending !== undefined) this.reset();
      return [];
    }
    this.#buffer[this.#length] = byte;
    this.#length += 1;
    if (ending !== undefined) return this.#end(ending);
    if (this.#length < this.#buffer.length) return [];
    const lost = this.#lose('overlong');
    this.#mode = 'skipping';
    this.#previousByte = byte;
    return lost;
  }

  #endedBy(byte: number): string | undefined {
    return this.#endings.find(
      (ending) =>
        ending.charCodeAt(ending.length - 1) === byte &&
        (ending.length === 1 || ending.charCodeAt(0) === this.#previousByte),
    );
  }

  #start(): FrameEvent[] {
    const lost = this.#lose('partial');
    this.#mode = 'collecting';
    return lost;
  }

  #end(ending: string): FrameEvent[] {
    const bytes = this.#buffer.slice(0, Math.max(0, this.#length - ending.length));
    this.reset();
    return bytes.length === 0 ? [] : [{ type: 'frame', bytes }];
  }

  #lose(why: LossReason): FrameEvent[] {
    const byteCount = this.#length;
    this.reset();
    return byteCount === 0 ? [] : [{ type: 'loss', why, byteCount }];
  }
}
