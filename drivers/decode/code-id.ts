import type { Symbology } from './symbology.ts';

/**
 * How a scanner names what it read: an AIM identifier in front, a maker's own Code-ID, or not at all. A
 * Code-ID looks like data (`d4006…`), so it is read only where a profile says so.
 */
export type Identifiers = 'aim' | 'honeywell' | 'zebra' | 'none';

/** Honeywell, one character (3820 manual, appendix A; `I` and `|` both stand for GS1-128). */
const HONEYWELL: Readonly<Record<string, Symbology>> = {
  c: 'upca',
  d: 'ean13',
  D: 'ean8',
  E: 'upce',
  j: 'code128',
  I: 'gs1-128',
  '|': 'gs1-128',
  b: 'code39',
  a: 'codabar',
  e: 'itf',
  i: 'code93',
  r: 'pdf417',
  s: 'qr',
  w: 'datamatrix',
  z: 'aztec',
  y: 'databar',
  '{': 'databar',
  '}': 'databar',
};

/** Zebra and Symbol, one character or three (SP72 programming reference, "Symbol Code Identifiers"). */
const ZEBRA: Readonly<Record<string, Symbology>> = {
  A: 'ean13',
  B: 'code39',
  C: 'codabar',
  D: 'code128',
  E: 'code93',
  F: 'itf',
  K: 'gs1-128',
  L: 'ean13',
  N: 'gs1-128',
  R: 'databar',
  T: 'gs1-composite',
  X: 'pdf417',
  z: 'aztec',
  P00: 'datamatrix',
  P01: 'qr',
  P0G: 'gs1-datamatrix',
  P0Q: 'gs1-qr',
};

interface CodeIdText {
  /** Null when the text does not start with a known identifier of the scheme. */
  readonly symbology: Symbology | null;
  readonly text: string;
}

/** Takes a maker's Code-ID off the front. */
export function stripCodeId(text: string, scheme: 'honeywell' | 'zebra'): CodeIdText {
  const length = scheme === 'zebra' && text.startsWith('P') ? 3 : 1;
  const symbology = symbologyOfCodeId(text.slice(0, length), scheme);
  return symbology === null ? { symbology, text } : { symbology, text: text.slice(length) };
}

/** What one identifier of a scheme stands for; null for any other text. */
export function symbologyOfCodeId(codeId: string, scheme: 'honeywell' | 'zebra'): Symbology | null {
  const table = scheme === 'honeywell' ? HONEYWELL : ZEBRA;
  return Object.hasOwn(table, codeId) ? (table[codeId] ?? null) : null;
}
