import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { NO_MESSAGES } from '../../../../../crm/messages/connectors.ts';
import { WHOLE_CHAIN, type CardTypeId, type MemberId } from '../../../../../sync/base/ids.ts';
import { must } from '../../../../../sync/base/must.ts';
import { documentSum } from '../../../../../sync/model/chain.ts';
import { textSum } from '../../../../../sync/model/message.ts';
import { startMailBox, type MailBox } from '../../../../parts/mail-box.ts';
import { LiveShop } from '../../../../parts/live-shop.ts';
import { startPostgres, type PostgresPart } from '../../../../parts/postgres.ts';
import { overHttp, TestTill } from '../../../crm/test-till.ts';

let postgres: PostgresPart;
let shop: LiveShop;
let box: MailBox;

beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.stop());
beforeEach(async () => {
  box = await startMailBox();
  shop = new LiveShop(await postgres.createDatabase());
  shop.messages = {
    ...NO_MESSAGES,
    ...{ smtpUrl: box.url, mailFrom: 'shop@example.com', publicUrl: 'https://crm.example.com' },
  };
  await shop.open();
  await shop.sync();
}, 60_000);
afterEach(async () => {
  await shop.end();
  await box.close();
});

const client = () => shop.till.client;
const opId = () => shop.till.opId();

const NEWS = {
  templateId: 'news',
  name: 'News',
  channel: 'email',
  purpose: 'marketing',
  subject: 'Hello {{firstName}}',
  body: 'Dear {{name}}',
  isRetired: false,
} as const;

/** What a page says of the text that it shows. */
const seen = (templateVersion: number, changes: object = {}) => ({
  ...{ templateId: 'news', templateVersion },
  templateSum: textSum({ ...NEWS, ...changes }),
});

const saveNews = (baseVersion: number, changes: object = {}) =>
  client()['documents.save']({
    opId: opId(),
    kind: 'template',
    id: 'news',
    baseVersion,
    body: { ...NEWS, ...changes, version: baseVersion + 1 },
  });

const HERE = { test: 'oneOf', field: 'city', values: ['Here'] };
const saveSegment = (id = 'here', condition = HERE) =>
  client()['documents.save']({
    opId: opId(),
    kind: 'segment',
    id,
    baseVersion: 0,
    body: {
      segmentId: id,
      version: 1,
      name: id,
      match: 'all',
      conditions: [condition],
    },
  });

async function join(lastName: string, email: string, hasMarketingConsent = true): Promise<MemberId> {
  const added = await client()['members.add']({
    opId: opId(),
    draft: { lastName, email, city: 'Here' },
    cardTypeId: 'stamp' as CardTypeId,
    cardNumber: null,
    hasMarketingConsent,
  });
  return added.member.memberId;
}

const send = (
  to: { memberId: MemberId | null; segmentId: string; filterVersion?: number },
  id = opId(),
  text = seen(1),
) => client()['messages.send']({ opId: id, ...text, ...to });

/** The centre sends by itself too: what it has under way has come to an end as well. */
async function sendAll(): Promise<void> {
  const open = `select op_id from messages where state in ('choosing', 'sending')`;
  const look = async (): Promise<number> => {
    await shop.server.centre.sender.sendDue();
    return (await shop.sql(open)).length;
  };
  await expect.poll(look, { timeout: 30_000 }).toBe(0);
}

test('asked for without a line, a message waits, goes out once with the line, and tells what became of it', async () => {
  await saveNews(0);
  const ann = await join('Ann', 'ann@example.com');
  await shop.lineDown();
  const id = opId();
  const to = { memberId: ann, segmentId: '' };
  await send(to, id);
  await send(to, id);
  const waiting = await client()['messages.list']({});
  expect([waiting.line, waiting.waiting.map(({ opId: one, memberName }) => [one, memberName])]).toEqual([
    'down',
    [[id, 'Ann']],
  ]);
  await shop.lineUp();
  await shop.sync();
  await sendAll();
  expect(box.mails.map((mail) => mail.to)).toEqual([['ann@example.com']]);
  const view = await client()['messages.list']({});
  expect(view).toMatchObject({ line: 'up', channels: ['email'], waiting: [] });
  expect(view.messages[0]).toMatchObject({
    opId: id,
    memberName: 'Ann',
    state: 'done',
    fates: [{ state: 'sent', count: 1 }],
  });
  expect((await client()['messages.sends']({ opId: id })).sends).toMatchObject([
    { memberName: 'Ann', state: 'sent' },
  ]);
});

test('before a press it is told who would get it and who not and why', async () => {
  await saveNews(0);
  await saveSegment();
  const ann = await join('Ann', 'ann@example.com');
  const bob = await join('Bob', 'bob@example.com', false);
  const count = (memberId: MemberId | null, segmentId = '') =>
    client()['messages.count']({ templateId: 'news', memberId, segmentId });
  expect(await count(ann)).toEqual({ willGet: 1, willNot: [] });
  const one = [{ reason: 'no_consent', count: 1 }];
  expect(await count(bob)).toEqual({ willGet: 0, willNot: one });
  await shop.sync();
  expect(await count(null, 'here')).toEqual({ willGet: 1, willNot: one });
  await send({ memberId: null, segmentId: 'here' });
  await shop.sync();
  await sendAll();
  expect(box.mails.map((mail) => mail.to)).toEqual([['ann@example.com']]);
  await shop.lineDown();
  expect(await count(null, 'here')).toEqual({ willGet: 1, willNot: one });
});

test('without a line it is counted here, own actions included, each with the first reason that fits', async () => {
  await saveNews(0);
  await saveSegment();
  const count = () => client()['messages.count']({ templateId: 'news', memberId: null, segmentId: 'here' });
  await join('Ann', 'ann@example.com');
  const bob = await join('Bob', 'bob@example.com', false);
  await shop.sync();
  await shop.lineDown();
  await join('Cy', '');
  await join('Di', '', false);
  const reasons = { blocked: 1, no_consent: 1, no_address: 1 };
  await client()['members.setState']({ opId: opId(), memberId: bob, action: 'lock', reason: 'test' });
  const willNot = (counts: Record<string, number>) =>
    Object.entries(counts).map(([reason, number]) => ({ reason, count: number }));
  expect(await count()).toEqual({ willGet: 1, willNot: willNot(reasons) });
  await saveNews(1, { purpose: 'service' });
  expect(await count()).toEqual({ willGet: 2, willNot: willNot({ no_address: 2 }) });
  await saveNews(2, { purpose: 'service', channel: 'sms', subject: '' });
  expect(await count()).toEqual({ willGet: 0, willNot: willNot({ no_address: 4 }) });
});

/** Ann and Bob by their names, joined the way the list of members joins rules; and Cy by nothing. */
const saveFilter = (match: 'all' | 'any') =>
  client()['documents.save']({
    opId: opId(),
    kind: 'filter',
    id: FILTER_ID,
    baseVersion: match === 'all' ? 0 : 1,
    body: {
      ...{ filterId: FILTER_ID, version: match === 'all' ? 1 : 2, name: 'Short names', search: '' },
      filter: {
        match,
        rules:
          match === 'all'
            ? [{ column: 'name', op: 'noneOf', values: ['cy', 'tan'] }]
            : ['ANN', 'bob'].map((text) => ({ column: 'name', op: 'contains', text })),
      },
      isRetired: false,
    },
  });
const FILTER_ID = '0192d7a0-0000-7000-8000-00000000f117';

test('a saved filter is written to like a segment: counted by the list here and by the centre alike, then sent', async () => {
  await saveNews(0);
  await saveFilter('all');
  await join('Ann', 'ann@example.com');
  await join('Bob', 'bob@example.com', false);
  await join('Cy', 'cy@example.com');
  await shop.sync();
  const to = (filterVersion: number) => ({ memberId: null, segmentId: FILTER_ID, filterVersion });
  const count = (version: number) => client()['messages.count']({ templateId: 'news', ...to(version) });
  const meant = { willGet: 1, willNot: [{ reason: 'no_consent', count: 1 }] };
  await shop.lineDown();
  // Nobody has asked for the list yet: it is made, and waited for, so that nobody sends uncounted.
  expect(await count(1)).toEqual(meant);
  await shop.lineUp();
  await saveFilter('any');
  await shop.sync();
  expect(await count(2)).toEqual(meant);
  await send(to(2));
  await shop.sync();
  await sendAll();
  expect(box.mails.map((mail) => mail.to)).toEqual([['ann@example.com']]);
  const [sent] = (await client()['messages.list']({})).messages;
  expect([sent?.segmentId, sent?.state]).toEqual([FILTER_ID, 'done']);
  expect(sent?.fates).toEqual(
    expect.arrayContaining([
      { state: 'sent', reason: '', count: 1 },
      { state: 'skipped', reason: 'no_consent', count: 1 },
    ]),
  );
  expect(sent?.fates).toHaveLength(2);
});

test('a version of a filter that waits for the line is neither counted nor asked for: its number may become another’s', async () => {
  await saveNews(0);
  await saveFilter('all');
  await join('Ann', 'ann@example.com');
  await shop.sync();
  await shop.lineDown();
  await saveFilter('any');
  const to = { memberId: null, segmentId: FILTER_ID, filterVersion: 2 };
  const count = () => client()['messages.count']({ templateId: 'news', ...to });
  for (const asked of [count(), send(to)])
    await expect(asked).rejects.toMatchObject({ code: 'filter_waits' });
  await shop.lineUp();
  await shop.sync();
  expect(await count()).toEqual({ willGet: 1, willNot: [] });
  await send(to);
  expect((await client()['messages.list']({})).waiting).toHaveLength(1);
});

test('a filter or segment that was put away is nobody’s any more, and one saved after the count is counted anew', async () => {
  await saveNews(0);
  await saveFilter('all');
  await saveSegment();
  const to = (filterVersion: number) => ({ memberId: null, segmentId: FILTER_ID, filterVersion });
  const count = (version: number) => client()['messages.count']({ templateId: 'news', ...to(version) });
  await saveFilter('any');
  const refused = async (code: string, ...asked: Promise<unknown>[]): Promise<void> => {
    for (const each of asked) await expect(each).rejects.toMatchObject({ code });
  };
  await refused('document_changed', count(1), send(to(1)));
  await refused('document_changed', send({ memberId: null, segmentId: FILTER_ID }));
  const saved = { filterId: FILTER_ID, name: 'Short names', search: '', isRetired: false };
  const save = (version: number, body: object) =>
    client()['documents.save']({
      ...{ opId: opId(), kind: 'filter', id: FILTER_ID, baseVersion: version - 1 },
      body: { ...saved, version, filter: { match: 'all', rules: [] }, ...body },
    });
  await save(3, {});
  await refused('bad_request', count(3), send(to(3)));
  await save(4, { search: 'ann', isRetired: true });
  await refused('bad_request', count(4), send(to(4)));
  const [segment] = await client()['documents.list']({ kind: 'segment' });
  await client()['documents.save']({
    ...{ opId: opId(), kind: 'segment', id: 'here', baseVersion: 1 },
    body: { ...segment?.body, version: 2, isRetired: true },
  });
  const here = { memberId: null, segmentId: 'here' };
  await refused('bad_request', client()['messages.count']({ templateId: 'news', ...here }), send(here));
});

test('whoever withdrew as a merged profile is told as one who gets no marketing, and is in no segment of who agreed', async () => {
  await saveNews(0);
  const agreed = { test: 'oneOf', field: 'marketing', values: ['yes'] };
  await saveSegment('agreed', agreed);
  const [ann, former] = [await join('Ann', 'ann@example.com'), await join('Anne', 'anne@example.com')];
  await client()['members.merge']({ opId: opId(), memberId: former, intoId: ann, reason: 'same' });
  await shop.sync();
  const told = async () => [
    await client()['messages.count']({ templateId: 'news', memberId: ann, segmentId: '' }),
    (await client()['segments.forMember']({ memberId: ann })).segments.map(({ isIn }) => isIn),
    (await client()['segments.list']({})).map(({ members }) => members),
  ];
  expect(await told()).toEqual([{ willGet: 1, willNot: [] }, [true], [1]]);
  await client()['consents.record']({ opId: opId(), memberId: former, isGranted: false });
  const no = [{ willGet: 0, willNot: [{ reason: 'no_consent', count: 1 }] }, [false], [0]];
  expect(await told()).toEqual(no);
  await shop.sync();
  expect(await told()).toEqual(no);
});

const bodyOf = ({ raw }: MailBox['mails'][number]): string =>
  raw
    .split(/\r?\n\r?\n/)
    .slice(1)
    .join('\n');

/** Another till, which has heard of no version but the first, saves its own second one. */
async function savedElsewhere(body: string): Promise<void> {
  const other = await TestTill.enrol(overHttp(shop.server.url));
  const [known] = await client()['documents.list']({ kind: 'template' });
  const first = must(known, 'it was saved').body;
  const named = { memberId: WHOLE_CHAIN, docKind: 'template', id: 'news', baseVersion: 1 };
  const baseSum = documentSum(first);
  other.make({ kind: 'document.saved', ...named, baseSum, body: { ...NEWS, body, version: 2 } });
  await other.sync();
}

test('of two texts that wait under one number only the one goes out that its author saw; the other’s is told', async () => {
  await saveNews(0);
  const ann = await join('Ann', 'ann@example.com');
  await shop.sync();
  await savedElsewhere('Theirs');
  await saveNews(1, { body: 'Mine' });
  const to = { memberId: ann, segmentId: '' };
  await send(to, opId(), seen(2, { body: 'Mine' }));
  await shop.sync();
  await sendAll();
  expect(box.mails).toEqual([]);
  const [refused] = (await client()['messages.list']({})).messages;
  expect(refused).toMatchObject({ state: 'refused', reason: 'template_changed', fates: [] });
  // Her page still shows her own text under that number: what she sees is not what would go out.
  await expect(send(to, opId(), seen(2, { body: 'Mine' }))).rejects.toMatchObject({
    code: 'document_changed',
  });
  await send(to, opId(), seen(2, { body: 'Theirs' }));
  await shop.sync();
  await sendAll();
  expect(box.mails.map(bodyOf)).toEqual([expect.stringMatching(/^Theirs/)]);
});

test('a text that waited for the line with its message goes out as it was, and one that was saved after it does not', async () => {
  await saveNews(0);
  const ann = await join('Ann', 'ann@example.com');
  await shop.sync();
  await shop.lineDown();
  const to = { memberId: ann, segmentId: '' };
  await saveNews(1, { body: 'Mine' });
  await send(to, opId(), seen(2, { body: 'Mine' }));
  await shop.lineUp();
  await shop.sync();
  await sendAll();
  expect(box.mails.map(bodyOf)).toEqual([expect.stringMatching(/^Mine/)]);
  await shop.lineDown();
  await send(to, opId(), seen(2, { body: 'Mine' }));
  await saveNews(2, { body: 'Later' });
  await shop.lineUp();
  await shop.sync();
  await sendAll();
  expect(box.mails).toHaveLength(1);
  const [refused] = (await client()['messages.list']({})).messages;
  expect(refused).toMatchObject({ state: 'refused', reason: 'template_changed' });
});

test('an old version, a template that was put away and a segment that is none are refused at once', async () => {
  await saveNews(0);
  await saveNews(1, { subject: 'Other' });
  const ann = await join('Ann', 'ann@example.com');
  const to = { memberId: ann, segmentId: '' };
  await expect(send(to)).rejects.toMatchObject({ code: 'document_changed' });
  const nobody = send({ memberId: null, segmentId: 'nothing' }, opId(), seen(2, { subject: 'Other' }));
  await expect(nobody).rejects.toMatchObject({ code: 'bad_request' });
  await saveNews(2, { isRetired: true });
  await expect(send(to, opId(), seen(3))).rejects.toMatchObject({ code: 'bad_request' });
  const bad = saveNews(3, { body: '{{password}}' });
  await expect(bad).rejects.toMatchObject({ code: 'bad_request' });
  expect(must(box.mails.length === 0 ? 'nothing' : null, 'nothing went out')).toBe('nothing');
});
