import { afterEach, beforeEach, expect, test } from 'vitest';
import { newId, type CardId, type CardTypeId, type MemberId } from '../../../../sync/base/ids.ts';
import { must } from '../../../../sync/base/must.ts';
import type { SegmentChoice } from '../../../../electron/contract/segments.ts';
import { Segment, type Condition } from '../../../../sync/model/segment.ts';
import { TILL_ID } from '../../../parts/shop.ts';
import { endTestTill, startTestTill, type TestTill } from '../../../parts/till.ts';

let till: TestTill;
beforeEach(async () => {
  till = await startTestTill();
  await till.signIn('manager');
});
afterEach(() => endTestTill(till));

const SEGMENT = Segment.parse({
  segmentId: 'wine',
  version: 1,
  name: 'Wine lovers',
  match: 'all',
  conditions: [
    { test: 'oneOf', field: 'tags', values: ['wine'] },
    { test: 'atLeast', field: 'purchases', number: 1 },
  ],
});

async function join(name: string, mobile: string): Promise<{ memberId: MemberId; cardId: CardId }> {
  const { member } = await till.client['members.add']({
    opId: till.opId(),
    draft: { lastName: name, firstName: '', mobile },
    cardTypeId: 'points' as CardTypeId,
    cardNumber: null,
    hasMarketingConsent: true,
  });
  return { memberId: member.memberId, cardId: must(member.cards[0], 'with a card').cardId };
}

const saveSegment = () =>
  till.client['documents.save']({
    opId: till.opId(),
    kind: 'segment',
    id: 'wine',
    baseVersion: 0,
    body: SEGMENT,
  });

test('a segment counts members with the line down, as this till sees them, and says why', async () => {
  const wei = await join('Tan', '+6591110001');
  await join('Lim', '+6591110002');
  await saveSegment();
  const counted = async () => (await till.client['segments.list']({}))[0]?.members;
  expect(await counted()).toBe(0);
  await till.client['members.setExtras']({
    opId: till.opId(),
    memberId: wei.memberId,
    patch: { tags: { add: ['wine'], remove: [] } },
  });
  expect(await counted()).toBe(0);
  await till.client['points.credit']({
    opId: till.opId(),
    cardId: wei.cardId,
    ...{ amountMinor: 1_250, receiptNo: '1', points: null, reason: '' },
  });
  expect(await counted()).toBe(1);
  const page = await till.client['segments.members']({
    choice: { kind: 'segment', segmentId: 'wine' },
    offset: 0,
    limit: 10,
  });
  expect(page).toMatchObject({
    total: 1,
    members: [{ memberId: wei.memberId, purchases: 1, spentMinor: 1_250 }],
  });
  expect(await till.client['segments.words']({ field: 'gender' })).toEqual([]);
  const { segments } = await till.client['segments.forMember']({ memberId: wei.memberId });
  expect(segments).toMatchObject([
    { isIn: true, byHand: null, reasons: [{ words: ['wine'] }, { number: 1 }] },
  ]);
});

test('whoever is opened first is told without her fifth, and once they are drawn the page hears of it, once (N19)', async () => {
  const wei = await join('Tan', '+6591110001');
  await till.client['points.credit']({
    ...{ opId: till.opId(), cardId: wei.cardId },
    ...{ amountMinor: 1_250, receiptNo: '1', points: null, reason: '' },
  });
  const told = () => till.events.filter(({ name }) => name === 'segments.drawn').length;
  const asked = () => till.client['segments.forMember']({ memberId: wei.memberId });
  expect(await asked()).toMatchObject({ rfm: null, isDrawing: true });
  await expect.poll(told, { timeout: 10_000 }).toBe(1);
  // Fifths of the confirmed rows, among whom nobody has bought: there is nothing to compare her with.
  expect(await asked()).toMatchObject({ isDrawing: false });
  await till.client['segments.rfm']({});
  expect(told()).toBe(1);
});

const AGREED: Condition = { test: 'oneOf', field: 'marketing', values: ['yes'] };

test('rules are tried before they are saved, and a square of the plot opens its people', async () => {
  await join('Tan', '+6591110001');
  const { members } = await till.client['segments.try']({
    rules: { match: 'all', conditions: [{ test: 'oneOf', field: 'marketing', values: ['yes'] }] },
  });
  expect(members).toBe(1);
  await join('Lim', '+6591110002');
  await saveSegment();
  const wei = must((await till.client['members.lookup']({ text: '91110001' })).members[0], 'she joined');
  const putOut = { tags: { add: ['out:wine'], remove: [] } };
  await till.client['members.setExtras']({ opId: till.opId(), memberId: wei.memberId, patch: putOut });
  const counted = async (more: object): Promise<number> => {
    const rules = { match: 'all' as const, conditions: [AGREED] };
    return (await till.client['segments.try']({ rules, ...more })).members;
  };
  // Two halves are the whole, and whom a person keeps out of the saved one is out.
  const halves = [
    await counted({ shareFrom: 0, shareTo: 50 }),
    await counted({ shareFrom: 50, shareTo: 100 }),
  ];
  expect([(halves[0] ?? 0) + (halves[1] ?? 0), await counted({})]).toEqual([2, 2]);
  expect(await counted({ segmentId: 'wine' })).toBe(1);
  const rfm = await till.client['segments.rfm']({});
  expect(rfm.grid).toHaveLength(25);
  const square = await till.client['segments.members']({
    choice: { kind: 'cell', recency: 5, frequency: 5 },
    offset: 0,
    limit: 10,
  });
  expect(square.total).toBe(0);
});

/** The file of the list, its heading left out. */
async function exported(within: SegmentChoice): Promise<string[]> {
  const ask = {
    ...{ filter: { match: 'all' as const, rules: [] }, search: '', memberIds: null, within },
    reason: 'for a test',
  };
  const begun = await till.client['directory.beginExport']({ ...ask, purpose: 'administration' });
  const { text } = await till.client['directory.readExport']({ exportId: begun.exportId });
  await till.client['directory.endExport']({ exportId: begun.exportId });
  return text.trim().split('\r\n').slice(1);
}

const listed = (within: SegmentChoice, search = '') =>
  till.client['directory.page']({
    ...{ filter: { match: 'all', rules: [] }, search, within },
    ...{ sort: { column: 'name', direction: 'up' }, columns: ['name'], offset: 0, limit: 50 },
  });
const namesIn = async (within: SegmentChoice, search = '') =>
  (await listed(within, search)).rows.map(({ cells }) => cells['name']);

test('a segment opens as a list of as many, as this till sees them, and goes into a file with nobody else', async () => {
  const [wei, lim] = [await join('Tan', '+6591110001'), await join('Lim', '+6591110002')];
  await join('Ng', '+6591110003');
  await saveSegment();
  const wine: SegmentChoice = { kind: 'segment', segmentId: 'wine' };
  const loves = async (memberId: MemberId, isSo: boolean) => {
    const tags = isSo ? { add: ['in:wine'], remove: [] } : { add: [], remove: ['in:wine'] };
    await till.client['members.setExtras']({ opId: till.opId(), memberId, patch: { tags } });
  };
  // Waits until the list is whole.
  expect(await exported(wine)).toEqual([]);
  expect(await namesIn(wine)).toEqual([]);
  await loves(wei.memberId, true);
  await loves(lim.memberId, true);
  const counted = async () => (await till.client['segments.list']({}))[0]?.members;
  expect([await counted(), (await listed(wine)).total, await namesIn(wine)]).toEqual([2, 2, ['Lim', 'Tan']]);
  expect(await namesIn(wine, 'tan')).toEqual(['Tan']);
  expect(new Set((await exported(wine)).map((line) => /Lim|Tan|Ng/.exec(line)?.[0]))).toEqual(
    new Set(['Lim', 'Tan']),
  );
  await loves(lim.memberId, false);
  expect([await counted(), await namesIn(wine)]).toEqual([1, ['Tan']]);
  const all = await till.client['directory.count']({ filter: { match: 'all', rules: [] }, search: '' });
  expect(all.total).toBe(3);
});

test('rules and a square of the plot open as a list; a segment that is gone is told, and lists nobody', async () => {
  const wei = await join('Tan', '+6591110001');
  await join('Lim', '+6591110002');
  const rules = (field: string): SegmentChoice => ({
    kind: 'rules',
    rules: { match: 'all', conditions: [{ test: 'atLeast', field, number: 1 }] },
  });
  await exported(rules('purchases'));
  await till.client['points.credit']({
    ...{ opId: till.opId(), cardId: wei.cardId },
    ...{ amountMinor: 1_250, receiptNo: '1', points: null, reason: '' },
  });
  expect(await namesIn(rules('purchases'))).toEqual(['Tan']);
  const squares = [1, 2, 3, 4, 5].flatMap((recency) =>
    [1, 2, 3, 4, 5].map((frequency): SegmentChoice => ({ kind: 'cell', recency, frequency })),
  );
  for (const square of squares) {
    const { total } = await till.client['segments.members']({ choice: square, offset: 0, limit: 10 });
    expect((await listed(square)).total).toBe(total);
  }
  const gone: SegmentChoice = { kind: 'segment', segmentId: 'gone' };
  await expect(listed(gone)).rejects.toMatchObject({ code: 'not_found' });
  await expect(exported(gone)).rejects.toMatchObject({ code: 'not_found' });
});

test('who verified what is a column, a filter and a rule; the centre’s word and this till’s own count alike', async () => {
  const wei = await join('Tan', '+6591110001');
  await join('Lim', '+6591110002');
  const rule = (value: string): SegmentChoice => ({
    kind: 'rules',
    rules: { match: 'all', conditions: [{ test: 'oneOf', field: 'verified', values: [value] }] },
  });
  await exported(rule('mobile'));
  const verify = (mobile: boolean) =>
    till.client['members.setExtras']({
      ...{ opId: till.opId(), memberId: wei.memberId },
      patch: { verified: { mobile } },
    });
  await verify(true);
  const filtered = (op: 'anyOf' | 'noneOf') =>
    till.client['directory.page']({
      ...{ filter: { match: 'all', rules: [{ column: 'verified', op, values: ['mobile'] }] }, search: '' },
      ...{ sort: { column: 'verified', direction: 'up' }, columns: ['name', 'verified'] },
      ...{ offset: 0, limit: 50 },
    });
  expect((await filtered('anyOf')).rows.map(({ cells }) => cells)).toEqual([
    { name: 'Tan', verified: ['mobile'] },
  ]);
  expect((await filtered('noneOf')).rows.map(({ cells }) => cells['name'])).toEqual(['Lim']);
  expect([await namesIn(rule('mobile')), await namesIn(rule('email'))]).toEqual([['Tan'], []]);
  await verify(false);
  expect([(await filtered('anyOf')).total, await namesIn(rule('mobile'))]).toEqual([0, []]);
});

test('a rule puts no tag in the form of a segment’s; one from before can be put away', async () => {
  const save = (tag: string, more: object = {}) =>
    till.client['documents.save']({
      ...{ opId: till.opId(), kind: 'tag-rule', id: 'near', baseVersion: 0 },
      body: {
        ...{ tagRuleId: 'near', version: 1, name: 'Near', tag, match: 'all', isLifted: true },
        ...{ conditions: SEGMENT.conditions, authorTillId: TILL_ID, ownerId: 'staff-manager', ...more },
      },
    });
  await expect(save('in:wine')).rejects.toMatchObject({ code: 'tag_reserved' });
  await expect(save('in:wine', { isRetired: true })).resolves.toMatchObject({ id: 'near' });
});

test('lists of people are not for a cashier, and a segment that is gone is told as that', async () => {
  const gone = till.client['segments.members']({
    choice: { kind: 'segment', segmentId: newId().slice(0, 30) },
    offset: 0,
    limit: 10,
  });
  await expect(gone).rejects.toMatchObject({ code: 'not_found' });
  await till.signIn('cashier');
  await expect(till.client['segments.list']({})).rejects.toMatchObject({ code: 'not_allowed' });
  await expect(till.client['day.getReport']({ businessDay: null })).rejects.toMatchObject({
    code: 'not_allowed',
  });
});

test('the report of a day has cashiers and programmes, and what was given without a sale stands out offline', async () => {
  const wei = await join('Tan', '+6591110001');
  await till.client['points.credit']({
    opId: till.opId(),
    cardId: wei.cardId,
    ...{ amountMinor: null, receiptNo: '', points: 300, reason: 'gift' },
  });
  const report = await till.client['day.getReport']({ businessDay: null });
  expect(report.cashiers).toMatchObject([{ id: 'staff-manager', count: 2 }]);
  expect(report.programmes).toMatchObject([{ id: 'points', count: 2 }]);
  expect(report.hours.reduce((sum, each) => sum + each, 0)).toBe(2);
  expect(report.watch).toMatchObject([{ reason: 'noSale', memberId: wei.memberId, units: 300 }]);
});
