import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCentreClient, CentreFault } from '../../electron/core/centre-client.ts';
import { createFeedSource, type FeedSource } from '../../electron/core/pull/feed-source.ts';
import { signingPublicKey } from '../../crm/node-crypto.ts';
import type { StaffId } from '../../sync/base/ids.ts';
import { must } from '../../sync/base/must.ts';
import { PROTOCOL_VERSION, type EnrolReply } from '../../sync/protocol/exchange.ts';
import { startPostgres, type PostgresPart } from '../parts/postgres.ts';
import { playRoutes } from '../parts/routes-session.ts';
import {
  bytesOf,
  readSession,
  recordedNames,
  recordedVersions,
  replay,
  shownOf,
  writeSession,
  type Step,
} from '../parts/sessions.ts';
import { CODE, openSameCentre, SECRET_KEY, TILL, TOKEN } from '../parts/same-centre.ts';
import { oneOfEachKind } from '../parts/some-ops.ts';
import { MANAGER_PIN, type TestCentre } from '../unit/crm/test-centre.ts';
import { headersFor, TestTill, type Post } from '../unit/crm/test-till.ts';

/** `RECORD_SESSIONS=1` writes the sessions of today's version anew; see tests/README.md. */
const isRecording = process.env['RECORD_SESSIONS'] === '1';
const isRecordingRoutes = isRecording || process.env['RECORD_SESSIONS'] === 'routes';

let postgres: PostgresPart;
beforeAll(async () => {
  postgres = await startPostgres();
  if (isRecording) await recordDay();
  if (isRecordingRoutes) await recordRoutes();
}, 60_000);
afterAll(() => postgres.stop());

/** Sends, and keeps what was sent and answered. */
const recorder =
  (open: TestCentre, steps: Step[]): Post =>
  async (path, body, sender) => {
    const request = JSON.stringify(body);
    const headers = headersFor({ path, text: request }, sender);
    const answer = await open.app.inject({ method: 'POST', url: path, headers, payload: request });
    steps.push({ path, headers, request, status: answer.statusCode, reply: answer.body });
    return { status: answer.statusCode, body: JSON.parse(answer.body) as unknown };
  };

/** A day of a till: everything that the protocol can say. */
async function playDay(post: Post, enrolled: EnrolReply): Promise<void> {
  await post('/v1/enrol-codes', { login: 'manager', pin: MANAGER_PIN, storeId: null });
  const signKey = signingPublicKey(SECRET_KEY);
  await post('/v1/enrol', {
    protocol: PROTOCOL_VERSION,
    code: CODE,
    tillName: 'Next',
    signKey,
    renews: null,
  });
  const till = new TestTill(post, enrolled, SECRET_KEY);
  await till.exchange({ epoch: '' });
  const ref = till.makeMember({ mobile: '+6591234567' });
  till.stamp(ref, 2);
  for (const body of oneOfEachKind()) till.make(body);
  till.make({ kind: 'from.later' });
  await till.send();
  await till.exchange();
  till.stamp(ref);
  const { batch, ...request } = till.request({ ops: [] });
  await till.send({ ...request, batch: till.pack(till.ops.slice(-1), () => ref) ?? batch });
  await till.sync();
  await till.send({ ...till.request(), protocol: 99 });
  await till.send({ ...till.request(), epoch: 'elsewhere' });
  const old = till.clone(3);
  await old.send(old.request({ ops: [] }));
  const asked = { protocol: PROTOCOL_VERSION, tillId: TILL, incarnation: 1, lastTseq: 3 };
  await old.sendTo('/v1/incarnations', { ...asked, requestId: 'cd'.repeat(16) });
  old.stamp(ref, 5);
  const from = { incarnation: 1, tseq: 3, hash: old.hashAt(3) };
  const strays = {
    protocol: PROTOCOL_VERSION,
    tillId: TILL,
    incarnation: 2,
    from,
    batch: old.pack(old.ops.slice(3)),
  };
  await old.sendTo('/v1/strays', strays);
  await till.send(till.request({ ops: [] }));
}

async function recordDay(): Promise<void> {
  const { open, enrolled } = await openSameCentre(postgres);
  const steps: Step[] = [];
  await playDay(recorder(open, steps), enrolled);
  writeSession(PROTOCOL_VERSION, 'day', steps);
  await open.close();
}

async function recordRoutes(): Promise<void> {
  const { open, enrolled } = await openSameCentre(postgres);
  const steps: Step[] = [];
  await playRoutes({ open, enrolled, post: recorder(open, steps), steps });
  writeSession(PROTOCOL_VERSION, ROUTES, steps);
  await open.close();
}

test('the version of today is recorded', () => {
  expect(recordedVersions()).toContain(PROTOCOL_VERSION);
});

const ROUTES = 'routes';

const files = recordedVersions().flatMap((version) =>
  recordedNames(version).map((name) => [version, name] as const),
);

test.each(files)(
  'today’s centre answers a till of version %i as it always did (R-N7): %s',
  async (version, name) => {
    const { open } = await openSameCentre(postgres);
    for (const [at, step] of readSession(version, name).entries()) {
      const { path, status } = step;
      const { statusCode, rawPayload } = await replay(open, step);
      expect([at, path, statusCode]).toEqual([at, path, status]);
      // What a later centre adds, an older till passes over.
      expect(shownOf(step, rawPayload)).toMatchObject(shownOf(step, bytesOf(step)) as object);
    }
    await open.close();
  },
);

const METHODS = {
  '/v1/enrol-codes': 'enrolCode',
  '/v1/enrol': 'enrol',
  '/v1/exchange': 'exchange',
  '/v1/incarnations': 'begin',
  '/v1/strays': 'strays',
} as const;

/** Something that answers as a centre of that version did, and keeps what it was asked. */
async function openRecorded(steps: readonly Step[]): Promise<{ server: Server; url: string; asked: Step[] }> {
  const asked: Step[] = [];
  const server = createServer((request, response) => {
    void buffer(request).then((bytes) => {
      const step = must(steps[asked.length], 'no more questions than recorded');
      const plain = request.headers['content-encoding'] === 'zstd' ? zstdDecompressSync(bytes) : bytes;
      const { authorization = '', 'counterfoil-signature': signature } = request.headers;
      asked.push({
        ...step,
        request: plain.toString(),
        headers: { authorization, signature: String(signature) },
      });
      response.writeHead(step.status, { 'content-type': 'application/json' }).end(bytesOf(step));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

test.each(recordedVersions())(
  'today’s till reads what a centre of version %i answered (R-N7)',
  async (version) => {
    const steps = readSession(version, 'day');
    const { server, url, asked } = await openRecorded(steps);
    for (const step of steps) {
      const isTill = step.headers['authorization'] !== undefined;
      const client = createCentreClient({
        ...{ serverUrl: url, token: isTill ? TOKEN : null, secretKey: isTill ? SECRET_KEY : null },
      });
      const method = METHODS[step.path as keyof typeof METHODS];
      // Cast: the recorded request has the shape of its own method.
      const call = client[method] as (body: unknown) => Promise<unknown>;
      const answer = await call(JSON.parse(step.request)).catch((cause: unknown) => cause);
      const { code = null } = JSON.parse(step.reply) as { code?: string };
      const said = answer instanceof CentreFault ? answer.code : null;
      expect([answer instanceof Error, said]).toEqual(step.status === 200 ? [false, null] : [true, code]);
      const sent = must(asked.at(-1), 'it was asked');
      expect(sent.request).toBe(step.request);
      expect(sent.headers['signature']).toBe(String(step.headers['counterfoil-signature']));
    }
    await new Promise((resolve) => server.close(resolve));
  },
);

const GETS: readonly (readonly [path: RegExp, call: (parts: Reader) => Promise<unknown>])[] = [
  [/^\/v1\/feed\/manifest$/, ({ feed }) => feed.manifest(false)],
  [/^\/v1\/feed\/manifest\?/, ({ feed }) => feed.manifest(true)],
  [/^\/v1\/feed\/segments\//, ({ feed }) => feed.lane({ segmentId: 1, lane: 'rows' }, 1e6)],
  [/^\/v1\/feed\/snapshots\//, ({ feed }) => feed.chunk({ snapshotId: 1, at: 0 }, 1e6)],
  [/^\/v1\/feed\/documents/, ({ feed }) => feed.documents()],
  [/^\/v1\/feed\/entries/, ({ feed }) => feed.entries({ after: 0, until: 1 })],
  [/^\/v1\/digests\?/, ({ feed }) => feed.digests(0)],
  [/^\/v1\/digests\/rows/, ({ feed }) => feed.bucketRows('members', [0])],
  [/^\/v1\/wake/, ({ feed }) => feed.wake(0)],
  [
    /^\/v1\/inbox\?/,
    ({ client }) => client.inbox({ actorId: 'staff-1' as StaffId, state: 'open', after: '' }),
  ],
  [/^\/v1\/inbox\/count/, ({ client }) => client.inboxCount('staff-1')],
  [/^\/v1\/held\//, ({ client }) => client.held(1, 'staff-1')],
  [/^\/v1\/erasures/, ({ client }) => client.erasures('staff-1')],
  [/^\/v1\/exports/, ({ client }) => client.exports({ actorId: 'staff-1' })],
  [/^\/v1\/messages/, ({ client }) => client.messages({ actorId: 'staff-1' })],
  [/^\/v1\/members\/.*\/consents/, ({ client }) => client.consents('member')],
  [/^\/v1\/holds/, ({ client, body }) => client.holds(body as never)],
  [/^\/v1\/members\/find/, ({ client, body }) => client.find(body as never)],
  [/^\/v1\/closes/, ({ client, body }) => client.closes(body as never)],
  [/^\/v1\/spills/, ({ client, body }) => client.spills(body as never)],
  [/^\/v1\/inbox\/.*\/answer/, ({ client, body }) => client.answer('nothing', body as never)],
  [/^\/v1\/exchange/, ({ client, body }) => client.exchange(body as never)],
];

interface Reader {
  client: ReturnType<typeof createCentreClient>;
  feed: FeedSource;
  body: unknown;
}

/** Null: no till asks that; a manager's console does. */
const callOf = ({ path }: Step) => GETS.find(([form]) => form.test(path))?.[1] ?? null;

test.each(recordedVersions())(
  'today’s till reads what a centre of version %i answered on every route',
  async (version) => {
    const steps = readSession(version, ROUTES).filter((step) => callOf(step) !== null);
    const { server, url } = await openRecorded(steps);
    const place = { serverUrl: url, token: TOKEN, incarnation: 1 };
    const client = createCentreClient({ ...place, secretKey: SECRET_KEY });
    const feed = createFeedSource({ ...place, timeoutMs: 10_000, hangUp: new AbortController().signal });
    const read: unknown[] = [];
    for (const step of steps) {
      const body: unknown = step.request === '' ? null : JSON.parse(step.request);
      const answer = await callOf(step)?.({ client, feed, body }).catch((cause: unknown) => cause);
      read.push([step.path, answer instanceof CentreFault ? answer.code : 'read']);
    }
    expect(read).toEqual(
      steps.map(({ path, status, reply }) => [
        path,
        status === 200 ? 'read' : (JSON.parse(reply) as { code: string }).code,
      ]),
    );
    await new Promise((resolve) => server.close(resolve));
  },
);

test.each([0, 2, 99])(
  'a till of version %i is refused in words before anything is done',
  async (protocol) => {
    const { open, enrolled } = await openSameCentre(postgres);
    const steps: Step[] = [];
    const till = new TestTill(recorder(open, steps), enrolled, SECRET_KEY);
    till.makeMember();
    await till.send({ ...till.request(), protocol });
    expect([steps[0]?.status, steps[0]?.reply]).toEqual([
      409,
      expect.stringContaining('protocol_unsupported'),
    ]);
    const { rows } = await open.centre.database.sql.query('select count(*)::int as count from ops');
    expect(rows).toEqual([{ count: 0 }]);
    await open.close();
  },
);
