import { afterAll, beforeAll, expect, test } from 'vitest';
import fc from 'fast-check';
import { rowsOf } from '../../../../crm/database.ts';
import { ApiError } from '../../../../crm/integration/shapes.ts';
import { verifyCentre } from '../../../../crm/routes/health.ts';
import { must } from '../../../../sync/base/must.ts';
import { CentreError } from '../../../../sync/protocol/exchange.ts';
import { startPostgres, type PostgresPart } from '../../../parts/postgres.ts';
import { makeTestKey } from '../shop-key.ts';
import { CASHIER_PIN, MANAGER_PIN, openTestCentre, type TestCentre } from '../test-centre.ts';
import { headersOf, injected, TestTill } from '../test-till.ts';
import { listOperations, valuesOf, type Operation } from './api.ts';
import { askInTime } from './hang.ts';

const RUNS = 1_000;
/** What a right PIN, key or signature opens, and must have opened here: else this asked nothing but the door. */
const OPENED = [
  'GET /v1/held/{seq}',
  'POST /v1/members/find',
  'POST /v1/holds',
  'POST /v1/incarnations',
  'POST /v1/integration-keys/list',
  'POST /v1/tills/{tillId}/lost',
];

let postgres: PostgresPart;
let open: TestCentre;
let operations: Operation[];
let till: TestTill;
let keys: string[];
/** What stands at the centre by now, by the name that a field or a part of an address has. */
let known: Map<string, unknown[]>;

async function column(sql: string): Promise<unknown[]> {
  const rows = await rowsOf<{ id: unknown }>(open.centre.database.sql, `${sql} limit 20`, []);
  return rows.map(({ id }) => id);
}

async function readKnown(): Promise<void> {
  const text = 'select member_id::text as id from members order by seq desc';
  const [members, cards, accounts, ops, items, hooks, made] = await Promise.all([
    column(text),
    column('select card_id::text as id from cards order by seq desc'),
    column('select account_id::text as id from accounts'),
    column('select op_id::text as id from ops order by seq desc'),
    column('select id::text as id from inbox order by id desc'),
    column('select webhook_id::text as id from webhooks'),
    column(`select key_id::text as id from integration_keys where name <> 'Web shop'`),
  ]);
  const people = ['staff-1', 'staff-2', 'nobody'];
  known = new Map<string, unknown[]>([
    ['memberId', members],
    ['intoId', members],
    ['cardId', cards],
    ['accountId', accounts],
    ['opId', ops],
    ['id', [...items, ...items, ...hooks, ...made]],
    ['seq', await column('select seq as id from ops where held_reason is not null order by seq desc')],
    ['tillId', [till.enrolled.tillId, till.enrolled.tillId, 'centre', 'till-0']],
    ['storeId', [till.storeId, till.storeId, 'store-x']],
    ['actorId', people],
    ['staffId', people],
    ['login', [...Array.from({ length: 15 }, () => 'manager'), 'cashier', 'nobody']],
    ['incarnation', [1]],
    ['protocol', [1]],
    ['mobile', ['+6591110001', '+6591110002', '']],
    ['cardNumber', await column('select card_number as id from cards')],
    ['day', ['2026-11-22', '2026-02-30', '']],
  ]);
}

async function makeTill(): Promise<void> {
  till = await TestTill.enrol(injected(open.app));
  const [one, two] = [till.makeMember({ mobile: '+6591110001' }), till.makeMember({ mobile: '+6591110001' })];
  till.stamp(one);
  till.stamp(two);
  till.make({
    kind: 'stamp.added',
    ...one,
    cardTypeVersion: 1,
    amountMinor: 1,
    receiptNo: '',
    count: 0,
  } as never);
  await till.sync();
  await readKnown();
}

beforeAll(async () => {
  postgres = await startPostgres();
  open = await openTestCentre({ url: await postgres.createDatabase() });
  open.centre.feed.watch.close();
  operations = await listOperations(open.app);
  keys = [(await makeTestKey(open.app)).secret, (await makeTestKey(open.app, ['read:ledger'])).secret];
  await makeTill();
}, 60_000);
afterAll(async () => {
  await open.close();
  await postgres.stop();
});

const oddText = fc.constantFrom(
  '\0',
  '\ud800',
  'a\u0000b',
  'x'.repeat(5_000),
  '%',
  '',
  ' ',
  '🧾'.repeat(200),
);
const oddNumber = fc.constantFrom(-1, 0, 1.5, 2 ** 31, 2 ** 53, 1e21, -0);

/** How values are put in: drawn once, so that a failing request can be made again. */
interface Draw {
  picks: readonly number[];
  /** Which text or number of the whole body is bent, counted through; −1: none. */
  bendAt: number;
  text: string;
  number: number;
}

/** Known names get what is there, mostly; one value of the whole may be odd. */
function filled(value: unknown, key: string, draw: Draw): unknown {
  let turn = 0;
  let leaf = 0;
  const walk = (at: unknown, name: string): unknown => {
    if (Array.isArray(at)) return at.map((each) => walk(each, name));
    if (typeof at === 'object' && at !== null)
      return Object.fromEntries(Object.entries(at).map(([field, of]) => [field, walk(of, field)]));
    const isBent = leaf++ === draw.bendAt;
    if (isBent && typeof at === 'string') return draw.text;
    if (isBent && typeof at === 'number') return draw.number;
    const pick = draw.picks[turn++ % draw.picks.length] ?? 0;
    const there = known.get(name) ?? [];
    return there.length === 0 || pick % 8 === 0 ? at : there[pick % there.length];
  };
  return walk(value, key);
}

/** The PIN of whom the body names, so that what lies behind it is reached. */
function withPin(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || !('pin' in body)) return body;
  const { login } = body as { login?: unknown };
  return { ...body, pin: login === 'cashier' ? CASHIER_PIN : MANAGER_PIN };
}

const drawn = fc.record({
  picks: fc.array(fc.nat(), { minLength: 12, maxLength: 12 }),
  bendAt: fc.oneof(fc.constant(-1), fc.nat(12)),
  text: oddText,
  number: oddNumber,
  key: fc.nat(9),
  version: fc.constantFrom('*', '"1"', '"2"', '"999999"'),
});

const asked = fc.nat().chain((at) => {
  // What changes something is asked oftener than what reads.
  const turns = operations.flatMap((each) => (each.body === null ? [each] : [each, each, each]));
  const operation = must(turns[at % turns.length], 'there are routes');
  const query = Object.fromEntries(
    operation.query.map(({ name, schema }) => [
      name,
      fc.option(valuesOf(schema), { nil: undefined, freq: 4 }),
    ]),
  );
  return fc.record({
    operation: fc.constant(operation),
    query: fc.record(query),
    body: operation.body === null ? fc.constant(null) : valuesOf(operation.body),
    draw: drawn,
  });
});
type Asked = typeof asked extends fc.Arbitrary<infer Value> ? Value : never;

function urlOf({ operation, query, draw }: Asked): string {
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(filled('1', name, { ...draw, bendAt: -1 })).toWellFormed()),
  );
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const words = given.map(([name, value]) => {
    const text = String(filled(value, name, draw)).toWellFormed();
    return `${name}=${encodeURIComponent(text)}`;
  });
  return words.length === 0 ? path : `${path}?${words.join('&')}`;
}

const opened = new Set<string>();

/** Sends one request. @returns what was wrong with the answer; null for nothing */
async function ask(one: Asked): Promise<string | null> {
  const { operation, body, draw } = one;
  const url = urlOf(one);
  const text = body === null ? '' : JSON.stringify(withPin(filled(body, '', draw)));
  const secret = operation.isKey ? (keys[draw.key % keys.length] ?? '') : till.enrolled.token;
  const { 'content-type': type, ...shown } = headersOf(
    { method: operation.verb, path: url, text },
    secret,
    till.secretKey,
  );
  const headers = {
    ...shown,
    ...(body !== null && { 'content-type': type }),
    ...(operation.verb === 'PATCH' && { 'if-match': draw.version }),
    ...(operation.isKey && { 'idempotency-key': String(draw.picks[0]) }),
  };
  const request = { method: operation.verb, url, headers, payload: text };
  const { reply, isHanging } = await askInTime(() => open.app.inject(request));
  const name = `${operation.verb} ${operation.path}`;
  if (/till_forked|till_restored|till_lost/.test(reply.body)) await makeTill();
  if (isHanging) return `${url} took too long`;
  if (reply.statusCode < 400) {
    opened.add(name);
    return null;
  }
  const form = operation.isKey ? ApiError : CentreError;
  const isInWords = reply.statusCode < 500 && form.safeParse(reply.json()).success;
  return isInWords ? null : `${name} ${url}: ${reply.statusCode} ${reply.body} ${text}`;
}

test('who has a key, a PIN and ids that are there is answered, or refused in words, never with 500 (R-S6)', async () => {
  let turn = 0;
  await fc.assert(
    fc.asyncProperty(asked, async (one) => {
      if (++turn % 200 === 0) await makeTill();
      expect(await ask(one)).toBeNull();
    }),
    { numRuns: RUNS, seed: 23 },
  );
  expect(OPENED.filter((name) => !opened.has(name))).toEqual([]);
  expect((await verifyCentre(open.centre)).problems).toEqual([]);
}, 300_000);
