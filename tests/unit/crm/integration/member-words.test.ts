import { beforeAll, expect, test } from 'vitest';
import { MemberReply, MemberSaved } from '../../../../crm/integration/shapes.ts';
import { saveDocuments } from '../../../../crm/repos/documents.ts';
import { makeTestKey, shopClient, type ShopClient } from '../shop-key.ts';
import { centreForAll } from '../centre-for-all.ts';

const open = centreForAll();
let shop: ShopClient;

beforeAll(async () => {
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

test('a rating is 1 to 5 and reviews are a whole number: the figures of the chain are made of them', async () => {
  const wrong = { custom: { rating: '5.5', reviews: '2.5' } };
  const { status, body } = await create(wrong);
  expect([status, (body as { fields: { field: string }[] }).fields.map(({ field }) => field)]).toEqual([
    422,
    ['custom.rating', 'custom.reviews'],
  ]);
  expect((await create({ custom: { rating: '4.5', reviews: '3' } })).status).toBe(201);
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

test('a repeat of a request is told what the first one did, also when its group was retired meanwhile', async () => {
  const write = (isRetired: boolean) =>
    open.centre.database.transaction((tx) =>
      saveDocuments(tx, [
        {
          kind: 'group',
          id: 'brief',
          body: { groupId: 'brief', version: 1, name: 'Brief', nameZh: '', isRetired },
        },
      ]),
    );
  await write(false);
  const consent = { isGranted: true, policyVersion: '1' };
  const asked = { body: { fields: { lastName: 'Goh' }, consent, groups: ['brief'] }, headers: keyed() };
  const first = await shop('POST', '/v1/members', asked);
  const { memberId } = MemberSaved.parse(first.body);
  const back = { body: { groups: { add: ['brief'], remove: [] } }, headers: keyed({ 'if-match': '*' }) };
  await patch(memberId, { groups: { add: [], remove: ['brief'] } });
  const added = await shop('PATCH', `/v1/members/${memberId}`, back);
  await write(true);
  const again = [
    await shop('POST', '/v1/members', asked),
    await shop('PATCH', `/v1/members/${memberId}`, back),
  ];
  expect(again.map(({ status, body: told }) => [status, told])).toEqual([
    [first.status, first.body],
    [200, added.body],
  ]);
  expect((await patch(memberId, { groups: { add: ['brief'], remove: [] } })).status).toBe(422);
});

test('what is sensitive is masked, and without the right to read people there is nothing to read', async () => {
  const { memberId } = MemberSaved.parse((await create({ custom: { identifierValue: 'S1234567D' } })).body);
  expect((await extrasOf(memberId))?.custom).toEqual({ identifierValue: '••••567D' });
  // Written back as it was read, the mask would take the place of the number.
  const back = await patch(memberId, { custom: { identifierValue: '••••567D', utm: 'spring' } });
  expect(back).toMatchObject({ status: 422, body: { fields: [{ field: 'custom.identifierValue' }] } });
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
