import { isLuhnValid } from '../../sync/base/card-number.ts';
import { isRetailAim, stripAim } from './aim.ts';

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

const LENGTH_MIN = 13;
const LENGTH_MAX = 19;

/**
 * Weights 3, 1, 3 … from the right; the last is the check digit (GS1 General Specifications).
 */
function isGs1CheckValid(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48;
    sum += index % 2 === 0 ? digit : digit * 3;
  }
  return sum % 10 === 0;
}

function isPaymentNumber(digits: string, ownPrefixes: readonly string[]): boolean {
  if (digits.length < LENGTH_MIN || digits.length > LENGTH_MAX || !isLuhnValid(digits)) return false;
  if (ownPrefixes.some((prefix) => prefix !== '' && digits.startsWith(prefix))) return false;
  return PAYMENT_RANGES.some(([from, to]) => {
    const head = digits.slice(0, from.length);
    return head >= from && head <= to;
  });
}

/** A number alone, grouped or not, or behind a vendor's code identifier (`D…`, `P0Q…`). */
function printedNumber(text: string): string[] {
  const digits = /^(?:[A-Za-z]|P0[0-9A-Z])?([0-9]+)$/.exec(text.replace(/[ -]/g, ''))?.[1];
  return digits === undefined ? [] : [digits];
}

/** Numbers as magnetic tracks hold them: in front of `^` or `=`, possibly grouped by spaces. */
function trackNumbers(text: string): string[] {
  return Array.from(text.matchAll(/([0-9 ]{13,24})[\^=]/g), (found) => (found[1] ?? '').replaceAll(' ', ''));
}

/**
 * True for text that holds a payment card's number: 13 to 19 digits with a right Luhn digit under a payment
 * scheme's prefix and not under one of `ownPrefixes`, alone or inside a magnetic track. Such text must leave
 * the drivers in no form.
 *
 * Thirteen digits with a right EAN check digit are a product: no scheme has issued that length for decades,
 * and one EAN in ten passes Luhn by chance.
 */
export function holdsPaymentCard(rawText: string, ownPrefixes: readonly string[]): boolean {
  const { aim, text } = stripAim(rawText.trim());
  if (isRetailAim(aim)) return false;
  const isPayment = (digits: string): boolean => isPaymentNumber(digits, ownPrefixes);
  if (trackNumbers(text).some(isPayment)) return true;
  const isProduct = aim === null && /^[0-9]{13}$/.test(text) && isGs1CheckValid(text);
  return !isProduct && printedNumber(text).some(isPayment);
}
