import { expect, test } from 'vitest';
import { contract } from '../../../../../electron/contract/index.ts';
import type { InboxItem } from '../../../../../electron/contract/inbox.ts';
import { nodeScrypt } from '../../../../../electron/core/crypto.ts';
import { findDocument, saveDocuments, type NewDocument } from '../../../../../crm/repos/documents.ts';
import { newId, type OpId, type StaffId } from '../../../../../sync/base/ids.ts';
import { hashPin } from '../../../../../sync/base/pin.ts';
import { must } from '../../../../../sync/base/must.ts';
import type { LiveShop } from '../../../../parts/live-shop.ts';
import { liveShopForEach } from '../../../../parts/live-shop-for-each.ts';
import { addSecond, anonymisedBy, SECOND } from '../../../../parts/second.ts';
import { CASHIER_PIN, MANAGER_PIN } from '../../../crm/pins.ts';
import { overHttp, TestTill, type CardRef } from '../../../crm/test-till.ts';

let shop: LiveShop;
let other: TestTill;
let tan: CardRef;

liveShopForEach(async (opened) => {
  shop = opened;
  await shop.sync();
  other = await TestTill.enrol(overHttp(shop.server.url));
  tan = other.makeMember({ mobile: '+6591110001', email: 'tan@example.com' });
  await other.sync();
  await shop.sync();
});

const client = () => shop.till.client;

/** Somebody of the lowest role, at the centre and here. */
async function addCashier(): Promise<void> {
  const pinHash = await hashPin(CASHIER_PIN, 'c2FsdA==', nodeScrypt);
  const staffId = 'staff-2' as StaffId;
  const body = {
    staffId,
    version: 1,
    login: 'cashier',
    name: 'Arun',
    role: 'cashier',
    pinHash,
    isGone: false,
  } as const;
  await shop.server.centre.database.transaction((tx) =>
    saveDocuments(tx, [{ kind: 'staff', id: staffId, body }]),
  );
  await shop.sync();
}
const list = async (state: 'open' | 'answered' = 'open') => {
  const view = await client()['inbox.list']({ state });
  expect(contract['inbox.list'].output.parse(view)).toEqual(view);
  return view;
};
const first = async (kind: InboxItem['kind'], state: 'open' | 'answered' = 'open') =>
  must(
    (await list(state)).items.find((item) => item.kind === kind),
    kind,
  );
type Answer = Parameters<ReturnType<typeof client>['inbox.answer']>[0]['answer'];
const say = (
  item: InboxItem,
  answer: Answer,
  besides: { pin?: string; reason?: string; second?: typeof SECOND } = {},
) => client()['inbox.answer']({ id: item.id, pin: MANAGER_PIN, reason: 'test', answer, ...besides });

/** The other till sends stamps of which there are none: nobody can read that. */
async function holdStamps(): Promise<void> {
  const body = { kind: 'stamp.added', ...tan, cardTypeVersion: 1, amountMinor: 250, receiptNo: 'R1' };
  other.make({ ...body, count: 0 } as never);
  await other.sync();
}

test('a held op comes with its reason and a form; corrected it counts, on the manager’s PIN', async () => {
  await holdStamps();
  const item = await first('held_op');
  expect(item).toMatchObject({
    detail: { reason: 'bad_body', opKind: 'stamp.added' },
    place: { name: 'Test till', storeName: 'First store', isOwn: false },
    answers: ['repair', 'dismiss'],
  });
  const held = await client()['inbox.getHeld']({ seq: item.seq });
  expect(held).toMatchObject({ opKind: 'stamp.added', actorName: 'Mei', person: { name: 'Tan Wei Ling' } });
  expect(held.fields.map(({ path, value, isWrong }) => [path, value, isWrong])).toEqual([
    ['count', 0, true],
    ['amountMinor', 250, false],
    ['receiptNo', 'R1', false],
  ]);
  const repair = (values: Record<string, string | number | null>): Answer => ({
    ...{ action: 'repair', seq: item.seq, values },
  });
  await expect(say(item, repair({ count: 'x' }))).rejects.toMatchObject({ code: 'bad_request' });
  await expect(say(item, repair({ memberId: 'x' }))).rejects.toMatchObject({ code: 'bad_request' });
  await expect(say(item, repair({ count: 3 }), { pin: '000000' })).rejects.toMatchObject({
    code: 'pin_wrong',
  });
  await say(item, repair({ count: '3', amountMinor: null }));
  expect((await list()).items.map(({ kind }) => kind)).not.toContain('held_op');
  await shop.sync();
  const { members } = await client()['members.lookup']({ text: '91110001' });
  expect(members[0]?.cards[0]?.balance.confirmed).toBe(3);
});

test('what shall never count needs a reason, which stays with it', async () => {
  await holdStamps();
  const item = await first('held_op');
  await expect(say(item, { action: 'dismiss' }, { reason: ' ' })).rejects.toMatchObject({
    code: 'bad_request',
  });
  await say(item, { action: 'dismiss' }, { reason: 'typed twice' });
  expect((await first('held_op', 'answered')).answered).toMatchObject({
    ...{ answer: 'dismiss', by: 'Mei', reason: 'typed twice' },
  });
});

test('a conflict shows both values, who and where; the other one comes back', async () => {
  const edit = (till: TestTill, email: string): void =>
    void till.make({ kind: 'member.changed', memberId: tan.memberId, fields: { email } });
  const third = await TestTill.enrol(overHttp(shop.server.url));
  edit(other, 'one@example.com');
  edit(third, 'two@example.com');
  await other.sync();
  await third.sync();
  const item = await first('field_conflict');
  const [kept, lost] = must(item.sides, 'a conflict has both');
  expect(new Set([kept.value, lost.value])).toEqual(new Set(['one@example.com', 'two@example.com']));
  expect([kept.actorName, kept.place.name, item.people[0]?.name]).toEqual([
    'Mei',
    'Test till',
    'Tan Wei Ling',
  ]);
  await say(item, { action: 'restore' });
  await shop.sync();
  const { fields } = await client()['members.get']({ memberId: tan.memberId });
  expect(fields.email).toBe(lost.value);
});

test('the close tells where to look; another manager answers, and who booked sees only that it is about her', async () => {
  await addCashier();
  await client()['session.signIn']({ login: 'cashier', pin: CASHIER_PIN });
  const ref = { ...tan, opId: newId<OpId>() };
  await client()['stamps.add']({ opId: ref.opId, cardId: ref.cardId, count: 9 });
  await client()['session.signIn']({ login: 'manager', pin: MANAGER_PIN });
  await client()['stamps.add']({ opId: newId<OpId>(), cardId: ref.cardId, count: 8 });
  await shop.sync();
  await client()['day.close']({ businessDay: null });
  await shop.sync();
  const watched = (await list()).items.filter(({ kind }) => kind === 'own_card');
  const of = (name: string) =>
    must(
      watched.find(({ actor }) => actor?.name === name),
      name,
    );
  expect(watched).toHaveLength(2);
  expect(of('Arun')).toMatchObject({
    ...{ answers: ['keep', 'pursue'], unit: 'stamps', people: [{ name: 'Tan Wei Ling' }] },
    detail: { reason: 'noSale', entries: 1, units: 9 },
  });
  expect(of('Mei')).toMatchObject({ answers: [], actor: { isYou: true } });
  expect(await client()['inbox.count']({})).toEqual({ open: (await list()).open });
  await expect(say(of('Arun'), { action: 'pursue' }, { reason: '' })).rejects.toMatchObject({
    code: 'bad_request',
  });
  await say(of('Arun'), { action: 'pursue' });
  expect((await first('own_card', 'answered')).answered).toMatchObject({ answer: 'pursue', reason: 'test' });
});

test('two with one number stand side by side, become one, and two again', async () => {
  const twin = other.makeMember({ lastName: 'Tan', firstName: 'W L', mobile: '+6591110001' });
  await other.sync();
  await shop.sync();
  const item = await first('shared_mobile');
  const cardCounts = Object.fromEntries(item.people.map(({ name, cards }) => [name, cards.length]));
  expect(cardCounts).toEqual({ 'Tan W L': 1, 'Tan Wei Ling': 1 });
  await say(item, { action: 'merge', intoId: tan.memberId });
  await shop.sync();
  const cardsOf = async (memberId: CardRef['memberId']) =>
    (await client()['members.get']({ memberId })).cards.length;
  expect(await cardsOf(twin.memberId)).toBe(2);
  const done = await first('shared_mobile', 'answered');
  expect(done.answers).toEqual(['unmerge']);
  await say(done, { action: 'unmerge' });
  await shop.sync();
  expect(await cardsOf(twin.memberId)).toBe(1);
});

test('without a line she sees what of this till is held, and that nothing can be decided', async () => {
  await shop.stamp(2);
  await shop.sync();
  await shop.sql(
    `update documents set body = jsonb_set(body, '{isGone}', 'true') where kind = 'staff' and id = 'staff-1'`,
  );
  await shop.till.client['members.setState']({
    ...{ opId: shop.till.opId(), memberId: tan.memberId, action: 'lock', reason: 'test' },
  });
  await shop.sync();
  await shop.lineDown();
  await shop.sync().catch(() => undefined);
  const view = await list();
  expect(view).toMatchObject({ line: 'down', items: [], open: 0 });
  expect(view.own.count).toBe(view.own.ops.length);
  expect(view.own.ops.map(({ kind, reason }) => [kind, reason])).toContainEqual([
    'member.state',
    'actor_unknown',
  ]);
  await expect(
    client()['inbox.answer']({ id: 'x', pin: MANAGER_PIN, answer: { action: 'keep' } }),
  ).rejects.toMatchObject({ code: 'centre_unreachable' });
});

test('only a manager has an inbox', async () => {
  await addCashier();
  await client()['session.signIn']({ login: 'cashier', pin: CASHIER_PIN });
  await expect(list()).rejects.toMatchObject({ code: 'not_allowed' });
  await expect(client()['inbox.getHeld']({ seq: 1 })).rejects.toMatchObject({ code: 'not_allowed' });
  await expect(say({ id: 'x' } as InboxItem, { action: 'keep' })).rejects.toMatchObject({
    code: 'not_allowed',
  });
  await client()['session.signOut']({});
  await expect(list()).rejects.toMatchObject({ code: 'signin_required' });
});

test('a manager joins and parts two profiles at the till, and anonymises one for good', async () => {
  const twin = other.makeMember({ lastName: 'Ong' });
  await other.sync();
  await shop.sync();
  const pair = { memberId: twin.memberId, intoId: tan.memberId, reason: 'same person' };
  const opId = shop.till.opId();
  const act = (name: 'members.merge' | 'members.unmerge', id = shop.till.opId()) =>
    client()[name]({ opId: id, ...pair });
  await expect(act('members.unmerge')).rejects.toMatchObject({ code: 'action_not_offered' });
  await act('members.merge', opId);
  await act('members.merge', opId);
  await shop.sync();
  expect((await client()['members.get']({ memberId: twin.memberId })).cards).toHaveLength(2);
  const merged = async () => {
    const reply = await client()['members.listMerged']({ memberId: tan.memberId });
    expect(contract['members.listMerged'].output.parse(reply)).toEqual(reply);
    return reply.people.map(({ memberId, cards }) => [memberId, cards.length]);
  };
  // Each stands with her own cards, though they are one person.
  expect(await merged()).toEqual([[twin.memberId, 1]]);
  await expect(act('members.merge')).rejects.toMatchObject({ code: 'action_not_offered' });
  await act('members.unmerge');
  await shop.sync();
  expect((await client()['members.get']({ memberId: twin.memberId })).cards).toHaveLength(1);
  expect(await merged()).toEqual([]);
  await addSecond(shop.server.centre);
  await shop.sync();
  const gone = { memberId: twin.memberId, reason: 'asked for it', second: SECOND };
  await client()['members.anonymise']({ opId: shop.till.opId(), ...gone });
  await shop.sync();
  const { name, state } = await client()['members.get']({ memberId: twin.memberId });
  expect([name, state]).toEqual(['', 'anonymised']);
  await expect(client()['members.anonymise']({ opId: shop.till.opId(), ...gone })).rejects.toMatchObject({
    code: 'action_not_offered',
  });
  await addCashier();
  await client()['session.signIn']({ login: 'cashier', pin: CASHIER_PIN });
  await expect(
    client()['members.anonymise']({ ...gone, memberId: tan.memberId, opId: shop.till.opId() }),
  ).rejects.toMatchObject({ code: 'not_allowed' });
  await expect(client()['members.listMerged']({ memberId: tan.memberId })).rejects.toMatchObject({
    code: 'not_allowed',
  });
  const mine = (await client()['members.listRecent']({})).at(-1);
  const others = { memberId: must(mine, 'one of this till').memberId, intoId: tan.memberId };
  await expect(
    client()['members.merge']({ opId: shop.till.opId(), ...others, reason: 'x' }),
  ).rejects.toMatchObject({ code: 'not_allowed' });
});

test('a merge with chosen values leaves one person with them, and nothing to decide at the centre', async () => {
  const twin = other.makeMember({ lastName: 'Ong', mobile: '+6591119999' });
  await other.sync();
  await shop.sync();
  await client()['members.merge']({
    ...{ opId: shop.till.opId(), memberId: twin.memberId, intoId: tan.memberId, reason: 'new phone' },
    keeps: { opId: shop.till.opId(), draft: { mobile: '+6591119999' } },
  });
  await shop.sync();
  const shared = async () => (await list()).items.filter(({ kind }) => kind === 'shared_mobile');
  const { memberId, fields, cards } = await client()['members.get']({ memberId: twin.memberId });
  expect([memberId, fields.mobile, cards.length]).toEqual([tan.memberId, '+6591119999', 2]);
  expect(await shared()).toEqual([]);
});

const asApp = (code: string, message = '') => ({ code, message: expect.stringContaining(message) });

test('what takes two people is applied by another than its maker: she is not offered it, and told why at another till', async () => {
  await addSecond(shop.server.centre);
  await shop.sync();
  // At the centre she stands by nobody any more; the till has not heard of it.
  await addSecond(shop.server.centre, 'cashier');
  const gone = { memberId: tan.memberId, reason: 'asked for it', second: SECOND };
  await client()['members.anonymise']({ opId: shop.till.opId(), ...gone });
  await shop.sync();
  const own = await first('held_op');
  expect([own.detail, own.answers]).toEqual([
    expect.objectContaining({ reason: 'not_allowed' }),
    ['dismiss'],
  ]);
  await expect(say(own, { action: 'apply' })).rejects.toMatchObject(
    asApp('second_person', 'another manager'),
  );
  await say(own, { action: 'dismiss' });
  other.make(anonymisedBy(tan.memberId));
  await other.sync();
  const elsewhere = await first('held_op');
  expect(elsewhere.answers).toEqual(['apply', 'dismiss']);
  await expect(say(elsewhere, { action: 'apply' })).rejects.toMatchObject(asApp('second_person'));
});

test('of two PINs it is said whose the centre refused', async () => {
  await addSecond(shop.server.centre);
  const detail = JSON.stringify({ kind: 'inactive_member', months: 24, lastAtMs: Date.now() });
  await shop.server.centre.database.sql.query(
    `insert into inbox (id, topic, kind, member_id, till_id, seq, at_ms, detail, state)
     values ('proposed', 'proposed', 'inactive_member', $1, 'centre', 1, 1, $2, 'open')`,
    [tan.memberId, detail],
  );
  const item = await first('inactive_member');
  const anonymise = (besides: Parameters<typeof say>[2]) => say(item, { action: 'anonymise' }, besides);
  const wrong = { ...SECOND, pin: '111111' };
  await expect(anonymise({ second: wrong })).rejects.toMatchObject(
    asApp('second_person', `"${SECOND.login}"`),
  );
  await expect(anonymise({ pin: '111111', second: SECOND })).rejects.toMatchObject(asApp('pin_wrong'));
  await addSecond(shop.server.centre, 'cashier');
  await expect(anonymise({ second: SECOND })).rejects.toMatchObject(asApp('second_person', 'supervisor'));
  await expect(anonymise({ second: { login: 'manager', pin: MANAGER_PIN } })).rejects.toMatchObject(
    asApp('second_person', 'somebody else'),
  );
  await addSecond(shop.server.centre);
  await anonymise({ second: SECOND });
});

/** Saves one here over a version after which the centre got another. @returns What the inbox says of it. */
async function saveLate(kind: 'staff' | 'store'): Promise<InboxItem> {
  const [known] = await client()['documents.list']({ kind });
  const { id, body: before } = must(known, kind);
  const { version } = before;
  await client()['documents.save']({ opId: shop.till.opId(), kind, id, baseVersion: version, body: before });
  await shop.server.centre.database.transaction(async (tx) => {
    const now = must(await findDocument(tx, kind, id), 'the centre has it');
    // Cast: the same one, only later.
    const later = { kind, id, body: { ...now, version: version + 1 } } as NewDocument;
    await saveDocuments(tx, [later]);
  });
  await shop.sync();
  return first('held_op');
}

test('a version that another was saved over may be applied, and that of a person only be dismissed', async () => {
  expect((await saveLate('store')).answers).toEqual(['apply', 'dismiss']);
  await say(await first('held_op'), { action: 'apply' });
  expect((await saveLate('staff')).answers).toEqual(['dismiss']);
});

test('of a version of a person that another was saved over she is told that, and not to check a code', async () => {
  const item = await saveLate('staff');
  expect(item.detail).toMatchObject({ reason: 'document_changed', opKind: 'document.saved' });
  await expect(say(item, { action: 'apply' })).rejects.toMatchObject(asApp('document_changed', 'Dismiss'));
});
