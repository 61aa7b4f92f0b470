import { isUtf8 } from 'node:buffer';
import type { ImportEncoding } from '../../../contract/imports.ts';

const BOMS: readonly (readonly [ImportEncoding, readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/** From how many zeros in a hundred bytes a text is of two bytes a sign. */
const ZEROS_PERCENT = 15;

function sixteenBits(start: Uint8Array): ImportEncoding | null {
  let [even, odd] = [0, 0];
  for (let at = 0; at < start.length; at += 1) {
    if (start[at] !== 0) continue;
    if (at % 2 === 0) even += 1;
    else odd += 1;
  }
  if ((even + odd) * 100 < start.length * ZEROS_PERCENT) return null;
  return odd > even ? 'utf-16le' : 'utf-16be';
}

/**
 * Looks at bytes as they come and says in the end how to read them. A mark at the start decides; else zeros tell
 * two bytes a sign; else what is sound UTF-8 is; else signs of Chinese come in pairs of high bytes, those of
 * Western letters alone.
 */
export function createEncodingFinder() {
  let marked: ImportEncoding | null = null;
  let carried = new Uint8Array(0);
  let isSound = true;
  let [pairs, singles] = [0, 0];
  let isStart = true;
  const count = (bytes: Uint8Array): void => {
    for (let at = 0; at < bytes.length; at += 1) {
      if ((bytes[at] ?? 0) < 0x80) continue;
      if ((bytes[at + 1] ?? 0) >= 0x80) {
        pairs += 1;
        at += 1;
      } else singles += 1;
    }
  };
  return {
    look: (bytes: Uint8Array): void => {
      if (isStart) {
        isStart = false;
        marked = BOMS.find(([, mark]) => mark.every((byte, at) => bytes[at] === byte))?.[0] ?? null;
        marked ??= sixteenBits(bytes.subarray(0, 4_096));
      }
      if (marked !== null) return;
      const whole = carried.length === 0 ? bytes : Buffer.concat([carried, bytes]);
      const cut = cutOf(whole);
      if (isSound && !isUtf8(whole.subarray(0, cut))) isSound = false;
      carried = new Uint8Array(whole.subarray(cut));
      if (pairs + singles < 100_000) count(bytes);
    },
    encoding: (): ImportEncoding => {
      if (marked !== null) return marked;
      if (isSound && (carried.length === 0 || isUtf8(carried))) return 'utf-8';
      return pairs > singles * 2 ? 'gb18030' : 'windows-1252';
    },
  };
}

/** Where the last sign begins that may go on in the next piece. */
function cutOf(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return bytes.length;
    if (byte >= 0xc0) return bytes.length - back;
  }
  return bytes.length;
}

/** Decoder of pieces; a mark at the start goes. @throws TypeError In UTF-8 and UTF-16 for what is none. */
export function decoderFor(encoding: ImportEncoding): { decode(bytes: Uint8Array, isLast: boolean): string } {
  const isStrict = encoding.startsWith('utf');
  const decoder = new TextDecoder(encoding, { fatal: isStrict });
  return { decode: (bytes, isLast) => decoder.decode(bytes, { stream: !isLast }) };
}
