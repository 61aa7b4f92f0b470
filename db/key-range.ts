import type { KeySeek } from '../sync/base/search-key.ts';

/** Sorts behind every text that starts like `key`: the highest code point there is. */
const endOfPrefix = (key: string): string => `${key}\u{10FFFF}`;

/** A seek as the two bounds of `key >= ? AND key < ?`. */
export const boundsOf = ({ key, isPrefix }: KeySeek): [from: string, before: string] => [
  key,
  isPrefix ? endOfPrefix(key) : `${key}\0`,
];

/**
 * The first `limit` different values, in order. One member has several keys with the same start, so the limit
 * counts members, not keys; reading stops as soon as it is reached, however common the start is.
 */
export function firstDistinct<T>(values: Iterable<T>, limit: number): T[] {
  const found = new Set<T>();
  for (const value of values) {
    // Inside the loop, so that a statement's iterator is always closed: an open one blocks the connection.
    if (found.size >= limit) break;
    found.add(value);
  }
  return [...found];
}
