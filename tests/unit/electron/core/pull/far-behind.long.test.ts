import { rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startPostgres, type PostgresPart } from '../../../../parts/postgres.ts';
import { makeFolder, openTestTill, type TestTill } from '../../../../parts/till.ts';
import { moveBalances, writeMembers } from '../../../crm/feed/row-writer.ts';
import { injected, makeCode, readHeaders, TestTill as ProtocolTill } from '../../../crm/test-till.ts';
import { MANAGER_PIN, openTestCentre, type TestCentre } from '../../../crm/test-centre.ts';
import { nodeScrypt } from '../../../../../electron/core/crypto.ts';
import { verifyCentre } from '../../../../../crm/routes/health.ts';
import { readCut } from '../../../../../crm/repos/feed-files.ts';
import { readHead } from '../../../../../crm/repos/feed-head.ts';
import { must } from '../../../../../sync/base/must.ts';

/** Three rows each: more than an answer carries. */
const MEMBERS = 1_800;

let postgres: PostgresPart;
let server: TestCentre;
let serverUrl: string;
let tills: TestTill[];

beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.stop());
beforeEach(async () => {
  tills = [];
  server = await openTestCentre({ url: await postgres.createDatabase(), scrypt: nodeScrypt });
  await server.app.listen({ host: '127.0.0.1', port: 0 });
  serverUrl = `http://127.0.0.1:${(server.app.server.address() as AddressInfo).port}`;
  await writeMembers(server.centre.database, { first: 1, count: MEMBERS });
}, 60_000);
afterEach(async () => {
  for (const till of tills) await till.close();
  for (const { dir } of tills) rmSync(dir, { recursive: true, force: true });
  await server.close();
});

async function enrolTill(): Promise<TestTill> {
  const till = openTestTill(makeFolder());
  tills.push(till);
  const code = await makeCode(injected(server.app));
  await till.client['till.enrol']({ serverUrl, code, tillName: 'Till' });
  return till;
}

const hashOf = async (till: TestTill): Promise<string> => (await till.client['till.verify']({})).stateHash;
const signIn = (till: TestTill) => till.client['session.signIn']({ login: 'manager', pin: MANAGER_PIN });

test('a new till of a chain with many members ends with the centre’s own state, and goes on by answers', async () => {
  const till = await enrolTill();
  await till.client['sync.run']({});
  expect(await hashOf(till)).toBe((await verifyCentre(server.centre)).stateHash);
  await moveBalances(server.centre.database, [5, 6], 123);
  await till.client['sync.run']({});
  expect(await hashOf(till)).toBe((await verifyCentre(server.centre)).stateHash);
  const statuses = till.events.filter(({ name }) => name === 'sync.changed').map(({ data }) => data);
  expect(statuses).toContainEqual(expect.objectContaining({ members: MEMBERS, membersOf: MEMBERS }));
}, 30_000);

test('a till that fell far behind comes back by segments; what it made meanwhile counts once', async () => {
  const till = await enrolTill();
  await till.client['sync.run']({});
  await signIn(till);
  const { member } = await till.client['members.add']({
    ...{ opId: till.opId(), draft: { lastName: 'Offline' }, cardTypeId: null, cardNumber: null },
    hasMarketingConsent: false,
  });
  await writeMembers(server.centre.database, { first: MEMBERS + 1, count: MEMBERS });
  await till.client['sync.run']({});
  expect(await till.client['sync.getStatus']({})).toMatchObject({ outstanding: 0, isFilling: false });
  expect(await hashOf(till)).toBe((await verifyCentre(server.centre)).stateHash);
  const found = await till.client['members.lookup']({ text: 'Offline' });
  expect(JSON.stringify(found)).toContain(member.memberId);
}, 30_000);

test('a till that no file brings nearer yet asks once a second, not as often as the line allows', async () => {
  const till = await enrolTill();
  await till.client['sync.run']({});
  // The files were cut just now: fewer numbers since than a cut is worth, and more rows than an answer carries.
  await writeMembers(server.centre.database, { first: MEMBERS + 1, count: MEMBERS });
  let exchanges = 0;
  server.app.server.on('request', ({ url }) => (exchanges += url === '/v1/exchange' ? 1 : 0));
  const startedAt = performance.now();
  await till.client['sync.run']({});
  const seconds = (performance.now() - startedAt) / 1_000;
  expect(await hashOf(till)).toBe((await verifyCentre(server.centre)).stateHash);
  // One a second, one before, and few more once the files are there; it took a hundred in two seconds.
  expect(exchanges).toBeLessThan(4 + seconds);
}, 30_000);

test('what another till does is heard of at once: an open question is answered by the commit', async () => {
  const { watch } = server.centre.feed;
  const head = (await verifyCentre(server.centre)).seq;
  const answers: string[] = [];
  const waits = [1, 2, 3].map(async () => {
    const waiting = { timeoutMs: 60_000, signal: new AbortController().signal };
    await watch.wait(head, waiting);
    answers.push('new');
  });
  await writeMembers(server.centre.database, { first: 5_000, count: 1 });
  await Promise.all(waits);
  expect(answers).toEqual(['new', 'new', 'new']);
});

test('files are for tills that are known, and need not be sent twice', async () => {
  const paths = ['segments/1/rows', 'snapshots/1/0', 'manifest', 'documents', 'entries?after=0&until=1'];
  const urls = [...paths.map((path) => `/v1/feed/${path}`), '/v1/digests?seq=0', '/v1/wake?after=0'];
  for (const url of [...urls, '/v1/digests/rows?table=members&buckets=1'])
    expect((await server.app.inject({ url })).statusCode, url).toBe(401);
  const { enrolled } = await ProtocolTill.enrol(injected(server.app));
  const headers = readHeaders(enrolled.token);
  const ask = (url: string, more: Record<string, string> = {}) =>
    server.app.inject({ url, headers: { ...headers, ...more } });
  expect((await ask('/v1/feed/manifest?snapshot=wanted')).statusCode).toBe(200);
  const first = await ask('/v1/feed/snapshots/2/0');
  expect(first.headers['cache-control']).toBe('private, max-age=31536000, immutable');
  const again = await ask('/v1/feed/snapshots/2/0', { 'if-none-match': String(first.headers.etag) });
  expect([again.statusCode, again.body]).toEqual([304, '']);
  for (const url of ['/v1/feed/segments/77/rows', '/v1/feed/snapshots/2/9'])
    expect((await ask(url)).statusCode).toBe(404);
  for (const url of [
    '/v1/feed/segments/1/all',
    '/v1/feed/segments/-1/rows',
    '/v1/feed/snapshots/1/99999999999',
    '/v1/digests?seq=x',
    '/v1/digests/rows?table=staff&buckets=1',
    '/v1/digests/rows?table=members&buckets=1024',
    '/v1/wake',
  ])
    expect((await ask(url)).statusCode, url).toBe(400);
});

test('digests are of the number that they are told with, though hashes lag behind the list that was cut just now', async () => {
  const { sql } = server.centre.database;
  const { enrolled } = await ProtocolTill.enrol(injected(server.app));
  const ask = async (url: string): Promise<unknown> =>
    (await server.app.inject({ url, headers: readHeaders(enrolled.token) })).json();
  await writeMembers(server.centre.database, { first: 20_000, count: 3_000 });
  await ask('/v1/feed/manifest');
  const owing = must(await readCut(sql), 'every database has one');
  expect(owing.hashedSeq).toBeLessThan(owing.cutSeq);
  const told = await ask(`/v1/digests?seq=${owing.cutSeq}`);
  const { seq } = await readHead(sql);
  expect([told, await readCut(sql)]).toMatchObject([{ seq }, { cutSeq: seq, hashedSeq: seq }]);
  await sql.query('delete from feed_hashes');
  await sql.query('delete from feed_digests');
  await sql.query('update feed_cut set hashed_seq = 0');
  expect(await ask(`/v1/digests?seq=${seq}`)).toEqual(told);
});
