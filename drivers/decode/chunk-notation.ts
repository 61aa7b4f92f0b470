import { FRAME_BYTES_MAX } from './framer.ts';

/** What a recorded device did: bytes that came at once, or nothing for a while. */
export type Step =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'silence'; readonly ms: number };

/** What is repeated in one place; a flood is written as many chunks. */
const REPEATS_MAX = 8 * FRAME_BYTES_MAX;
const SILENCE_MS_MAX = 3_600_000;

/**
 * Reads chunks as people write them down: hexadecimal, spaces as they like, `/` between chunks, `+120ms` for a
 * silence, `[00x42]` for a byte many times.
 *
 * @returns Null for anything else.
 */
export function parseChunks(notation: string): Step[] | null {
  const steps: Step[] = [];
  for (const part of notation.split('/')) {
    const text = part.trim();
    if (text === '') continue;
    const step = parseSilence(text) ?? parseBytes(text);
    if (step === null) return null;
    steps.push(step);
  }
  return steps;
}

function parseSilence(text: string): Step | null {
  const ms = Number(/^\+\s*(\d{1,9})\s*(?:ms)?$/.exec(text)?.[1] ?? Number.NaN);
  return ms <= SILENCE_MS_MAX ? { kind: 'silence', ms } : null;
}

function parseBytes(text: string): Step | null {
  const bytes: number[] = [];
  for (const [token, byte, times, pair] of text.matchAll(
    /\[\s*([0-9a-f]{2})\s*x\s*(\d{1,6})\s*\]|([0-9a-f]{2})|\S/gi,
  )) {
    if (byte !== undefined && times !== undefined) {
      if (bytes.length + Number(times) > REPEATS_MAX) return null;
      for (let count = 0; count < Number(times); count += 1) bytes.push(Number.parseInt(byte, 16));
    } else if (pair !== undefined && token.length === 2) bytes.push(Number.parseInt(pair, 16));
    else return null;
  }
  return bytes.length === 0 ? null : { kind: 'bytes', bytes: Uint8Array.from(bytes) };
}
