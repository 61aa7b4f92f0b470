import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { nodeCrypto } from '../../../../crm/node-crypto.ts';
import { AUDIT_START, auditHash } from '../../../../crm/repos/audit-log.ts';
import { forgetOldItems } from '../../../../crm/inbox/keeping.ts';
import { ErasureStatus } from '../../../../sync/protocol/erasures.ts';
import { AuditView, InboxReply, type InboxAnswer } from '../../../../sync/protocol/inbox.ts';
import { addSecond, anonymisedBy } from '../../../parts/second.ts';
import { centreForAll } from '../centre-for-all.ts';
import { MANAGER_PIN } from '../test-centre.ts';
import { readHeaders, TestTill, type Post } from '../test-till.ts';

const open = centreForAll();
const { post } = open;
let till: TestTill;

beforeAll(async () => {
  till = await TestTill.enrol(post);
});

async function get(path: string, token = till.enrolled.token): Promise<{ status: number; body: unknown }> {
  const reply = await open.app.inject({
    method: 'GET',
    url: path,
    headers: readHeaders(token),
  });
  return { status: reply.statusCode, body: JSON.parse(reply.body) as unknown };
}

const inbox = async (state = 'open') =>
  InboxReply.parse((await get(`/v1/inbox?actorId=staff-1&state=${state}`)).body);

const say = (id: string, answer: InboxAnswer, who: object = {}): ReturnType<Post> =>
  post(
    `/v1/inbox/${id}/answer`,
    { login: 'manager', pin: MANAGER_PIN, reason: '', answer, ...who },
    { token: till.enrolled.token, secretKey: till.secretKey },
  );

test('a held op goes from the list through the form of a repair back to its till', async () => {
  const ref = till.makeMember();
  till.make({ kind: 'stamp.added', memberId: ref.memberId });
  const [first] = await till.sync();
  expect(first?.held).toEqual([{ tseq: 2, reason: 'bad_body' }]);
  const [item] = (await inbox()).items;
  const held = await get(`/v1/held/${item?.seq}?actorId=staff-1`);
  expect(held).toMatchObject({ status: 200, body: { op: { kind: 'stamp.added' }, reason: 'bad_body' } });
  const body = {
    kind: 'stamp.added',
    ...ref,
    cardTypeVersion: 1,
    amountMinor: null,
    receiptNo: '',
    count: 3,
  };
  const answered = await say(item?.id ?? '', { action: 'repair', body });
  expect(answered).toEqual({ status: 200, body: { ok: true } });
  const [next] = await till.sync();
  expect(next?.releases).toEqual([{ incarnation: 1, tseq: 2, seq: next?.headSeq }]);
  expect(next?.rows.accounts.find((row) => row.accountId === ref.accountId)?.balance).toBe(3);
  const [again] = await till.sync();
  expect(again?.releases).toEqual([]);
  expect((await inbox()).open).toBe(0);
  expect((await inbox('answered')).items).toMatchObject([{ answer: 'repair', answeredBy: 'staff-1' }]);
});

test('only a manager reads, and only with her PIN she answers; each answer leaves a line', async () => {
  till.make({ kind: 'stamp.added' });
  await till.sync();
  const [item] = (await inbox()).items;
  const id = item?.id ?? '';
  const statuses = [
    await get('/v1/inbox?actorId=staff-2'),
    await get('/v1/inbox?actorId=nobody'),
    await get('/v1/inbox?actorId=staff-1', 'f'.repeat(64)),
    await get('/v1/inbox'),
    await get(`/v1/held/${item?.seq}?actorId=staff-2`),
    await get('/v1/held/x?actorId=staff-1'),
    await get('/v1/held/99999?actorId=staff-1'),
    await get('/v1/erasures?actorId=staff-2'),
    await get('/v1/members/nobody/consents'),
    await say(id, { action: 'dismiss' }, { pin: '000000' }),
    await say(id, { action: 'dismiss' }, { login: 'cashier', pin: '480617' }),
    await say('none', { action: 'dismiss' }),
    await say(id, { action: 'restore' }),
    await say(id, { action: 'burn' } as never),
    await post(`/v1/inbox/${id}/answer`, {}, till.enrolled.token),
  ].map(({ status }) => status);
  expect(statuses).toEqual([403, 403, 401, 400, 403, 400, 404, 403, 400, 401, 403, 404, 400, 400, 401]);
  expect((await say(id, { action: 'dismiss' })).status).toBe(200);
  expect((await say(id, { action: 'dismiss' })).status).toBe(200);
  const log = z.object({ lines: z.array(AuditView) });
  const { lines } = log.parse((await get('/v1/audit?actorId=staff-1')).body);
  expect(lines.map(({ action, objectId }) => [action, objectId]).at(-1)).toEqual(['inbox.dismiss', id]);
  expect(lines.filter(({ objectId }) => objectId === id)).toHaveLength(1);
  let prev = AUDIT_START;
  for (const line of lines) {
    expect([line.prev, line.hash]).toEqual([prev, auditHash(line, nodeCrypto)]);
    prev = line.hash;
  }
});

test('who is anonymised is told to every till, whatever its cursor, until it says that they are gone', async () => {
  const ref = till.makeMember({ lastName: 'Quetzalcoatl' });
  const { memberId } = ref;
  await addSecond(open.centre);
  till.make(anonymisedBy(memberId));
  const [reply] = await till.sync();
  expect(reply?.erasures).toEqual({ memberIds: [memberId], upTo: 1 });
  expect((await till.exchange({ purgedErasure: 1 })).erasures).toBeNull();
  const away = await TestTill.enrol(post);
  expect((await away.exchange()).erasures?.memberIds).toEqual([memberId]);
  const listed = z
    .object({ erasures: z.array(ErasureStatus) })
    .parse((await get('/v1/erasures?actorId=staff-1')).body);
  expect(listed.erasures).toMatchObject([{ erasureNo: 1, memberId, tills: 2, confirmed: 1 }]);
  const words = await get(`/v1/members/${memberId}/consents`);
  expect(words.body).toMatchObject({ consents: [{ channel: 'enrolment', isGranted: false }] });
});

test('answered items go after their time, open ones never', async () => {
  till.make({ kind: 'stamp.added' });
  await till.sync();
  const far = Date.now() + 3 * 365 * 86_400_000;
  const openCount = (await inbox()).open;
  expect(await forgetOldItems(open.centre.database, Date.now())).toBe(0);
  expect(await forgetOldItems(open.centre.database, far)).toBeGreaterThan(0);
  expect([(await inbox()).open, (await inbox('answered')).items]).toEqual([openCount, []]);
});

test('signs that no database keeps are refused, wherever they stand', async () => {
  const statuses = [
    await get('/v1/inbox?actorId=staff%00'),
    await get('/v1/inbox?actorId=staff-1&after=%00'),
    await get('/v1/held/1?actorId=%00'),
    await get('/v1/audit?actorId=%00'),
    await get('/v1/erasures?actorId=%00'),
    await say('%00', { action: 'dismiss' }),
    await say('none', { action: 'dismiss' }, { login: 'a\u0000' }),
    await say('none', { action: 'dismiss' }, { reason: '\ud800' }),
  ].map(({ status }) => status);
  expect(statuses).toEqual(statuses.map(() => 400));
});

/** A till whose newest op went to the centre beside its chain, as out of a file that was given up. */
async function straying(): Promise<{ lone: TestTill; item: string; balance: () => Promise<number> }> {
  const lone = await TestTill.enrol(post);
  const ref = lone.makeMember();
  await lone.sync();
  const from = { incarnation: 1, tseq: lone.ackedTseq, hash: lone.hashAt(lone.ackedTseq) };
  const batch = lone.pack([lone.stamp(ref, 5)]);
  const { tillId } = lone.enrolled;
  const sent = await lone.sendTo('/v1/strays', { protocol: 1, tillId, incarnation: 1, from, batch });
  expect(sent).toEqual({ status: 200, body: { known: 0, kept: 1 } });
  const found = (await inbox()).items.find((each) => each.kind === 'till_forked' && each.tillId === tillId);
  const balance = async (): Promise<number> => {
    const { rows } = await open.centre.database.sql.query(
      'select balance from accounts where account_id = $1',
      [ref.accountId],
    );
    return (rows[0] as { balance: number }).balance;
  };
  return { lone, item: found?.id ?? '', balance };
}

test('what waits beside the feed is booked, or discarded for good, over the line and with the words kept', async () => {
  const booked = await straying();
  expect(await say(booked.item, { action: 'dismiss' })).toMatchObject({ status: 400 });
  expect(await say(booked.item, { action: 'book' })).toMatchObject({ status: 200 });
  expect(await booked.balance()).toBe(5);
  const dropped = await straying();
  const said = { action: 'discard' } as const;
  expect(await say(dropped.item, said, { reason: 'made twice' })).toMatchObject({ status: 200 });
  expect(await say(dropped.item, said, { reason: 'made twice' })).toMatchObject({ status: 200 });
  expect(await dropped.balance()).toBe(0);
  const answered = (await inbox('answered')).items.find(({ id }) => id === dropped.item);
  expect(answered).toMatchObject({ answer: 'discard', reason: 'made twice', answeredBy: 'staff-1' });
  const { rows } = await open.centre.database.sql.query(
    'select booked_seq, booked_by from stray_ops where till_id = $1',
    [dropped.lone.enrolled.tillId],
  );
  expect(rows).toEqual([{ booked_seq: null, booked_by: 'staff-1' }]);
});

test('the tills that items name come with their names', async () => {
  till.make({ kind: 'stamp.added' });
  await till.sync();
  const { tills } = await inbox();
  const { tillId, storeId } = till.enrolled;
  expect(tills).toContainEqual({ tillId, name: 'Test till', storeId });
});
