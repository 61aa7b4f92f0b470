import { expect, test } from 'vitest';
import { verifyCentre } from '../../../crm/routes/health.ts';
import { newId, type CardId, type StaffId } from '../../../sync/base/ids.ts';
import { ExchangeReply } from '../../../sync/protocol/exchange.ts';
import { centreForAll } from './centre-for-all.ts';
import { codeOf, TestTill } from './test-till.ts';

const open = centreForAll();
const { post } = open;

const seqNow = async (): Promise<number> => (await verifyCentre(open.centre)).seq;

test('an op is numbered, applied and sent back with its rows', async () => {
  const till = await TestTill.enrol(post);
  const ref = till.makeMember({ mobile: '+6591234567' });
  till.stamp(ref, 3);
  const replies = await till.sync();
  const rows = replies.flatMap((reply) => reply.rows.accounts);
  expect(rows.find((row) => row.accountId === ref.accountId)).toMatchObject({ balance: 3, entryCount: 1 });
  expect(replies[0]?.acks).toEqual([{ firstTseq: 1, count: 2, firstSeq: expect.any(Number) as number }]);
  expect(replies.flatMap((reply) => reply.rows.entries)).toHaveLength(1);
  expect(replies.flatMap((reply) => reply.rows.documents.map((row) => row.kind))).toContain('chain');
});

test('a repeated exchange applies nothing twice and gives the same acks', async () => {
  const till = await TestTill.enrol(post);
  till.stamp(till.makeMember(), 2);
  const request = till.request();
  const first = ExchangeReply.parse((await till.send(request)).body);
  const before = await verifyCentre(open.centre);
  const again = ExchangeReply.parse((await till.send(request)).body);
  expect(again.acks).toEqual(first.acks);
  expect(await verifyCentre(open.centre)).toEqual(before);
});

test('the same push many times at once applies once', async () => {
  const till = await TestTill.enrol(post);
  const ref = till.makeMember();
  for (let count = 0; count < 20; count += 1) till.stamp(ref);
  const request = till.request();
  const before = await seqNow();
  const replies = await Promise.all(Array.from({ length: 12 }, () => till.send(request)));
  expect(new Set(replies.map((reply) => JSON.stringify(ExchangeReply.parse(reply.body).acks))).size).toBe(1);
  expect(await seqNow()).toBe(before + 21);
});

test('a push that overlaps what is known brings only the rest', async () => {
  const till = await TestTill.enrol(post);
  const ref = till.makeMember();
  await till.send();
  till.stamp(ref);
  const before = await seqNow();
  const reply = await till.exchange();
  expect(reply.hiTseq).toBe(2);
  expect(await seqNow()).toBe(before + 1);
});

test('a batch with a hole comes to another hash, and nothing of it is applied', async () => {
  const till = await TestTill.enrol(post);
  const ref = till.makeMember();
  till.stamp(ref);
  till.stamp(ref);
  const before = await seqNow();
  const holed = await till.send(till.request({ ops: till.ops.filter((op) => op.tseq !== 2) }));
  const late = await till.send(till.request({ ops: till.ops.slice(1) }));
  expect([holed.status, codeOf(holed), late.status, codeOf(late)]).toEqual([
    ...[400, 'bad_request', 400, 'bad_request'],
  ]);
  expect(await seqNow()).toBe(before);
  expect((await till.exchange()).hiTseq).toBe(3);
});

test('a till that knows more than the centre is told so and keeps its work', async () => {
  const till = await TestTill.enrol(post);
  till.makeMember();
  const ahead = await till.send(till.request({ ackedTseq: 1, ackedHash: till.hashAt(1), ops: [] }));
  expect(codeOf(ahead)).toBe('tseq_gap');
});

test('another body under a known tseq quarantines the till', async () => {
  const till = await TestTill.enrol(post);
  const ref = till.makeMember();
  till.stamp(ref, 1);
  await till.send();
  const clone = till.clone(1);
  clone.stamp(ref, 5);
  clone.stamp(ref, 6);
  const before = await seqNow();
  expect(codeOf(await clone.send())).toBe('till_forked');
  expect(await seqNow()).toBe(before);
  expect(codeOf(await till.send(till.request({ ops: [] })))).toBe('till_forked');
});

test('another last acknowledged op than ours is a fork, also in an exchange without ops', async () => {
  const till = await TestTill.enrol(post);
  till.makeMember();
  await till.exchange();
  expect(codeOf(await till.send(till.request({ ackedHash: 'a'.repeat(32) })))).toBe('till_forked');
});

test('one bad op is numbered and held; the ops around it are applied', async () => {
  const till = await TestTill.enrol(post);
  const ref = till.makeMember();
  till.make({ kind: 'stamp.added' });
  till.make({ kind: 'from.the.future' });
  till.stamp({ ...ref, accountId: '01900000-0000-7000-8000-000000000000' as typeof ref.accountId });
  till.stamp(ref, 4);
  const replies = await till.sync();
  expect(replies[0]?.held).toEqual([
    { tseq: 2, reason: 'bad_body' },
    { tseq: 3, reason: 'bad_body' },
    { tseq: 4, reason: 'unknown_target' },
  ]);
  expect(replies[0]?.acks).toEqual([{ firstTseq: 1, count: 5, firstSeq: expect.any(Number) as number }]);
  const accounts = replies.flatMap((reply) => reply.rows.accounts);
  expect(accounts.find((row) => row.accountId === ref.accountId)?.balance).toBe(4);
});

test('text that the database can not keep is held, not an error', async () => {
  const till = await TestTill.enrol(post);
  till.makeMember({ notes: 'zero \0 sign' });
  till.makeMember({ notes: 'half \ud800 pair' });
  expect((await till.exchange()).held.map((held) => held.reason)).toEqual(['bad_body', 'bad_body']);
});

test('an op id that another till used is held', async () => {
  const [one, two] = [await TestTill.enrol(post), await TestTill.enrol(post)];
  const ref = one.makeMember();
  const stamp = one.stamp(ref);
  await one.exchange();
  two.stamp(ref, 1, { opId: stamp.opId });
  expect((await two.exchange()).held).toEqual([{ tseq: 1, reason: 'op_id_repeated' }]);
});

test('a till is not believed about its people nor about other stores', async () => {
  const till = await TestTill.enrol(post);
  const ref = till.makeMember();
  const cashier = { actorId: 'staff-2' as StaffId };
  const { memberId } = ref;
  till.make({ kind: 'member.state', memberId, state: 'blocked', epoch: 0, reason: '' }, cashier);
  till.stamp(ref, 1, { actorId: 'nobody' as StaffId });
  till.storeId = 'store-2';
  till.stamp(ref);
  expect((await till.exchange()).held).toEqual([
    { tseq: 2, reason: 'not_allowed' },
    { tseq: 3, reason: 'actor_unknown' },
    { tseq: 4, reason: 'not_allowed' },
  ]);
});

test('no rows go to a till that would not yet know the fate of all its ops', async () => {
  const till = await TestTill.enrol(post);
  const ref = till.makeMember();
  for (let count = 0; count < 749; count += 1) till.stamp(ref);
  await till.send(till.request());
  await till.send(till.request({ ackedTseq: 500, ackedHash: till.hashAt(500), ops: till.ops.slice(500) }));
  const first = await till.exchange();
  expect(first.rows.accounts.length + first.rows.members.length).toBe(0);
  expect([first.hiTseq, till.ackedTseq, first.hasMore, first.cursor]).toEqual([750, 500, true, 0]);
  const rest = await till.sync();
  expect(
    rest.flatMap((reply) => reply.rows.accounts).find((row) => row.accountId === ref.accountId)?.balance,
  ).toBe(749);
});

test('a copy of the whole feed comes in bounded pages, whole ops each, equal to the centre', async () => {
  const till = await TestTill.enrol(post);
  for (let count = 0; count < 450; count += 1) till.makeMember();
  await till.sync();
  const reader = await TestTill.enrol(post);
  const replies = await reader.sync();
  const members = new Set(replies.flatMap((reply) => reply.rows.members.map((row) => row.memberId)));
  expect(members.size).toBe((await verifyCentre(open.centre)).members);
  const foreign = replies.flatMap((reply) => reply.rows.entries).filter((row) => row.storeId !== 'store-1');
  expect(foreign).toEqual([]);
});

test('entries go only to tills of their own store', async () => {
  const [here, there] = [await TestTill.enrol(post, 'store-1'), await TestTill.enrol(post, 'store-2')];
  const ref = here.makeMember();
  const stamp = here.stamp(ref);
  await here.sync();
  const replies = await there.sync();
  expect(replies.flatMap((reply) => reply.rows.entries).some((row) => row.opId === stamp.opId)).toBe(false);
  expect(replies.flatMap((reply) => reply.rows.accounts).some((row) => row.accountId === ref.accountId)).toBe(
    true,
  );
});

test('another epoch is refused before anything is applied', async () => {
  const till = await TestTill.enrol(post);
  till.makeMember();
  const before = await seqNow();
  expect(codeOf(await till.send(till.request({ epoch: 'elsewhere' })))).toBe('epoch_changed');
  expect(codeOf(await till.send(till.request({ cursor: before + 1_000 })))).toBe('epoch_changed');
  expect(await seqNow()).toBe(before);
});

test('what happened is accepted and flagged: overdrawn, shared mobile, clock ahead', async () => {
  const till = await TestTill.enrol(post);
  const ref = till.makeMember({ mobile: '+6598887777' });
  till.makeMember({ mobile: '+6598887777' });
  till.make({ kind: 'reward.redeemed', ...ref, cardTypeVersion: 1, rewardId: 'full-round', cost: 10 });
  till.stamp(ref, 1, { hlc: 'ffffffffffff0000' });
  const reply = await till.exchange();
  const flags = await open.centre.database.sql.query(
    'select flag from flags where seq > $1 order by seq, flag',
    [(reply.acks[0]?.firstSeq ?? 0) - 1],
  );
  expect(reply.held).toEqual([]);
  expect(flags.rows.map((row) => (row as { flag: string }).flag)).toEqual([
    'shared_mobile',
    'overdrawn',
    'clock_ahead',
    'overdrawn',
  ]);
});

test('a token speaks only for its own till', async () => {
  const [one, two] = [await TestTill.enrol(post), await TestTill.enrol(post)];
  one.makeMember();
  const foreign = await post('/v1/exchange', one.request(), {
    token: two.enrolled.token,
    secretKey: two.secretKey,
  });
  const unknown = await post('/v1/exchange', one.request(), {
    token: 'f'.repeat(64),
    secretKey: one.secretKey,
  });
  const none = await post('/v1/exchange', one.request());
  expect([foreign.status, unknown.status, none.status]).toEqual([401, 401, 401]);
});

test('another protocol version is told so first', async () => {
  const till = await TestTill.enrol(post);
  expect(codeOf(await till.send({ protocol: 99, shape: 'unknown' }))).toBe('protocol_unsupported');
});

test('edits of a till whose clock is ahead count in their order, though all are clamped', async () => {
  const till = await TestTill.enrol(post);
  const { memberId } = till.makeMember();
  ['Ann', 'Bea', 'Cat'].forEach((firstName, at) =>
    till.make({ kind: 'member.changed', memberId, fields: { firstName } }, { hlc: `fffffffffff0000${at}` }),
  );
  const consent = {
    kind: 'consent.recorded',
    memberId,
    purpose: 'marketing',
    policyVersion: '1',
    channel: 'counter',
  } as const;
  till.make({ ...consent, isGranted: false }, { hlc: 'fffffffffff00004' });
  till.make({ ...consent, isGranted: true }, { hlc: 'fffffffffff00005' });
  const rows = (await till.sync()).flatMap((reply) => reply.rows.members);
  expect(rows.find((row) => row.memberId === memberId)).toMatchObject({
    firstName: 'Cat',
    hasMarketingConsent: true,
  });
});

test('an op that names a known card or account for another one is held, and nobody else is stopped by it (N9)', async () => {
  const till = await TestTill.enrol(post);
  const [one, two] = [till.makeMember(), till.makeMember()];
  const stolenCard = { ...till.newCard(two), cardId: one.cardId };
  const stolenAccount = { ...till.newCard(two), cardId: newId<CardId>(), accountId: one.accountId };
  till.make({ kind: 'card.issued', memberId: two.memberId, ...stolenCard });
  till.make({ kind: 'card.issued', memberId: two.memberId, ...stolenAccount });
  till.make({ kind: 'card.issued', memberId: two.memberId, ...till.newCard(two), openingUnits: 2 ** 53 - 1 });
  till.stamp(one);
  const [reply] = await till.sync();
  expect(reply?.held.map(({ tseq, reason }) => [tseq, reason])).toEqual([
    [3, 'bad_body'],
    [4, 'bad_body'],
    [5, 'bad_body'],
  ]);
  expect((await verifyCentre(open.centre)).problems).toEqual([]);
});

test('members with every field full, in signs of three bytes, fit into one exchange as a till cuts it', async () => {
  const till = await TestTill.enrol(post);
  const long = (count: number): string => '木'.repeat(count);
  const text = { lastName: long(80), firstName: long(80), notes: long(1000), street1: long(120) };
  const more = { street2: long(120), city: long(80), region: long(80), country: long(60), tier: long(40) };
  for (let count = 0; count < 60; count += 1) till.makeMember({ ...text, ...more, lookupId: long(40) });
  const reply = await till.send();
  expect(reply.status).toBe(200);
});
