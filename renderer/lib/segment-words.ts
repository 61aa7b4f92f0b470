import type { RfmView, SegmentReason } from '../../electron/contract/segments.ts';
import type { Condition } from '../../sync/model/segment.ts';
import { fieldType, SEGMENT_FIELDS, type SegmentField } from '../../sync/model/segment-fields.ts';
import type { Words } from './words.ts';

/** Names that only the chain's own documents know: card types, stores, groups, attributes. */
export type NameOf = (field: string, id: string) => string;

const DAY_MS = 86_400_000;
const isKnown = (field: string): field is SegmentField => Object.hasOwn(SEGMENT_FIELDS, field);

/** Days since 1970 as a date of the calendar. */
export const dayText = ({ formats }: Words, day: number): string =>
  formats.day(new Date(day * DAY_MS).toISOString().slice(0, 10));

/** `Tags`, `Balance of Coffee card`, the name of an attribute. */
export function fieldLabel({ t }: Words, field: string, nameOf: NameOf): string {
  if (isKnown(field)) return t(`segments.field.${field}`);
  const [kind = '', id = ''] = field.split('.');
  return kind === 'balance'
    ? t('segments.balanceOf', { name: nameOf('cardTypes', id) })
    : nameOf('custom', id);
}

const CHOICES = ['gender', 'state', 'customerType', 'rfm', 'verified'] as const;
type Choice = (typeof CHOICES)[number];
const isChoice = (field: string): field is Choice => (CHOICES as readonly string[]).includes(field);

/** A value of a field as people say it. */
export function valueLabel({ t }: Words, [field, value]: readonly [string, string], nameOf: NameOf): string {
  if (isChoice(field)) return t(`segments.value.${field}.${value}`, { defaultValue: value });
  if (fieldType(field) === 'flag') return t(value === 'yes' ? 'segments.yes' : 'segments.no');
  return nameOf(field, value);
}

function amountText({ formats }: Words, field: string, number: number): string {
  return fieldType(field) === 'money' ? formats.money(number) : formats.number(number);
}

/** What a condition asks behind the name of its field: `is one of VIP, wine`. */
export function askText(words: Words, condition: Condition, nameOf: NameOf): string {
  const { t } = words;
  switch (condition.test) {
    case 'oneOf':
    case 'noneOf':
    case 'allOf':
    case 'startsWith': {
      const list = condition.values
        .map((value) => valueLabel(words, [condition.field, value], nameOf))
        .join(', ');
      return t(`segments.ask.${condition.test}`, { list });
    }
    case 'atLeast':
    case 'atMost':
      return t(`segments.ask.${condition.test}`, {
        amount: amountText(words, condition.field, condition.number),
      });
    case 'withinDays':
    case 'olderThanDays':
    case 'comingDays':
      return t(`segments.ask.${condition.test}`, { count: condition.days });
    case 'from':
    case 'to':
      return t(`segments.ask.${condition.test}`, { day: words.formats.day(condition.day) });
    case 'known':
    case 'unknown':
      return t(`segments.ask.${condition.test}`);
  }
}

/** A whole condition: `Tags: one of VIP, wine`. */
export const conditionText = (words: Words, condition: Condition, nameOf: NameOf): string =>
  words.t('segments.line', {
    field: fieldLabel(words, condition.field, nameOf),
    ask: askText(words, condition, nameOf),
  });

/** Why somebody is in a segment: the condition, and what it holds of. */
export function reasonText(words: Words, reason: SegmentReason, nameOf: NameOf): string {
  const { condition, number } = reason;
  const line = conditionText(words, condition, nameOf);
  const type = fieldType(condition.field);
  if (number !== null && type !== 'age' && type !== 'birthday') {
    const actual = type === 'day' ? dayText(words, number) : amountText(words, condition.field, number);
    return words.t('segments.because', { line, actual });
  }
  const actual = reason.words.map((word) => valueLabel(words, [condition.field, word], nameOf)).join(', ');
  return actual === '' ? line : words.t('segments.because', { line, actual });
}

/** `62 days since the last visit, usually 14`: what a cashier can say aloud. */
export function rfmSentence({ t }: Words, { daysSince, usualDays }: RfmView): string {
  if (daysSince === 0)
    return t(usualDays === null ? 'segments.hereToday' : 'segments.hereTodayUsual', {
      count: usualDays ?? 0,
    });
  return usualDays === null
    ? t('segments.since', { count: daysSince })
    : t('segments.sinceUsually', { count: daysSince, usual: usualDays });
}
