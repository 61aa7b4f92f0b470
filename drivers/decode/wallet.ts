/** Longer than any code that a phone can show at a readable size. */
const WALLET_CHARS_MAX = 1024;

/**
 * How this chain's wallet codes look: a prefix, then signs that print and no spaces. What they say is for the
 * core to check; here they stay opaque.
 */
export const isWalletCode = (text: string, prefixes: readonly string[]): boolean =>
  text.length <= WALLET_CHARS_MAX &&
  prefixes.some((prefix) => prefix !== '' && text.length > prefix.length && text.startsWith(prefix)) &&
  /^[\x21-\x7e]+$/.test(text);

/**
 * What stays the same when a code rotates: the prefix and the part behind it, up to the next dot. A code
 * without a second part has nothing that rotates.
 */
export function stablePart(text: string, prefixes: readonly string[]): string {
  const prefix = prefixes.find((each) => each !== '' && text.startsWith(each)) ?? '';
  const end = text.indexOf('.', prefix.length);
  return end === -1 ? text : text.slice(0, end);
}
