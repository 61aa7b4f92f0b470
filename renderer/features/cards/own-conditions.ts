import { CUSTOM_PREFIX, type RegisterCondition } from '../../../sync/model/register.ts';
import type { CardFilter } from '../../../electron/contract/card-list.ts';

type Own = CardFilter['own'];

const columnOf = (attributeId: string): string => `${CUSTOM_PREFIX}${attributeId}`;
export const ownCondition = (own: Own, attributeId: string): RegisterCondition | undefined =>
  own.find(({ column }) => column === columnOf(attributeId));

/** Without a condition on the attribute, or with this one. */
function replaced(own: Own, attributeId: string, condition: RegisterCondition | null): Own {
  const others = own.filter(({ column }) => column !== columnOf(attributeId));
  return condition === null ? others : [...others, condition];
}

/** Cards whose value holds the text; '' asks for nothing. */
export function withText(own: Own, attributeId: string, text: string): Own {
  const wanted = text.trim();
  const condition = { column: columnOf(attributeId), op: 'contains', text: wanted } as const;
  return replaced(own, attributeId, wanted === '' ? null : condition);
}

/** Asks for cards without a value: no value of a choice is this one. */
export const NO_VALUE = '\u0000';

/** Cards with just this value, or without any; '' asks for nothing. */
export function withChoice(own: Own, attributeId: string, value: string): Own {
  const column = columnOf(attributeId);
  if (value === '') return replaced(own, attributeId, null);
  const condition: RegisterCondition =
    value === NO_VALUE ? { column, op: 'empty' } : { column, op: 'anyOf', values: [value] };
  return replaced(own, attributeId, condition);
}

export const choiceIn = (condition: RegisterCondition | undefined): string => {
  if (condition?.op === 'empty') return NO_VALUE;
  return condition?.op === 'anyOf' ? (condition.values[0] ?? '') : '';
};

export const textIn = (condition: RegisterCondition | undefined): string =>
  condition?.op === 'contains' ? condition.text : '';

/** Both ends as they stand in the form: digits, or days as YYYY-MM-DD. */
export type Bounds = Readonly<{ from: string; to: string }>;

/** The ends that hold, as `withBounds` reads them. */
export function boundsIn(type: 'number' | 'day', condition: RegisterCondition | undefined): Bounds {
  if (condition?.op !== 'between') return { from: '', to: '' };
  const textOf = (bound: number | null): string => {
    if (bound === null) return '';
    const digits = String(bound);
    return type === 'day' ? [digits.slice(0, 4), digits.slice(4, 6), digits.slice(6)].join('-') : digits;
  };
  return { from: textOf(condition.from), to: textOf(condition.to) };
}

/** Digits with a dot or a comma; undefined for what is no number yet. */
function boundOf(type: 'number' | 'day', text: string): number | null | undefined {
  const plain = text.trim();
  if (plain === '') return null;
  const number = Number(type === 'day' ? plain.replaceAll('-', '') : plain.replace(',', '.'));
  return Number.isFinite(number) ? number : undefined;
}

/** Cards whose value lies between both, ends included; null while one of them is no number. */
export function withBounds(
  own: Own,
  { attributeId, type }: Readonly<{ attributeId: string; type: 'number' | 'day' }>,
  { from, to }: Bounds,
): Own | null {
  const bounds = { from: boundOf(type, from), to: boundOf(type, to) };
  if (bounds.from === undefined || bounds.to === undefined) return null;
  const column = columnOf(attributeId);
  const isAsked = bounds.from !== null || bounds.to !== null;
  const condition = { column, op: 'between', from: bounds.from, to: bounds.to } as const;
  return replaced(own, attributeId, isAsked ? condition : null);
}
