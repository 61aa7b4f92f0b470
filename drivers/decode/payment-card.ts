import { isDigits, isGs1CheckValid } from './check-digit.ts';
import { stripAim } from './aim.ts';
import { isRetail, readAim } from './symbology.ts';

/**
 * First digits of payment schemes, from and to at equal length. Wide in doubt: refusing is safe, keeping is
 * not.
 */
const PAYMENT_RANGES: readonly (readonly [string, string])[] = [
  ['2200', '2204'], // Mir
  ['2221', '2720'], // Mastercard
  ['300', '305'], // Diners Club
  ['3095', '3095'],
  ['34', '34'], // American Express
  ['3528', '3589'], // JCB
  ['36', '39'], // Diners Club; 37 American Express
  ['4', '4'], // Visa
  ['50', '58'], // Mastercard 51-55; Maestro
  ['6011', '6011'], // Discover
  ['6062', '6062'], // Hipercard
  ['607', '608'], // RuPay
  ['62', '65'], // UnionPay, Discover, Maestro, Elo
  ['67', '67'], // Maestro
  ['81', '82'], // UnionPay, RuPay
  ['9792', '9792'], // Troy
];

/** What a payment card's number has: ISO/IEC 7812 allows fewer, no scheme issues them. */
export const PAN_DIGITS_MIN = 13;
export const PAN_DIGITS_MAX = 19;

/** Luhn over a text of digits only, without a copy of it. */
function isLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48;
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

export const isOwn = (digits: string, ownPrefixes: readonly string[]): boolean =>
  ownPrefixes.some((prefix) => prefix !== '' && digits.startsWith(prefix));

/**
 * True for 13 to 19 digits with a right Luhn digit under a payment scheme's prefix and not under one of
 * `ownPrefixes`, which go before any scheme's.
 */
export function isPaymentNumber(digits: string, ownPrefixes: readonly string[]): boolean {
  if (digits.length < PAN_DIGITS_MIN || digits.length > PAN_DIGITS_MAX) return false;
  if (!isDigits(digits) || isOwn(digits, ownPrefixes) || !isLuhn(digits)) return false;
  return PAYMENT_RANGES.some(([from, to]) => {
    const head = digits.slice(0, from.length);
    return head >= from && head <= to;
  });
}

/** First six and last four digits; fewer than thirteen digits are hidden whole. */
export function maskNumber(digits: string): string {
  if (digits.length < PAN_DIGITS_MIN) return '*'.repeat(digits.length);
  return `${digits.slice(0, 6)}${'*'.repeat(digits.length - 10)}${digits.slice(-4)}`;
}

/** A number with its groups, a vendor's identifier in front, spaces around: no longer than this. */
const PRINTED_CHARS_MAX = 64;

/** A number alone, grouped or not, or behind a vendor's code identifier (`D…`, `P0Q…`). */
function printedNumber(text: string): string | undefined {
  if (text.length > PRINTED_CHARS_MAX) return undefined;
  if (isDigits(text)) return text;
  return /^(?:[A-Za-z]|P0[0-9A-Z])?([0-9]+)$/.exec(text.replace(/[ -]/g, ''))?.[1];
}

/** Numbers as magnetic tracks hold them: in front of `^` or `=`, possibly grouped by spaces. */
function trackNumbers(text: string): string[] {
  if (!text.includes('=') && !text.includes('^')) return [];
  return Array.from(text.matchAll(/([0-9 ]{13,24})[\^=]/g), (found) => (found[1] ?? '').replaceAll(' ', ''));
}

function hasDigits(text: string, wanted: number): boolean {
  let count = 0;
  for (let at = 0; at < text.length && count < wanted; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 48 && code <= 57) count += 1;
  }
  return count >= wanted;
}

/** A right EAN or carton number where no scheme issues that length under that first digit. */
const isArticle = (text: string): boolean =>
  (text.length === 13 || (text.length === 14 && !text.startsWith('3'))) &&
  isDigits(text) &&
  isGs1CheckValid(text);

/**
 * The masked number of a payment card that `rawText` is: alone, or inside a magnetic track. Null for anything
 * else. Such text must leave the decoder in no form.
 *
 * Thirteen digits with a right EAN check digit are a product: no scheme has issued that length for decades,
 * and one EAN in ten passes Luhn by chance. So are fourteen of a carton, unless they start as Diners Club does.
 */
export function findPaymentCard(rawText: string, ownPrefixes: readonly string[]): string | null {
  if (!hasDigits(rawText, PAN_DIGITS_MIN)) return null;
  const { aim, text } = stripAim(rawText.trim());
  if (aim !== null && isRetail(readAim(aim).symbology)) return null;
  const found = trackNumbers(text).find((digits) => isPaymentNumber(digits, ownPrefixes));
  if (found !== undefined) return maskNumber(found);
  if (aim === null && isArticle(text)) return null;
  const printed = printedNumber(text);
  return printed !== undefined && isPaymentNumber(printed, ownPrefixes) ? maskNumber(printed) : null;
}

/**
 * The same for a number anywhere inside a text, between signs that are no digits: for texts that no rule knows,
 * where refusing too much costs a second look and nothing else. From fourteen digits on: a phone has thirteen.
 */
export function findPaymentCardInside(text: string, ownPrefixes: readonly string[]): string | null {
  if (!hasDigits(text, PAN_DIGITS_MIN)) return null;
  for (const [run] of text.matchAll(/[0-9](?:[ -]?[0-9]){13,}/g)) {
    const digits = run.replace(/[ -]/g, '');
    if (isPaymentNumber(digits, ownPrefixes)) return maskNumber(digits);
  }
  return null;
}
