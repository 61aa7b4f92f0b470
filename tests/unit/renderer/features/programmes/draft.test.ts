import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blankType, readDraft, toDraft } from '../../../../../renderer/features/programmes/draft.ts';
import { moneyText, parseMoney } from '../../../../../renderer/lib/parse.ts';
import { CardKind, CardRules, type CardType } from '../../../../../sync/model/chain.ts';
import { rulesIn } from '../../../../../sync/programmes/card-rules.ts';

const TODAY = '2026-11-22';
const id = 'new' as CardType['cardTypeId'];
const scene = (kind: CardKind) => ({ kind, decimals: 2, today: TODAY, version: 2 });

test.each(CardKind.options)('a new %s needs a name and is a card type then', (kind) => {
  const draft = toDraft(rulesIn(blankType(kind, id, TODAY)), 2, TODAY);
  expect(readDraft(draft, scene(kind))).toEqual({ problems: { name: true } });
  const named = { ...draft, texts: { ...draft.texts, name: 'Card' } };
  const read = readDraft(named, scene(kind));
  expect('rules' in read && CardRules.parse(read.rules)).toMatchObject({
    name: 'Card',
    version: 2,
    validFrom: TODAY,
  });
});

test('a form says just the rules that it was opened with', () => {
  const rules = CardRules.parse({
    ...rulesIn(blankType('points', id, TODAY)),
    version: 2,
    name: 'Points',
    earnPoints: 3,
    earnPerMinor: 250,
    earnRounding: 'nearest',
    minSpendMinor: 1_005,
    earnMaxPerDay: 90,
    tierFactors: [{ tierId: 'Gold', percent: 150 }],
    expiresAfterMonths: 12,
    expiresBy: 'idle',
    rewards: [{ rewardId: 'cake', name: 'Cake', nameZh: '', cost: 120 }],
  });
  expect(readDraft(toDraft(rules, 2, TODAY), scene('points'))).toEqual({ rules });
});

test('what is not fit is named, field by field, and no past day can be chosen', () => {
  const draft = toDraft(rulesIn(blankType('stamp', id, TODAY)), 2, TODAY);
  const texts = { ...draft.texts, name: 'Card', goal: '1', validFrom: '2026-11-21', minSpendMinor: 'a lot' };
  const rewards = [{ rewardId: 'x', name: '', nameZh: '', cost: '5' }];
  expect(readDraft({ ...draft, texts, rewards }, scene('stamp'))).toEqual({
    problems: { goal: true, validFrom: true, minSpendMinor: true, rewards: true },
  });
});

test('an unlimited pass without an end is no pass', () => {
  const draft = toDraft(rulesIn(blankType('visits', id, TODAY)), 2, TODAY);
  const texts = { ...draft.texts, name: 'Pass', validMonths: '' };
  expect(readDraft({ ...draft, texts, isUnlimited: true }, scene('visits'))).toEqual({
    problems: { validMonths: true },
  });
});

test('money reads back as it was written, in every currency', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 999_999_999 }),
      fc.integer({ min: 0, max: 3 }),
      (minor, decimals) => {
        expect(parseMoney(moneyText(minor, decimals), decimals)).toBe(minor);
      },
    ),
  );
});

test('a coupon is good for what it is called unless something else is said, and for something in any case', () => {
  const blank = toDraft(rulesIn(blankType('coupon', id, TODAY)), 2, TODAY);
  const draft = { ...blank, texts: { ...blank.texts, name: 'Scone', nameZh: '司康' } };
  const rewardsOf = (read: ReturnType<typeof readDraft>) =>
    'rules' in read ? read.rules.rewards : read.problems;
  const [use] = draft.rewards;
  expect(rewardsOf(readDraft(draft, scene('coupon')))).toEqual([
    { rewardId: 'use', name: 'Scone', nameZh: '司康', cost: 1 },
  ]);
  const named = { ...draft, rewards: draft.rewards.map((each) => ({ ...each, name: 'Any cake' })) };
  expect(rewardsOf(readDraft(named, scene('coupon')))).toEqual([
    { rewardId: use?.rewardId, name: 'Any cake', nameZh: '', cost: 1 },
  ]);
  expect(rewardsOf(readDraft({ ...draft, rewards: [] }, scene('coupon')))).toEqual({ rewards: true });
});

test('points are worth money where both halves are said, and where neither is the rules do not speak of it', () => {
  const blank = toDraft(rulesIn(blankType('points', id, TODAY)), 2, TODAY);
  const readWith = (worthPoints: string, worthMinor: string) =>
    readDraft(
      { ...blank, texts: { ...blank.texts, name: 'Card', worthPoints, worthMinor } },
      scene('points'),
    );
  const worthy = readWith('100', '5.00');
  expect(worthy).toMatchObject({ rules: { worth: { points: 100, minor: 500 } } });
  expect('rules' in worthy && toDraft(worthy.rules, 2, TODAY).texts).toMatchObject({
    ...{ worthPoints: '100', worthMinor: '5.00' },
  });
  const plain = readWith('', '');
  expect('rules' in plain && Object.keys(plain.rules)).not.toContain('worth');
  expect(readWith('100', '')).toEqual({ problems: { worthMinor: true } });
  expect(readWith('', '5')).toEqual({ problems: { worthPoints: true } });
  expect(readWith('1.5', '5')).toEqual({ problems: { worthPoints: true } });
  expect(readWith('100', 'a bit')).toEqual({ problems: { worthMinor: true } });
});
