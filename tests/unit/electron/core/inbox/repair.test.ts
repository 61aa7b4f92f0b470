import { expect, test } from 'vitest';
import { repairedBody, repairFields } from '../../../../../electron/core/inbox/repair.ts';
import { createdBody, IDS, ON_CARD } from '../../../../parts/ops.ts';

const COVER = { gain: 0, grant: 0, floor: 0, holdId: null };
const stamp = { kind: 'stamp.added', ...ON_CARD, amountMinor: null, receiptNo: '', count: 0 };
const names = (body: Parameters<typeof repairFields>[0]['body']) =>
  repairFields({ body }).map(({ path }) => path);

test('a form has the fields that a person can know, and marks those that can not be read', () => {
  const wrong = repairFields({ body: stamp }).filter(({ isWrong }) => isWrong);
  expect(wrong).toEqual([{ path: 'count', kind: 'count', value: 0, isWrong: true }]);
});

test('where an id is wrong, or something that no form has, there is no form', () => {
  expect(names({ ...stamp, cardId: 'nobody' })).toEqual([]);
  expect(names({ kind: 'stamp.added', memberId: IDS.member })).toEqual([]);
  expect(names({ kind: 'later.kind' })).toEqual([]);
  expect(names({ kind: 'constructor' })).toEqual([]);
});

test('an edit shows only what it changed', () => {
  expect(names({ kind: 'member.changed', memberId: IDS.member, fields: { email: 'x' } })).toEqual([
    'fields.email',
  ]);
});

test('what was typed is normalised as in any form, and an emptied field is none', () => {
  const body = { kind: 'member.changed', memberId: IDS.member, fields: { mobile: 'x', email: 'A@b.com' } };
  expect(repairedBody(body, { 'fields.mobile': '9111 0001', 'fields.email': '' }, 'SG')).toEqual({
    ...{ kind: 'member.changed', memberId: IDS.member },
    fields: { mobile: '+6591110001', email: null },
  });
  expect(() => repairedBody(body, { 'fields.mobile': '9' }, 'SG')).toThrow('digits');
});

test('nothing but the fields of the form can be changed, and the result can be read', () => {
  expect(repairedBody(stamp, { count: '4' }, 'SG')).toEqual({ ...stamp, count: 4 });
  expect(() => repairedBody(stamp, { cardId: IDS.card }, 'SG')).toThrow('not to be changed');
  expect(() => repairedBody(stamp, { __proto__x: 1, count: 4 }, 'SG')).toThrow('not to be changed');
  expect(() => repairedBody(stamp, { 'fields.email': 'a@b.co' }, 'SG')).toThrow('not to be changed');
  expect(() => repairedBody(stamp, { count: 'many' }, 'SG')).toThrow('"count"');
  expect(() => repairedBody(stamp, { count: '1e1' }, 'SG')).toThrow('"count"');
  // What the page could not read as money would be cents here.
  expect(() => repairedBody(stamp, { count: 4, amountMinor: '1250.' }, 'SG')).toThrow('"amountMinor"');
  expect(() => repairedBody(stamp, {}, 'SG')).toThrow('"count"');
  expect(stamp.count).toBe(0);
});

test('an enrolment can be given another card number', () => {
  const body = structuredClone(createdBody());
  expect(names(body as never)).toContain('card.cardNumber');
  const next = repairedBody(body as never, { 'card.cardNumber': '6035550000000013' }, 'SG');
  expect(next).toMatchObject({ card: { cardNumber: '6035550000000013' } });
});

test.each([
  ['unknown_rule', 'cardTypeVersion'],
  ['unknown_reward', 'rewardId'],
  ['beyond_rule', 'cost'],
] as const)('held as %s, the form marks %s as what is to be put right, and nothing else', (reason, path) => {
  const body = { kind: 'reward.redeemed', ...ON_CARD, rewardId: 'cake', cost: 9, cover: COVER };
  const marked = repairFields({ body }, reason).filter(({ isWrong }) => isWrong);
  expect(marked.map((field) => field.path)).toEqual([path]);
});
