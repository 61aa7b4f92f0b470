import { expect, test } from 'vitest';
import { valueName } from '../../../../../renderer/features/directory/columns.ts';
import type { Words } from '../../../../../renderer/lib/words.ts';
import chinese from '../../../../../renderer/lib/locales/zh.json';

/** Texts of the Chinese page, found as the page finds them. */
const words = {
  t: (path: string) =>
    path.split('.').reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], chinese),
} as unknown as Words;

test.each(['email', 'mobile'] as const)('%s as a mark is named in the language of the page', (value) => {
  const named = valueName(words, { value, name: '', nameZh: '' }, 'verified');
  expect(named).toBe(chinese.directory.value.verified[value]);
});
