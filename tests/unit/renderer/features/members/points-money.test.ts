import { beforeEach, expect, test } from 'vitest';
import {
  createMemberStore,
  type MemberStore,
} from '../../../../../renderer/features/members/member-store.ts';
import { readPanel, type Panel, type PanelText } from '../../../../../renderer/features/members/panel.ts';
import { must } from '../../../../../sync/base/must.ts';
import { CHAIN } from '../../../../parts/shop.ts';
import { makeMember, makePoints } from '../../made.ts';
import { createScriptedCore } from '../../scripted-core.ts';

const card = makePoints({ worth: { points: 3, minor: 5 } });
const member = makeMember({ cards: [card, makePoints()] });
let store: MemberStore;

beforeEach(() => {
  store = createMemberStore({
    core: createScriptedCore().calls,
    nowMs: () => 0,
    onOutcome: () => undefined,
    chain: () => CHAIN,
    typeToIssue: () => '',
    isInFront: () => true,
    onLate: () => undefined,
  });
  store.getState().show(member, null, false);
});

const panel = (): Panel => must(store.getState().panel, 'a form is open');
const typed = (field: PanelText, text: string): [string, string] => {
  store.getState().setPanel(field, text);
  return [panel().amount, panel().money];
};

test('money fills in the points that cover it, points the money that they cover', () => {
  store.getState().openPanel('debit');
  expect(typed('money', '6.26')).toEqual(['376', '6.26']);
  expect(typed('amount', '4')).toEqual(['4', '0.06']);
  expect(typed('reason', 'a gift')).toEqual(['4', '0.06']);
});

test('what is no amount leaves no figure from before that would be deducted', () => {
  store.getState().openPanel('debit');
  typed('money', '6.26');
  for (const text of ['6.2x', '', '0.00', '6.265']) expect(typed('money', text)).toEqual(['', text]);
  expect(typed('amount', '4.5')).toEqual(['4.5', '']);
});

test('however it was typed, points are deducted, by the same call', () => {
  store.getState().openPanel('debit');
  typed('money', '6.26');
  expect(readPanel(panel(), { member, card, chain: CHAIN, cardAttributes: [] })).toEqual({
    call: { method: 'points.debit', input: { cardId: card.cardId, points: 376, reason: '' } },
  });
});

test('points without a worth, and other forms, know no money', () => {
  store.getState().openPanel('by-hand');
  expect(typed('amount', '30')).toEqual(['30', '']);
  store.getState().choose('next');
  store.getState().openPanel('debit');
  expect(typed('amount', '30')).toEqual(['30', '']);
});
