import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CardFilter } from '../../../../electron/contract/card-list.ts';
import type { CardTypeId } from '../../../../sync/base/ids.ts';
import { must } from '../../../../sync/base/must.ts';
import { NO_FILTER, type RegisterFilter } from '../../../../sync/model/register.ts';
import { PINS } from '../../../parts/shop.ts';
import { endTestTill, startTestTill, type TestTill } from '../../../parts/till.ts';
import { csv, rehearse, start } from './imports/files.ts';

let till: TestTill;
beforeEach(async () => {
  till = await startTestTill();
  await till.client['session.signIn']({ login: 'manager', pin: PINS.manager });
});
afterEach(() => endTestTill(till));

const EVERYBODY = { filter: NO_FILTER, search: '' } as const;
const ASK = {
  ...EVERYBODY,
  sort: { column: 'name', direction: 'up' },
  columns: ['name', 'mobile', 'consent'],
  offset: 0,
  limit: 50,
} as const;

const add = (lastName: string, mobile: string, hasMarketingConsent: boolean) =>
  till.client['members.add']({
    ...{ opId: till.opId(), draft: { lastName, mobile }, cardTypeId: null, cardNumber: null },
    hasMarketingConsent,
  });
const page = async () =>
  till.client['directory.page']({ ...ASK, columns: [...ASK.columns], filter: { match: 'all', rules: [] } });

async function exported(purpose: 'administration' | 'marketing'): Promise<string> {
  const filter = { match: 'all' as const, rules: [] };
  const asked = { filter, search: '', purpose, reason: 'for a test', memberIds: null };
  const begun = await till.client['directory.beginExport'](asked);
  let file = '';
  for (;;) {
    const { text } = await till.client['directory.readExport']({ exportId: begun.exportId });
    if (text === '') break;
    file += text;
  }
  await till.client['directory.endExport']({ exportId: begun.exportId });
  return file;
}

test('members of this till alone are in the list, its figures and its file; for marketing only who agreed', async () => {
  await add('Tan', '9111 0001', true);
  await add('=Lim', '9111 0002', false);
  // Waits until the list is whole.
  const file = await exported('administration');
  expect(file.trim().split('\r\n')).toHaveLength(3);
  expect(file).toContain('"\'=Lim"');
  expect((await exported('marketing')).trim().split('\r\n')).toHaveLength(2);
  const { order, total, rows } = await page();
  expect([order, total, rows.map(({ cells }) => cells['name'])]).toEqual(['asked', 2, ['=Lim', 'Tan']]);
  expect(
    (await till.client['directory.count']({ filter: { match: 'all', rules: [] }, search: 'tan' })).total,
  ).toBe(1);
  expect((await till.client['directory.totals']({})).members).toBe(2);
  expect((await till.client['directory.prepare']({})).isReady).toBe(true);
});

test('members are found by name, e-mail, numbers and ID, told apart by gender, group, tier and card (F64, F65, F74)', async () => {
  const group = { groupId: 'wine', version: 1, name: 'Wine club' };
  await till.client['documents.save']({
    ...{ opId: till.opId(), kind: 'group', id: 'wine', baseVersion: 0, body: group },
  });
  const head = [
    ...['full_name', 'mobile_number', 'phone_number', 'email', 'lookup_id', 'gender', 'membership_tier'],
    ...['customer_group_names', 'membership_point', 'customer_type'],
  ];
  const file = csv(
    head,
    ['Tan, Wei', '91110001', '61110001', 'wei@example.org', 'M-77', 'female', 'gold', 'Wine club', '5', ''],
    ['Lim, Ah', '91110002', '61110002', 'ah@example.org', 'M-88', 'male', '', '', '', 'customer'],
    ['Ng, Gone', '91110003', '', '', 'M-99', 'female', 'gold', 'Wine club', '', ''],
  );
  await start(till.client, await rehearse(till.client, file, { points: 'points' }));
  const gone = (await till.client['members.lookup']({ text: '91110003' })).members[0];
  await till.client['members.remove']({
    ...{ opId: till.opId(), memberId: must(gone, 'she was imported').memberId, reason: 'asked for it' },
  });
  await exported('administration');
  const names = async (more: { search?: string; rule?: object }): Promise<unknown[]> => {
    const filter = { match: 'all', rules: more.rule === undefined ? [] : [more.rule] } as RegisterFilter;
    const ask = { ...ASK, filter, search: more.search ?? '', columns: ['name'] };
    return (await till.client['directory.page'](ask)).rows.map(({ cells }) => cells['name']);
  };
  expect(await names({})).toEqual(['Lim Ah', 'Tan Wei']);
  for (const search of ['wei', 'wei@example.org', '9111 0001', '6111 0001', 'm-77'])
    expect(await names({ search })).toEqual(['Tan Wei']);
  const any = (column: string, ...values: string[]) => names({ rule: { column, op: 'anyOf', values } });
  expect(await any('gender', 'female')).toEqual(['Tan Wei']);
  expect(await any('groups', 'wine')).toEqual(['Tan Wei']);
  expect(await any('tier', 'gold')).toEqual(['Tan Wei']);
  expect(await any('cards', 'points')).toEqual(['Tan Wei']);
  expect(await any('customerType', 'customer')).toEqual(['Lim Ah']);
});

test('whoever withdraws is in no file for marketing from that moment on, without a line too (N20)', async () => {
  const { member } = await add('Tan', '9111 0001', true);
  const { memberId } = member;
  const say = (isGranted: boolean) =>
    till.client['consents.record']({ opId: till.opId(), memberId, isGranted });
  const rowsFor = async (purpose: 'administration' | 'marketing') =>
    (await exported(purpose)).trim().split('\r\n').length - 1;
  expect([await rowsFor('administration'), await rowsFor('marketing')]).toEqual([1, 1]);
  await say(false);
  expect([await rowsFor('administration'), await rowsFor('marketing')]).toEqual([1, 0]);
  // Those who were marked one by one as well: a mark is no consent.
  const marked = await till.client['directory.beginExport']({
    ...{ filter: { match: 'all', rules: [] }, search: '', memberIds: [memberId] },
    ...{ purpose: 'marketing', reason: 'for a test' },
  });
  expect(marked.rows).toBe(0);
  await till.client['directory.endExport']({ exportId: marked.exportId });
  await say(true);
  expect(await rowsFor('marketing')).toBe(1);
});

test('the file says which of phone and e-mail are verified', async () => {
  const { member } = await add('Tan', '9111 0001', true);
  await till.client['members.setExtras']({
    ...{ opId: till.opId(), memberId: member.memberId },
    patch: { verified: { mobile: true } },
  });
  const [head = '', row = ''] = (await exported('administration')).split('\r\n');
  expect(row.split(',')[head.split(',').indexOf('verified')]).toBe('mobile');
});

test('what somebody chose to see is kept for her', async () => {
  const layout = { columns: ['name', 'email'], sort: { column: 'email', direction: 'down' } } as const;
  await till.client['directory.keepLayout']({ ...layout, columns: [...layout.columns] });
  expect((await till.client['directory.setUp']({})).layout).toEqual(layout);
});

test('a column that was retired is neither shown nor sorted by any more, and can be taken back', async () => {
  const body = { attributeId: 'shoeSize', version: 1, name: 'Shoe size', type: 'number' };
  const save = (baseVersion: number, isRetired: boolean) =>
    till.client['documents.save']({
      ...{ opId: till.opId(), kind: 'attribute', id: 'shoeSize', baseVersion },
      body: { ...body, version: baseVersion + 1, isRetired },
    });
  const column = 'custom:shoeSize';
  const sort = { column, direction: 'down' } as const;
  const idsOf = (list: readonly { attributeId: string }[]) => list.map(({ attributeId }) => attributeId);
  await save(0, false);
  await till.client['directory.keepLayout']({ columns: ['name', column, 'email'], sort });
  await save(1, true);
  const { attributes, retired, layout } = await till.client['directory.setUp']({});
  expect([idsOf(attributes).includes('shoeSize'), idsOf(retired)]).toEqual([false, ['shoeSize']]);
  expect(layout).toEqual({ columns: ['name', 'email'], sort: { column: 'name', direction: 'up' } });
  await save(2, false);
  const back = await till.client['directory.setUp']({});
  expect([idsOf(back.attributes).includes('shoeSize'), idsOf(back.retired)]).toEqual([true, []]);
  expect(back.layout).toEqual({ columns: ['name', column, 'email'], sort });
});

test('who was put into a segment by hand has no tag by it: in the conditions, the values and the file', async () => {
  const segment = { segmentId: 'wine', version: 1, name: 'Wine', match: 'all' };
  await till.client['documents.save']({
    ...{ opId: till.opId(), kind: 'segment', id: 'wine', baseVersion: 0 },
    body: { ...segment, conditions: [{ test: 'known', field: 'city' }] },
  });
  const { member } = await add('Tan', '9111 0001', true);
  await till.client['members.setExtras']({
    ...{ opId: till.opId(), memberId: member.memberId },
    patch: { tags: { add: ['in:wine'], remove: [] } },
  });
  const file = await exported('administration');
  expect([file.includes('Tan'), file.includes('in:wine')]).toEqual([true, false]);
  const rules = [{ column: 'tags', op: 'empty' } as const];
  const counted = await till.client['directory.count']({ filter: { match: 'all', rules }, search: '' });
  expect(counted.total).toBe(1);
  const listed = await till.client['directory.page']({
    ...{ ...ASK, filter: { match: 'all', rules: [] }, columns: ['tags'] },
  });
  expect(listed.rows.map(({ cells }) => cells['tags'])).toEqual([[]]);
  expect((await till.client['directory.setUp']({})).values['tags']).toEqual([]);
  expect(await till.client['segments.words']({ field: 'tags' })).toEqual([]);
});

test('what other systems know comes by a file, is a column and two figures, and no till sets it by hand', async () => {
  await add('Lim', '9111 0003', true);
  await exported('administration');
  const { reviews, rating } = await till.client['directory.totals']({});
  expect([reviews, rating]).toEqual([0, null]);
  const file = csv(
    ['full_name', 'mobile_number', 'rating', 'reviews', 'device', 'utm'],
    ['Tan', '91110001', '4.5', '3', 'iPhone', 'spring'],
    ['Ng', '91110002', '2.5', '', 'Pixel', ''],
  );
  const run = await start(till.client, await rehearse(till.client, file));
  expect(run).toMatchObject({ state: 'done', counts: { done: 2 } });
  const listed = await till.client['directory.page']({
    ...{
      ...ASK,
      filter: { match: 'all', rules: [{ column: 'custom:rating', op: 'between', from: 4, to: 5 }] },
    },
    columns: ['name', 'custom:rating', 'custom:device', 'custom:utm'],
  });
  expect(listed.rows.map(({ cells }) => cells)).toEqual([
    { name: 'Tan', 'custom:rating': '4.5', 'custom:device': 'iPhone', 'custom:utm': 'spring' },
  ]);
  // Three reviews weigh more than one.
  expect(await till.client['directory.totals']({})).toMatchObject({ reviews: 4, rating: 4 });
  const memberId = must(listed.rows[0], 'she is listed').memberId;
  const byHand = till.client['members.setExtras']({
    ...{ opId: till.opId(), memberId },
    patch: { custom: { rating: '5' } },
  });
  await expect(byHand).rejects.toMatchObject({ code: 'bad_request' });
  const own = { opId: till.opId(), memberId, patch: { custom: { billingStatus: 'overdue' } } };
  expect((await till.client['members.setExtras'](own)).member.extras.custom).toMatchObject({
    ...{ rating: '4.5', billingStatus: 'overdue' },
  });
});

test('a supervisor reads the list with masked numbers and exports nothing; a cashier has none', async () => {
  await add('Tan', '9111 0001', true);
  await exported('administration');
  await till.client['session.signIn']({ login: 'supervisor', pin: PINS.supervisor });
  expect((await page()).rows[0]?.cells['mobile']).toContain('•');
  await expect(exported('administration')).rejects.toMatchObject({ code: 'not_allowed' });
  await till.client['session.signIn']({ login: 'cashier', pin: PINS.cashier });
  await expect(page()).rejects.toMatchObject({ code: 'not_allowed' });
});

const EVERY_CARD: CardFilter = {
  ...{ statuses: [], cardTypeIds: [], balanceFrom: null, balanceTo: null },
  ...{ issuedFrom: null, issuedTo: null, expiresFrom: null, expiresTo: null, isInstalled: null, own: [] },
};
const cardsByBalance = (filter = EVERY_CARD) =>
  till.client['cards.list']({
    ...{ text: '', sort: 'balance', isDescending: true, after: null, limit: 10, filter },
  });

test('cards and stamps of this till alone count in the order and the conditions of the list of cards', async () => {
  const enrol = async (mobile: string) => {
    const draft = { lastName: 'Tan', mobile };
    const asked = { opId: till.opId(), draft, cardNumber: null, hasMarketingConsent: true };
    const { member } = await till.client['members.add']({ ...asked, cardTypeId: 'coffee' as CardTypeId });
    return must(member.cards[0], 'a card').cardId;
  };
  const first = await enrol('9111 0001');
  // The first question has the list made; the file, which knows nothing of these, answers until then.
  await cardsByBalance();
  await exported('administration');
  await expect.poll(async () => (await cardsByBalance()).isLaid, { timeout: 20_000 }).toBe(true);
  const second = await enrol('9111 0002');
  await till.client['stamps.add']({
    ...{ opId: till.opId(), cardId: second, count: 2, receiptNo: '' },
  });
  const listed = async (filter = EVERY_CARD) =>
    (await cardsByBalance(filter)).rows.map(({ card }) => card.cardId);
  expect(await listed()).toEqual([second, first]);
  expect(await listed({ ...EVERY_CARD, balanceFrom: 1 })).toEqual([second]);
  await till.client['cards.reportLost']({ opId: till.opId(), cardId: second, reason: 'left in a bus' });
  expect(await listed({ ...EVERY_CARD, statuses: ['lost'] })).toEqual([second]);
  const data = { opId: till.opId(), cardId: first, custom: {}, isInstalled: true };
  await till.client['cards.setData'](data);
  expect(await listed({ ...EVERY_CARD, isInstalled: true })).toEqual([first]);
  expect(await listed({ ...EVERY_CARD, isInstalled: false })).toEqual([second]);
});
