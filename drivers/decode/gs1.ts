import { hasControlSign } from './control-signs.ts';
import { isDigits, isGs1CheckValid } from './check-digit.ts';
import { aiAt, type Ai, type AiForm } from './gs1-ai.ts';
import type { Facts, ScanKind } from './scan-event.ts';

/** What FNC1 becomes between two element strings. */
export const GS = '\x1d';
/** More than any label holds; the rest is not read. */
const ELEMENTS_MAX = 64;

/** Lots, serial numbers and their like; longer values are structures of their own. */
const FREE_TEXT_MAX = 30;

export interface Elements {
  readonly values: Readonly<Record<string, string>>;
  /** `gs1-syntax`, `gs1-date`, `ambiguous`. */
  readonly issues: readonly string[];
  /** A key (GTIN, SSCC, GSRN …) whose check digit is wrong: nothing of it may be trusted. */
  readonly isCheckWrong: boolean;
}

interface Cut {
  readonly found: Ai;
  readonly value: string;
  readonly next: number;
  /** Ran to the end of the text although its length is open: a lost separator could hide in it. */
  readonly isOpenEnd: boolean;
}

/**
 * Splits an element string into application identifiers.
 *
 * @param text Without identifiers of the scanner; FNC1 arrives as GS (0x1D), also at either end. In a QR code
 *   that holds no GS a `%` is one.
 * @returns What was read up to the first thing that is no element string. Null when nothing was.
 * Source: GS1 General Specifications, 7.8.
 */
export function readElements(text: string, isPercentSeparator = false): Elements | null {
  const flat = isPercentSeparator && !text.includes(GS) ? fromPercent(text) : text;
  const values: Record<string, string> = {};
  const issues: string[] = [];
  let isCheckWrong = false;
  let at = 0;
  let count = 0;
  while (count < ELEMENTS_MAX && at < flat.length) {
    if (flat.charCodeAt(at) === 0x1d) {
      at += 1;
      continue;
    }
    const cut = cutElement(flat, at);
    if (cut === null) {
      addOnce(issues, 'gs1-syntax');
      break;
    }
    const { ai } = cut.found;
    const fault = faultOf(cut);
    if (fault === 'check-digit') isCheckWrong = true;
    else if (fault !== null) addOnce(issues, fault);
    if (values[ai] === undefined) values[ai] = cut.value;
    else if (values[ai] !== cut.value) addOnce(issues, 'ambiguous');
    at = cut.next;
    count += 1;
  }
  return count === 0 ? null : { values, issues, isCheckWrong };
}

function addOnce(issues: string[], issue: string): void {
  if (!issues.includes(issue)) issues.push(issue);
}

/** `%` stands for FNC1 there, and a doubled one for itself. */
const fromPercent = (text: string): string => text.replace(/%%|%/g, (sign) => (sign === '%%' ? '%' : GS));

function cutElement(text: string, at: number): Cut | null {
  const found = aiAt(text, at);
  if (found === undefined) return null;
  const from = at + found.ai.length;
  const separator = text.indexOf(GS, from);
  const end = separator === -1 ? text.length : separator;
  if (found.fixedLength > 0) {
    const next = at + found.fixedLength;
    return next > end ? null : { found, value: text.slice(from, next), next, isOpenEnd: false };
  }
  return { found, value: text.slice(from, end), next: end, isOpenEnd: separator === -1 };
}

type Fault = 'gs1-syntax' | 'gs1-date' | 'ambiguous' | 'check-digit';

/** Why a value is not what its identifier asks for; null when it is. */
function faultOf({ found: { form }, value, isOpenEnd }: Cut): Fault | null {
  if (!hasForm(value, form)) return isOpenEnd && value.length > form.lengthMax ? 'ambiguous' : 'gs1-syntax';
  if (form.checkedLength > 0 && !isGs1CheckValid(value, form.checkedLength)) return 'check-digit';
  if (form.isDate && !isDate(value)) return 'gs1-date';
  const isFree = !form.isNumeric && form.lengthMin === 1 && form.lengthMax <= FREE_TEXT_MAX;
  return isOpenEnd && isFree && hidesElement(value) ? 'ambiguous' : null;
}

function hasForm(value: string, { isNumeric, lengthMin, lengthMax, checkedLength }: AiForm): boolean {
  if (value.length < lengthMin || value.length > lengthMax) return false;
  if (isNumeric) return isDigits(value);
  return (checkedLength === 0 || isDigits(value.slice(0, checkedLength))) && !hasControlSign(value);
}

/** Day 00 stands for the last of the month. */
const isDate = (value: string): boolean => /^\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])$/.test(value);

/**
 * True when the end of a value could be element strings of its own: a separator may have been lost. It can not
 * be known, so it is said and not mended.
 */
function hidesElement(value: string): boolean {
  return HIDDEN.test(value);
}
const HIDDEN = /.(?:1[1-7]\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])|(?:10|21)\w{3})/;

const dateOf = (value: string): string => {
  const year = Number.parseInt(value.slice(0, 2), 10);
  const month = Number.parseInt(value.slice(2, 4), 10);
  // Section 7.12: years up to 49 behind and 50 ahead; the pivot holds from 2026 on.
  const fullYear = year >= 77 ? 1900 + year : 2000 + year;
  const lastDay = (): number => new Date(Date.UTC(fullYear, month, 0)).getUTCDate();
  const day = value.endsWith('00') ? String(lastDay()).padStart(2, '0') : value.slice(4);
  return `${fullYear}-${value.slice(2, 4)}-${day}`;
};

function kilograms(values: Readonly<Record<string, string>>): string | undefined {
  for (let decimals = 0; decimals <= 6; decimals += 1) {
    const value = values[`310${decimals}`];
    if (value !== undefined) return (Number.parseInt(value, 10) / 10 ** decimals).toFixed(decimals);
  }
  return undefined;
}

const dated = (value: string | undefined): string | undefined =>
  value !== undefined && isDate(value) ? dateOf(value) : undefined;

/** The facts that a till may show, in notations of its own. Dates as `YYYY-MM-DD`. */
export function toFacts(values: Readonly<Record<string, string>>): Facts {
  const facts: { -readonly [Name in keyof Facts]: Facts[Name] } = {};
  const add = (name: keyof Facts, value: string | undefined): void => {
    if (value !== undefined) facts[name] = value;
  };
  add('gtin14', values['01'] ?? values['02']);
  add('sscc', values['00']);
  add('gsrn', values['8018']);
  add('lot', values['10']);
  add('serial', values['21']);
  add('expiry', dated(values['17']));
  add('bestBefore', dated(values['15']));
  add('netWeightKg', kilograms(values));
  add('quantity', values['37'] ?? values['30']);
  return facts;
}

/** What element strings are about: a coupon before a member, a load before an article. */
export function kindOfElements(values: Readonly<Record<string, string>>): ScanKind {
  const has = (ai: string): boolean => values[ai] !== undefined;
  if (has('8110') || has('8112') || has('255')) return 'coupon';
  if (has('8018')) return 'member-card';
  if (has('00')) return 'logistic';
  return has('01') || has('02') ? 'product' : 'unknown';
}
