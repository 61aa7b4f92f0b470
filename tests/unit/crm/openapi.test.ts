import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { must } from '../../../sync/base/must.ts';
import { newId } from '../../../sync/base/ids.ts';
import { centreForAll } from './centre-for-all.ts';
import { makeTestKey } from './shop-key.ts';
import { readHeaders, TestTill } from './test-till.ts';

const open = centreForAll();
let till: TestTill;
let key: string;
let document: { paths: Record<string, Record<string, Described>> };

interface Described {
  security: Record<string, unknown>[];
  parameters: { name: string; in: 'path' | 'query' | 'header'; required: boolean }[];
  responses: Record<
    '200',
    { content?: Record<'application/json', { schema: { properties: Record<string, object> } }> }
  >;
}

beforeAll(async () => {
  till = await TestTill.enrol(open.post);
  till.makeMember();
  await till.sync();
  key = (await makeTestKey(open.app)).secret;
  open.centre.feed.watch.close();
  document = (await open.app.inject({ method: 'GET', url: '/v1/openapi.json' })).json();
});

/** What somebody who has read what it is called would put there. */
const KNOWN: Record<string, () => string> = {
  id: () => '1',
  at: () => '0',
  lane: () => 'rows',
  memberId: () => newId(),
  opId: () => newId(),
  storeId: () => 'store-1',
  actorId: () => 'staff-1',
  seq: () => '1',
  after: () => '0',
  until: () => '5',
  table: () => 'members',
  buckets: () => '0,1023',
  snapshot: () => 'wanted',
  state: () => 'open',
  fromLine: () => '1',
  day: () => '2026-03-01',
  person: () => 'staff-1',
  kind: () => 'stamp.added',
  fromMs: () => '0',
  untilMs: () => '1',
  tills: () => 'a,b',
  limit: () => '10',
  'counterfoil-incarnation': () => '1',
};
const valueOf = (path: string, name: string): string => {
  if (path === '/v1/events' && name === 'after') return 'now';
  return must(KNOWN[name], `a value of ${name}`)();
};

/** Asks by what the document says alone. */
async function ask(path: string, { parameters, security }: Described, without?: string): Promise<number> {
  const used = parameters.filter(({ name }) => name !== without);
  const value = (name: string): string => encodeURIComponent(valueOf(path, name));
  const of = (place: string) => used.filter((each) => each.in === place).map(({ name }) => name);
  const query = of('query').map((name) => `${name}=${value(name)}`);
  const address = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => value(name));
  const secret = security.some((need) => 'key' in need) ? key : till.enrolled.token;
  const headers = Object.fromEntries(of('header').map((name) => [name, valueOf(path, name)]));
  const url = `${address}?${query.join('&')}`;
  const authorization = `Bearer ${secret}`;
  return (await open.app.inject({ method: 'GET', url, headers: { ...headers, authorization } })).statusCode;
}

const questions = (): [string, Described][] =>
  Object.entries(document.paths).flatMap(([path, { get }]) => (get === undefined ? [] : [[path, get]]));

test('a question made from the document alone is understood, on every route that is asked', async () => {
  expect(questions().length).toBeGreaterThan(20);
  for (const [path, described] of questions())
    expect([path, [200, 404].includes(await ask(path, described))]).toEqual([path, true]);
});

test('what the document calls needed is needed, and what it does not may be left out', async () => {
  for (const [path, described] of questions())
    for (const { name, in: place, required } of described.parameters.filter((each) => each.in !== 'path')) {
      const isUnderstood = (await ask(path, described, name)) !== 400;
      expect([path, place, name, isUnderstood]).toEqual([path, place, name, !required]);
    }
});

test('every question says what it is answered with', () => {
  const silent = questions().filter(([, { responses }]) => responses['200'].content === undefined);
  expect(silent.map(([path]) => path)).toEqual([]);
});

test('who adds a member is answered with the number that the document names', async () => {
  const headers = { authorization: `Bearer ${key}`, 'idempotency-key': newId() };
  const consent = { isGranted: true, policyVersion: '1' };
  const payload = { fields: { lastName: 'Ong', mobile: '81119999' }, consent };
  const made = await open.app.inject({ method: 'POST', url: '/v1/members', headers, payload });
  const { post } = must(document.paths['/v1/members'], 'it is there');
  expect([`${made.statusCode}`, 'default']).toEqual(Object.keys(must(post, 'it is there').responses));
});

test('health and state hash are what the document says of them', async () => {
  for (const path of ['/v1/health', '/v1/verify']) {
    const { get } = must(document.paths[path], path);
    const { schema } = must(must(get, path).responses['200'].content, path)['application/json'];
    const headers = readHeaders(till.enrolled.token);
    const said = (await open.app.inject({ method: 'GET', url: path, headers })).json<object>();
    expect(z.fromJSONSchema(schema as never).parse(said)).toEqual(said);
    expect(Object.keys(said).sort()).toEqual(Object.keys(schema.properties).sort());
  }
});
