import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { createCardsStore } from '../../../../../renderer/features/cards/cards-store.ts';
import { OwnFilters } from '../../../../../renderer/features/cards/own-filters.tsx';
import { createTranslations } from '../../../../../renderer/lib/translate.ts';
import { createScriptedCore } from '../../scripted-core.ts';
import {
  boundsIn,
  choiceIn,
  NO_VALUE,
  ownCondition,
  textIn,
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

test('the form that is opened again begins with the conditions that hold', () => {
  const own = withText([], 'note', 'gift');
  const since = { attributeId: 'since', type: 'day' } as const;
  const bounds = withBounds(own, locker, { from: '1,5', to: '' }) ?? [];
  const all = withBounds(bounds, since, { from: '', to: '2026-02-28' }) ?? [];
  expect([textIn(ownCondition(all, 'note')), textIn(undefined)]).toEqual(['gift', '']);
  expect(boundsIn('number', ownCondition(all, 'locker'))).toEqual({ from: '1.5', to: '' });
  expect(boundsIn('day', ownCondition(all, 'since'))).toEqual({ from: '', to: '2026-02-28' });
  expect(boundsIn('day', undefined)).toEqual({ from: '', to: '' });
  const store = createCardsStore(createScriptedCore().calls);
  const attribute = (attributeId: string, type: 'text' | 'number' | 'day') => ({
    ...{ attributeId, version: 1, name: attributeId, nameZh: '', type, choices: [], isRetired: false },
    ...{ of: 'card' as const, isSensitive: false, isAtEnrolment: false, order: 1 },
  });
  store.setState(({ filter }) => ({
    filter: { ...filter, own: all },
    attributes: [attribute('note', 'text'), attribute('locker', 'number'), attribute('since', 'day')],
  }));
  // Drawn outside of a page a store shows what it began with.
  Object.assign(store, { getInitialState: store.getState });
  createTranslations('en');
  const html = renderToStaticMarkup(createElement(OwnFilters, { store }));
  const values = [...html.matchAll(/<input[^>]*>/g)].map(([input]) => /value="([^"]*)"/.exec(input)?.[1]);
  expect(values).toEqual(['gift', '1.5', '', '', '2026-02-28']);
});
