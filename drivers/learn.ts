import { isAim } from './decode/aim.ts';
import { symbologyOfCodeId, type Identifiers } from './decode/code-id.ts';
import { toLatin1 } from './decode/eci.ts';
import type { DecodeProfileName } from './profiles/decode.ts';
import type { LineOptions } from './types.ts';

type NamedLayout = 'A' | "A'" | 'B';

/** What stood around a text that was known beforehand. */
export interface Sample {
  readonly prefix: string;
  readonly suffix: string;
  /** HID POS only. */
  readonly layout: NamedLayout | null;
}

/** How a device speaks, as far as samples of one code show. */
export interface Setting extends Sample {
  readonly identifiers: Identifiers;
  /** Null: no profile reads it. */
  readonly profile: DecodeProfileName | null;
}

/** The lines that makers ship, the usual first. */
export const LINES: readonly LineOptions[] = [
  { baudRate: 9600, dataBits: 8, parity: 'none', stopBits: 1 },
  { baudRate: 115_200, dataBits: 8, parity: 'none', stopBits: 1 },
  { baudRate: 9600, dataBits: 7, parity: 'even', stopBits: 1 },
  { baudRate: 9600, dataBits: 7, parity: 'odd', stopBits: 1 },
  { baudRate: 9600, dataBits: 8, parity: 'even', stopBits: 1 },
  { baudRate: 9600, dataBits: 8, parity: 'odd', stopBits: 1 },
  { baudRate: 19_200, dataBits: 8, parity: 'none', stopBits: 1 },
  { baudRate: 38_400, dataBits: 8, parity: 'none', stopBits: 1 },
  { baudRate: 57_600, dataBits: 8, parity: 'none', stopBits: 1 },
];

/** A setting is short; more before or behind is another code. */
const AROUND_CHARS_MAX = 16;

const AROUND_DIGITS_MAX = 3;

function around(data: string, text: string, layout: NamedLayout | null): Sample | null {
  const at = data.indexOf(text);
  if (at === -1) return null;
  const prefix = data.slice(0, at);
  const suffix = data.slice(at + text.length);
  if (prefix.length > AROUND_CHARS_MAX || suffix.length > AROUND_CHARS_MAX) return null;
  // A longer number with `text` in it: what lies around is not how the device speaks.
  if (prefix.replace(/\D/g, '').length + suffix.replace(/\D/g, '').length > AROUND_DIGITS_MAX) return null;
  return { prefix, suffix, layout };
}

/** All that came of one scan over a stream; null when it was not `text`. */
export const readStream = (bytes: Uint8Array, text: string): Sample | null =>
  around(toLatin1(bytes), text, null);

const DATA_AT: readonly (readonly [NamedLayout, number])[] = [
  ['A', 5],
  ["A'", 6],
  ['B', 2],
];

/** One HID POS report; null when it was not `text`, which fits into one. */
export function readReport(report: Uint8Array, text: string): Sample | null {
  const length = report[1] ?? 0;
  for (const [layout, from] of DATA_AT) {
    const data = toLatin1(report.subarray(from, from + length));
    const sample = from + length > report.length ? null : around(data, text, layout);
    // Zeros are what lies behind the data: the layout is another.
    if (sample !== null && !`${sample.prefix}${sample.suffix}`.includes('\0')) return sample;
  }
  return null;
}

export const isSameSample = (left: Sample, right: Sample): boolean =>
  left.prefix === right.prefix && left.suffix === right.suffix && left.layout === right.layout;

const isCodeId = (prefix: string, scheme: 'honeywell' | 'zebra'): boolean => {
  const symbology = symbologyOfCodeId(prefix, scheme);
  return symbology === 'code128' || symbology === 'qr';
};

/** Null for a prefix that is none of those known; the code shown is Code 128 or QR. */
function identifiersOf(prefix: string): Identifiers | null {
  if (prefix === '') return 'none';
  if (isAim(prefix)) return 'aim';
  if (isCodeId(prefix, 'honeywell')) return 'honeywell';
  return isCodeId(prefix, 'zebra') ? 'zebra' : null;
}

type Ending = '\r' | '\n' | '\r\n' | '\t' | '';
const STREAM_PROFILES: Readonly<Record<Identifiers, Readonly<Partial<Record<Ending, DecodeProfileName>>>>> = {
  none: { '\r': 'cr', '\n': 'lf', '\r\n': 'crlf', '\t': 'tab', '': 'idle' },
  aim: { '\r': 'aim cr', '\n': 'auto', '\r\n': 'aim crlf', '': 'aim idle' },
  honeywell: { '\r': 'honeywell-id cr', '\r\n': 'honeywell-id crlf' },
  zebra: { '\r': 'zebra-id cr', '\r\n': 'zebra-id crlf' },
};

const STX = '\u0002';
const ETX = '\u0003';

function streamProfile({ prefix, suffix }: Sample): Pick<Setting, 'identifiers' | 'profile'> {
  const isFramed = prefix.startsWith(STX) && suffix.includes(ETX);
  const identifiers = identifiersOf(isFramed ? prefix.slice(1) : prefix);
  if (identifiers === null) return { identifiers: 'none', profile: null };
  if (!isFramed) {
    const profiles: Readonly<Record<string, DecodeProfileName>> = STREAM_PROFILES[identifiers];
    return { identifiers, profile: Object.hasOwn(profiles, suffix) ? (profiles[suffix] ?? null) : null };
  }
  const isPlain = suffix === ETX && (identifiers === 'none' || identifiers === 'aim');
  return { identifiers, profile: isPlain ? 'stx-etx' : null };
}

/** What the sample asks for. */
export function toSetting(sample: Sample): Setting {
  const { prefix, suffix, layout } = sample;
  if (layout === null) return { ...sample, ...streamProfile(sample) };
  const identifiers = identifiersOf(prefix);
  const isPlain = (identifiers === 'none' || identifiers === 'aim') && suffix.trim() === '';
  return { ...sample, identifiers: identifiers ?? 'none', profile: isPlain ? `hidpos ${layout}` : null };
}
