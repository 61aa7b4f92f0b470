import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { NO_MESSAGES } from '../../../../crm/messages/connectors.ts';
import { listMessages, listSends, takeSend } from '../../../../crm/repos/messages.ts';
import { saveDocuments } from '../../../../crm/repos/documents.ts';
import { rowsOf } from '../../../../crm/database.ts';
import { WHOLE_CHAIN, type MemberId, type OpId } from '../../../../sync/base/ids.ts';
import type { MemberFields } from '../../../../sync/model/member.ts';
import { Segment } from '../../../../sync/model/segment.ts';
import { MessageTemplate } from '../../../../sync/model/template.ts';
import { startMailBox, type MailBox } from '../../../parts/mail-box.ts';
import { startPostgres, type PostgresPart } from '../../../parts/postgres.ts';
import { addSecond, anonymisedBy } from '../../../parts/second.ts';
import { openTestCentre, type TestCentre } from '../test-centre.ts';
import { injected, TestTill } from '../test-till.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

let postgres: PostgresPart;
let open: TestCentre;
let till: TestTill;
let box: MailBox;
let gateway: Server;
let texts: { to: string; text: string; channel: string }[];
let gatewayStatus = 200;
/** How far the centre's clock is ahead of the till's; of its own it goes on. */
let aheadMs = 0;
const nowMs = (): number => Date.now() + aheadMs;
const lines: string[] = [];

beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.stop());

const template = (changes: Partial<MessageTemplate>): MessageTemplate => ({
  templateId: 'news',
  version: 1,
  name: 'News',
  channel: 'email',
  purpose: 'marketing',
  subject: 'Hello {{firstName}}',
  body: 'Dear {{name}}, greetings from {{chain}}.',
  isRetired: false,
  ...changes,
});
const everybody = Segment.parse({
  segmentId: 'all',
  version: 1,
  name: 'All',
  match: 'all',
  conditions: [{ test: 'oneOf', field: 'city', values: ['Here'] }],
});
const TEMPLATES = [
  template({}),
  template({ templateId: 'receipt', purpose: 'service', subject: 'Your receipt' }),
  template({ templateId: 'text', channel: 'sms', subject: '' }),
  template({ templateId: 'chat', channel: 'whatsapp', subject: '' }),
];

beforeEach(async () => {
  aheadMs = 0;
  box = await startMailBox();
  texts = [];
  gatewayStatus = 200;
  gateway = createServer((request, reply) => {
    void json(request).then((body) => {
      texts.push(body as (typeof texts)[number]);
      reply.writeHead(gatewayStatus).end();
    });
  });
  gateway.listen(0, '127.0.0.1');
  await once(gateway, 'listening');
  const url = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}/send`;
  open = await openTestCentre({
    url: await postgres.createDatabase(),
    clock: { nowMs },
    innerReach: '127.0.0.1',
    onLog: (line) => lines.push(line),
    messages: {
      ...NO_MESSAGES,
      ...{
        smtpUrl: box.url,
        mailFrom: 'Shop <shop@example.com>',
        smsUrl: url,
        whatsappUrl: url,
        smsToken: 'secret',
      },
      publicUrl: 'https://crm.example.com/',
    },
  });
  await open.centre.database.transaction((tx) =>
    saveDocuments(tx, [
      ...TEMPLATES.map((body) => ({ kind: 'template' as const, id: body.templateId, body })),
      { kind: 'segment', id: 'all', body: everybody },
    ]),
  );
  till = await TestTill.enrol(injected(open.app));
});
afterEach(async () => {
  await open.close();
  await box.close();
  gateway.closeAllConnections();
  gateway.close();
});

function join(fields: Partial<MemberFields>, hasMarketingConsent = true): MemberId {
  const ref = till.makeMember({ city: 'Here', ...fields });
  const { memberId } = ref;
  const word = { purpose: 'marketing' as const, policyVersion: '1', channel: 'counter' as const };
  till.make({ kind: 'consent.recorded', memberId, ...word, isGranted: hasMarketingConsent });
  return memberId;
}
const ask = (memberId: MemberId, templateId: string, templateVersion = 1): OpId =>
  till.make({
    kind: 'message.requested',
    memberId,
    segmentId: memberId === WHOLE_CHAIN ? 'all' : '',
    templateId,
    templateVersion,
  }).opId;
async function send(): Promise<void> {
  await till.sync();
  await open.centre.sender.sendDue();
}
const fates = async (opId: string) => {
  const sends = await listSends(open.centre.database.sql, opId, 100);
  return sends.map(({ state, reason }) => (reason === '' ? state : `${state} ${reason}`)).sort();
};
const first = async () => (await listMessages(open.centre.database.sql))[0];

test('a segment is written to by e-mail; who did not agree, has no address or is gone gets nothing, with a reason', async () => {
  join({ firstName: 'Ann', email: 'ann@example.com' });
  join({ email: 'no@example.com' }, false);
  join({ email: null });
  join({ email: 'away@example.com', city: 'Elsewhere' });
  const blocked = join({ email: 'blocked@example.com' });
  const gone = join({ email: 'gone@example.com' });
  const removed = join({ email: 'removed@example.com' });
  const opId = ask(WHOLE_CHAIN, 'news');
  await till.sync();
  // After it was asked for, before it was sent.
  till.make({ kind: 'member.state', memberId: blocked, state: 'blocked', epoch: 1, reason: '' });
  await till.sync();
  await open.centre.sender.sendDue();
  const addressed = box.mails.flatMap(({ to }) => to).sort();
  expect(addressed).toEqual(['ann@example.com', 'gone@example.com', 'removed@example.com']);
  expect(await fates(opId)).toEqual([
    'sent',
    'sent',
    'sent',
    'skipped blocked',
    'skipped no_address',
    'skipped no_consent',
  ]);
  await addSecond(open.centre);
  till.make(anonymisedBy(gone));
  till.make({ kind: 'member.removed', memberId: removed, isRemoved: true, reason: '' });
  const again = [gone, removed].map((memberId) => ask(memberId, 'receipt'));
  await send();
  expect(await Promise.all(again.map(fates))).toEqual([['skipped anonymised'], ['skipped removed']]);
  expect((await first())?.state).toBe('done');
  expect(box.mails).toHaveLength(3);
});

test('consent is looked at when the message goes out, not when it was asked for (N20)', async () => {
  const memberId = join({ email: 'ann@example.com' });
  const opId = ask(memberId, 'news');
  const word = { purpose: 'marketing' as const, policyVersion: '1', channel: 'counter' as const };
  till.make({ kind: 'consent.recorded', memberId, ...word, isGranted: false });
  await send();
  expect([await fates(opId), box.mails]).toEqual([['skipped no_consent'], []]);
  const receipt = ask(memberId, 'receipt');
  await send();
  expect([await fates(receipt), box.mails.length]).toEqual([['sent'], 1]);
});

test('SMS and WhatsApp go to their gateways as JSON, to the mobile number', async () => {
  const memberId = join({ firstName: 'Ann', mobile: '+6591110001' });
  ask(memberId, 'text');
  ask(memberId, 'chat');
  await send();
  const went = texts.map(({ to, channel }) => `${channel} ${to}`).sort();
  expect(went).toEqual(['sms +6591110001', 'whatsapp +6591110001']);
  expect(texts[0]?.text).toBe('Dear Ann Tan, greetings from Test chain.');
});

test('the same op sends once, whatever is pushed or looked at again', async () => {
  const opId = ask(join({ email: 'ann@example.com' }), 'news');
  const request = till.request();
  await till.send(request);
  await till.send(request);
  const twin = await openTwin();
  await Promise.all([open.centre.sender.sendDue(), twin.centre.sender.sendDue()]);
  await open.centre.sender.sendDue();
  expect([box.mails.length, await fates(opId)]).toEqual([1, ['sent']]);
  await twin.close();
});

/** Another process of the same centre. */
async function openTwin(): Promise<TestCentre> {
  const [{ name }] = (await rowsOf<{ name: string }>(
    open.centre.database.sql,
    'select current_database() as name',
  )) as [{ name: string }];
  const [{ port }] = (await rowsOf<{ port: number }>(
    open.centre.database.sql,
    'select inet_server_port() as port',
  )) as [{ port: number }];
  const url = `postgres://postgres@127.0.0.1:${port}/${name}`;
  const messages = {
    ...NO_MESSAGES,
    smtpUrl: box.url,
    mailFrom: 'shop@example.com',
    publicUrl: 'https://x.example',
  };
  return openTestCentre({ url, clock: { nowMs }, messages });
}

test('a program that ended between handing over and noting it leaves "maybe", and nothing is sent again', async () => {
  const opId = ask(join({ email: 'ann@example.com' }), 'news');
  await till.sync();
  const { sql } = open.centre.database;
  await open.centre.sender.sendDue();
  await sql.query(`update message_sends set state = 'queued'`);
  await takeSend(sql, 'email', nowMs());
  await open.centre.sender.sendDue();
  expect(await fates(opId)).toEqual(['sending']);
  aheadMs += HOUR_MS;
  await open.centre.sender.sendDue();
  expect([await fates(opId), box.mails.length]).toEqual([['maybe interrupted'], 1]);
  aheadMs += DAY_MS;
  await open.centre.sender.sendDue();
  expect(box.mails).toHaveLength(1);
});

test('a server that took the mail and did not answer leaves "maybe"; one that refuses leaves "failed"', async () => {
  box.mood = 'refuse-address';
  const refused = ask(join({ email: 'nobody@example.com' }), 'news');
  await send();
  expect(await fates(refused)).toEqual(['failed smtp_550']);
  gatewayStatus = 500;
  const unclear = ask(join({ mobile: '+6591110001' }), 'text');
  await send();
  aheadMs += DAY_MS;
  await open.centre.sender.sendDue();
  expect([await fates(unclear), texts.length]).toEqual([['maybe status_500'], 1]);
});

test('what surely was not sent is tried again later, five times at most', async () => {
  box.mood = 'later';
  const opId = ask(join({ email: 'ann@example.com' }), 'news');
  await send();
  expect(await fates(opId)).toEqual(['queued smtp_451']);
  await open.centre.sender.sendDue();
  box.mood = 'take';
  aheadMs += HOUR_MS;
  await open.centre.sender.sendDue();
  expect([await fates(opId), box.mails.length]).toEqual([['sent'], 1]);
  box.mood = 'later';
  const never = ask(join({ email: 'bob@example.com' }), 'news');
  await send();
  for (let tries = 0; tries < 6; tries += 1) {
    aheadMs += DAY_MS;
    await open.centre.sender.sendDue();
  }
  expect(await fates(never)).toEqual(['failed smtp_451']);
});

test('of another version of its template, of none, or over a way that there is not, nothing is sent', async () => {
  const memberId = join({ email: 'ann@example.com' });
  ask(memberId, 'news', 2);
  await send();
  expect(await first()).toMatchObject({ state: 'refused', reason: 'template_changed' });
  ask(memberId, 'nothing');
  await send();
  expect(await first()).toMatchObject({ state: 'refused', reason: 'template_unknown' });
  expect(box.mails).toEqual([]);
});

test('a request that came before its member is sent once she came, and those behind it were not kept waiting', async () => {
  const other = await TestTill.enrol(injected(open.app));
  const ref = other.makeMember({ email: 'late@example.com' });
  const early = ask(ref.memberId, 'receipt');
  const next = ask(join({ email: 'ann@example.com' }), 'receipt');
  await send();
  expect([await fates(early), await fates(next)]).toEqual([[], ['sent']]);
  await other.sync();
  await open.centre.sender.sendDue();
  await open.centre.sender.sendDue();
  expect([await fates(early), box.mails.length]).toEqual([['sent'], 2]);
});

test('a channel whose server is slow keeps no other waiting, also for what is asked for meanwhile', async () => {
  let release = (): void => undefined;
  const isHeld = new Promise<void>((settle) => {
    box.hold = () => {
      settle();
      return new Promise((free) => (release = free));
    };
  });
  const mail = ask(join({ email: 'ann@example.com' }), 'receipt');
  await till.sync();
  open.centre.sender.start();
  await isHeld;
  const heard = once(gateway, 'request');
  ask(join({ mobile: '+6591110001' }), 'text');
  await till.sync();
  await heard;
  expect(await fates(mail)).toEqual(['sending']);
  release();
});

test('one person gets five a day at most', async () => {
  const memberId = join({ email: 'ann@example.com' });
  const ops = Array.from({ length: 6 }, () => ask(memberId, 'receipt'));
  await send();
  const all = (await Promise.all(ops.map(fates))).flat().sort();
  expect(all).toEqual(['sent', 'sent', 'sent', 'sent', 'sent', 'skipped too_many']);
});

test('of two selves of one person one gets it', async () => {
  const one = join({ email: 'ann@example.com' });
  const other = join({ email: 'ann@example.com' });
  const opId = ask(WHOLE_CHAIN, 'news');
  await till.sync();
  till.make({ kind: 'member.merged', memberId: other, intoId: one, reason: 'same' });
  const direct = ask(other, 'receipt');
  await send();
  expect(await fates(direct)).toEqual(['sent', 'skipped merged']);
  expect(await fates(opId)).toEqual(['sent']);
});

test('the way out of an e-mail is one press, makes a word of the consent ledger, and is nobody else’s', async () => {
  const memberId = join({ email: 'ann@example.com' });
  ask(memberId, 'news');
  await send();
  const raw = (box.mails[0]?.raw ?? '').replaceAll(/=\r?\n/g, '');
  const path = /https:\/\/crm\.example\.com(\/u\/[\w-]{43})/.exec(raw)?.[1] ?? '';
  expect(raw).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
  const look = await open.app.inject({ method: 'GET', url: path });
  const isAgreed = async () => {
    const text = `select "row" ->> 'hasMarketingConsent' as said from members where member_id = $1::uuid`;
    return (await rowsOf<{ said: string }>(open.centre.database.sql, text, [memberId]))[0]?.said;
  };
  expect([look.statusCode, await isAgreed()]).toEqual([200, 'true']);
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const payload = 'List-Unsubscribe=One-Click';
  const parts = { 'content-type': 'multipart/form-data; boundary=x' };
  const forged = `${path.slice(0, -2)}AA`;
  expect((await open.app.inject({ method: 'POST', url: forged, headers, payload })).statusCode).toBe(404);
  for (const each of [parts, headers])
    expect((await open.app.inject({ method: 'POST', url: path, headers: each, payload })).statusCode).toBe(
      200,
    );
  expect(await isAgreed()).toBe('false');
  const next = ask(memberId, 'news');
  await send();
  expect(await fates(next)).toEqual(['skipped no_consent']);
});

test('neither the tables nor the log keep a text or an address', async () => {
  ask(join({ firstName: 'Quillfeather', email: 'quill@example.com' }), 'news');
  box.mood = 'refuse-address';
  await send();
  const { sql } = open.centre.database;
  const kept = [
    await rowsOf(sql, 'select * from messages'),
    await rowsOf(sql, 'select * from message_sends'),
  ];
  expect(`${JSON.stringify(kept)}${lines.join('')}`).not.toMatch(/quill|greetings|550 no such/i);
});

test('no name breaks a header or adds a receiver', async () => {
  const nasty = [
    ...['a\r\nBcc: x@evil.example', 'a\nSubject: y', 'a\r\n\r\n<script>'],
    ...['{{chain}}', 'a\u2028Bcc: z@evil.example'],
  ];
  for (const firstName of nasty)
    ask(join({ firstName: firstName.trim(), email: 'ann@example.com' }), 'receipt');
  await send();
  for (const { to, raw } of box.mails) {
    const [headers = ''] = raw.split('\r\n\r\n');
    expect(to).toEqual(['ann@example.com']);
    expect(
      headers
        .match(/^(bcc|subject|to|cc|from):/gim)
        ?.map((name) => name.toLowerCase())
        .sort(),
    ).toEqual(['from:', 'subject:', 'to:']);
  }
  expect(box.mails.length).toBeGreaterThan(0);
});
