import { expect, test } from 'vitest';
import { Chain, documentSum } from '../../../../sync/model/chain.ts';
import { mayPolicyFollow, POLICY_TEXT_MAX, PolicyText } from '../../../../sync/model/policy-text.ts';

const KOPI = {
  ...{ version: 4, name: 'Kopi', currency: 'SGD', currencyDecimals: 2, country: 'SG', consentMode: 'pdpa' },
  ...{ policyVersion: '1', cardPrefix: '603555' },
};

test('a chain without a text is the document that it was, to the letter', () => {
  expect(Chain.parse(KOPI)).toEqual(KOPI);
  expect(documentSum(Chain.parse(KOPI))).toBe(documentSum(KOPI));
});

test('a text has its lines and tabs, signs of any script, and so many of them', () => {
  const text = 'We keep:\n\t1. your number\n\n我们保留您的号码 👍 <b>&amp;</b>';
  expect(Chain.parse({ ...KOPI, policyText: ` ${text}\n` }).policyText).toBe(text);
  expect(PolicyText.safeParse('x'.repeat(POLICY_TEXT_MAX)).success).toBe(true);
  const bad = ['', ' \n', 'x'.repeat(POLICY_TEXT_MAX + 1), 'a\u0000b', 'a\u001bb', 'a\u0085b', 'a\u2028b'];
  for (const each of [...bad, 'a\r\nb', 'a\ud83d']) expect(PolicyText.safeParse(each).success).toBe(false);
});

test('a text that is there changes or goes with another version only', () => {
  const first = { policyVersion: '1', policyText: 'We keep it.' };
  expect(mayPolicyFollow(first, first)).toBe(true);
  expect(mayPolicyFollow(first, { policyVersion: '1', policyText: 'We sell it.' })).toBe(false);
  expect(mayPolicyFollow(first, { policyVersion: '1' })).toBe(false);
  expect(mayPolicyFollow(first, { policyVersion: '2', policyText: 'We sell it.' })).toBe(true);
  expect(mayPolicyFollow(first, { policyVersion: '2' })).toBe(true);
  expect(mayPolicyFollow(first, { policyVersion: '2', policyText: 'We keep it.' })).toBe(true);
  // What it said on paper is typed in.
  expect(mayPolicyFollow({ policyVersion: '1' }, first)).toBe(true);
});
