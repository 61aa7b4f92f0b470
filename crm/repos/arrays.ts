/** Lists as PostgreSQL's text for arrays: a fraction of what JSON costs on both sides. */

/** Of what needs no quoting: ids, numbers, hex. Null is no value. */
export const plainArray = (values: readonly (string | number | null)[]): string =>
  `{${values.map((value) => value ?? 'NULL').join(',')}}`;

const quoted = (text: string): string => `"${/["\\]/.test(text) ? text.replaceAll(/["\\]/g, '\\$&') : text}"`;

/** Of any text. Null is no value. */
export const textArray = (values: readonly (string | null)[]): string =>
  `{${values.map((value) => (value === null ? 'NULL' : quoted(value))).join(',')}}`;

const BETWEEN = '\x1e';

/** JSON texts as one: the sign between them is one that JSON writes as an escape. `jsonTexts` takes them apart. */
export const joinJson = (texts: readonly string[]): string => texts.join(BETWEEN);

/** The texts of `joinJson` as an array again: nothing to quote on one side, nothing to parse on the other. */
export const jsonTexts = (parameter: string): string => `string_to_array(${parameter}::text, E'\\x1e')`;
