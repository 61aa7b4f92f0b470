import { expect, test, vi } from 'vitest';
import { httpLine } from '../../../../electron/core/http-line.ts';
import { must } from '../../../../sync/base/must.ts';
import type { LiveShop } from '../../../parts/live-shop.ts';
import { liveShopForEach } from '../../../parts/live-shop-for-each.ts';
import { overHttp, TestTill, type CardRef } from '../../crm/test-till.ts';

let shop: LiveShop;
let other: TestTill;
let tan: CardRef;

liveShopForEach(async (opened) => {
  shop = opened;
  await shop.sync();
  other = await TestTill.enrol(overHttp(shop.server.url));
  tan = other.makeMember({ mobile: '+6591110001', email: 'tan@example.com', lookupId: 'TAN-1' });
  other.stamp(tan, 4);
  await other.sync();
});

const lookup = (text: string) => shop.till.client['members.lookup']({ text });
const online = (text: string) => shop.till.client['members.lookupOnline']({ text });
const confirmedOf = ({ members }: Awaited<ReturnType<typeof lookup>>) =>
  members.map(({ memberId, cards }) => [memberId, cards[0]?.balance.confirmed, cards[0]?.balance.pending]);

test('whom another till enrolled is not here, is asked for by a whole key, and is here from then on', async () => {
  expect(await lookup('91110001')).toMatchObject({ members: [], askCentre: 'now' });
  const { outcome, found } = await online('9111 0001');
  expect([outcome, confirmedOf(found)]).toEqual(['found', [[tan.memberId, 4, 0]]]);
  await shop.lineDown();
  expect(confirmedOf(await lookup('0001'))).toEqual([[tan.memberId, 4, 0]]);
});

test('who is asked for: a card or phone at once, an e-mail or look-up ID when wanted, a name never', async () => {
  const asks = async (text: string) => (await lookup(text)).askCentre;
  expect(await asks('91110001')).toBe('now');
  expect(await asks('tan@example.com')).toBe('wanted');
  expect(await asks('TAN-1')).toBe('wanted');
  expect(await asks('Tan Wei Ling 2')).toBeUndefined();
  expect(await online('Ong')).toMatchObject({ outcome: 'no_key', found: { members: [] } });
  expect((await online('tan@example.com')).outcome).toBe('found');
  expect((await lookup('tan@example.com')).askCentre).toBeUndefined();
});

test('nobody is nobody, and a line that is down says that nobody was asked', async () => {
  expect((await online('91119999')).outcome).toBe('nobody');
  await shop.lineDown();
  expect((await online('91119999')).outcome).toBe('no_line');
  await shop.sync().catch(() => undefined);
  expect((await lookup('91119999')).askCentre).toBeUndefined();
  expect((await online('91119999')).outcome).toBe('no_line');
});

test('a card of this till’s own stock is nobody’s: the centre is not asked', async () => {
  const { card } = (other.ops[0]?.body ?? {}) as { card?: { cardNumber: string } };
  expect((await lookup(card?.cardNumber ?? '')).askCentre).toBe('now');
  const { rows } = await shop.server.centre.database.sql.query(
    `select numbers[40] as number from card_blocks order by block_id limit 1`,
  );
  const [{ number } = { number: '' }] = rows as { number: string }[];
  expect(number).toMatch(/^\d{16}$/);
  expect((await lookup(number)).askCentre).toBeUndefined();
});

test('own stamps on a member who was pulled in count once, sent or not', async () => {
  const { found } = await online('91110001');
  const cardId = must(found.members[0]?.cards[0]?.cardId, 'she has a card');
  await shop.till.client['stamps.add']({ opId: shop.till.opId(), cardId, count: 2 });
  expect(confirmedOf(await lookup('91110001'))).toEqual([[tan.memberId, 4, 2]]);
  await shop.sync();
  other.stamp(tan, 1);
  await other.sync();
  expect(confirmedOf((await online('91110001')).found)).toEqual([[tan.memberId, 7, 0]]);
  await shop.sync();
  expect(confirmedOf(await lookup('91110001'))).toEqual([[tan.memberId, 7, 0]]);
});

/** The answer to the next exchange stays away until the answer to a question about a member was there. */
function holdBackExchange(): { reached: Promise<void> } {
  const real = httpLine.send;
  let free = (): void => undefined;
  const gate = new Promise<void>((resolve) => (free = resolve));
  let reach = (): void => undefined;
  const reached = new Promise<void>((resolve) => (reach = resolve));
  vi.spyOn(httpLine, 'send').mockImplementation(async (url, asked) => {
    const reply = await real(url, asked);
    // After whatever the till does with that answer at once.
    if (url.pathname === '/v1/members/find') setImmediate(() => setImmediate(free));
    if (url.pathname !== '/v1/exchange') return reply;
    reach();
    await gate;
    return reply;
  });
  return { reached };
}

test('rows that hold an own op are not taken before the till knows of its number', async () => {
  const { found } = await online('91110001');
  const cardId = must(found.members[0]?.cards[0]?.cardId, 'she has a card');
  await shop.till.client['stamps.add']({ opId: shop.till.opId(), cardId, count: 2 });
  const { reached } = holdBackExchange();
  const syncing = shop.sync();
  await reached;
  const answer = await online('91110001');
  expect([answer.outcome, confirmedOf(answer.found)]).toEqual(['found', [[tan.memberId, 6, 0]]]);
  await syncing;
  vi.restoreAllMocks();
  expect(confirmedOf(await lookup('91110001'))).toEqual([[tan.memberId, 6, 0]]);
});

test('the number of a payment card goes nowhere: no question, and no card of this shop has it', async () => {
  expect(await lookup('4111 1111 1111 1111')).not.toHaveProperty('askCentre');
  expect(await online('4111111111111111')).toMatchObject({ outcome: 'no_key' });
  const { cardTypes } = await shop.till.client['till.get']({});
  const { cardTypeId } = must(cardTypes[0], 'the shop has card types');
  const enrolled = shop.till.client['members.add']({
    ...{ opId: shop.till.opId(), draft: { lastName: 'Tan' }, hasMarketingConsent: false },
    ...{ cardTypeId, cardNumber: '4111111111111111' },
  });
  await expect(enrolled).rejects.toMatchObject({ code: 'card_number_invalid' });
});
