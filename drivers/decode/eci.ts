/** Code page 437, upper half: the only set of the table below that a platform does not decode by itself. */
const CP437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

/** Character sets by assignment number (AIM ITS/04-023), as WHATWG names them. */
const CHARSETS: Readonly<Record<number, string>> = {
  0: 'cp437',
  1: 'latin1',
  2: 'cp437',
  3: 'latin1',
  4: 'iso-8859-2',
  5: 'iso-8859-3',
  6: 'iso-8859-4',
  7: 'iso-8859-5',
  8: 'iso-8859-6',
  9: 'iso-8859-7',
  10: 'iso-8859-8',
  11: 'windows-1254',
  12: 'iso-8859-10',
  13: 'windows-874',
  15: 'iso-8859-13',
  16: 'iso-8859-14',
  17: 'iso-8859-15',
  18: 'iso-8859-16',
  20: 'shift_jis',
  21: 'windows-1250',
  22: 'windows-1251',
  23: 'windows-1252',
  24: 'windows-1256',
  25: 'utf-16be',
  26: 'utf-8',
  27: 'latin1',
  28: 'big5',
  29: 'gb18030',
  30: 'euc-kr',
  31: 'gb18030',
  32: 'gb18030',
  33: 'utf-16le',
  170: 'latin1',
  899: 'latin1',
};

/** Sets that a profile may name for bytes that are not UTF-8 and carry no ECI. */
export type Charset = 'latin1' | 'shift_jis' | 'gb18030' | 'big5' | 'euc-kr' | 'windows-1252';

interface Decoder {
  decode(bytes: Uint8Array): string;
}

/** In Node and in every page, though in no type that both share. */
declare const TextDecoder: new (label: string, options: { fatal: boolean; ignoreBOM: boolean }) => Decoder;

const decoders = new Map<string, Decoder>();

function decoderOf(charset: string): Decoder {
  const known = decoders.get(charset);
  if (known !== undefined) return known;
  const made = new TextDecoder(charset, { fatal: true, ignoreBOM: true });
  decoders.set(charset, made);
  return made;
}

/** Each byte as the character of the same number (ISO-8859-1 as ISO writes it); never fails. */
export function toLatin1(bytes: Uint8Array): string {
  if (bytes.length <= ARGUMENTS_MAX) return signsOf(bytes);
  let text = '';
  for (let from = 0; from < bytes.length; from += ARGUMENTS_MAX) {
    text += signsOf(bytes.subarray(from, from + ARGUMENTS_MAX));
  }
  return text;
}

/** A call takes so many arguments on every platform. */
const ARGUMENTS_MAX = 1024;

// Cast: a typed array is as good as a list of numbers here, and far quicker than one.
const signsOf = (bytes: Uint8Array): string => String.fromCharCode.apply(null, bytes as unknown as number[]);

/** Null when the bytes are no text of that set, or the platform does not know it. */
export function decodeCharset(bytes: Uint8Array, charset: string): string | null {
  if (charset === 'latin1') return toLatin1(bytes);
  if (charset === 'cp437') {
    return toLatin1(bytes).replace(/[\x80-\xff]/g, (sign) => CP437.charAt(sign.charCodeAt(0) - 0x80));
  }
  try {
    return decoderOf(charset).decode(bytes);
  } catch {
    return null;
  }
}

export interface EciText {
  readonly text: string;
  /** `eci-unknown(n)` for a set nobody here knows, `encoding` for bytes that are not of their set. */
  readonly issues: readonly string[];
}

const BACKSLASH = 0x5c;
const isDigitAt = (bytes: Uint8Array, at: number): boolean => {
  const byte = bytes[at] ?? 0;
  return byte >= 48 && byte <= 57;
};

/** The number behind a backslash at `at`; null when six digits do not follow. */
function escapeAt(bytes: Uint8Array, at: number): number | null {
  if (bytes[at] !== BACKSLASH) return null;
  let value = 0;
  for (let offset = 1; offset <= 6; offset += 1) {
    if (!isDigitAt(bytes, at + offset)) return null;
    value = value * 10 + ((bytes[at + offset] ?? 48) - 48);
  }
  return value;
}

/**
 * Text of a code whose identifier says that it switches character sets: `\nnnnnn` switches, a doubled
 * backslash is one. Bytes before the first switch are UTF-8 if they can be, else ISO-8859-1. Never throws.
 */
export function decodeEci(bytes: Uint8Array): EciText {
  const issues: string[] = [];
  const run = new Uint8Array(bytes.length);
  let length = 0;
  let text = '';
  let eci: number | null = null;
  const flush = (): void => {
    text += decodeRun(run.subarray(0, length), eci, issues);
    length = 0;
  };
  for (let at = 0; at < bytes.length; at += 1) {
    const next = escapeAt(bytes, at);
    if (next !== null) {
      flush();
      eci = next;
      at += 6;
      continue;
    }
    run[length] = bytes[at] ?? 0;
    length += 1;
    if (bytes[at] === BACKSLASH && bytes[at + 1] === BACKSLASH) at += 1;
  }
  flush();
  run.fill(0);
  return { text, issues };
}

function decodeRun(bytes: Uint8Array, eci: number | null, issues: string[]): string {
  if (bytes.length === 0) return '';
  if (eci === null) return decodeCharset(bytes, 'utf-8') ?? toLatin1(bytes);
  const charset = CHARSETS[eci];
  if (charset === undefined) issues.push(`eci-unknown(${eci})`);
  const text = decodeCharset(bytes, charset ?? 'latin1');
  if (text !== null) return text;
  issues.push('encoding');
  return toLatin1(bytes);
}
