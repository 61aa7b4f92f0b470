import { expect, test } from 'vitest';
import {
  choiceIn,
  NO_VALUE,
  ownCondition,
  withBounds,
  withChoice,
  withText,
} from '../../../../../renderer/features/cards/own-conditions.ts';

const locker = { attributeId: 'locker', type: 'number' } as const;
const column = 'custom:locker';

test('each attribute has one condition, which the next one replaces and nothing takes away', () => {
  const one = withText([], 'note', ' gift ');
  expect(one).toEqual([{ column: 'custom:note', op: 'contains', text: 'gift' }]);
  const both = withChoice(one, 'blend', 'decaf');
  expect(withText(both, 'note', 'tea')).toHaveLength(2);
  expect(withText(withChoice(both, 'blend', ''), 'note', ' ')).toEqual([]);
});

test('a choice is a value, none at all, or whatever it is', () => {
  const chosen = withChoice([], 'blend', 'decaf');
  expect(choiceIn(ownCondition(chosen, 'blend'))).toBe('decaf');
  const none = withChoice(chosen, 'blend', NO_VALUE);
  expect(none).toEqual([{ column: 'custom:blend', op: 'empty' }]);
  expect(choiceIn(ownCondition(none, 'blend'))).toBe(NO_VALUE);
  expect(choiceIn(undefined)).toBe('');
});

test('numbers take a dot or a comma, days count as the list counts them, and half a number asks nothing new', () => {
  expect(withBounds([], locker, { from: '1,5', to: '' })).toEqual([
    { column, op: 'between', from: 1.5, to: null },
  ]);
  expect(withBounds([], locker, { from: '-', to: '3' })).toBeNull();
  const since = { attributeId: 'since', type: 'day' } as const;
  expect(withBounds([], since, { from: '2026-02-01', to: '2026-02-28' })).toEqual([
    { column: 'custom:since', op: 'between', from: 20_260_201, to: 20_260_228 },
  ]);
  expect(withBounds([{ column, op: 'filled' }], locker, { from: '', to: '' })).toEqual([]);
});
