import { expect, test } from 'vitest';
import type { Failure } from '../../../../renderer/lib/failure.ts';
import { createFormats, type Language } from '../../../../renderer/lib/format.ts';
import { createTranslations } from '../../../../renderer/lib/translate.ts';
import { failureWords } from '../../../../renderer/lib/words.ts';

const MESSAGE = 'Too many wrong PINs. Wait 18 seconds, or let somebody else sign in.';
const words = (language: Language, failure: Failure) =>
  failureWords(failure, createTranslations(language).t, createFormats(language, null));
const locked = (waitSeconds?: number): Failure => ({
  ...{ code: 'pin_locked', message: MESSAGE },
  ...(waitSeconds !== undefined && { waitSeconds }),
});

test('whoever must wait reads for how long in the sentence itself, in her language and nothing beside it', () => {
  expect(words('en', locked(18))).toMatchObject({
    advice: 'Others can sign in meanwhile. Wait 18 seconds, then try again.',
    detail: '',
  });
  expect(words('zh', locked(18))).toMatchObject({
    advice: '其他人可以登录。 请等待 18秒钟后再试。',
    detail: '',
  });
  const advice = (seconds: number) => words('en', locked(seconds)).advice;
  expect([1, 119, 120, 121, 1_800].map((seconds) => /Wait (.*),/.exec(advice(seconds))?.[1])).toEqual([
    ...['1 second', '119 seconds', '2 minutes', '3 minutes', '30 minutes'],
  ]);
});

test('where nobody said how long, what the core says stands behind it for support', () => {
  for (const language of ['en', 'zh'] as const) {
    const { advice, detail } = words(language, locked());
    expect(detail).toContain(MESSAGE);
    expect(advice).not.toMatch(/\d|\{/);
  }
});
