import type { Symbology } from './symbology.ts';

/**
 * What a scan is. `blocked-payment-card` and `id-document` carry no text: what they held was wiped. `unknown`
 * is anything that no rule knows.
 */
export type ScanKind =
  | 'product'
  | 'member-card'
  | 'wallet'
  | 'phone'
  | 'coupon'
  | 'logistic'
  | 'blocked-payment-card'
  | 'id-document'
  | 'unknown';

/** Why something that arrived is no scan. Closed list; a screen has its own words for each. */
export type ScanErrorCode =
  | 'partial'
  | 'overlong'
  | 'length'
  | 'layout'
  | 'check-digit'
  | 'luhn'
  | 'lrc'
  | 'parity-suspect'
  | 'msr-read';

/** What a payload says beyond its text, each in the one notation noted in `facts.ts`. */
export type FactName =
  | 'gtin14'
  | 'upca'
  | 'isbn13'
  | 'issn'
  | 'sscc'
  | 'gsrn'
  | 'lot'
  | 'serial'
  | 'expiry'
  | 'bestBefore'
  | 'netWeightKg'
  | 'quantity'
  | 'couponPrefix'
  | 'issuer'
  | 'reference'
  | 'value'
  | 'currency'
  | 'inStoreItem'
  | 'priceMinor'
  | 'weightGrams'
  | 'digitalLink'
  | 'tracks';

export type Facts = Readonly<Partial<Record<FactName, string>>>;

export interface DecodedScan {
  readonly kind: ScanKind;
  /** Without identifiers, terminators and line noise. Empty for the two kinds that are refused. */
  readonly text: string;
  readonly symbology: Symbology;
  /** The scanner named the symbology; otherwise it is inferred from the text, or unknown. */
  readonly isDeclared: boolean;
  /** AIM identifier such as `]C0`, taken off `text`; null when there was none. */
  readonly aim: string | null;
  readonly facts: Facts;
  /** GS1 application identifiers and their values as scanned; null for anything but GS1. */
  readonly gs1: Readonly<Record<string, string>> | null;
  /** Two or five digits beside an EAN or UPC. */
  readonly addOn: string | null;
  /** What was odd about a scan that counts all the same, as `ambiguous` or `line-noise(3)`. */
  readonly issues: readonly string[];
  /** First six and last four digits of a blocked card, for the person who looks into it; else null. */
  readonly masked: string | null;
}

export interface ScanError {
  readonly type: 'scan-error';
  readonly code: ScanErrorCode;
  /** How much was lost; never which bytes. */
  readonly byteCount: number;
  /** What would cure it, for support; null when scanning again is all there is to do. */
  readonly hint: string | null;
}

/** The one thing that comes out of the drivers for whatever went in. */
export type ScanEvent =
  | { readonly type: 'scan'; readonly scan: DecodedScan }
  | ScanError
  | { readonly type: 'suppressed'; readonly why: 'double-read' | 'add-on' }
  /** The scanner's answer to something that was written to it. */
  | { readonly type: 'reply'; readonly reply: 'ack' | 'nak' };

const NO_FACTS: Facts = {};
const NO_ISSUES: readonly string[] = [];

type Told = 'kind' | 'text' | 'symbology' | 'isDeclared' | 'aim';
type ScanParts = Pick<DecodedScan, Told> & {
  readonly [Name in Exclude<keyof DecodedScan, Told>]?: DecodedScan[Name] | undefined;
};

/** A scan with the usual nothing in all that `parts` does not say. */
export function toScan(parts: ScanParts): DecodedScan {
  return {
    kind: parts.kind,
    text: parts.text,
    symbology: parts.symbology,
    isDeclared: parts.isDeclared,
    aim: parts.aim,
    facts: parts.facts ?? NO_FACTS,
    gs1: parts.gs1 ?? null,
    addOn: parts.addOn ?? null,
    issues: parts.issues ?? NO_ISSUES,
    masked: parts.masked ?? null,
  };
}

export const toError = (code: ScanErrorCode, byteCount: number, hint: string | null = null): ScanError => ({
  type: 'scan-error',
  code,
  byteCount,
  hint,
});
