import { isRealDay } from '../../../../sync/base/business-day.ts';
import { unguardCell } from '../../../../sync/base/csv.ts';
import { toE164, toE164Of } from '../../../../sync/base/phone.ts';

/** What every reader here says of a text that is no such value. */
export const UNREADABLE = Symbol('unreadable');
type Read<T> = T | typeof UNREADABLE;

/** An export puts a quote before what a spreadsheet would take for a formula: it goes again. */
export const plainText = (cell: string): string => unguardCell(cell).trim();

/**
 * A number that is a name: the quote, or the `="…"`, that somebody wrote so that a spreadsheet keeps its zeros,
 * goes.
 */
export function plainKey(cell: string): string {
  const text = cell.trim();
  const shielded = /^="([^"]*)"$/.exec(text);
  return (shielded?.[1] ?? text.replace(/^'/, '')).trim();
}

/** Digits that a spreadsheet has turned into a power of ten: what they were can not be known. */
export const isExponent = (text: string): boolean => /^[+-]?\d+([.,]\d+)?E\+?\d+$/i.test(text);

/** The same of a text in which an E may well be meant: only as spreadsheets write it, `1.23E+11`. */
export const isSpoilt = (text: string): boolean => /^[+-]?\d([.,]\d+)?E\+\d{2,3}$/i.test(text);

/** E.164. `callingCode`: digits, '' for the shop's own country. */
export function toPhone(text: string, country: string, callingCode: string): Read<string> {
  const e164 = callingCode === '' ? toE164(text, country) : toE164Of(text, callingCode);
  return e164 ?? UNREADABLE;
}

export function toTruth(text: string): Read<boolean> {
  const word = text.toLowerCase();
  if (/^(true|yes|y|1|是)$/.test(word)) return true;
  return /^(false|no|n|0|否)$/.test(word) ? false : UNREADABLE;
}

export function toGender(text: string): Read<'male' | 'female'> {
  const word = text.toLowerCase();
  if (/^(male|m|男)$/.test(word)) return 'male';
  return /^(female|f|女)$/.test(word) ? 'female' : UNREADABLE;
}

/** A year of four digits could be a count of days, too: only later counts are taken for one. */
const SERIAL_MIN = 10_000;
const SERIAL_MAX = 2_958_465;
const DAY_MS = 86_400_000;

/**
 * The day that a spreadsheet counts: 1 is 1 January 1900, which it believes to be before a 29 February; or of
 * 1904.
 */
function serialDay(serial: number, is1904: boolean): string {
  const start = is1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, 30);
  return new Date(start + Math.floor(serial) * DAY_MS).toISOString().slice(0, 10);
}

const pad = (text: string): string => text.padStart(2, '0');

export interface DayRules {
  today: string;
  is1904: boolean;
  /** Nobody is born in the future, and no membership ends a century ago: where a year has two digits. */
  years: 'past' | 'coming';
}

/** `YYYY-MM-DD`, `DD/MM/YYYY`, `DD/MM/YY`, or a spreadsheet's count of days, as a day of the calendar. */
export function toDay(text: string, { today, is1904, years }: DayRules): Read<string> {
  const iso = /^(\d{4}-\d{2}-\d{2})(?:[T ][\d:.]+Z?)?$/.exec(text)?.[1];
  if (iso !== undefined) return isRealDay(iso) ? iso : UNREADABLE;
  if (/^\d{5,7}(\.\d+)?$/.test(text)) {
    const serial = Number(text);
    return serial >= SERIAL_MIN && serial <= SERIAL_MAX ? serialDay(serial, is1904) : UNREADABLE;
  }
  const parts = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?: 0{1,2}:00(?::00)?)?$/.exec(text);
  if (parts === null) return UNREADABLE;
  const [, date = '', month = '', year = ''] = parts;
  const written = (whole: number): string => `${String(whole).padStart(4, '0')}-${pad(month)}-${pad(date)}`;
  if (year.length === 4) return isRealDay(written(Number(year))) ? written(Number(year)) : UNREADABLE;
  const century = Math.floor(Number(today.slice(0, 4)) / 100) * 100;
  const near = century + Number(year);
  const day = years === 'past' && written(near) > today ? written(near - 100) : written(near);
  return isRealDay(day) ? day : UNREADABLE;
}

/** `1,200` and `1200.00` are 1200. */
export function toUnits(text: string): Read<number> {
  const plain = /^\d{1,3}(,\d{3})+(\.0+)?$/.test(text) ? text.replaceAll(',', '') : text;
  if (!/^\d{1,10}(\.0+)?$/.test(plain)) return UNREADABLE;
  return Number(plain.replace(/\..*$/, ''));
}

/** An amount of money in minor units, by its digits: no fraction is ever rounded. */
export function toMinor(text: string, decimals: number): Read<number> {
  const bare = text.replace(/^[A-Z]{3}\s*|^[$€£¥]\s*/, '');
  const plain = /^\d{1,3}(,\d{3})+(\.\d+)?$/.test(bare) ? bare.replaceAll(',', '') : bare;
  const parts = /^(\d{1,9})(?:\.(\d+))?$/.exec(plain);
  if (parts === null) return UNREADABLE;
  const fraction = (parts[2] ?? '').replace(/0+$/, '');
  if (fraction.length > decimals) return UNREADABLE;
  return Number(`${parts[1] ?? '0'}${fraction.padEnd(decimals, '0')}`);
}

/** Several words in one cell. */
export const toWords = (text: string): string[] => [
  ...new Set(
    text
      .split(/[;,|，；]/)
      .map((word) => word.trim().normalize('NFC'))
      .filter((word) => word !== ''),
  ),
];
