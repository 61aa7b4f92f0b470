/** Lengths of publisher parts by the five digits behind the group, of the groups that a shop here meets. */
const PUBLISHERS: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  // From this number of five digits on: so many digits. Source: International ISBN Agency, range message.
  '9780': [
    [0, 2],
    [20_000, 3],
    [70_000, 4],
    [85_000, 5],
    [90_000, 6],
    [95_000, 7],
  ],
  '9787': [
    [0, 2],
    [10_000, 3],
    [50_000, 4],
    [80_000, 5],
    [90_000, 6],
  ],
};

/**
 * An ISBN with its hyphens. Where the publisher's part is not known here, only prefix and check digit are set
 * apart.
 *
 * @param article Thirteen digits, 978 or 979 first.
 */
export function toIsbn(article: string): string {
  const check = article.slice(12);
  const ranges = PUBLISHERS[article.slice(0, 4)];
  if (ranges === undefined) return `${article.slice(0, 3)}-${article.slice(3, 12)}-${check}`;
  const number = Number.parseInt(article.slice(4, 9), 10);
  const length = ranges.findLast(([from]) => number >= from)?.[1] ?? 2;
  const title = 4 + length;
  return [
    article.slice(0, 3),
    article.charAt(3),
    article.slice(4, title),
    article.slice(title, 12),
    check,
  ].join('-');
}

/** The ISSN inside an EAN that starts with 977: seven digits and a check digit of its own, eleven as X. */
export function toIssn(article: string): string {
  const digits = article.slice(3, 10);
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) sum += (digits.charCodeAt(at) - 48) * (8 - at);
  const check = (11 - (sum % 11)) % 11;
  return `${digits.slice(0, 4)}-${digits.slice(4)}${check === 10 ? 'X' : String(check)}`;
}
