import { expect, test } from 'vitest';
import type { RfmView } from '../../../../electron/contract/segments.ts';
import { rfmSentence } from '../../../../renderer/lib/segment-words.ts';
import { createTranslations } from '../../../../renderer/lib/translate.ts';
import type { Words } from '../../../../renderer/lib/words.ts';

/** What a cashier reads of who was here so many days ago and comes every so many. */
function said(language: 'en' | 'zh', daysSince: number, usualDays: number | null): string {
  // Casts: the sentence asks for texts alone, and of a member for two numbers.
  const words = { t: createTranslations(language).t } as unknown as Words;
  return rfmSentence(words, { daysSince, usualDays } as RfmView);
}

test('a cashier can say aloud how long somebody was away, and how long that usually is (N19)', () => {
  expect(said('en', 62, 14)).toBe('62 days since the last visit, usually 14');
  expect(said('en', 1, null)).toBe('1 day since the last visit');
  expect(said('en', 0, 14)).toBe('Here today, usually every 14 days');
  expect(said('en', 0, null)).toBe('Here today');
  expect(said('zh', 62, 14)).toBe('距上次到店 62 天，通常 14 天');
  expect(said('zh', 0, 14)).toBe('今天来过，通常每 14 天一次');
});
