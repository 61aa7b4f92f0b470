import type { DecodedScan, ScanErrorCode, ScanEvent, ScanKind } from '../../drivers/decode/scan-event.ts';

/** An event in as far as a vector cares for it; facts and issues are compared whole where they are given. */
export type ExpectedEvent =
  | { readonly type: 'scan'; readonly scan: Partial<DecodedScan> }
  | { readonly type: 'scan-error'; readonly code: ScanErrorCode; readonly hint?: string }
  | Exclude<ScanEvent, { type: 'scan' | 'scan-error' }>;

/** What a device sent under a profile, and what must come out. */
export interface Vector {
  readonly name: string;
  readonly profile: string;
  readonly chunks: readonly string[];
  readonly events: readonly ExpectedEvent[];
}

/** The chain that all vectors are for. */
export const VECTOR_RULES = { ownPrefixes: ['603555'], walletPrefixes: ['TW1.'] };

export const scan = (kind: ScanKind, parts: Partial<DecodedScan> = {}): ExpectedEvent => ({
  type: 'scan',
  scan: { kind, ...parts },
});
export const product = (text: string, gtin14: string, parts: Partial<DecodedScan> = {}): ExpectedEvent =>
  scan('product', { text, facts: { gtin14 }, ...parts });
export const member = (text: string, parts: Partial<DecodedScan> = {}): ExpectedEvent =>
  scan('member-card', { text, ...parts });
export const blocked = (masked: string | null): ExpectedEvent =>
  scan('blocked-payment-card', { text: '', masked, facts: {}, gs1: null, issues: [] });
export const error = (code: ScanErrorCode, hint?: string): ExpectedEvent =>
  hint === undefined ? { type: 'scan-error', code } : { type: 'scan-error', code, hint };
export const DOUBLE: ExpectedEvent = { type: 'suppressed', why: 'double-read' };

const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** Text as the bytes of its code points below 256, or as UTF-8 where it has others; in hexadecimal. */
export function hex(text: string): string {
  const isLatin = Array.from(text).every((sign) => (sign.codePointAt(0) ?? 0) < 0x100);
  if (!isLatin) return hexOf(new TextEncoder().encode(text));
  return hexOf(Uint8Array.from(text, (sign) => sign.charCodeAt(0)));
}

/** A stream of one text and its ending. */
export const sent = (text: string, ending = '\r'): string => hex(text + ending);

/** A report of HID POS: identifier, data, continued or not. */
export function posReport(
  data: string,
  { aim = '', layout = 'A', isContinued = false, codeId = '' }: PosParts = {},
): string {
  const report = new Uint8Array(64);
  const dataAt = { A: 5, "A'": 6, B: 2 }[layout];
  const put = (text: string, at: number): void =>
    report.set(
      Uint8Array.from(text, (sign) => sign.charCodeAt(0)),
      at,
    );
  report[0] = 2;
  report[1] = data.length;
  put(aim, layout === "A'" ? 3 : 2);
  put(data, dataAt);
  put(codeId, layout === 'A' ? 61 : 62);
  report[63] = isContinued ? 1 : 0;
  return hexOf(report);
}
interface PosParts {
  readonly aim?: string;
  readonly layout?: 'A' | "A'" | 'B';
  readonly isContinued?: boolean;
  readonly codeId?: string;
}

/** A report of a magnetic-stripe reader on the vendor's page: status by track, tracks, encoding. */
export function swipeReport(
  tracks: readonly string[],
  { status = [0, 0, 0], encoding = 0, trackBytes = 110 }: SwipeParts = {},
): string {
  const report = new Uint8Array(7 + 3 * trackBytes);
  report.set(status, 0);
  report[6] = encoding;
  for (const [at, track] of tracks.entries()) {
    report[3 + at] = track.length;
    report.set(
      Uint8Array.from(track, (sign) => sign.charCodeAt(0)),
      7 + at * trackBytes,
    );
  }
  return hexOf(report);
}
interface SwipeParts {
  readonly status?: readonly number[];
  readonly encoding?: number;
  readonly trackBytes?: number;
}

/** Bytes by number, in hexadecimal. */
export const raw = (...bytes: readonly number[]): string => hexOf(Uint8Array.from(bytes));

/** The track with its check character behind it. */
export function withLrc(track: string): string {
  const base = track.startsWith('%') ? 0x20 : 0x30;
  let sum = 0;
  for (const sign of track) sum ^= sign.charCodeAt(0) - base;
  return track + String.fromCharCode(sum + base);
}

/** Seven bits with a parity bit, as a line set to eight bits sees them. */
export const withParity = (text: string, parity: 'even' | 'odd'): string =>
  raw(
    ...Array.from(text, (sign) => {
      const code = sign.charCodeAt(0);
      const ones = code.toString(2).replaceAll('0', '').length;
      return (ones % 2 === 1) === (parity === 'even') ? code | 0x80 : code;
    }),
  );
