import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MemberId } from '../../../../../sync/base/ids.ts';
import { LiveShop } from '../../../../parts/live-shop.ts';
import { csv, rehearse, settled, start, undo } from './files.ts';

const shop = new LiveShop(null);
beforeAll(() => shop.open());
afterAll(() => shop.end());

async function stateHash(): Promise<string> {
  const { client } = shop.till;
  // The second one brings back what the first one sent.
  for (let turn = 0; turn < 3; turn += 1) await client['sync.run']({});
  const { stateHash: hash, problems } = await client['till.verify']({});
  expect(problems).toEqual([]);
  return hash;
}

const memberBy = async (text: string) => {
  const { client } = shop.till;
  const { members } = await client['members.lookup']({ text });
  return client['members.get']({ memberId: members[0]?.memberId ?? ('' as MemberId) });
};
const allCards = async (): Promise<string[]> => {
  const none = { statuses: [], cardTypeIds: [], balanceFrom: null, balanceTo: null };
  const filter = { ...none, issuedFrom: null, issuedTo: null, expiresFrom: null, expiresTo: null };
  const pages = { after: null, limit: 50, isDescending: false };
  const lists = (['number', 'balance'] as const).map((sort) =>
    shop.till.client['cards.list']({ text: '', filter, sort, ...pages }),
  );
  return (await Promise.all(lists)).flatMap(({ rows }) =>
    rows.map(({ card }) => `${card.cardNumber} ${card.status} ${card.balance.confirmed}`),
  );
};

const HEAD = ['full_name', 'mobile_number', 'lookup_id', 'notes', 'tags', 'marketing_materials_consent'];

test('an undone import leaves the confirmed rows as they were, to the bit', async () => {
  const { client } = shop.till;
  const base = csv(
    HEAD,
    ['Tan', '91110001', 'M-1', 'old', 'VIP', 'FALSE'],
    ['Lim', '91110002', 'M-2', '', '', 'TRUE'],
  );
  await start(client, await rehearse(client, base));
  const before = await stateHash();
  const file = csv(
    [...HEAD, 'membership_point'],
    ['Tan', '91110001', 'M-1', 'new', 'VIP;Early', 'TRUE', ''],
    ['Lim Ah', '91110002', 'M-2', 'x', '', 'FALSE', ''],
    ['Ng', '91110003', 'M-3', 'x', 'VIP', '', '120'],
  );
  const done = await start(client, await rehearse(client, file, { points: 'points' }));
  expect(done).toMatchObject({ state: 'done', counts: { create: 1, update: 2, done: 3, invalid: 0 } });
  expect(await stateHash()).not.toBe(before);
  expect(await undo(client, done)).toMatchObject({ state: 'undone', counts: { kept: 0 } });
  expect(await stateHash()).toBe(before);
});

/** People with balances of their own: stamps on the first member's card, points on Sim's. */
async function makeBase(): Promise<void> {
  const { client } = shop.till;
  await shop.stamp(3);
  const head = ['full_name', 'mobile_number', 'lookup_id', 'address_city', 'fax_number', 'membership_point'];
  const file = csv(
    head,
    ['Sim', '92220001', 'S-1', 'Ipoh', '61110000', '40'],
    ['Yeo', '92220002', 'S-2', '', '', ''],
    ['Ang', '92220003', 'S-3', '', '', ''],
  );
  await start(client, await rehearse(client, file, { points: 'points' }));
}

const WIDE = [
  ...['full_name', 'mobile_number', 'lookup_id', 'email', 'address_city', 'date_of_birth', 'gender'],
  ...['fax_number', 'allow_credit_transactions', 'allow_account_transactions', 'tags'],
  ...['marketing_materials_consent', 'membership_point'],
];

test('so does one that gave cards and balances to members who were there before', async () => {
  const { client } = shop.till;
  await makeBase();
  const [hash, cards] = [await stateHash(), await allCards()];
  const of = async (text: string) => ({ ...(await memberBy(text)), openOps: 0 });
  const [sim, yeo, ang] = [await of('92220001'), await of('92220002'), await of('92220003')];
  const file = csv(
    WIDE,
    [
      'Sim Li',
      '92220001',
      '',
      's@example.org',
      'Penang',
      '01/02/1980',
      'male',
      '9',
      'TRUE',
      'TRUE',
      'A',
      'TRUE',
      '7',
    ],
    ['Yeo', '92220002', 'S-9', 'y@example.org', 'Ipoh', '', 'female', '', 'TRUE', '', 'B;C', 'TRUE', '500'],
    ['Ang', '92220009', 'S-3', '', '', '', '', '', '', '', '', '', '0'],
    ['Teo', '92220004', '', '', '', '', '', '5', 'TRUE', 'TRUE', 'A', 'TRUE', '25'],
  );
  const done = await start(client, await rehearse(client, file, { points: 'points' }));
  expect(done).toMatchObject({ state: 'done', counts: { create: 1, update: 3, done: 4, invalid: 0 } });
  expect((await memberBy('92220002')).cards).toMatchObject([{ kind: 'points', balance: { pending: 500 } }]);
  // Sim has such a card: her balance is left.
  expect((await memberBy('92220001')).cards).toHaveLength(1);
  expect(await stateHash()).not.toBe(hash);
  expect(await undo(client, done)).toMatchObject({ state: 'undone', counts: { kept: 0 } });
  expect((await memberBy('92220002')).cards).toEqual([]);
  expect(await stateHash()).toBe(hash);
  expect(await allCards()).toEqual(cards);
  const after = [await of('92220001'), await of('92220002'), await of('92220003')];
  const facts = (each: typeof sim) => [each.fields, each.extras, each.cards, each.hasMarketingConsent];
  expect(after.map(facts)).toEqual([sim, yeo, ang].map(facts));
});

test('a run asks for card numbers while it goes on, and waits for the line where there is none', async () => {
  const { client } = shop.till;
  const rows = Array.from({ length: 1_100 }, (_, at) => [`P ${at}`, String(93_330_000 + at), '5']);
  const file = csv(['full_name', 'mobile_number', 'membership_point'], ...rows);
  const checked = await rehearse(client, file, { points: 'points' });
  // The centre gives some hundred numbers at a time, and none while the till has many.
  const done = await start(client, checked);
  expect(done).toMatchObject({ state: 'done', counts: { done: 1_100, waiting: 0 } });
  const next = csv(
    ['full_name', 'mobile_number', 'membership_point'],
    ...rows.slice(0, 700).map(([name = '', mobile = '']) => [name, String(Number(mobile) + 10_000), '5']),
  );
  const more = await rehearse(client, next, { points: 'points' });
  await shop.lineDown();
  const cut = await start(client, more);
  expect(cut.state).toBe('waiting');
  expect(cut.counts.waiting).toBeGreaterThan(100);
  expect(cut.counts.done + cut.counts.waiting).toBe(700);
  await shop.restartTill();
  await shop.lineUp();
  await shop.till.client['imports.start']({ runId: more.runId });
  const whole = await settled(shop.till.client, more.runId);
  expect(whole).toMatchObject({ state: 'done', counts: { done: 700, waiting: 0 } });
  await stateHash();
  const [count] = await shop.sql<{ cards: number; numbers: number }>(
    `select count(*)::int as cards, count(distinct card_number)::int as numbers from cards`,
  );
  expect(count?.cards).toBe(count?.numbers);
});
