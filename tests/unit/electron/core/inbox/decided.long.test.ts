import { expect, test } from 'vitest';
import { proposeInactive } from '../../../../../crm/inbox/inactive.ts';
import { findChain, findDocument, saveDocuments } from '../../../../../crm/repos/documents.ts';
import type { InboxItem } from '../../../../../electron/contract/inbox.ts';
import { WHOLE_CHAIN, type CardTypeId } from '../../../../../sync/base/ids.ts';
import { must } from '../../../../../sync/base/must.ts';
import { CardType, documentSum } from '../../../../../sync/model/chain.ts';
import type { LiveShop } from '../../../../parts/live-shop.ts';
import { liveShopForEach } from '../../../../parts/live-shop-for-each.ts';
import { addSecond, anonymisedBy, SECOND } from '../../../../parts/second.ts';
import { MANAGER_PIN } from '../../../crm/pins.ts';
import { overHttp, TestTill, type CardRef } from '../../../crm/test-till.ts';

let shop: LiveShop;
let other: TestTill;
let tan: CardRef;

liveShopForEach(async (opened) => {
  shop = opened;
  other = await TestTill.enrol(overHttp(shop.server.url));
  tan = other.makeMember();
  await other.sync();
  await addSecond(shop.server.centre, 'manager');
  await shop.sync();
});

const client = () => shop.till.client;
const held = async (): Promise<InboxItem> => {
  const { items } = await client()['inbox.list']({});
  return must(
    items.find(({ kind }) => kind === 'held_op'),
    'an op is held',
  );
};

/** Saved at the other till over what the centre had then. */
async function saveElsewhere(kind: 'staff' | 'store', id: string): Promise<void> {
  const now = must(await findDocument(shop.server.centre.database.sql, kind, id), 'the centre has it');
  const named = { memberId: WHOLE_CHAIN, docKind: kind, id };
  for (const name of ['First', 'Late'])
    other.make({
      ...{ kind: 'document.saved', ...named, baseVersion: now.version, baseSum: documentSum(now) },
      body: { ...now, name, version: now.version + 1 },
    });
  await other.sync();
}
async function hopelessNow(): Promise<string | null> {
  const { seq } = await held();
  return (await client()['inbox.getHeld']({ seq })).hopeless;
}
const drop = async (): Promise<void> => {
  const { id } = await held();
  await client()['inbox.answer']({ id, pin: MANAGER_PIN, reason: 'test', answer: { action: 'dismiss' } });
};

test('of what another till made it is known too which of it nobody’s word, or not hers, makes count', async () => {
  const told: (string | null)[] = [];
  const { sql } = shop.server.centre.database;
  const second = must(await findDocument(sql, 'staff', 'staff-second'), 'she works here');
  const named = { memberId: WHOLE_CHAIN, docKind: 'staff', id: 'staff-second' };
  const next = { kind: 'document.saved', ...named, baseVersion: 8, baseSum: documentSum(second) };
  const ahead = { ...next, body: { ...second, version: 9 } };
  other.make(ahead);
  await other.sync();
  // Made over a version that this till has not heard of: it does not say that this one comes too late.
  told.push(await hopelessNow());
  await drop();
  await saveElsewhere('staff', 'staff-second');
  await shop.sync();
  told.push(await hopelessNow());
  await drop();
  const { enrolment } = await client()['till.get']({});
  await saveElsewhere('store', must(enrolment, 'it is enrolled').storeId);
  await shop.sync();
  told.push(await hopelessNow());
  await drop();
  // Its second is a cashier by now, so it is held; the manager of this till made it at the other one.
  await addSecond(shop.server.centre, 'cashier');
  other.make(anonymisedBy(tan.memberId));
  await other.sync();
  told.push(await hopelessNow());
  expect(told).toEqual([null, 'late_person', null, 'own_act']);
});

test('a merge into somebody who was anonymised is only dropped, whichever till made it', async () => {
  await addSecond(shop.server.centre, 'manager');
  const [gone, lee] = [other.makeMember({ lastName: 'Ng' }), other.makeMember({ lastName: 'Lee' })];
  await other.sync();
  await shop.sync();
  const merge = { opId: shop.till.opId(), memberId: tan.memberId, intoId: gone.memberId, reason: 'one' };
  await shop.lineDown();
  await client()['members.merge'](merge);
  await shop.lineUp();
  other.post = overHttp(shop.server.url);
  other.make(anonymisedBy(gone.memberId));
  other.make({ kind: 'member.merged', memberId: lee.memberId, intoId: gone.memberId, reason: '' });
  await other.sync();
  await shop.sync();
  await shop.sync();
  const { items } = await client()['inbox.list']({});
  const views = items.filter(({ kind }) => kind === 'held_op');
  const hopeless = views.map(async ({ seq }) => (await client()['inbox.getHeld']({ seq })).hopeless);
  expect(await Promise.all(hopeless)).toEqual(['into_anonymised', 'into_anonymised']);
  const own = views.find(({ place }) => place.isOwn);
  expect(own?.answers).toEqual(['dismiss']);
  const { id } = must(own, 'its own');
  await client()['inbox.answer']({ id, pin: MANAGER_PIN, reason: 'x', answer: { action: 'dismiss' } });
});

test('who answers second is told so, whatever she says, and reads what was decided and by whom', async () => {
  other.make({ kind: 'stamp.added', memberId: tan.memberId });
  await other.sync();
  const { id } = await held();
  const sent = { ...SECOND, reason: 'typed twice', answer: { action: 'dismiss' } };
  expect(await other.sendTo(`/v1/inbox/${id}/answer`, sent)).toMatchObject({ status: 200 });
  const say = (action: 'dismiss' | 'apply') =>
    client()['inbox.answer']({ id, pin: MANAGER_PIN, reason: 'mine', answer: { action } });
  for (const action of ['apply', 'dismiss'] as const)
    await expect(say(action)).rejects.toMatchObject({ code: 'answered_already' });
  const { items } = await client()['inbox.list']({ state: 'answered', id });
  expect(items.map((item) => [item.id, item.answered])).toEqual([
    [id, { answer: 'dismiss', by: 'Second', reason: 'typed twice', atMs: expect.any(Number) }],
  ]);
  // Her own answer once more is a repeat whose reply got lost.
  expect(await other.sendTo(`/v1/inbox/${id}/answer`, sent)).toMatchObject({ status: 200 });
});

test('whoever has credit to be paid out is not erased from the inbox, and a till is told why', async () => {
  const { centre } = shop.server;
  const chain = must(await findChain(centre.database.sql), 'it is set up');
  const rules = { inactiveMonths: 24, leftBalance: 'paid_out' as const };
  const type = CardType.parse({ cardTypeId: 'prepaid', kind: 'credit', version: 1, name: 'Prepaid' });
  await centre.database.transaction((tx) =>
    saveDocuments(tx, [
      { kind: 'chain', id: 'chain', body: { ...chain, ...rules, version: chain.version + 1 } },
      { kind: 'card-type', id: 'prepaid', body: type },
    ]),
  );
  const wallMs = centre.clock.nowMs() - 900 * 86_400_000;
  const long = { wallMs, hlc: `${wallMs.toString(16).padStart(12, '0')}0000` };
  other.cardTypeId = 'prepaid' as CardTypeId;
  const silent = other.makeMember();
  Object.assign(must(other.ops.at(-1), 'just made'), long);
  const paid = { kind: 'credit.toppedUp', ...silent, cardTypeVersion: 1, creditMinor: 500, receiptNo: '' };
  other.make(paid, long);
  await other.sync();
  await proposeInactive(centre);
  await shop.sync();
  const { items } = await client()['inbox.list']({});
  const { id } = must(
    items.find(({ kind }) => kind === 'inactive_member'),
    'she is proposed',
  );
  const answer = { action: 'anonymise' } as const;
  await expect(
    client()['inbox.answer']({ id, pin: MANAGER_PIN, reason: 'gone', second: SECOND, answer }),
  ).rejects.toMatchObject({ code: 'credit_left' });
  const { state } = await client()['members.get']({ memberId: silent.memberId });
  expect(state).toBe('active');
});
