import { afterAll, beforeAll, expect, test } from 'vitest';
import { rowsOf } from '../../../crm/database.ts';
import { listDocuments } from '../../../crm/repos/documents.ts';
import { starterCardType } from '../../../crm/setup.ts';
import { CardKind, CardType, ChainDocument } from '../../../sync/model/chain.ts';
import { startPostgres, type PostgresPart } from '../../parts/postgres.ts';
import { openTestCentre, type TestCentre } from './test-centre.ts';
import { codeOf, injected } from './test-till.ts';

let postgres: PostgresPart;
let open: TestCentre;

beforeAll(async () => {
  postgres = await startPostgres();
  open = await openTestCentre({ url: await postgres.createDatabase(), isEmpty: true });
}, 60_000);

afterAll(async () => {
  await open.close();
  await postgres.stop();
});

const FORM = {
  chainName: 'Kaffee <b>& Co',
  country: 'jp',
  currency: 'jpy',
  consentMode: 'gdpr',
  cardPrefix: '603555',
  storeName: 'Shibuya',
  timeZone: 'Asia/Tokyo',
  managerName: 'Naomi',
  managerLogin: 'naomi',
  managerPin: '739205',
};

const submit = (fields: Record<string, string>, kinds: string[] = ['stamp', 'points']) => {
  const payload = new URLSearchParams(fields);
  for (const kind of kinds) payload.append('cardKinds', kind);
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return open.app.inject({ method: 'POST', url: '/setup', headers, payload: payload.toString() });
};

// These run in order: a CRM is set up once.
test('before it is set up, a CRM shows the form and lets no till in', async () => {
  const page = await open.app.inject('/');
  expect([page.statusCode, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  expect(page.body).toContain('Set up this CRM');
  expect(page.body).not.toMatch(/<script|https?:\/\//);
  const post = injected(open.app);
  expect(codeOf(await post('/v1/enrol-codes', { login: 'a', pin: 'b', storeId: null }))).toBe('not_set_up');
  expect(
    codeOf(
      await post('/v1/enrol', {
        protocol: 1,
        code: 'AAAAA-AAAAA',
        tillName: '',
        signKey: 'f'.repeat(64),
        renews: null,
      }),
    ),
  ).toBe('not_set_up');
  expect((await open.app.inject('/v1/health')).json()).toMatchObject({
    ok: true,
    isSetUp: false,
    isTrial: false,
  });
});

test('without the token nothing is stored, and what was typed stays', async () => {
  const reply = await submit({ ...FORM, token: 'guess' });
  expect(reply.statusCode).toBe(401);
  expect(reply.body).toContain('value="Kaffee &#60;b&#62;&#38; Co"');
  expect(reply.body).not.toContain(FORM.managerPin);
  expect(await rowsOf(open.centre.database.sql, 'select id from documents')).toEqual([]);
});

test('each wrong field has its own words', async () => {
  const wrong = { ...FORM, currency: 'XXQ', timeZone: 'Moon/Base', managerPin: '123456', chainName: ' ' };
  const reply = await submit({ ...wrong, token: open.centre.setupToken }, []);
  expect(reply.statusCode).toBe(400);
  for (const field of ['currency', 'timeZone', 'managerPin', 'chainName', 'cardKinds']) {
    expect(reply.body).toContain(`id="wrong-${field}"`);
  }
});

test('the form makes chain, store, manager and card types', async () => {
  const reply = await submit({ ...FORM, token: open.centre.setupToken }, ['points', 'coupon']);
  expect([reply.statusCode, reply.headers.location]).toEqual([303, '/']);
  const { sql } = open.centre.database;
  const documents = await rowsOf(sql, 'select kind, id, seq, body from documents order by seq');
  for (const document of documents) ChainDocument.parse(document);
  const [chain] = await listDocuments(sql, 'chain');
  expect(chain).toMatchObject({ name: FORM.chainName, country: 'JP', currency: 'JPY', currencyDecimals: 0 });
  expect((await listDocuments(sql, 'card-type')).map((type) => [type.kind, type.earnPerMinor])).toEqual([
    ['coupon', 100],
    ['points', 1],
  ]);
});

test('a second set-up is refused, and the front page shows the state', async () => {
  const again = await submit({ ...FORM, token: open.centre.setupToken });
  expect([again.statusCode, codeOf({ body: again.json() })]).toEqual([409, 'already_set_up']);
  const page = await open.app.inject('/');
  expect(page.body).toContain('Kaffee &#60;b&#62;&#38; Co');
  expect(page.body).toContain('Shibuya');
});

test.each(CardKind.options)('the starter %s card is one that tills accept', (kind) => {
  expect(CardType.parse(starterCardType(kind, 100)).kind).toBe(kind);
});
