import { expect, test } from 'vitest';
import { CardType, type Chain } from '../../../../sync/model/chain.ts';
import { must } from '../../../../sync/base/must.ts';
import type { AccountId, MemberId } from '../../../../sync/base/ids.ts';
import type { LiveShop } from '../../../parts/live-shop.ts';
import { liveShopForEach } from '../../../parts/live-shop-for-each.ts';
import { addSecond, SECOND } from '../../../parts/second.ts';
import { overHttp, TestTill, type CardRef } from '../../crm/test-till.ts';

let shop: LiveShop;
let other: TestTill;
/** Tan, whom this till enrolled, as she goes on as somebody of another till. */
let ong: CardRef;
let tanId: MemberId;

const client = () => shop.till.client;

async function choose(leftBalance: Chain['leftBalance']): Promise<void> {
  const [chain] = await client()['documents.list']({ kind: 'chain' });
  const { body } = must(chain, 'there is a chain');
  const baseVersion = Number(body['version']);
  const next = { ...body, version: baseVersion + 1, leftBalance };
  await client()['documents.save']({
    ...{ opId: shop.till.opId(), kind: 'chain', id: 'chain', baseVersion, body: next },
  });
}

liveShopForEach(async (opened) => {
  shop = opened;
  await addSecond(shop.server.centre);
  await shop.sync();
  other = await TestTill.enrol(overHttp(shop.server.url));
  ong = other.makeMember({ lastName: 'Ong', mobile: '+6591119999' });
  other.stamp(ong, 4, { wallMs: shop.realMs });
  await other.sync();
  await shop.stamp(3);
  await shop.sync();
  tanId = must((await client()['members.lookup']({ text: 'Tan' })).members[0], 'she is here').memberId;
  const merged = { memberId: tanId, intoId: ong.memberId, reason: 'one person' };
  await client()['members.merge']({ opId: shop.till.opId(), ...merged });
  await shop.sync();
});

const balances = () =>
  shop
    .sql<{ balance: string }>('select balance::text from accounts order by balance')
    .then((rows) => rows.map(({ balance }) => Number(balance)));
const inInbox = (kind: string) =>
  shop.sql<{ detail: unknown }>(`select detail from inbox where kind = '${kind}'`);

async function anonymise(): Promise<void> {
  const left = (await client()['members.previewRemoval']({ memberId: ong.memberId })).left;
  expect(left).toEqual([{ how: 'forfeited', unit: 'stamps', units: 7 }]);
  const asked = { memberId: ong.memberId, reason: 'asked for it', second: SECOND, left };
  await client()['members.anonymise']({ opId: shop.till.opId(), ...asked });
}

test('at the centre every balance of the person is zero, her data are gone, and the day is proven equal', async () => {
  await choose('paid_out');
  const block = { memberId: ong.memberId, action: 'block', reason: 'asked for it' } as const;
  await client()['members.setState']({ opId: shop.till.opId(), ...block });
  await shop.sync();
  await anonymise();
  const { businessDay } = await shop.close();
  await shop.sync();
  expect(await balances()).toEqual([0, 0]);
  const people = await shop.sql<{ text: string }>('select row_to_json(m)::text as text from members m');
  expect(people.map(({ text }) => /anonymised/.test(text))).toEqual([true, true]);
  for (const { text } of people) expect(text).not.toMatch(/Tan|Ong|91119999/);
  expect((await shop.look(businessDay)).proof).toMatchObject({ state: 'equal' });
  // Two people have looked at it: nobody has to look at what was booked on somebody who is blocked.
  expect(await inInbox('barred_member')).toEqual([]);
  // Both who stand behind it are in the log of decisions, beside the erasure itself.
  const { decisions } = await client()['log.list']({ businessDay: null });
  expect(decisions.map(({ action, secondName }) => `${action} ${secondName ?? ''}`).sort()).toEqual([
    ...['balance.forfeited Second', 'balance.forfeited Second', 'member.anonymised Second'],
  ]);
  const text = `select delta::int as delta from entries where "row"::text like '%balance.forfeited%' order by delta`;
  expect((await shop.sql<{ delta: number }>(text)).map(({ delta }) => delta)).toEqual([-4, -3]);
});

test('what another till booked meanwhile comes in behind it, and a manager is told', async () => {
  await choose('forfeited');
  await shop.sync();
  await anonymise();
  await shop.sync();
  other.stamp(ong, 2, { wallMs: shop.realMs });
  await other.sync();
  await shop.sync();
  expect(await balances()).toEqual([0, 2]);
  expect(await inInbox('barred_member')).toHaveLength(1);
});

test('a second person whom the centre does not let stand by it holds the booking with the erasure', async () => {
  await choose('forfeited');
  await shop.sync();
  // The till has not heard of it.
  await addSecond(shop.server.centre, 'cashier');
  await anonymise();
  await shop.sync();
  expect(await balances()).toEqual([3, 4]);
  const held = await shop.sql<{ kind: string }>(
    `select kind from ops where held_reason = 'not_allowed' order by tseq`,
  );
  expect(held.map(({ kind }) => kind)).toEqual(['balance.forfeited', 'balance.forfeited', 'member.state']);
});

/** Ong has 10.00 of credit, and this till has heard of it. @returns what it is spent with */
async function ongHasCredit() {
  const { businessDay: validFrom } = await client()['day.getFigures']({});
  const named = { cardTypeId: 'prepaid', kind: 'credit', name: 'Prepaid' };
  const type = CardType.parse({ ...named, version: 1, validFrom });
  const { opId } = shop.till;
  const [asked, giving] = [opId(), opId()];
  await client()['documents.save']({
    ...{ opId: asked, kind: 'card-type', id: 'prepaid', baseVersion: 0, body: type },
  });
  const draft = { lastName: 'Ong', isCreditAllowed: true };
  await client()['members.edit']({ opId: opId(), memberId: ong.memberId, draft });
  const issued = await client()['cards.issue']({
    ...{ opId: giving, memberId: ong.memberId, cardTypeId: type.cardTypeId, cardNumber: null },
  });
  const cardId = must(issued.cardId, 'it was issued');
  await client()['credit.topUp']({ opId: opId(), cardId, creditMinor: 1_000, receiptNo: '' });
  await shop.sync();
  const text = `select account_id::text as id from accounts where card_type_id = 'prepaid'`;
  const accountId = must((await shop.sql<{ id: string }>(text))[0], 'it is there').id as AccountId;
  return { memberId: ong.memberId, cardId, accountId, cardTypeVersion: 1 };
}

const paysOut = async () => {
  const { left } = await client()['members.previewRemoval']({ memberId: ong.memberId });
  const asked = { memberId: ong.memberId, reason: 'asked for it', second: SECOND, left };
  await client()['members.anonymise']({ opId: shop.till.opId(), ...asked });
};
const creditLeft = async () => {
  const text = `select balance::int as balance from accounts where card_type_id = 'prepaid'`;
  return (await shop.sql<{ balance: number }>(text)).map(({ balance }) => balance);
};

test('credit that was spent elsewhere is not paid out by an old copy, with the line down or up', async () => {
  const card = await ongHasCredit();
  await choose('paid_out');
  await shop.sync();
  other.make({ kind: 'credit.spent', ...card, creditMinor: 900, receiptNo: '' }, { wallMs: shop.realMs });
  await other.sync();
  await shop.lineDown();
  await expect(paysOut()).rejects.toMatchObject({ code: 'centre_unreachable' });
  await shop.lineUp();
  // The form said 10.00: she reads it again.
  await expect(paysOut()).rejects.toMatchObject({ code: 'action_not_offered' });
  expect(await client()['members.get']({ memberId: ong.memberId })).toMatchObject({ state: 'active' });
  await paysOut();
  await shop.sync();
  expect(await creditLeft()).toEqual([0]);
});

/** What the form shows may be of before: it is looked at again, as the refusal says. */
async function anonymiseAsShown(): Promise<void> {
  for (let tries = 0; tries < 2; tries += 1) {
    const { left } = await client()['members.previewRemoval']({ memberId: ong.memberId });
    const asked = { memberId: ong.memberId, reason: 'asked for it', second: SECOND, left };
    const done = await client()
      ['members.anonymise']({ opId: shop.till.opId(), ...asked })
      .then(() => true)
      .catch((cause: { code?: string }) => {
        if (cause.code !== 'action_not_offered') throw cause;
        return false;
      });
    if (done) return;
  }
  throw new Error('what was shown changed twice');
}
const turnMerge = (method: 'members.merge' | 'members.unmerge') =>
  client()[method]({ opId: shop.till.opId(), memberId: tanId, intoId: ong.memberId, reason: 'looked again' });

test('of whoever was split off a moment ago nothing goes: the centre hears of it first', async () => {
  await choose('forfeited');
  await shop.sync();
  await turnMerge('members.unmerge');
  await anonymiseAsShown();
  await shop.sync();
  expect(await balances()).toEqual([0, 3]);
  const living = await shop.sql<{ id: string }>(
    `select member_id::text as id from members where state = 'active'`,
  );
  expect(living.map(({ id }) => id)).toEqual([tanId]);
});

test('of whoever was joined a moment ago everything goes with her', async () => {
  await choose('forfeited');
  await turnMerge('members.unmerge');
  await shop.sync();
  await turnMerge('members.merge');
  await anonymiseAsShown();
  await shop.sync();
  expect(await balances()).toEqual([0, 0]);
});
