import { decodeCharset, toLatin1, type Charset } from './eci.ts';

/**
 * Bytes as text: UTF-8 if they are valid UTF-8, otherwise `fallback`, which is what the chain's codes are
 * written in where they are not UTF-8. Never throws; bytes of no known set come out as ISO-8859-1.
 */
export function bytesToText(bytes: Uint8Array, fallback: Charset = 'latin1'): string {
  if (isAscii(bytes)) return toLatin1(bytes);
  return decodeCharset(bytes, 'utf-8') ?? decodeCharset(bytes, fallback) ?? toLatin1(bytes);
}

/** Seven bits in every byte. */
export function isAscii(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at += 1) if ((bytes[at] ?? 0) >= 0x80) return false;
  return true;
}
