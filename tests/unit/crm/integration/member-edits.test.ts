import { beforeAll, expect, test, vi } from 'vitest';
import { MemberSaved } from '../../../../crm/integration/shapes.ts';
import { rowsOf } from '../../../../crm/database.ts';
import { verifyCentre } from '../../../../crm/routes/health.ts';
import { readExtras } from '../../../../sync/model/extras.ts';
import { newId, type MemberId } from '../../../../sync/base/ids.ts';
import { makeTestKey, shopClient, type ShopClient } from '../shop-key.ts';
import { addSecond, anonymisedBy } from '../../../parts/second.ts';
import { centreForAll } from '../centre-for-all.ts';
import { TestTill } from '../test-till.ts';

const open = centreForAll();
let till: TestTill;
let shop: ShopClient;

beforeAll(async () => {
  till = await TestTill.enrol(open.post);
  shop = shopClient(open.app, (await makeTestKey(open.app)).secret);
});

const consent = { isGranted: true, policyVersion: '1' };
let count = 0;
const requestKey = (): string => `request-${(count += 1)}`;

const create = (fields: object, key = requestKey()) =>
  shop('POST', '/v1/members', { body: { fields, consent }, headers: { 'idempotency-key': key } });
const patch = (memberId: string, body: object, headers: object) =>
  shop('PATCH', `/v1/members/${memberId}`, {
    body,
    headers: { 'idempotency-key': requestKey(), ...headers },
  });
async function made(fields: object): Promise<MemberSaved> {
  const { status, body } = await create(fields);
  expect(status).toBe(201);
  return MemberSaved.parse(body);
}
const tagOf = ({ version }: MemberSaved) => ({ 'if-match': `"${version}"` });
const inbox = () =>
  rowsOf<{ memberId: string; detail: { field: string } }>(
    open.centre.database.sql,
    `select member_id::text as "memberId", detail from inbox where kind = 'field_conflict' order by id`,
  );

test('a member is made centrally, in the chain’s forms, by an op of the centre’s own node', async () => {
  const saved = await made({
    firstName: ' Wei ',
    lastName: 'Lim',
    mobile: '9123 4567',
    email: 'Lim@Example.COM',
  });
  const { body, headers } = await shop('GET', `/v1/members/${saved.memberId}`);
  expect(body).toMatchObject({
    version: saved.version,
    hasMarketingConsent: true,
    person: { firstName: 'Wei', mobile: '+6591234567' },
  });
  expect(headers.etag).toBe(`"${saved.version}"`);
  const text = 'select till_id as "tillId", kind from ops where member_id = $1::uuid';
  const ops = await rowsOf(open.centre.database.sql, text, [saved.memberId]);
  expect(ops).toEqual([{ tillId: 'centre', kind: 'member.created' }]);
  const replies = await till.sync();
  expect(replies.flatMap(({ rows }) => rows.members.map(({ memberId }) => memberId))).toContain(
    saved.memberId,
  );
});

test('the same request again, also at once, makes one member and says the same; another body is refused', async () => {
  const before = (await verifyCentre(open.centre)).members;
  const replies = await Promise.all([1, 2, 3, 4].map(() => create({ lastName: 'Once' }, 'the-same-key')));
  expect(new Set(replies.map(({ body }) => JSON.stringify(body))).size).toBe(1);
  expect((await verifyCentre(open.centre)).members).toBe(before + 1);
  const other = await create({ lastName: 'Other' }, 'the-same-key');
  expect(other).toMatchObject({ status: 422, body: { code: 'request_key_reused' } });
  const bare = await shop('POST', '/v1/members', { body: { fields: { lastName: 'x' }, consent } });
  expect(bare.body).toMatchObject({ code: 'request_key_missing' });
});

test('every field that is wrong is named, none of the values is repeated, nothing is stored', async () => {
  const before = await verifyCentre(open.centre);
  const fields = {
    mobile: '12',
    email: 'no mail',
    lastName: 'x'.repeat(81),
    notes: 'hi',
    colour: 'red',
    city: 'a\0b',
  };
  const { status, body } = await create({ ...fields, dateOfBirth: '2001-02-30' });
  expect(status).toBe(422);
  const problems = (body as { fields: { field: string; code: string }[] }).fields;
  expect(Object.fromEntries(problems.map(({ field, code }) => [field, code]))).toEqual({
    mobile: 'malformed',
    email: 'malformed',
    lastName: 'too_long',
    notes: 'unknown',
    colour: 'unknown',
    city: 'malformed',
    dateOfBirth: 'malformed',
  });
  expect(JSON.stringify(body)).not.toMatch(/no mail|2001-02-30/);
  expect((await create({ city: 'Nowhere' })).body).toMatchObject({
    fields: [{ field: 'lastName', code: 'required' }],
  });
  expect((await verifyCentre(open.centre)).seq).toBe(before.seq);
});

test('a number that another member has is refused, and the centre stays as it was', async () => {
  await made({ lastName: 'First', mobile: '+6591110077' });
  const before = await verifyCentre(open.centre);
  const reply = await create({ lastName: 'Second', mobile: '+65 9111 0077' });
  expect(reply).toMatchObject({ status: 409, body: { fields: [{ field: 'mobile', code: 'taken' }] } });
  expect(await verifyCentre(open.centre)).toEqual(before);
});

test('an edit changes the named fields only, and needs the version that was read', async () => {
  const saved = await made({ lastName: 'Goh', city: 'Here' });
  expect((await patch(saved.memberId, { fields: { city: 'There' } }, {})).status).toBe(428);
  const edited = await patch(saved.memberId, { fields: { city: 'There' } }, tagOf(saved));
  expect([edited.status, edited.headers.etag]).toEqual([200, `"${MemberSaved.parse(edited.body).version}"`]);
  const late = await patch(saved.memberId, { fields: { city: 'Late' } }, tagOf(saved));
  expect(late).toMatchObject({ status: 412, body: { code: 'version_changed' } });
  const { body } = await shop('GET', `/v1/members/${saved.memberId}`);
  expect(body).toMatchObject({ person: { lastName: 'Goh', city: 'There' } });
  expect(
    (await patch(saved.memberId, { fields: { lastName: '', firstName: '' } }, { 'if-match': '*' })).status,
  ).toBe(422);
});

test('another system says what it knows of a member: the field must be there, and its value fit it', async () => {
  const saved = await made({ lastName: 'Rated' });
  const any = { 'if-match': '*' };
  const told = await patch(
    saved.memberId,
    { custom: { rating: '4.5', device: ' iPhone ', utm: 'spring' } },
    any,
  );
  expect(told.status).toBe(200);
  const text = `select "row" ->> 'extras' as extras from members where member_id = $1::uuid`;
  const extrasOf = async () =>
    readExtras(
      (await rowsOf<{ extras: string }>(open.centre.database.sql, text, [saved.memberId]))[0]?.extras ?? '',
    );
  expect((await extrasOf()).custom).toEqual({ rating: '4.5', device: 'iPhone', utm: 'spring' });
  const wrong = await patch(saved.memberId, { custom: { rating: 'good', constructor: 'x', utm: null } }, any);
  expect(wrong.status).toBe(422);
  const problems = (wrong.body as { fields: { field: string; code: string }[] }).fields;
  expect(Object.fromEntries(problems.map(({ field, code }) => [field, code]))).toEqual({
    ...{ 'custom.rating': 'malformed', 'custom.constructor': 'unknown' },
  });
  expect((await patch(saved.memberId, { custom: { utm: null } }, any)).status).toBe(200);
  expect((await extrasOf()).custom).toEqual({ rating: '4.5', device: 'iPhone' });
});

test('a till that changed the same field apart from it meets it there, and the inbox has both values', async () => {
  const saved = await made({ lastName: 'Race', city: 'Start', region: 'West' });
  await till.sync();
  const { wallMs } = till.make({
    kind: 'member.changed',
    memberId: saved.memberId,
    fields: { city: 'Till', street1: 'Till road' },
  });
  // In one and the same millisecond either may be the later.
  await vi.waitUntil(() => Date.now() > wallMs);
  const edited = await patch(saved.memberId, { fields: { city: 'Shop', region: 'East' } }, tagOf(saved));
  expect(edited.status).toBe(200);
  await till.sync();
  const { body } = await shop('GET', `/v1/members/${saved.memberId}`);
  expect(body).toMatchObject({ person: { city: 'Shop', region: 'East', street1: 'Till road' } });
  const conflicts = (await inbox()).filter(({ memberId }) => memberId === saved.memberId);
  expect(conflicts.map(({ detail }) => detail.field)).toEqual(['city']);
});

test('a withdrawal is a word of the consent ledger', async () => {
  const saved = await made({ lastName: 'Word' });
  const word = { isGranted: false, policyVersion: '1' };
  expect((await patch(saved.memberId, { consent: word }, tagOf(saved))).status).toBe(200);
  expect((await shop('GET', `/v1/members/${saved.memberId}`)).body).toMatchObject({
    hasMarketingConsent: false,
  });
  const text = `select "row" ->> 'isGranted' as said from consents where member_id = $1::uuid order by seq`;
  expect(await rowsOf(open.centre.database.sql, text, [saved.memberId])).toEqual([
    { said: 'true' },
    { said: 'false' },
  ]);
});

test('who was anonymised or merged is closed for edits; who is not there is not found', async () => {
  const [gone, same] = [await made({ lastName: 'Gone' }), await made({ lastName: 'Same' })];
  const into = await made({ lastName: 'Into' });
  await till.sync();
  await addSecond(open.centre);
  till.make(anonymisedBy(gone.memberId));
  till.make({ kind: 'member.merged', memberId: same.memberId, intoId: into.memberId, reason: 'same' });
  await till.sync();
  const any = { 'if-match': '*' };
  for (const { memberId } of [gone, same])
    expect((await patch(memberId, { fields: { city: 'X' } }, any)).body).toMatchObject({
      code: 'member_closed',
    });
  expect((await patch(newId<MemberId>(), { fields: { city: 'X' } }, any)).status).toBe(404);
  expect((await shop('GET', `/v1/members/${gone.memberId}`)).body).toMatchObject({ person: null });
});

test('a key without write:members writes nothing, and one whose manager has left neither', async () => {
  const reader = shopClient(open.app, (await makeTestKey(open.app, ['read:people'])).secret);
  const headers = { 'idempotency-key': requestKey() };
  const body = { fields: { lastName: 'No' }, consent };
  expect((await reader('POST', '/v1/members', { body, headers })).body).toMatchObject({
    code: 'not_allowed',
  });
  const { sql } = open.centre.database;
  // A cashier now: what the key may do went with the role of who made it.
  await sql.query(`update integration_keys set made_by = 'staff-2'`);
  expect((await create({ lastName: 'Demoted' })).body).toMatchObject({ code: 'not_allowed' });
  await sql.query(`update integration_keys set made_by = 'nobody'`);
  expect((await create({ lastName: 'Nobody’s' })).body).toMatchObject({ code: 'not_allowed' });
  await sql.query(`update integration_keys set made_by = 'staff-1'`);
});

test('the document names every route with its scopes, headers and shapes', async () => {
  const { paths } = (await open.app.inject({ method: 'GET', url: '/v1/openapi.json' })).json<{
    paths: Record<
      string,
      Record<string, { description?: string; parameters: { name: string; in: string }[] }>
    >;
  }>();
  const edit = paths['/v1/members/{memberId}']?.['patch'];
  expect(edit?.description).toContain('write:members');
  expect(edit?.parameters.map(({ name }) => name)).toEqual(['memberId', 'Idempotency-Key', 'If-Match']);
  expect(paths['/v1/events']?.['get']?.parameters.map(({ name }) => name)).toEqual(['after', 'limit']);
});
