import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** In every word that would show who one of them was; phones begin so, and nobody else's do. */
export const CANARY_WORD = 'Quagga';
export const CANARY_PHONE = '8666';

/**
 * The words, and their phones wherever they stand as a number of their own, with the space in which they are shown and
 * typed or without: eight digits can be part of a hash.
 */
const WORD = new RegExp(CANARY_WORD, 'i');
const PHONE = new RegExp(`(?<![0-9a-f])(?:\\+?65)?${CANARY_PHONE} ?\\d{4}(?![0-9a-f])`);

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
