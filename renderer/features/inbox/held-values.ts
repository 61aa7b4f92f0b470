import type { HeldField } from '../../../electron/contract/inbox.ts';
import { parseMoney } from '../../lib/parse.ts';

/** What was typed into the form of a repair, by the field's path; what nobody touched is not there. */
export type HeldTexts = Readonly<Record<string, string>>;

/** A field as it stands in the form, money with its decimals. */
export function textOf({ kind, value }: HeldField, decimals: number): string {
  if (value === null) return '';
  return kind === 'money' && typeof value === 'number'
    ? (value / 10 ** decimals).toFixed(decimals)
    : String(value);
}

/**
 * What goes to the core: only what was changed. What is no number goes as it was typed, so that the core refuses it and
 * names the field.
 */
export function toValues(
  fields: readonly HeldField[],
  texts: HeldTexts,
  decimals: number,
): Record<string, string | number | null> {
  const changed = fields.filter((field) => {
    const typed = texts[field.path];
    return typed !== undefined && typed !== textOf(field, decimals);
  });
  return Object.fromEntries(
    changed.map(({ path, kind }) => {
      const typed = texts[path]?.trim() ?? '';
      if (typed === '') return [path, null];
      return [path, kind === 'money' ? (parseMoney(typed, decimals) ?? typed) : typed];
    }),
  );
}
