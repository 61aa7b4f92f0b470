import { hasControlSign } from './control-signs.ts';
import { isAscii } from './text.ts';
import { isDigits, isGs1CheckValid } from './check-digit.ts';

/** STX, ETX, CR, LF, GS. */
const FRAME_SIGNS = '\x02\x03\r\n\x1d';
const BYTES_MIN = 6;
/** Fewer bytes have the same parity by chance: `Müller` is all even. */
const BYTES_MIN_WITHOUT_CHECK = 12;
const LOOKED_AT_MAX = 64;

function isOddByte(byte: number): boolean {
  let bits = byte;
  bits ^= bits >> 4;
  bits ^= bits >> 2;
  bits ^= bits >> 1;
  return (bits & 1) === 1;
}

/**
 * What to set a line to whose bytes carry a parity bit that nobody takes off; null for bytes that need none.
 * Told by every byte having the same parity, or by seven bits giving a right product number.
 */
export function parityHint(bytes: Uint8Array): string | null {
  if (bytes.length < BYTES_MIN || isAscii(bytes)) return null;
  const looked = bytes.subarray(0, LOOKED_AT_MAX);
  let high = 0;
  let odd = 0;
  let text = '';
  for (let at = 0; at < looked.length; at += 1) {
    const byte = looked[at] ?? 0;
    if (byte >= 0x80) high += 1;
    if (isOddByte(byte)) odd += 1;
    text += String.fromCharCode(byte & 0x7f);
  }
  const isText = !hasControlSign(text, FRAME_SIGNS);
  const code = text.replace(/\p{Cc}/gu, '');
  const isProduct = code.length >= 8 && code.length <= 14 && isDigits(code) && isGs1CheckValid(code);
  if (!isText || (!isProduct && looked.length < BYTES_MIN_WITHOUT_CHECK)) return null;
  if (odd === 0) return 'set the line to 7 data bits, even parity';
  if (odd === looked.length) return 'set the line to 7 data bits, odd parity';
  return high === looked.length || isProduct ? 'set the line to 7 data bits' : null;
}
