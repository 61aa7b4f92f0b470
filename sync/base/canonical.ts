export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

/** Ids, names of keys, dates: nothing in them to escape. */
const PLAIN = /^[\w .:+-]*$/;
/** A text as JSON. */
export const textJson = (text: string): string =>
  text.length < 64 && PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);

/**
 * One text for one value: object keys sorted by code unit, no spaces, `undefined` members left out.
 *
 * Numbers must be safe integers: amounts are never fractions, and a rounded number would hash differently.
 * @throws On a number that is not a safe integer.
 */
export function canonicalJson(value: Json): string {
  if (typeof value === 'string') return textJson(value);
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new Error(`canonicalJson: ${value} is not a safe integer`);
    return String(value);
  }
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(canonicalJson).join(',')}]`;
  const object = value as { readonly [key: string]: Json | undefined };
  let text = '';
  for (const key of Object.keys(object).sort()) {
    const member = object[key];
    if (member !== undefined) text += `${text === '' ? '' : ','}${textJson(key)}:${canonicalJson(member)}`;
  }
  return `{${text}}`;
}
