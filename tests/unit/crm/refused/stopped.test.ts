import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { must } from '../../../../sync/base/must.ts';
import { CentreError, EnrolReply, PROTOCOL_VERSION } from '../../../../sync/protocol/exchange.ts';
import { INCARNATION_HEADER } from '../../../../sync/protocol/signature.ts';
import { startPostgres, type PostgresPart } from '../../../parts/postgres.ts';
import { MANAGER_PIN, openTestCentre, type TestCentre } from '../test-centre.ts';
import {
  codeOf,
  headersOf,
  injected,
  makeCode,
  readHeaders,
  TestTill,
  type CardRef,
  type Post,
} from '../test-till.ts';
import { listOperations, type Operation } from './api.ts';
import { contentOf } from './content.ts';

const NOW_MS = Date.now();

let postgres: PostgresPart;
let open: TestCentre;
let post: Post;
let living: TestTill;
let quarantined: TestTill;
let lost: TestTill;
/** Put back from a copy: the token and the key are the living one's, the incarnation is the one before. */
let earlier: TestTill;
let ref: CardRef;
let routes: Operation[];
const lines: string[] = [];

const declareLost = (till: TestTill) =>
  post(`/v1/tills/${till.enrolled.tillId}/lost`, { login: 'manager', pin: MANAGER_PIN, isLost: true });

async function workedTill(): Promise<TestTill> {
  const till = await TestTill.enrol(post);
  ref = till.makeMember({ mobile: '+6591234567' });
  till.stamp(ref, 3);
  await till.sync();
  return till;
}

beforeAll(async () => {
  postgres = await startPostgres();
  open = await openTestCentre({
    ...{ url: await postgres.createDatabase(), clock: { nowMs: () => NOW_MS } },
    onLog: (line) => void lines.push(line),
  });
  post = injected(open.app);
  quarantined = await workedTill();
  lost = await workedTill();
  earlier = await workedTill();
  living = await workedTill();
  const clone = quarantined.clone(1);
  clone.ackedTseq = 1;
  clone.stamp(ref, 5);
  const stopping = [await clone.send(), await declareLost(lost)];
  const { tillId } = earlier.enrolled;
  const begin = { protocol: PROTOCOL_VERSION, tillId, incarnation: 1, lastTseq: 1 };
  const begun = await earlier.sendTo('/v1/incarnations', { ...begin, requestId: 'e'.repeat(32) });
  if ([...stopping, begun].map(({ status }) => status).join() !== '409,200,200')
    throw new Error('the tills are not what the table calls them');
  routes = (await listOperations(open.app)).filter(({ isTill }) => isTill);
}, 60_000);
afterAll(async () => {
  await open.close();
  await postgres.stop();
});

/** Where a stopped copy hears why it is stopped, or hands in its work; only counts are answered there. */
const HANDED_IN = ['/v1/strays', '/v1/spills'];
/** Said in the body there: the header is for whatever has no place for it. */
const BODY_SAYS = new Set([
  ...['/v1/exchange', '/v1/incarnations', '/v1/strays', '/v1/spills'],
  ...['/v1/closes', '/v1/holds', '/v1/members/find'],
]);

function questionOf({ path }: Operation): string {
  const questions: Record<string, string> = {
    '/v1/feed/segments/{id}/{lane}': '/v1/feed/segments/1/rows',
    '/v1/feed/snapshots/{id}/{at}': '/v1/feed/snapshots/1/0',
    '/v1/feed/entries': '/v1/feed/entries?after=0&until=99',
    '/v1/digests': '/v1/digests?seq=0',
    '/v1/digests/rows': '/v1/digests/rows?table=members&buckets=1',
    '/v1/wake': '/v1/wake?after=0',
    '/v1/members/{memberId}/consents': `/v1/members/${ref.memberId}/consents`,
    '/v1/log': '/v1/log?actorId=staff-1&day=2026-11-22',
    '/v1/stores/{storeId}/tills': '/v1/stores/store-1/tills?actorId=staff-1&day=2026-11-22',
    '/v1/held/{seq}': '/v1/held/1?actorId=staff-1',
    '/v1/messages/{opId}': `/v1/messages/${ref.memberId}?actorId=staff-1`,
    '/v1/inbox/{id}/answer': '/v1/inbox/1/answer',
  };
  const isManagers = /^\/v1\/(inbox|inbox\/count|audit|exports|erasures|messages)$/.test(path);
  return questions[path] ?? (isManagers ? `${path}?actorId=staff-1` : path);
}

function bodyOf(till: TestTill, { path }: Operation): object {
  const { tillId } = till.enrolled;
  const own = { protocol: PROTOCOL_VERSION, tillId, incarnation: till.incarnation };
  const from = { incarnation: till.incarnation, tseq: 1, hash: till.hashAt(1) };
  const keys = { cardNumber: null, phone: '+6591234567', email: null, lookupId: null };
  const bodies: Record<string, object> = {
    '/v1/exchange': { ...till.request({ ops: [] }), cursor: 0 },
    '/v1/incarnations': { ...own, lastTseq: 1, requestId: 'd'.repeat(32) },
    '/v1/strays': { ...own, from, batch: till.pack(till.ops.slice(1)) },
    '/v1/spills': { ...own, spill: Buffer.alloc(300).toString('base64') },
    '/v1/closes': own,
    '/v1/holds': { ...own, lastTseq: till.ops.length, reserve: null, want: [ref.accountId], letGo: [] },
    '/v1/members/find': { ...own, cursor: 0, keys },
    '/v1/messages/rehearse': { actorId: 'staff-1', templateId: 'news', segmentId: 'all' },
    '/v1/inbox/{id}/answer': {
      ...{ login: 'manager', pin: MANAGER_PIN, reason: 'seen', answer: { action: 'keep' } },
    },
  };
  return must(bodies[path], `a genuine request of ${path}`);
}

interface Asker {
  till: () => TestTill;
  /** What it shows instead of its own secret; null: nothing. */
  token?: () => string | null;
  headers?: Record<string, string>;
}

async function ask({ till, token, headers: more = {} }: Asker, route: Operation) {
  const own = till();
  const shown = token === undefined ? own.enrolled.token : token();
  const url = questionOf(route);
  const shownHeaders = shown === null ? {} : readHeaders(shown, own.incarnation);
  if (route.verb === 'GET')
    return open.app.inject({ method: 'GET', url, headers: { ...shownHeaders, ...more } });
  const payload = JSON.stringify(bodyOf(own, route));
  const signed = headersOf({ path: url, text: payload }, shown ?? undefined, own.secretKey);
  return open.app.inject({ method: 'POST', url, headers: { ...signed, ...more }, payload });
}

interface Cell extends Asker {
  status: readonly number[];
  codes: readonly CentreError['code'][];
  /** Routes that it may use all the same. */
  but?: readonly string[];
}

const CELLS: Record<string, Cell> = {
  'a lost till': { till: () => lost, status: [403], codes: ['till_lost'] },
  'a stopped till': { till: () => quarantined, status: [409], codes: ['till_forked'], but: HANDED_IN },
  'a copy of an earlier incarnation': {
    till: () => earlier,
    ...{ status: [409], codes: ['till_forked'], but: ['/v1/spills'] },
  },
  'somebody without a secret': {
    till: () => living,
    token: () => null,
    ...{ status: [401], codes: ['unauthorised'] },
  },
  'somebody with a secret that nobody has': {
    till: () => living,
    token: () => 'f'.repeat(64),
    ...{ status: [401], codes: ['unauthorised'] },
  },
  'a stopped till with the lost one’s secret': {
    till: () => quarantined,
    token: () => lost.enrolled.token,
    ...{ status: [401, 403], codes: ['till_lost', 'bad_signature'] },
  },
};

describe.each(Object.entries(CELLS))('%s', (_name, cell) => {
  test('is refused on every route of a till before any effect, and is told nothing (R-S1)', async () => {
    const before = await contentOf(open.centre.database.sql);
    lines.length = 0;
    const asked = routes.filter(({ path }) => !(cell.but ?? []).includes(path));
    expect(asked.length).toBeGreaterThanOrEqual(24);
    for (const route of asked) {
      const reply = await ask(cell, route);
      const said = [route.verb, route.path, reply.statusCode, reply.body.slice(0, 200)];
      expect(cell.status, said.join(' ')).toContain(reply.statusCode);
      const { code, message } = CentreError.parse(reply.json());
      expect(cell.codes, said.join(' ')).toContain(code);
      expect(Object.keys(reply.json<object>()).sort()).toEqual(['code', 'message']);
      expect(message).toMatch(/Nothing (was changed|of this copy was taken)/);
    }
    expect(lines.length).toBe(asked.length);
    expect(await contentOf(open.centre.database.sql)).toEqual(before);
  });
});

test('another till’s secret reads for that till alone, and signs nothing of this one’s', async () => {
  for (const route of routes.filter(({ isSigned }) => isSigned)) {
    const reply = await ask({ till: () => living, token: () => earlier.enrolled.token }, route);
    expect([route.path, reply.statusCode]).toEqual([route.path, 401]);
  }
});

test('a question that does not say which copy asks is refused, and so is a number that is none', async () => {
  const unsaid = routes.filter(({ path }) => !BODY_SAYS.has(path));
  expect(unsaid.length).toBeGreaterThanOrEqual(18);
  for (const said of ['', '0', '-1', '1.5', '1, 1', 'x'.repeat(400)])
    for (const route of unsaid) {
      const reply = await ask({ till: () => living, headers: { [INCARNATION_HEADER]: said } }, route);
      expect([route.path, said, reply.statusCode]).toEqual([route.path, said, 400]);
    }
});

test('the same questions of the living copy are answered: the table refuses for the reason it names', async () => {
  const NOT_THERE = /segments|snapshots|\/held\/|\/answer|rehearse|closes|incarnations|wake|messages\/\{/;
  for (const route of routes.filter(({ path }) => !NOT_THERE.test(path))) {
    const reply = await ask({ till: () => living }, route);
    expect([route.path, reply.statusCode, reply.statusCode === 200 ? '' : reply.body]).toEqual([
      ...[route.path, 200, ''],
    ]);
  }
});

test('a stopped till hands in its work and hears counts; a manager’s code lets the lost one in again', async () => {
  for (const route of routes.filter(({ path }) => HANDED_IN.includes(path))) {
    const reply = await ask({ till: () => quarantined }, route);
    expect([route.path, reply.statusCode]).toEqual([route.path, 200]);
    expect(Object.values(reply.json<object>()).every((value) => typeof value === 'number')).toBe(true);
  }
  const { tillId } = lost.enrolled;
  const renewal = { protocol: PROTOCOL_VERSION, code: await makeCode(post), tillName: 'Found' };
  const renews = { tillId, incarnation: 1 };
  const again = await lost.sendTo('/v1/enrol', { ...renewal, signKey: 'f'.repeat(64), renews });
  const back = new TestTill(post, EnrolReply.parse(again.body), lost.secretKey);
  expect(back.incarnation).toBe(2);
  back.stamp(ref);
  expect((await back.exchange()).hiTseq).toBe(1);
  expect(codeOf(await lost.send())).toBe('unauthorised');
});
