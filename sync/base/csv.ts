/** So that a spreadsheet reads a file as UTF-8: names in Chinese are rubbish there without it. */
export const CSV_START = '\uFEFF';

/** Signs with which a spreadsheet takes a cell for a formula, full-width forms too. */
const DANGEROUS = /^'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
/** Nearly every cell; nothing in it could be a formula or divide cells. */
const PLAIN = /^(?:[\w.][\w .:/()@-]*[\w.)])?$/;
const NEEDS_QUOTES = /[",\r\n\t;]|^\s|\s$/;

/** A cell that no spreadsheet runs: an apostrophe in front of what could be a formula. `unguardCell` takes it back. */
export const guardCell = (text: string): string => (DANGEROUS.test(text) ? `'${text}` : text);

/** The value behind a guarded cell; any other text as it is. */
export const unguardCell = (text: string): string =>
  text.startsWith("'") && DANGEROUS.test(text) ? text.slice(1) : text;

/** A cell as it stands in a file: guarded, and in quotes where it was guarded or holds what divides cells. */
export function csvCell(text: string): string {
  if (PLAIN.test(text)) return text;
  const guarded = guardCell(text);
  return guarded !== text || NEEDS_QUOTES.test(text) ? `"${guarded.replaceAll('"', '""')}"` : text;
}

/** One line with its end, as RFC 4180 has it. */
export const csvLine = (cells: readonly string[]): string => `${cells.map(csvCell).join(',')}\r\n`;
