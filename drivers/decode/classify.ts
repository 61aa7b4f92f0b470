import { isLuhnValid } from '../../sync/base/card-number.ts';
import { expandUpce, isDigits, isGs1CheckValid } from './check-digit.ts';
import { hasControlSign } from './control-signs.ts';
import { readDigitalLink } from './digital-link.ts';
import { GS, kindOfElements, readElements, toFacts, type Elements } from './gs1.ts';
import { isDocument, toDocument } from './id-document.ts';
import { isTrackText, readMagnetic } from './magnetic.ts';
import { findPaymentCard, findPaymentCardInside, isOwn } from './payment-card.ts';
import { toPhone } from './phone.ts';
import { readRetail, type RetailRules } from './retail.ts';
import { toError, toScan, type DecodedScan, type ScanEvent, type ScanKind } from './scan-event.ts';
import { isFlat, isGs1, isRetail, type Symbology } from './symbology.ts';
import { isWalletCode } from './wallet.ts';

/** What a chain says of its own codes. Goes before everything but the card guard. */
export interface TenantRule {
  /** Empty: any. */
  readonly symbologies: readonly Symbology[];
  /** On the whole text; written by the chain, so how long it takes is in its own hands. */
  readonly pattern: RegExp;
  readonly kind: Exclude<ScanKind, 'blocked-payment-card' | 'id-document'>;
}

export interface DecodeRules extends RetailRules {
  /** Leading digits of the chain's own cards; they are never taken for payment cards. */
  readonly ownPrefixes: readonly string[];
  /** Starts of the chain's wallet codes, as `TW1.`. */
  readonly walletPrefixes?: readonly string[];
  readonly tenantRules?: readonly TenantRule[];
}

/** A payload with what the scanner said about it. */
export interface Reading {
  readonly text: string;
  readonly symbology: Symbology;
  readonly isDeclared: boolean;
  readonly aim: string | null;
  readonly issues: readonly string[];
  readonly byteCount: number;
}

/** Longer than a member's card, a phone or a rule is no such thing. */
const RULE_CHARS_MAX = 512;
const CARD_DIGITS_MIN = 15;
const CARD_DIGITS_MAX = 19;

/**
 * What a payload is; the first rule that fits wins. The card guard goes first, whatever the identifiers say; a
 * failed check digit is an error and never falls through to a later rule. Never throws.
 */
export function classify(reading: Reading, rules: DecodeRules): ScanEvent {
  const { text, symbology } = reading;
  if (!reading.isDeclared && isTrackText(text)) return readMagnetic(text, rules);
  const elements = toElements(reading);
  const isProvenGs1 = elements !== null && elements.issues.length === 0 && !elements.isCheckWrong;
  // Undeclared thirteen digits are an EAN or a bad read of one: neither keeps a digit.
  const isRetailText = reading.isDeclared ? isRetail(symbology) : text.length === 13 && isDigits(text);
  if (!isProvenGs1 && !isRetailText) {
    const masked = findPaymentCard(text, rules.ownPrefixes);
    if (masked !== null) return toBlocked(reading, masked);
  }
  if (isDocument(text)) return { type: 'scan', scan: toDocument(symbology, reading.aim) };
  return (
    byTenant(reading, rules) ??
    byOwnCard(reading, rules) ??
    byElements(reading, elements) ??
    byRetail(reading, rules) ??
    byAddress(reading) ??
    byPhone(reading) ??
    toUnknown(reading, rules)
  );
}

type Parts = Pick<DecodedScan, 'kind'> & Partial<DecodedScan>;

function found(reading: Reading, parts: Parts): ScanEvent {
  const own = parts.issues ?? reading.issues;
  const issues = reading.issues.length === 0 || own === reading.issues ? own : [...reading.issues, ...own];
  return {
    type: 'scan',
    scan: toScan({
      kind: parts.kind,
      text: parts.text ?? reading.text,
      symbology: parts.symbology ?? reading.symbology,
      isDeclared: reading.isDeclared,
      aim: reading.aim,
      issues,
      facts: parts.facts,
      gs1: parts.gs1,
      addOn: parts.addOn,
    }),
  };
}

const toBlocked = ({ symbology, isDeclared, aim }: Reading, masked: string): ScanEvent => ({
  type: 'scan',
  scan: toScan({ kind: 'blocked-payment-card', text: '', symbology, isDeclared, aim, masked }),
});

function byTenant(reading: Reading, { tenantRules = [], ownPrefixes }: DecodeRules): ScanEvent | null {
  if (tenantRules.length === 0 || reading.text.length > RULE_CHARS_MAX) return null;
  const rule = tenantRules.find(
    ({ symbologies, pattern }) =>
      (symbologies.length === 0 || symbologies.includes(reading.symbology)) &&
      reading.text.search(pattern) !== -1,
  );
  if (rule === undefined) return null;
  // A wide rule must not bring a card's number past the guard.
  const masked = rule.kind === 'wallet' ? null : findPaymentCardInside(reading.text, ownPrefixes);
  return masked === null ? found(reading, { kind: rule.kind }) : toBlocked(reading, masked);
}

/** Own prefix and Luhn digit; a wallet's prefix. */
function byOwnCard(reading: Reading, rules: DecodeRules): ScanEvent | null {
  const { text, symbology } = reading;
  if (text.length > 2 * RULE_CHARS_MAX || isRetail(symbology) || isGs1(symbology)) return null;
  if (isWalletCode(text, rules.walletPrefixes ?? [])) return found(reading, { kind: 'wallet' });
  const digits = text.includes(' ') || text.includes('-') ? text.replace(/[ -]/g, '') : text;
  if (!isOwn(digits, rules.ownPrefixes)) return null;
  if (digits.length < CARD_DIGITS_MIN || digits.length > CARD_DIGITS_MAX || !isDigits(digits)) return null;
  if (!isLuhnValid(digits)) return toError('luhn', reading.byteCount);
  return found(reading, { kind: 'member-card', text: digits });
}

/** Declared element strings, and undeclared texts that can be nothing else. */
function toElements({ text, symbology, isDeclared }: Reading): Elements | null {
  if (isDeclared) return isGs1(symbology) ? readElements(text, symbology === 'gs1-qr') : null;
  const start = text.charCodeAt(0) === 0x1d ? 1 : 0;
  if (text.charCodeAt(start) !== 48 || text.length < start + 16) return null;
  const key = text.slice(start + 2, start + 16);
  if (text.charAt(start + 1) !== '1' || !isDigits(key) || !isGs1CheckValid(key)) return null;
  const elements = readElements(text);
  return elements === null || elements.issues.includes('gs1-syntax') ? null : elements;
}

function byElements(reading: Reading, elements: Elements | null): ScanEvent | null {
  const { symbology, isDeclared, text, byteCount } = reading;
  if (elements === null) {
    return isGs1(symbology) ? found(reading, { kind: 'unknown', issues: ['gs1-syntax'] }) : null;
  }
  if (elements.isCheckWrong) return toError('check-digit', byteCount);
  const { values, issues } = elements;
  const kind = kindOfElements(values);
  // Half an element string is no proof of a member.
  const isTorn = kind === 'member-card' && issues.includes('gs1-syntax');
  const inferred: Symbology = text.includes(GS) ? 'gs1-128' : 'unknown';
  return found(reading, {
    kind: isTorn ? 'unknown' : kind,
    ...(kind === 'member-card' && !isTorn ? { text: values['8018'] ?? text } : undefined),
    symbology: isDeclared ? symbology : inferred,
    facts: toFacts(values),
    gs1: values,
    issues,
  });
}

const isRetailLength = (length: number): boolean => length === 8 || (length >= 12 && length <= 14);

/** Declared EAN and UPC, and undeclared digits of their lengths: what is as long as a product is one, or wrong. */
function byRetail(reading: Reading, rules: DecodeRules): ScanEvent | null {
  const { text, symbology, isDeclared, aim, byteCount } = reading;
  if (symbology === 'ean-add-on')
    return found(reading, { kind: 'unknown', addOn: text, issues: ['add-on-alone'] });
  const isCarton = symbology === 'itf' && text.length === 14 && isDigits(text) && isGs1CheckValid(text);
  const isInferred = !isDeclared && isRetailLength(text.length) && isDigits(text);
  if (!isRetail(symbology) && !isCarton && !isInferred) return null;
  const retail = readRetail(text, { symbology, aim, rules });
  if ('error' in retail) return toError(retail.error, byteCount);
  return found(reading, retail);
}

function byAddress(reading: Reading): ScanEvent | null {
  const link = readDigitalLink(reading.text);
  if (link === null) return null;
  if (link.isCheckWrong) return toError('check-digit', reading.byteCount);
  const { values, issues } = link;
  const facts = { ...toFacts(values), digitalLink: 'yes' };
  return found(reading, { kind: kindOfElements(values), facts, gs1: values, issues });
}

function byPhone(reading: Reading): ScanEvent | null {
  if (reading.isDeclared && !isFlat(reading.symbology)) return null;
  const phone = toPhone(reading.text);
  return phone === null ? null : found(reading, { kind: 'phone', text: phone });
}

/** The guard looks once more, inside: what no rule knows is not worth keeping a card's number for. */
function toUnknown(reading: Reading, rules: DecodeRules): ScanEvent {
  const masked = findPaymentCardInside(reading.text, rules.ownPrefixes);
  if (masked !== null) return toBlocked(reading, masked);
  const issues: string[] = [];
  if (hasControlSign(reading.text, GS)) issues.push('control-characters');
  const scheme = reading.isDeclared ? null : unconfiguredScheme(reading.text, rules);
  if (scheme !== null) issues.push('unconfigured-code-id', `suggest(${scheme}-id)`);
  if (!reading.isDeclared && /^\][A-Za-z][0-9A-Za-z]/.test(reading.text)) {
    issues.push('unconfigured-aim', 'suggest(aim)');
  }
  return found(reading, { kind: 'unknown', issues });
}

/** A text that would be a product or an own card if its first sign were a maker's Code-ID. */
function unconfiguredScheme(text: string, { ownPrefixes }: DecodeRules): 'honeywell' | 'zebra' | null {
  const [, id = '', digits = ''] = /^([A-Za-z]|P0[0-9A-Z])(\d{8,19})$/.exec(text) ?? [];
  if (digits === '') return null;
  const isProduct =
    isRetailLength(digits.length) && (isGs1CheckValid(digits) || isGs1CheckValid(expandUpce(digits) ?? ''));
  const isCard = isOwn(digits, ownPrefixes) && isLuhnValid(digits);
  const isArticle = digits.startsWith('01') && digits.length >= 16 && isGs1CheckValid(digits.slice(2, 16));
  if (id.length === 3 ? isArticle || isCard : 'ADK'.includes(id) && (isProduct || isCard) && id !== 'D') {
    return 'zebra';
  }
  if ('cdDE'.includes(id) && isProduct) return 'honeywell';
  return 'jba'.includes(id) && isCard ? 'honeywell' : null;
}
