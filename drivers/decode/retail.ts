import { expandUpce, isDigits, isGs1CheckValid, toGtin14 } from './check-digit.ts';
import { toIsbn, toIssn } from './book-number.ts';
import type { Facts, ScanErrorCode, ScanKind } from './scan-event.ts';
import type { Symbology } from './symbology.ts';

export interface RetailRules {
  /** What eight digits are when they fit both and the scanner does not say. */
  readonly eightDigits?: 'ean8' | 'upce';
  /**
   * How in-store codes are laid out here: thirteen signs, digits stand for themselves, I item, P price in
   * minor units, W weight in grams, anything else is not read. As `21IIIIIPPPPPC`.
   */
  readonly inStore?: readonly string[];
}

export interface Retail {
  readonly kind: ScanKind;
  readonly text: string;
  readonly symbology: Symbology;
  readonly facts: Facts;
  readonly addOn: string | null;
  readonly issues: readonly string[];
}

type RetailResult = Retail | { readonly error: ScanErrorCode };

interface RetailNumber {
  readonly digits: string;
  readonly symbology: Symbology;
  readonly gtin14: string;
  readonly issues: readonly string[];
}

const NO_ISSUES: readonly string[] = [];
const WITH_ADD_ON = /^(\d{8}|\d{12,13})(?:\]E[12])(\d{2}|\d{5})$/;
const RUN_TOGETHER = /^(\d{12,13})(\d{2}|\d{5})$/;

/** Main symbol and add-on of a text; the text alone when there is none. */
function cutAddOn(text: string, symbology: Symbology, aim: string | null): [string, string | null] {
  if (aim === null && symbology === 'unknown') return [text, null];
  const found = WITH_ADD_ON.exec(text) ?? (aim === ']E3' ? RUN_TOGETHER.exec(text) : null);
  return found === null ? [text, null] : [found[1] ?? '', found[2] ?? ''];
}

/**
 * An EAN or UPC number with its check digit tried.
 *
 * @param symbology What the scanner declared, `unknown` when it did not: then the length says what it is.
 */
export function readRetail(
  text: string,
  { symbology, aim, rules }: { symbology: Symbology; aim: string | null; rules: RetailRules },
): RetailResult {
  const [digits, addOn] = cutAddOn(text, symbology, aim);
  if (!isDigits(digits)) return { error: 'length' };
  const number = toNumber(digits, symbology, rules);
  if ('error' in number) return number;
  return { ...classifyNumber(number, rules), addOn };
}

function toNumber(
  digits: string,
  symbology: Symbology,
  rules: RetailRules,
): RetailNumber | { error: ScanErrorCode } {
  switch (digits.length) {
    case 6:
    case 7:
    case 8:
      return toShortNumber(digits, symbology, rules);
    case 12:
      return isGs1CheckValid(digits) ? toPlain(digits, 'upca') : { error: 'check-digit' };
    case 13: {
      if (!isGs1CheckValid(digits)) return { error: 'check-digit' };
      // Identifiers declare UPC-A as thirteen digits; without them a leading zero may be the scanner's setting.
      const isUpca = symbology !== 'unknown' && digits.startsWith('0');
      return isUpca ? toPlain(digits.slice(1), 'upca') : toPlain(digits, 'ean13');
    }
    case 14:
      return isGs1CheckValid(digits) ? toPlain(digits, symbology) : { error: 'check-digit' };
    default:
      return { error: 'length' };
  }
}

const toPlain = (digits: string, symbology: Symbology): RetailNumber => ({
  digits,
  symbology,
  gtin14: toGtin14(digits),
  issues: NO_ISSUES,
});

function toShortNumber(
  digits: string,
  symbology: Symbology,
  rules: RetailRules,
): RetailNumber | { error: ScanErrorCode } {
  const expanded = toExpanded(digits, symbology);
  const asUpce = expanded !== null && isGs1CheckValid(expanded) && symbology !== 'ean8';
  const asEan8 = digits.length === 8 && isGs1CheckValid(digits) && symbology !== 'upce';
  if (digits.length < 8 && symbology !== 'upce') return { error: 'length' };
  if (!asUpce && !asEan8) return { error: 'check-digit' };
  const isUpce = asUpce && (!asEan8 || rules.eightDigits === 'upce');
  const issues = asUpce && asEan8 ? ['ambiguous'] : NO_ISSUES;
  if (!isUpce) return { ...toPlain(digits, 'ean8'), issues };
  return { digits, symbology: 'upce', gtin14: toGtin14(expanded ?? digits), issues };
}

/** UPC-E comes as eight digits, or without its number system, or without check digit as well. */
function toExpanded(digits: string, symbology: Symbology): string | null {
  if (digits.length === 8) return expandUpce(digits);
  if (symbology !== 'upce') return null;
  if (digits.length === 7) return expandUpce(`0${digits}`);
  const body = expandUpce(`0${digits}0`)?.slice(0, 11);
  return body === undefined ? null : withCheckDigit(body);
}

function withCheckDigit(body: string): string {
  for (let digit = 0; digit < 9; digit += 1) {
    if (isGs1CheckValid(`${body}${digit}`)) return `${body}${digit}`;
  }
  return `${body}9`;
}

function classifyNumber(number: RetailNumber, rules: RetailRules): Omit<Retail, 'addOn'> {
  const { digits, symbology, gtin14, issues } = number;
  const base = { text: digits, symbology, issues };
  if (symbology === 'ean8') {
    const isInStore = digits.startsWith('0') || digits.startsWith('2');
    const facts = issues.length > 0 ? { gtin14, upca: expandUpce(digits) ?? '' } : { gtin14 };
    return { kind: 'product', ...base, facts, issues: isInStore ? [...issues, 'in-store-code'] : issues };
  }
  const article = gtin14.startsWith('0') ? gtin14.slice(1) : '';
  const coupon = toCoupon(article);
  if (coupon !== null) return { kind: 'coupon', ...base, facts: coupon };
  if (/^(?:02|04|2\d)/.test(article)) {
    const local = fitInStore(article, rules.inStore ?? NO_ISSUES);
    const facts = { gtin14, ...local };
    return {
      kind: 'product',
      ...base,
      facts,
      issues: local === null ? [...issues, 'in-store-code'] : issues,
    };
  }
  const facts: Facts = {
    gtin14,
    ...(symbology === 'upce' ? { upca: gtin14.slice(2) } : undefined),
    ...(article.startsWith('97') ? toPublication(article) : undefined),
  };
  return { kind: 'product', ...base, facts };
}

/** Prefixes 99 and 980 to 984, and number system 5 of UPC (GS1 General Specifications; gs1ie.org for 981, 982). */
function toCoupon(article: string): Facts | null {
  if (article.startsWith('05')) return { couponPrefix: '05' };
  if (article.startsWith('99')) return { couponPrefix: '99' };
  if (!/^98[0-4]/.test(article)) return null;
  const couponPrefix = article.slice(0, 3);
  const decimals = couponPrefix === '982' ? 2 : couponPrefix === '981' ? 1 : 0;
  if (decimals === 0) return { couponPrefix };
  const value = article.slice(9, 12);
  return {
    couponPrefix,
    issuer: article.slice(3, 7),
    reference: article.slice(7, 9),
    value: (Number.parseInt(value, 10) / 10 ** decimals).toFixed(2),
    currency: 'EUR',
  };
}

function toPublication(article: string): Facts | undefined {
  if (article.startsWith('977')) return { issn: toIssn(article) };
  return article.startsWith('978') || article.startsWith('979') ? { isbn13: toIsbn(article) } : undefined;
}

/** What the first layout that fits says; null when none does. */
function fitInStore(article: string, layouts: readonly string[]): Facts | null {
  const layout = layouts.find((each) => each.length === article.length && fits(article, each));
  if (layout === undefined) return null;
  const pick = (sign: string): string =>
    Array.from(article)
      .filter((_, at) => layout.charAt(at) === sign)
      .join('');
  const item = pick('I');
  const price = pick('P');
  const weight = pick('W');
  return {
    ...(item === '' ? undefined : { inStoreItem: item }),
    ...(price === '' ? undefined : { priceMinor: String(Number.parseInt(price, 10)) }),
    ...(weight === '' ? undefined : { weightGrams: String(Number.parseInt(weight, 10)) }),
  };
}

function fits(article: string, layout: string): boolean {
  for (let at = 0; at < layout.length; at += 1) {
    const sign = layout.charAt(at);
    if (sign >= '0' && sign <= '9' && sign !== article.charAt(at)) return false;
  }
  return true;
}
