import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CardView } from '../../../../electron/contract/views.ts';
import type { CardId, CardTypeId } from '../../../../sync/base/ids.ts';
import { addDays } from '../../../../sync/base/business-day.ts';
import type { CardFilter } from '../../../../electron/contract/card-list.ts';
import { must } from '../../../../sync/base/must.ts';
import { Attribute } from '../../../../sync/model/attributes.ts';
import { endTestTill, startTestTill, type TestTill } from '../../../parts/till.ts';

const EVERY_CARD: CardFilter = {
  ...{ statuses: [], cardTypeIds: [], balanceFrom: null, balanceTo: null, isInstalled: null, own: [] },
  ...{ issuedFrom: null, issuedTo: null, expiresFrom: null, expiresTo: null },
};
let till: TestTill;
let card: CardView;
beforeEach(async () => {
  till = await startTestTill();
  await till.signIn('manager');
  await attribute({ attributeId: 'engraving', name: 'Engraving' });
  await attribute({ attributeId: 'safe', name: 'Safe word', isSensitive: true });
  await attribute({ attributeId: 'shoe', name: 'Shoe size', of: undefined, type: 'number' });
  const { member } = await till.client['members.add']({
    opId: till.opId(),
    draft: { lastName: 'Tan', mobile: '9111 0001' },
    cardTypeId: 'coffee' as CardTypeId,
    cardNumber: null,
    hasMarketingConsent: true,
  });
  card = must(member.cards[0], 'a card');
});
afterEach(() => endTestTill(till));

async function attribute(change: Record<string, unknown>): Promise<void> {
  const { of, ...rest } = Attribute.parse({ version: 1, of: 'card', ...change });
  const body = of === undefined ? rest : { ...rest, of };
  const opId = till.opId();
  await till.client['documents.save']({
    opId,
    kind: 'attribute',
    id: rest.attributeId,
    baseVersion: 0,
    body,
  });
}
const code = async (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'done',
    (cause: { code: string }) => cause.code,
  );
const set = (
  custom: Record<string, string | null>,
  isInstalled: boolean | null = null,
  cardId: CardId = card.cardId,
) => till.client['cards.setData']({ opId: till.opId(), cardId, custom, isInstalled });
const find = (cards: readonly CardView[], cardId: CardId): CardView =>
  must(
    cards.find((each) => each.cardId === cardId),
    'the card is there',
  );

test('a card has values of its own, and a member’s attributes are none of a card’s', async () => {
  const names = async (of: 'cards.listAttributes' | 'attributes.list'): Promise<string[]> =>
    (await till.client[of]({})).map(({ attributeId }) => attributeId);
  expect(await names('cards.listAttributes')).toEqual(['engraving', 'safe']);
  expect(await names('attributes.list')).toContain('shoe');
  expect(await names('attributes.list')).not.toContain('engraving');
  const { member } = await set({ engraving: 'For Ann' });
  expect(find(member.cards, card.cardId).custom).toEqual({ engraving: 'For Ann' });
  expect(member.extras.custom).toEqual({});
  expect(await code(set({ shoe: '42' }))).toBe('bad_request');
  expect(await code(set({ engraving: 'For Ann' }))).toBe('bad_request');
  const gone = await set({ engraving: null });
  expect(find(gone.member.cards, card.cardId).custom).toEqual({});
});

test('two cards of one member have values apart, and a card in the place of another keeps them', async () => {
  await set({ engraving: 'One' }, true);
  const issued = await till.client['cards.issue']({
    opId: till.opId(),
    memberId: (await set({ safe: 'Otter' })).member.memberId,
    cardTypeId: 'points' as CardTypeId,
    cardNumber: null,
  });
  const other = must(issued.cardId, 'a new card');
  expect(find(issued.member.cards, other).custom).toEqual({});
  const { member, cardId } = await till.client['cards.replace']({
    ...{ opId: till.opId(), cardId: card.cardId, reason: 'Worn', cardNumber: null },
  });
  const fresh = find(member.cards, must(cardId, 'the new card'));
  expect([fresh.custom, fresh.isInstalled]).toEqual([{ engraving: 'One', safe: 'Otter' }, false]);
  // It stays on the phone, and works no more.
  expect(find(member.cards, card.cardId)).toMatchObject({
    isInstalled: true,
    status: 'replaced',
    actions: [],
  });
});

test('a sensitive value is masked for a cashier, who may not change it either', async () => {
  const { member } = await set({ safe: 'Otter7891' });
  await till.signIn('cashier');
  const seen = await till.client['members.get']({ memberId: member.memberId });
  expect(find(seen.cards, card.cardId).custom).toEqual({ safe: '••••7891' });
  expect(await code(set({ safe: 'Seal' }))).toBe('not_allowed');
  expect(await code(set({ engraving: 'For Bob' }))).toBe('done');
});

test('that a card is on a phone is anybody’s to say, that it is off a supervisor’s; removal tells of it', async () => {
  await till.signIn('cashier');
  const { member } = await set({}, true);
  expect(find(member.cards, card.cardId).isInstalled).toBe(true);
  expect(await code(set({}, false))).toBe('not_allowed');
  const removal = await till.client['members.previewRemoval']({ memberId: member.memberId });
  expect(removal.cards).toMatchObject([{ cardNumber: card.cardNumber, isInstalled: true }]);
  await till.signIn('supervisor');
  expect(find((await set({}, false)).member.cards, card.cardId).isInstalled).toBe(false);
});

test('the same press twice is one op, and the list of all cards shows the data', async () => {
  const asked = { opId: till.opId(), cardId: card.cardId, custom: { engraving: 'Once' }, isInstalled: true };
  const [one, two] = [await till.client['cards.setData'](asked), await till.client['cards.setData'](asked)];
  expect(two.opId).toBe(one.opId);
  expect(find(two.member.cards, card.cardId)).toMatchObject({
    custom: { engraving: 'Once' },
    isInstalled: true,
  });
  const list = await till.client['cards.list']({
    ...{ text: card.cardNumber, sort: 'number', isDescending: false, after: null, limit: 10 },
    filter: EVERY_CARD,
  });
  expect(list.rows[0]?.card).toMatchObject({ custom: { engraving: 'Once' }, isInstalled: true });
});

test('cards found by their member are narrowed by what is kept of them, by phone and by day of issue as well', async () => {
  await attribute({ attributeId: 'locker', name: 'Locker', type: 'number' });
  await set({ engraving: 'For Ann', locker: '12' }, true);
  const today = (await till.client['till.get']({})).businessDay;
  const found = async (filter: Partial<CardFilter>, text = '9111 0001') => {
    const asked = { text, sort: 'number', isDescending: false, after: null, limit: 10 } as const;
    return (await till.client['cards.list']({ ...asked, filter: { ...EVERY_CARD, ...filter } })).rows.length;
  };
  const engraved = { column: 'custom:engraving', op: 'contains', text: 'ANN' } as const;
  const between = (from: number, to: number) =>
    ({ column: 'custom:locker', op: 'between', from, to }) as const;
  expect(await found({ own: [engraved, between(10, 12)], isInstalled: true })).toBe(1);
  expect(await found({ own: [engraved, between(13, 20)] })).toBe(0);
  expect(await found({ isInstalled: false })).toBe(0);
  expect(await found({ issuedFrom: addDays(today, -2) })).toBe(1);
  expect(await found({ issuedFrom: addDays(today, 2) })).toBe(0);
  // The file knows nothing of what only this till has; a member's field is none of a card's.
  expect(await found({ own: [engraved] }, '')).toBe(0);
  const name = { column: 'name', op: 'contains', text: 'Tan' } as const;
  expect(await code(found({ own: [name] }))).toBe('bad_request');
});

test('every page of the till, and the page that sets them up, knows what is kept of a card', async () => {
  const ids = (all: readonly { attributeId: string }[]): string[] =>
    all.map(({ attributeId }) => attributeId);
  const { cardAttributes } = await till.client['till.get']({});
  const { attributes, retired, ofCards } = await till.client['directory.setUp']({});
  expect([ids(cardAttributes), ids(ofCards)]).toEqual([
    ['engraving', 'safe'],
    ['engraving', 'safe'],
  ]);
  expect(ids([...attributes, ...retired])).not.toContain('engraving');
});
