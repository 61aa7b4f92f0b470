import { toLatin1 } from './eci.ts';
import { readMagnetic, refuseDocument } from './magnetic.ts';
import { toError, type ScanEvent } from './scan-event.ts';

/**
 * `vendor`: page FF00 of MagTek and others, no report id, 337 bytes (343 of the encrypting model). `idtech`:
 * the native form of ID TECH. `standard`: page 0x8E with report id 1.
 */
type LayoutName = 'vendor' | 'idtech' | 'standard';
/** `auto`: by its length, which no two of them share. */
export type MagneticLayout = LayoutName | 'auto';

interface Swipe {
  /** By track: the reader could not decode it. */
  readonly isBad: readonly boolean[];
  readonly tracks: readonly string[];
  readonly encoding: number;
}

const STANDARD_REPORT_BYTES = 234;

function layoutOf(report: Uint8Array): LayoutName {
  if (VENDOR_TRACK_BYTES[report.length] !== undefined) return 'vendor';
  return report.length === STANDARD_REPORT_BYTES ? 'standard' : 'idtech';
}

/** What the report says of a card: 0 ISO, 1 AAMVA, 3 blank. */
const ENCODING_ISO = 0;
const ENCODING_AAMVA = 1;
const ENCODING_BLANK = 3;

/** Head of the vendor's page: three of status, three lengths, encoding. */
const VENDOR_HEAD = 7;
const VENDOR_TRACK_BYTES: Readonly<Record<number, number>> = { 337: 110, 343: 112 };
/** Head of ID TECH's native form: as above and the total length. */
const IDTECH_HEAD = 9;
const IDTECH_REPORT_BYTES_MAX = 510;
/** Report id and three lengths; then tracks of 80, 42 and 108 bytes. */
const STANDARD_HEAD = 4;
const STANDARD_TRACK_BYTES = [80, 42, 108] as const;

const textOf = (report: Uint8Array, from: number, length: number): string =>
  toLatin1(report.subarray(from, from + length));

/** The swipe in a report; null when its lengths can not be. What is behind a length is stale and not read. */
function readReport(report: Uint8Array, layout: LayoutName): Swipe | null {
  if (layout === 'standard') return readStandard(report);
  const lengths = [report[3] ?? 0, report[4] ?? 0, report[5] ?? 0];
  const starts = layout === 'vendor' ? vendorStarts(report, lengths) : idtechStarts(report, lengths);
  if (starts === null) return null;
  return {
    isBad: [0, 1, 2].map((at) => ((report[at] ?? 0) & 1) === 1),
    tracks: starts.map((from, at) => textOf(report, from, lengths[at] ?? 0)),
    encoding: report[6] ?? 0,
  };
}

function vendorStarts(report: Uint8Array, lengths: readonly number[]): number[] | null {
  const trackBytes = VENDOR_TRACK_BYTES[report.length];
  if (trackBytes === undefined || lengths.some((length) => length > trackBytes)) return null;
  return [0, 1, 2].map((at) => VENDOR_HEAD + at * trackBytes);
}

function idtechStarts(report: Uint8Array, [one = 0, two = 0, three = 0]: readonly number[]): number[] | null {
  const end = IDTECH_HEAD + one + two + three;
  if (end > report.length || report.length > IDTECH_REPORT_BYTES_MAX) return null;
  return [IDTECH_HEAD, IDTECH_HEAD + one, IDTECH_HEAD + one + two];
}

function readStandard(report: Uint8Array): Swipe | null {
  const tracks: string[] = [];
  let from = STANDARD_HEAD;
  for (const [at, trackBytes] of STANDARD_TRACK_BYTES.entries()) {
    const length = report[at + 1] ?? 0;
    if (length > trackBytes || from + length > report.length) return null;
    tracks.push(textOf(report, from, length));
    from += trackBytes;
  }
  return { isBad: [false, false, false], tracks, encoding: ENCODING_ISO };
}

const STARTS = ['%', ';', '+'] as const;

/** Tracks without sentinels get the usual ones; the third is told from the second by `+`. */
function withSentinels(track: string, at: number): string {
  const start = STARTS[at] ?? '+';
  const body = track.replace(/^[%;+]/, '').replace(/\?[^?]?$/, '');
  return body === '' ? '' : `${start}${body}?`;
}

/**
 * A report of a magnetic-stripe reader as the event it is; null for a report that is not of that kind. The
 * reader sends one for every swipe, also when it could decode nothing. The caller wipes `report`.
 */
export function readMagneticReport(
  report: Uint8Array,
  { layout: named, ownPrefixes }: { layout: MagneticLayout; ownPrefixes: readonly string[] },
): ScanEvent | null {
  const layout = named === 'auto' ? layoutOf(report) : named;
  if (layout === 'standard' && report[0] !== 1) return null;
  const swipe = readReport(report, layout);
  if (swipe === null) return toError('length', report.length, 'the lengths do not fit the report');
  const { isBad, tracks, encoding } = swipe;
  const good = tracks.filter((track, at) => track !== '' && isBad[at] !== true);
  const unread = toError('msr-read', report.length, 'swipe again');
  if (good.length === 0 || encoding === ENCODING_BLANK) return unread;
  if (encoding === ENCODING_AAMVA || good.some((track) => /^[@#&!]/.test(track))) return refuseDocument();
  const text = tracks.map((track, at) => (isBad[at] === true ? '' : withSentinels(track, at))).join('');
  const unreadCount = isBad.filter((bad, at) => bad && tracks[at] !== '').length;
  const event = readMagnetic(text, { ownPrefixes });
  if (event.type !== 'scan' || event.scan.kind !== 'member-card' || unreadCount === 0) return event;
  return { type: 'scan', scan: { ...event.scan, issues: [...event.scan.issues, 'track-unread'] } };
}
