import { zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { newSigningKey } from '../../../../crm/node-crypto.ts';
import { newId } from '../../../../sync/base/ids.ts';
import { must } from '../../../../sync/base/must.ts';
import { CentreError, PROTOCOL_VERSION, REQUEST_BYTES_MAX } from '../../../../sync/protocol/exchange.ts';
import { startPostgres, type PostgresPart } from '../../../parts/postgres.ts';
import { MANAGER_PIN, openTestCentre, type TestCentre } from '../test-centre.ts';
import { firstCertificate, signedClose } from '../first-close.ts';
import { headersOf, injected, TestTill, type CardRef } from '../test-till.ts';
import { listOperations, type Operation } from './api.ts';
import { contentOf } from './content.ts';

const NOW_MS = Date.now();
const BOMB = zstdCompressSync(Buffer.alloc(200_000_000));
const DEEP = '['.repeat(10_000) + ']'.repeat(10_000);

let postgres: PostgresPart;
let open: TestCentre;
let till: TestTill;
let other: TestTill;
let ref: CardRef;
let operations: Operation[];
const lines: string[] = [];

beforeAll(async () => {
  postgres = await startPostgres();
  // A clock that stands: the time of the last contact would be an effect too.
  open = await openTestCentre({
    ...{ url: await postgres.createDatabase(), clock: { nowMs: () => NOW_MS } },
    onLog: (line) => void lines.push(line),
  });
  const post = injected(open.app);
  [till, other] = [await TestTill.enrol(post), await TestTill.enrol(post, 'store-2')];
  ref = till.makeMember();
  till.stamp(ref, 3);
  await till.sync();
  till.stamp(ref);
  operations = (await listOperations(open.app)).filter(({ isSigned }) => isSigned);
}, 60_000);
afterAll(async () => {
  await open.close();
  await postgres.stop();
});

/** The ops of the day so far, as the till would close it. */
const closeBody = (): object => signedClose(till, firstCertificate(till, till.ackedTseq));

/** A genuine request of each signed route; one that is not here yet is to be given one. */
function bodyOf({ path }: Operation): Record<string, unknown> {
  const { tillId } = till.enrolled;
  const own = { protocol: PROTOCOL_VERSION, tillId, incarnation: 1 };
  const from = { incarnation: 1, tseq: till.ackedTseq, hash: till.hashAt(till.ackedTseq) };
  const batch = till.pack(till.ops.slice(till.ackedTseq));
  const reserve = { opId: newId(), accountId: ref.accountId, units: 1 };
  const genuine: Record<string, Record<string, unknown>> = {
    '/v1/exchange': { ...till.request() },
    '/v1/incarnations': { ...own, lastTseq: 9, requestId: 'd'.repeat(32) },
    '/v1/strays': { ...own, from, batch },
    '/v1/spills': { ...own, spill: Buffer.alloc(300).toString('base64') },
    '/v1/closes': { ...own, ...closeBody() },
    '/v1/holds': { ...own, lastTseq: till.ops.length, reserve, want: [ref.accountId], letGo: [] },
    '/v1/members/find': {
      ...{ ...own, cursor: 0 },
      keys: { cardNumber: null, phone: '+6591234567', email: null, lookupId: null },
    },
    '/v1/messages/rehearse': { actorId: 'staff-1', templateId: 'news', segmentId: 'all' },
    '/v1/inbox/{id}/answer': {
      ...{ login: 'manager', pin: MANAGER_PIN, reason: 'seen', answer: { action: 'keep' } },
    },
  };
  return must(genuine[path], `a genuine request of ${path}, to be forged`);
}

interface Message {
  payload: string | Buffer;
  headers: Record<string, string>;
}

const NOBODY = '019a0000-0000-7000-8000-000000000009';
const urlOf = ({ path }: Operation): string => path.replaceAll(/\{\w+\}/g, NOBODY);

/** `body` as the till signs it, or whoever else is named. */
function signed(
  operation: Operation,
  body: object,
  by: { token?: string; secretKey?: string } = {},
): { payload: string; headers: Record<string, string> } {
  const payload = JSON.stringify(body);
  const { token = till.enrolled.token, secretKey = till.secretKey } = by;
  return { payload, headers: headersOf({ path: urlOf(operation), text: payload }, token, secretKey) };
}

/** Signed by the till itself, whatever it says. */
function signedText(operation: Operation, payload: string): Message {
  const asked = { path: urlOf(operation), text: payload };
  return { payload, headers: headersOf(asked, till.enrolled.token, till.secretKey) };
}

interface Forgery {
  make: (operation: Operation, body: Record<string, unknown>) => Message;
  /** Statuses that say so. */
  refused: readonly number[];
  code: CentreError['code'];
  /** Only where the body names its till and its version. */
  isOfTill?: boolean;
  /** Whom the log names; nobody where the centre did not come to look whose secret it is. */
  logged: 'till' | 'other' | null;
}

const FORGERIES: Record<string, Forgery> = {
  'forged: in the name of another till': {
    make: (operation, body) => signed(operation, { ...body, tillId: other.enrolled.tillId }),
    ...{ refused: [401], code: 'unauthorised', isOfTill: true, logged: 'till' },
  },
  'forged: with the secret of another till': {
    make: (operation, body) => signed(operation, body, { token: other.enrolled.token }),
    ...{ refused: [401], code: 'bad_signature', logged: 'other' },
  },
  'forged: with a secret that nobody has': {
    make: (operation, body) => signed(operation, body, { token: 'f'.repeat(64) }),
    ...{ refused: [401], code: 'unauthorised', logged: null },
  },
  're-signed with another key': {
    make: (operation, body) => signed(operation, body, { secretKey: newSigningKey().secretKey }),
    ...{ refused: [401], code: 'bad_signature', logged: 'till' },
  },
  'signed for another address': {
    make: (operation, body) => signed({ ...operation, path: '/v1/elsewhere' }, body),
    ...{ refused: [401], code: 'bad_signature', logged: 'till' },
  },
  'changed behind its signature': {
    make: (operation, body) => {
      const { headers } = signed(operation, body);
      return { headers, payload: JSON.stringify({ ...body, incarnation: 2 }) };
    },
    ...{ refused: [401], code: 'bad_signature', logged: 'till' },
  },
  'truncated on its way': {
    make: (operation, body) => {
      const { payload, headers } = signed(operation, body);
      return { headers, payload: payload.slice(0, Math.floor(payload.length / 2)) };
    },
    ...{ refused: [400], code: 'bad_request', logged: null },
  },
  'truncated and signed so': {
    make: (operation, body) => signedText(operation, JSON.stringify(body).slice(0, -1)),
    ...{ refused: [400], code: 'bad_request', logged: null },
  },
  'a field short': {
    make: (operation, body) => signed(operation, Object.fromEntries(Object.entries(body).slice(0, -1))),
    ...{ refused: [400], code: 'bad_request', logged: 'till' },
  },
  'a field too many': {
    make: (operation, body) => signed(operation, { ...body, role: 'manager' }),
    ...{ refused: [400], code: 'bad_request', logged: 'till' },
  },
  oversized: {
    make: (operation, body) => signed(operation, { ...body, more: 'x'.repeat(REQUEST_BYTES_MAX) }),
    ...{ refused: [413], code: 'bad_request', logged: null },
  },
  'over-deep': {
    make: (operation, body) =>
      signedText(operation, JSON.stringify({ ...body, x: 0 }).replace(/0\}$/, `${DEEP}}`)),
    ...{ refused: [400], code: 'bad_request', logged: 'till' },
  },
  bombed: {
    make: (operation) => {
      const { headers } = signedText(operation, '{}');
      return { payload: BOMB, headers: { ...headers, 'content-encoding': 'zstd' } };
    },
    ...{ refused: [413], code: 'bad_request', logged: null },
  },
  old: {
    make: (operation, body) => signed(operation, { ...body, protocol: 0 }),
    ...{ refused: [409], code: 'protocol_unsupported', isOfTill: true, logged: 'till' },
  },
  new: {
    make: (operation, body) => signed(operation, { ...body, protocol: 99, andMore: true }),
    ...{ refused: [409], code: 'protocol_unsupported', isOfTill: true, logged: 'till' },
  },
  nonsensical: {
    make: (operation) => signedText(operation, '[null,{"protocol":"one"},1e999]'),
    ...{ refused: [400], code: 'bad_request', logged: 'till' },
  },
};

describe.each(Object.entries(FORGERIES))('a message that is %s', (_name, forgery) => {
  test('is refused on every signed route before any effect, with a code, words and a line of the log', async () => {
    const before = await contentOf(open.centre.database.sql);
    const codes = new Set<string>();
    let refused = 0;
    lines.length = 0;
    expect(operations.length).toBeGreaterThanOrEqual(7);
    for (const operation of operations) {
      const body = bodyOf(operation);
      if (forgery.isOfTill === true && !('tillId' in body)) continue;
      const { payload, headers } = forgery.make(operation, body);
      const reply = await open.app.inject({ method: 'POST', url: urlOf(operation), headers, payload });
      expect([operation.path, forgery.refused.includes(reply.statusCode), reply.body]).toEqual([
        operation.path,
        true,
        reply.body,
      ]);
      const { code, message } = CentreError.parse(reply.json());
      expect(message.length).toBeGreaterThan(10);
      codes.add(code);
      refused += 1;
    }
    const { code, logged } = forgery;
    const tillId = logged === null ? null : { till, other }[logged].enrolled.tillId;
    const audit = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(audit).toEqual(
      Array.from({ length: refused }, () => expect.objectContaining({ audit: code, tillId })),
    );
    for (const secret of [till.enrolled.token, other.enrolled.token, till.secretKey, MANAGER_PIN, '+65'])
      expect(lines.join('\n')).not.toContain(secret);
    expect([...codes]).toEqual([forgery.code]);
    expect(await contentOf(open.centre.database.sql)).toEqual(before);
  });
});

test('a packed body that nobody can read, of a type that nobody reads, is refused and ends nothing', async () => {
  const headers = { 'content-type': 'text/xml', 'content-encoding': 'zstd' };
  const reply = await open.app.inject({ method: 'POST', url: '/v1/exchange', headers, payload: 'no zstd' });
  expect([reply.statusCode, CentreError.parse(reply.json()).code]).toEqual([415, 'bad_request']);
});

test.each([['/v1/held/%', 400] as const, [`/v1/held/${'9'.repeat(3_000)}`, 414] as const])(
  'an address that can not be read is refused in the words of every refusal',
  async (url, status) => {
    const reply = await open.app.inject({ method: 'GET', url });
    expect([reply.statusCode, CentreError.parse(reply.json()).code]).toEqual([status, 'bad_request']);
  },
);

test('the messages that were forged are genuine: unforged each is taken', async () => {
  const strays = ['/v1/strays', '/v1/spills', '/v1/closes', '/v1/holds', '/v1/exchange'];
  for (const path of strays) {
    const operation = must(
      operations.find((each) => each.path === path),
      path,
    );
    const { payload, headers } = signed(operation, bodyOf(operation));
    const reply = await open.app.inject({ method: 'POST', url: path, headers, payload });
    expect([path, reply.statusCode, reply.statusCode === 200 ? '' : reply.body]).toEqual([path, 200, '']);
  }
});

test('whatever a till sent in a day, replayed later in any order, moves nothing and is never a fault', async () => {
  const sent: { url: string; headers: Record<string, string>; payload: string }[] = [];
  const day = await TestTill.enrol(async (path, body, sender) => {
    const payload = JSON.stringify(body);
    const { token, secretKey } =
      typeof sender === 'object' ? sender : { token: undefined, secretKey: undefined };
    const headers = headersOf({ path, text: payload }, token, secretKey);
    if (token !== undefined) sent.push({ url: path, headers, payload });
    const reply = await open.app.inject({ method: 'POST', url: path, headers, payload });
    return { status: reply.statusCode, body: reply.json() };
  });
  const card = day.makeMember();
  for (let count = 0; count < 12; count += 1) {
    day.stamp(card);
    await day.exchange();
  }
  const { sql } = open.centre.database;
  const before = await contentOf(sql);
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(sent), async (again) => {
      for (const message of again) {
        const reply = await open.app.inject({ method: 'POST', ...message });
        expect([200, 409]).toContain(reply.statusCode);
      }
    }),
    { numRuns: 12, seed: 3 },
  );
  expect(await contentOf(sql)).toEqual(before);
  day.stamp(card);
  expect((await day.exchange()).hiTseq).toBe(day.ops.length);
});
