import { expect, test } from 'vitest';
import { CentreErrorCode } from '../../../../sync/protocol/exchange.ts';
import { problemText } from '../../../../renderer/lib/sync-problem.ts';
import { createTranslations } from '../../../../renderer/lib/translate.ts';

/** Besides the centre's own: no line, an answer that is none, another program's page, a full disk. */
const CODES = [
  ...CentreErrorCode.options,
  'unreachable',
  'nonsense',
  'http_502',
  'disk_full',
  'of_a_later_centre',
];
const problem = (code: string) => ({ code, message: 'What the centre said, in English.' });

test('why nothing is sent is said in the language of the till, whatever the code, and never in the centre’s words', () => {
  const [en, zh] = [createTranslations('en'), createTranslations('zh')];
  for (const code of CODES) {
    expect(problemText({ t: en.t }, problem(code))).toMatch(/^[A-Z].+\.$/);
    const chinese = problemText({ t: zh.t }, problem(code));
    expect(chinese).toMatch(/^[\p{Script=Han}].+。$/u);
    expect(chinese).not.toMatch(/[a-z_]{3,}/);
  }
});

test('what passes by itself says so, and what does not names who helps', () => {
  const { t } = createTranslations('en');
  for (const code of ['unreachable', 'busy', 'bug', 'nonsense'])
    expect(problemText({ t }, problem(code))).toContain('by itself');
  for (const code of ['bad_request', 'tseq_gap', 'unauthorised', 'till_forked'])
    expect(problemText({ t }, problem(code))).toContain('support');
  expect(problemText({ t }, problem('http_302'))).toContain('sign-in page');
});
