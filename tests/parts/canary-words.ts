import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** In every word that would show who one of them was; phones begin so, and nobody else's do. */
export const CANARY_WORD = 'Quagga';
export const CANARY_PHONE = '8666';

/**
 * The words, and their phones in the three ways in which they are kept, shown and typed. Eight digits alone can be part
 * of a hash, so they count where they stand as a number of their own. A space or a plus is in no hash: what follows
 * those may be anything, such as the first byte of a checksum that happens to be a digit.
 */
const WORD = new RegExp(CANARY_WORD, 'i');
const PHONE = new RegExp(
  [
    `\\+65 ?${CANARY_PHONE} ?\\d{4}`,
    `(?<!\\d)${CANARY_PHONE} \\d{4}`,
    `(?<![0-9a-f])(?:65)?${CANARY_PHONE}\\d{4}(?![0-9a-f])`,
  ].join('|'),
);

export const hasCanary = (text: string): boolean => WORD.test(text) || PHONE.test(text);

/**
 * True when bytes say a canary or one of `also` as they lie there: a browser keeps texts with two bytes a sign, so they
 * are read without their zeros too.
 */
export function sayCanary(bytes: Buffer, also: readonly string[] = []): boolean {
  const plain = bytes.toString('latin1');
  return [plain, plain.replaceAll('\0', '')].some(
    (text) => hasCanary(text) || also.some((word) => text.includes(word)),
  );
}

/** Mobile of the canary `at`, below ten thousand. */
export const canaryPhone = (at: number): string => `+65${CANARY_PHONE}${String(at).padStart(4, '0')}`;

/** Files below `folder` in which a canary, or one of `also`, can be read as they lie there, as paths from it. */
export function filesWithCanaries(folder: string, also: readonly string[] = []): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    if (sayCanary(readFileSync(path), also)) found.push(path.slice(folder.length + 1));
  }
  return found.sort();
}
