import { expect, test } from 'vitest';
import { opsOf } from '../../../../../renderer/features/directory/columns.ts';
import {
  countRules,
  newGroup,
  newRule,
  toDraft,
  toFilter,
} from '../../../../../renderer/features/directory/rule-draft.ts';
import { type ColumnKinds, RegisterFilter } from '../../../../../sync/model/register.ts';

const KINDS: ColumnKinds = { 'custom:size': 'number', 'custom:since': 'day', 'custom:wants': 'choice' };
const NESTED: RegisterFilter = {
  match: 'all',
  rules: [
    { column: 'state', op: 'anyOf', values: ['active'] },
    {
      match: 'any',
      rules: [
        { column: 'custom:size', op: 'between', from: -2.5, to: 40 },
        { column: 'custom:since', op: 'between', from: 20_240_131, to: null },
        { column: 'custom:wants', op: 'noneOf', values: ['tea'] },
      ],
    },
  ],
};

test('a filter with a group comes out of the form as it went in', () => {
  expect(toFilter(toDraft(NESTED, KINDS), KINDS)).toEqual(NESTED);
  expect(countRules(NESTED)).toBe(4);
});

test('a group counts for what is whole in it, and for nothing while nothing is', () => {
  const draft = toDraft(NESTED, KINDS);
  const open = newGroup(draft, newRule('tier', KINDS));
  expect(open.match).toBe('any');
  expect(toFilter({ ...draft, rules: [...draft.rules, open] }, KINDS)).toEqual(NESTED);
  const half = { ...open, rules: [newRule('tier', KINDS), { ...newRule('name', KINDS), text: 'tan' }] };
  const filter = toFilter({ match: 'any', rules: [half] }, KINDS);
  expect(filter.rules).toEqual([{ match: 'any', rules: [{ column: 'name', op: 'contains', text: 'tan' }] }]);
  expect(RegisterFilter.safeParse(filter).success).toBe(true);
});

test('an own column is asked as what it is: a number by its bounds, a day by its month too, a choice by values', () => {
  expect(
    ['custom:size', 'custom:since', 'custom:wants', 'custom:else'].map((id) => opsOf(id, KINDS)[0]),
  ).toEqual(['between', 'inMonth', 'anyOf', 'contains']);
});
