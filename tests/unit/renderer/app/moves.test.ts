import { beforeEach, expect, test } from 'vitest';
import { openMemberFrom, openMessages, stepBack, textsFromSearch } from '../../../../renderer/app/moves.ts';
import { createStores, type Stores } from '../../../../renderer/app/stores.ts';
import { makeMember } from '../made.ts';
import { createScriptedCore } from '../scripted-core.ts';

const SOUNDS = { good: () => undefined, bad: () => undefined, setOn: () => undefined };
const member = makeMember();
const target = { kind: 'member', memberId: member.memberId, name: member.name } as const;
let stores: Stores;
const here = () => stores.place.getState().place;

beforeEach(() => {
  const { calls } = createScriptedCore();
  const life = () => ({ status: 'connecting' }) as const;
  const core = { calls, life, onLife: () => () => undefined, on: () => () => undefined };
  stores = createStores(core, SOUNDS);
});

test.each([
  ['', {}],
  ['6035 5538 8247 1315', { cardNumber: '6035553882471315' }],
  ['+65 9111-0001', { texts: { mobile: '+65 9111-0001' } }],
  ['tan@example.com', { texts: { email: 'tan@example.com' } }],
  ['Tan Wei Ling', { texts: { lastName: 'Tan', firstName: 'Wei Ling' } }],
  ['陈伟', { texts: { lastName: '陈伟', firstName: '' } }],
])('what was looked for, %j, begins the form with %o', (text, start) => {
  expect(textsFromSearch(text)).toEqual(start);
});

test('from a message to somebody of a list Esc leads back to the list, whoever else is open', () => {
  stores.member.getState().show(makeMember(), null, false);
  stores.place.getState().go('directory');
  openMessages(stores, target);
  expect([here(), stores.place.getState().backTo]).toEqual(['messages', null]);
  stepBack(stores);
  expect(here()).toBe('directory');
});

test('from a message out of a member’s page Esc leads to her, and then to the list that she was opened from', () => {
  openMemberFrom('directory', member.memberId, stores);
  stores.member.getState().show(member, null, false);
  openMessages(stores, target);
  stepBack(stores);
  expect(here()).toBe('member');
  stepBack(stores);
  expect(here()).toBe('directory');
});

test('messages that were chosen by themselves lead home, whatever was opened over what before', () => {
  stores.place.getState().go('directory');
  openMessages(stores, target);
  openMessages(stores);
  stepBack(stores);
  expect(here()).toBe('home');
});
