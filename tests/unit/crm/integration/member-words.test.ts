import { afterAll, beforeAll, expect, test } from 'vitest';
import { MemberReply, MemberSaved } from '../../../../crm/integration/shapes.ts';
import { saveDocuments } from '../../../../crm/repos/documents.ts';
import { startPostgres, type PostgresPart } from '../../../parts/postgres.ts';
import { makeTestKey, shopClient, type ShopClient } from '../shop-key.ts';
import { openTestCentre, type TestCentre } from '../test-centre.ts';

let postgres: PostgresPart;
let open: TestCentre;
let shop: ShopClient;

beforeAll(async () => {
  postgres = await startPostgres();
  open = await openTestCentre({ url: await postgres.createDatabase() });
  shop = shopClient(open.app, (await makeTestKey(open.app)).secret);
  const group = (groupId: string, isRetired: boolean) =>
    ({
      kind: 'group',
      id: groupId,
      body: { groupId, version: 1, name: `Group ${groupId}`, nameZh: '', isRetired },
    }) as const;
  const shoe = { attributeId: 'shoe', version: 1, name: 'Shoe size', nameZh: '', type: 'number' as const };
  const body = {
    ...shoe,
    choices: [],
    isSensitive: false,
    isAtEnrolment: false,
    isRetired: false,
    order: 100,
  };
  await open.centre.database.transaction((tx) =>
    saveDocuments(tx, [group('vip', false), group('old', true), { kind: 'attribute', id: 'shoe', body }]),
  );
}, 60_000);
afterAll(async () => {
  await open.close();
  await postgres.stop();
});

let count = 0;
const keyed = (headers: object = {}) => ({ 'idempotency-key': `words-of-${(count += 1)}`, ...headers });
const create = (more: object) =>
  shop('POST', '/v1/members', {
    body: { fields: { lastName: 'Lim' }, consent: { isGranted: true, policyVersion: '1' }, ...more },
    headers: keyed(),
  });
const patch = (memberId: string, body: object) =>
  shop('PATCH', `/v1/members/${memberId}`, { body, headers: keyed({ 'if-match': '*' }) });
const extrasOf = async (memberId: string) =>
  MemberReply.parse((await shop('GET', `/v1/members/${memberId}`)).body).extras;

test('attributes, tags and groups come with a new member, are read, and change word by word', async () => {
  const made = await create({
    custom: { shoe: '42', utm: 'spring' },
    tags: ['runner', 'blue'],
    groups: ['vip'],
  });
  expect([made.status, made.body]).toEqual([201, expect.anything()]);
  const { memberId } = MemberSaved.parse(made.body);
  expect(await extrasOf(memberId)).toEqual({
    custom: { shoe: '42', utm: 'spring' },
    tags: ['blue', 'runner'],
    groups: [{ groupId: 'vip', name: 'Group vip' }],
  });
  const changes = {
    custom: { utm: null },
    tags: { add: ['green'], remove: ['blue'] },
    groups: { remove: ['vip'] },
  };
  expect((await patch(memberId, changes)).status).toBe(200);
  expect(await extrasOf(memberId)).toEqual({ custom: { shoe: '42' }, tags: ['green', 'runner'], groups: [] });
});

test('every word that is wrong is named, and nothing is stored', async () => {
  const { memberId } = MemberSaved.parse((await create({ tags: ['kept'] })).body);
  const refused = await patch(memberId, {
    fields: { firstName: 'Never' },
    tags: { add: ['in:segment-1', ' ', 'twice'], remove: ['twice'] },
    groups: { add: ['old', 'nobody'] },
  });
  expect(refused).toMatchObject({ status: 422, body: { code: 'values_refused' } });
  const { fields } = refused.body as { fields: { field: string; code: string }[] };
  expect(fields.map(({ field, code }) => [field, code])).toEqual([
    ...[
      ['tags.in:segment-1', 'malformed'],
      ['tags. ', 'malformed'],
    ],
    ...[
      ['groups.old', 'unknown'],
      ['groups.nobody', 'unknown'],
      ['tags', 'malformed'],
    ],
  ]);
  const { body } = await shop('GET', `/v1/members/${memberId}`);
  expect(body).toMatchObject({ person: { firstName: '' }, extras: { tags: ['kept'], groups: [] } });
  expect((await create({ tags: ['in:segment-1'] })).status).toBe(422);
});

test('what is sensitive is masked, and without the right to read people there is nothing to read', async () => {
  const { memberId } = MemberSaved.parse((await create({ custom: { identifierValue: 'S1234567D' } })).body);
  expect((await extrasOf(memberId))?.custom).toEqual({ identifierValue: '••••567D' });
  const ledger = shopClient(open.app, (await makeTestKey(open.app, ['read:ledger'])).secret);
  expect((await ledger('GET', `/v1/members/${memberId}`)).body).toMatchObject({ person: null, extras: null });
});

test('the document says what may be sent and what is read', async () => {
  const { components, paths } = (await open.app.inject('/v1/openapi.json')).json<{
    components: unknown;
    paths: Record<string, Record<string, unknown>>;
  }>();
  expect(components).toBeDefined();
  const { get, patch: patching } = paths['/v1/members/{memberId}'] ?? {};
  expect(JSON.stringify(get)).toContain('"groupId"');
  expect(JSON.stringify(patching)).toMatch(/"tags".*"add".*"remove"/s);
});
