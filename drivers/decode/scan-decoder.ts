import { Framer, type FrameEvent, type Framing, type LossReason } from './framer.ts';
import { stripLineNoise } from './line-noise.ts';
import { toPayload, type Payload, type PayloadOptions } from './payload.ts';
import { bytesToText } from './text.ts';

interface ScanDecoderOptions extends PayloadOptions {
  readonly framing: Framing;
}

export type DecodeEvent =
  | { readonly type: 'payload'; readonly payload: Payload }
  | { readonly type: 'loss'; readonly why: LossReason; readonly byteCount: number };

interface ScanDecoder {
  /** @param atMs Monotonic clock. */
  readonly push: (chunk: Uint8Array, atMs: number) => DecodeEvent[];
  /** Drops a partial scan after its silence; call it once that has passed. */
  readonly expire: (atMs: number) => DecodeEvent[];
  readonly isPending: () => boolean;
  readonly reset: () => void;
}

/** Bytes to scans: framer, line noise, text, identifiers, payment card guard, kind. Bounded, never throws. */
export function createScanDecoder(options: ScanDecoderOptions): ScanDecoder {
  const framer = new Framer(options.framing);
  const decodeAll = (events: readonly FrameEvent[]): DecodeEvent[] => {
    const decoded: DecodeEvent[] = [];
    for (const event of events) {
      const result = event.type === 'loss' ? event : decodeFrame(event.bytes, options);
      if (result !== null) decoded.push(result);
    }
    return decoded;
  };
  return {
    push: (chunk, atMs) => decodeAll(framer.push(chunk, atMs)),
    expire: (atMs) => decodeAll(framer.expire(atMs)),
    isPending: () => framer.isPending(),
    reset: () => framer.reset(),
  };
}

function decodeFrame(bytes: Uint8Array, options: PayloadOptions): DecodeEvent | null {
  const text = bytesToText(stripLineNoise(bytes));
  bytes.fill(0);
  const payload = toPayload(text, options);
  const isEmpty = payload.kind === 'text' && payload.text === '';
  return isEmpty ? null : { type: 'payload', payload };
}
