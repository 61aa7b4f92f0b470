import { isRealDay } from '../base/business-day.ts';
import { must } from '../base/must.ts';
import { toNumber } from '../model/attributes.ts';
import { type Condition, inTag, outTag, type Segment, type SegmentRules } from '../model/segment.ts';
import { NONE, dayNumber, dayTextNumber, type ColumnSource } from './columns.ts';
import { fieldType } from '../model/segment-fields.ts';

/** True for a row of the columns that it was compiled over. */
export type RowTest = (row: number) => boolean;

/** The day that "ago" counts from. */
export interface Today {
  atMs: number;
}

const never: RowTest = () => false;
const always: RowTest = () => true;

/** Words are compared as people type them: case does not count. */
const folded = (word: string): string => word.toLowerCase();

function byCode(codes: ArrayLike<number>, hits: readonly boolean[]): RowTest {
  const isHit = Uint8Array.from(hits, (hit) => (hit ? 1 : 0));
  return (row) => isHit[codes[row] ?? 0] === 1;
}

/** Of the chain's own fields, which are kept as text, a number or a day counts as such; another text is in no range. */
function rangeHit(condition: Condition, { atMs }: Today): ((words: readonly string[]) => boolean) | null {
  const range = rangeOf(condition, dayNumber(atMs));
  if (range === null) return null;
  const [low, high] = range;
  const isNumber = condition.test === 'atLeast' || condition.test === 'atMost';
  return (words) =>
    words.some((word) => {
      const value = isNumber ? toNumber(word) : isRealDay(word) ? dayTextNumber(word) : Number.NaN;
      return value >= low && value <= high;
    });
}

/** Null for a test that asks nothing of words. */
function wordHit(condition: Condition): ((words: readonly string[]) => boolean) | null {
  if (condition.test === 'known') return (words) => words.length > 0;
  if (condition.test === 'unknown') return (words) => words.length === 0;
  if (!('values' in condition)) return null;
  const values = condition.values.map(folded);
  const wanted = new Set(values);
  if (condition.test === 'oneOf') return (words) => words.some((word) => wanted.has(folded(word)));
  if (condition.test === 'noneOf') return (words) => !words.some((word) => wanted.has(folded(word)));
  if (condition.test === 'startsWith')
    return (words) => words.some((word) => values.some((start) => folded(word).startsWith(start)));
  return (words) => {
    const all = new Set(words.map(folded));
    return values.every((value) => all.has(value));
  };
}

/** A range that no value leaves; `NONE` is never in it. */
function between(values: ArrayLike<number>, low: number, high: number): RowTest {
  return (row) => {
    const value = values[row] ?? NONE;
    return value !== NONE && value >= low && value <= high;
  };
}

/** Null for a test that asks nothing of numbers. */
function rangeOf(condition: Condition, today: number): readonly [low: number, high: number] | null {
  if (condition.test === 'withinDays') return [today - condition.days, Infinity];
  if (condition.test === 'olderThanDays') return [-Infinity, today - condition.days];
  if (condition.test === 'from') return [dayTextNumber(condition.day), Infinity];
  if (condition.test === 'to') return [-Infinity, dayTextNumber(condition.day)];
  if (condition.test === 'atLeast') return [condition.number, Infinity];
  return condition.test === 'atMost' ? [-Infinity, condition.number] : null;
}

const partsOf = (day: Date): number => (day.getUTCMonth() + 1) * 100 + day.getUTCDate();

/** Birthdays of the next days as month and day; who was born on 29 February has it on the 28th in other years. */
function comingBirthdays(days: number, { atMs }: Today): ReadonlySet<number> {
  const coming = new Set<number>();
  for (let ahead = 0; ahead <= Math.min(days, 366); ahead += 1) {
    const day = new Date((dayNumber(atMs) + ahead) * 86_400_000);
    const parts = partsOf(day);
    coming.add(parts);
    const isShortFebruary =
      parts === 228 && new Date(Date.UTC(day.getUTCFullYear(), 1, 29)).getUTCMonth() === 2;
    if (isShortFebruary) coming.add(229);
  }
  return coming;
}

function onBirthday(condition: Condition, values: ArrayLike<number>, today: Today): RowTest {
  if (condition.test !== 'comingDays') return never;
  const coming = comingBirthdays(condition.days, today);
  return (row) => {
    const value = values[row] ?? NONE;
    return value !== NONE && coming.has(value % 10_000);
  };
}

/** Ages are compared as dates of birth: at least 18 means born on this day 18 years ago or before. */
function onAge(condition: Condition, values: ArrayLike<number>, { atMs }: Today): RowTest {
  const now = new Date(dayNumber(atMs) * 86_400_000);
  const asNumber = now.getUTCFullYear() * 10_000 + partsOf(now);
  if (condition.test === 'atLeast') return between(values, 0, asNumber - condition.number * 10_000);
  if (condition.test === 'atMost')
    return between(values, asNumber - (condition.number + 1) * 10_000 + 1, Infinity);
  return never;
}

function onNumbers(condition: Condition, values: ArrayLike<number>, today: Today): RowTest {
  if (condition.test === 'known') return (row) => (values[row] ?? NONE) !== NONE;
  if (condition.test === 'unknown') return (row) => (values[row] ?? NONE) === NONE;
  const type = fieldType(condition.field);
  if (type === 'birthday') return onBirthday(condition, values, today);
  if (type === 'age') return onAge(condition, values, today);
  const range = rangeOf(condition, dayNumber(today.atMs));
  return range === null ? never : between(values, ...range);
}

/** What holds for somebody of whom nothing is known. */
const isTrueOfNothing = ({ test }: Condition): boolean => test === 'noneOf' || test === 'unknown';

/** A test that does not fit its field, or a field that nobody knows, is true for nobody: no rule widens by mistake. */
export function compileCondition(condition: Condition, source: ColumnSource, today: Today): RowTest {
  const { field } = condition;
  if (fieldType(field) === undefined) return never;
  // Both are read off the date of birth.
  const column = source(field === 'age' ? 'birthday' : field);
  if (column === undefined) return isTrueOfNothing(condition) ? always : never;
  if (column.type === 'number') return onNumbers(condition, column.values, today);
  // Each combination of words is judged once, whatever the number of members.
  const isHit = wordHit(condition) ?? (fieldType(field) === 'own' ? rangeHit(condition, today) : null);
  return isHit === null ? never : byCode(column.codes, column.sets.map(isHit));
}

/** The rules as one test over columns; everything that does not hang on a row is worked out here, once. */
export function compileRules(
  { match, conditions }: SegmentRules,
  source: ColumnSource,
  today: Today,
): RowTest {
  const tests = conditions.map((condition) => compileCondition(condition, source, today));
  const [first, second, third] = tests;
  if (tests.length === 1) return must(first, 'one');
  // Most have two or three: a loop over tests takes three times as long.
  if (match === 'all' && first && second && tests.length === 2) return (row) => first(row) && second(row);
  if (match === 'all' && first && second && third && tests.length === 3)
    return (row) => first(row) && second(row) && third(row);
  return match === 'all'
    ? (row) => tests.every((test) => test(row))
    : (row) => tests.some((test) => test(row));
}

/**
 * Who is in a segment: by its rules and share, unless a person put the member in or kept them out by hand. Blocked
 * and locked members are in like anybody; who may be written to is decided where something is sent.
 */
export function compileSegment(segment: Segment, source: ColumnSource, today: Today): RowTest {
  const { segmentId, shareFrom, shareTo } = segment;
  const isMatch = compileRules(segment, source, today);
  const tagged = (tag: string): RowTest =>
    compileCondition({ test: 'oneOf', field: 'tags', values: [tag] }, source, today);
  const isIn = tagged(inTag(segmentId));
  const isOut = tagged(outTag(segmentId));
  const share = source('share');
  const shares = share?.type === 'number' ? share.values : null;
  const isWhole = shareFrom === 0 && shareTo === 100;
  const isOfShare: RowTest = isWhole || shares === null ? always : between(shares, shareFrom, shareTo - 1);
  return (row) => !isOut(row) && (isIn(row) || (isOfShare(row) && isMatch(row)));
}
