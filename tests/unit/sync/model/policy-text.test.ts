import { expect, test } from 'vitest';
import { Chain, documentSum } from '../../../../sync/model/chain.ts';
import {
  mayPolicyFollow,
  POLICIES_BEFORE_MAX,
  policiesBehind,
  type Policy,
  POLICY_TEXT_MAX,
  PolicyText,
} from '../../../../sync/model/policy-text.ts';

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

/** Each with the names of those before it. */
const follow = (...texts: [string, string?][]): Policy => {
  let now: Policy | undefined;
  for (const [policyVersion, policyText] of texts)
    now = { policyVersion, policyText, policiesBefore: policiesBehind(now, { policyVersion }) };
  return now ?? { policyVersion: '' };
};

test('the name of a version that stood before comes back with its own text only', () => {
  const now = follow(['paper'], ['1', 'We keep it.'], ['2', 'We share it.'], ['3']);
  const may = (policyVersion: string, policyText?: string): boolean =>
    mayPolicyFollow(now, { policyVersion, policyText });
  expect([may('1', 'We keep it.'), may('2', 'We share it.'), may('paper'), may('4', 'We keep it.')]).toEqual([
    ...[true, true, true, true],
  ]);
  expect([may('1', 'We share it.'), may('1'), may('2', 'We keep it.'), may('paper', 'We keep it.')]).toEqual([
    ...[false, false, false, false],
  ]);
  // As people read a name.
  expect([
    may('1 ', 'We sell it.'),
    mayPolicyFollow(follow(['V2'], ['x']), { policyVersion: 'v2', policyText: 'y' }),
  ]).toEqual([false, false]);
  // Back again, it is the one in force, and no longer one of before.
  const back = { policyVersion: '1', policyText: 'We keep it.' };
  expect(policiesBehind(now, back)?.map(({ version }) => version)).toEqual(['3', '2', 'paper']);
});

test('a chain that never had another version has none behind it, and the list has an end', () => {
  expect(policiesBehind(undefined, { policyVersion: '1' })).toBeUndefined();
  expect(policiesBehind({ policyVersion: '1' }, { policyVersion: '1' })).toBeUndefined();
  const many = Array.from({ length: POLICIES_BEFORE_MAX + 5 }, (_, at): [string, string] => [`v${at}`, 'x']);
  const { policiesBefore } = follow(...many);
  expect(policiesBefore).toHaveLength(POLICIES_BEFORE_MAX);
  expect(policiesBefore?.[0]?.version).toBe(`v${POLICIES_BEFORE_MAX + 3}`);
  expect(Chain.parse({ ...KOPI, policiesBefore })).toEqual({ ...KOPI, policiesBefore });
});
