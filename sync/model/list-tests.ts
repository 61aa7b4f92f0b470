import { fold } from '../base/search-key.ts';
import { toNumber } from './attributes.ts';
import type { ColumnKind, RegisterCondition } from './register.ts';

const DAY_MS = 86_400_000;
const PLAIN_NAME = /^[A-Za-z0-9]+(?: [A-Za-z0-9]+)*$/;
const PLAIN = /^[\x20-\x7e]*$/;
const BETWEEN_IDEOGRAPHS =
  /(?<=\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}) (?=\p{Ideographic}|[\u3040-\u30ff])/gu;

/** How names are sorted and looked for: lower case, no accents, ideographs without spaces. */
export function foldName(name: string): string {
  return PLAIN_NAME.test(name) ? name.toLowerCase() : fold(name).replace(BETWEEN_IDEOGRAPHS, '');
}

/** The same for other texts, whose signs between words count: addresses, ids. */
export function foldText(text: string): string {
  const folded = PLAIN.test(text) ? text : text.normalize('NFKD').replace(/[\p{Mark}\0]/gu, '');
  return folded.toLowerCase().trim();
}

/** A day as YYYYMMDD; -1 for none. */
export const packDay = (day: string | null): number =>
  day === null
    ? -1
    : Number(day.slice(0, 4)) * 10_000 + Number(day.slice(5, 7)) * 100 + Number(day.slice(8, 10));

const DAY = /^\d{4}-\d\d-\d\d$/;
/** The same of any text; NaN for what is no day. */
export const dayNumber = (text: string): number => (DAY.test(text) ? packDay(text) : Number.NaN);

/** What a value of the chain's own counts for where it is a number or a day; NaN for what is neither. */
export const numberOf = (kind: ColumnKind, value: string): number =>
  kind === 'day' ? dayNumber(value) : toNumber(value);

/**
 * Whether a single value, '' for none, is what is asked for: the same answers as the masks of a column that holds it.
 * Null where this can not be asked of a column of that kind.
 */
export function valueTest(
  kind: ColumnKind,
  condition: RegisterCondition,
): ((value: string) => boolean) | null {
  const isWanted = wantedValue(kind, condition);
  return isWanted === null ? null : (value) => isWanted(value === '' ? [] : [value]);
}

type WantsValues = (values: readonly string[]) => boolean;

const NUMBER_OPS: ReadonlySet<RegisterCondition['op']> = new Set([
  ...(['between', 'inMonth', 'empty', 'filled'] as const),
]);

/** What is asked of an attribute of the chain's own, by its kind: each member has one value or none. */
export function wantedValue(kind: ColumnKind, condition: RegisterCondition): WantsValues | null {
  if (kind === 'number' || kind === 'day') {
    const isWanted = wantedNumber({ nowMs: 0 }, condition, -Infinity);
    // As where the values are many, and held as numbers: a text that is none counts as no value.
    if (isWanted !== null && NUMBER_OPS.has(condition.op))
      return ([value]) => isWanted(value === undefined ? Number.NaN : numberOf(kind, value));
  }
  if (!('text' in condition)) return wantedSet(condition);
  const wanted = foldText(condition.text);
  const { op } = condition;
  if (wanted === '') return null;
  return ([value]) => value !== undefined && TEXT_TESTS[op](foldText(value), wanted);
}

export const TEXT_TESTS = {
  contains: (text: string, part: string) => text.includes(part),
  starts: (text: string, part: string) => text.startsWith(part),
  ends: (text: string, part: string) => text.endsWith(part),
  is: (text: string, part: string) => text === part,
};

export function wantedSet(condition: RegisterCondition): WantsValues | null {
  switch (condition.op) {
    case 'anyOf':
      return (values) => condition.values.some((value) => values.includes(value));
    case 'noneOf':
      return (values) => !condition.values.some((value) => values.includes(value));
    case 'empty':
      return (values) => values.length === 0;
    case 'filled':
      return (values) => values.length > 0;
    case 'contains':
    case 'starts':
    case 'ends':
    case 'is':
    case 'between':
    case 'within':
    case 'notWithin':
    case 'inMonth':
      return null;
  }
}

/** @param least numbers below it, and NaN, stand for none */
export function wantedNumber(
  { nowMs }: { nowMs: number },
  condition: RegisterCondition,
  least: number,
): ((value: number) => boolean) | null {
  switch (condition.op) {
    case 'empty':
      return (value) => !(value >= least);
    case 'filled':
      return (value) => value >= least;
    case 'between': {
      const from = Math.max(least, condition.from ?? least);
      const to = condition.to ?? Infinity;
      return (value) => value >= from && value <= to;
    }
    case 'within':
    case 'notWithin': {
      const since = nowMs - condition.days * DAY_MS;
      const isWithin = condition.op === 'within';
      // Who was never here was not here lately.
      return (value) => value >= since === isWithin;
    }
    case 'inMonth':
      return (value) => value >= 0 && Math.floor(value / 100) % 100 === condition.month;
    case 'contains':
    case 'starts':
    case 'ends':
    case 'is':
    case 'anyOf':
    case 'noneOf':
      return null;
  }
}
