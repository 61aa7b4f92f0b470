import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { createInterface } from 'node:readline';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NODE_PATH } from '../../build/setup/house.mjs';
import { ROOT } from '../../build/targets.mjs';
import type { CoreClient } from '../../electron/contract/index.ts';
import { askEnrolCode } from '../../electron/core/enrol-code.ts';
import { newId, type CardTypeId, type MemberId, type OpId } from '../../sync/base/ids.ts';
import { must } from '../../sync/base/must.ts';
import { textSum } from '../../sync/model/message.ts';
import { MessageTemplate } from '../../sync/model/template.ts';
import {
  CANARY_PHONE,
  CANARY_WORD,
  canaryPhone,
  filesWithCanaries,
  hasCanary,
} from '../parts/canary-words.ts';
import { startMailBox, type MailBox } from '../parts/mail-box.ts';
import { startPostgres, type PostgresPart } from '../parts/postgres.ts';
import { makeFolder } from '../parts/till.ts';
import { FORM, MANAGER_PIN } from '../unit/crm/test-centre.ts';
import { newBrowser, openTab } from '../unit/electron/hosts/office/browser.ts';

const MANAGER = { login: 'manager', pin: MANAGER_PIN };
const PEOPLE = 12;
const folder = makeFolder();
const [office, temp] = [join(folder, 'office'), join(folder, 'temp')];
/** Every line of every program, of stdout and of stderr. */
const said: string[] = [];
/** What a gateway repeats of what it was told, as careless ones do. */
const repeated: unknown[] = [];
let postgres: PostgresPart;
let databaseUrl: string;
let box: MailBox;
let gateway: Server;
let centre: Program;
let desk: Program;
let client: CoreClient;

interface Program {
  child: ChildProcess;
  url: string;
  end: (signal: 'SIGTERM' | 'SIGKILL') => Promise<void>;
}

/** Starts a built program of its own, whose every line is kept. Resolves with its address. */
async function start(words: readonly string[], env: Record<string, string>): Promise<Program> {
  const child = spawn(NODE_PATH, words, { env: { ...process.env, TMPDIR: temp, ...env }, stdio: 'pipe' });
  const gone = once(child, 'close');
  const listening = new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', (line) => {
        said.push(line);
        if (line.startsWith('listening on ')) resolve(line.slice('listening on '.length).trim());
      });
    child.once('close', (status) => reject(new Error(`ended with ${status}: ${said.at(-1)}`)));
  });
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    child.kill(signal);
    await gone;
  };
  return { child, url: await listening, end };
}

async function startDesk(own: readonly string[] = []): Promise<void> {
  desk = await start([join(ROOT, 'out/office/index.cjs'), '--data', office, '--port', '0', ...own], {
    COUNTERFOIL_DEMO: '1',
  });
  client = (await openTab(desk.url, await newBrowser(desk.url))).calls;
  await client['session.signIn']({ ...MANAGER, takesOver: true });
}

beforeAll(async () => {
  mkdirSync(temp);
  postgres = await startPostgres();
  databaseUrl = await postgres.createDatabase();
  box = await startMailBox();
  gateway = createServer((request, reply) => {
    void json(request).then((told) => {
      repeated.push(told);
      reply.writeHead(repeated.length % 2 === 0 ? 500 : 400, { 'x-told': CANARY_WORD });
      reply.end(JSON.stringify({ error: `nothing for ${JSON.stringify(told)}` }));
    });
  }).listen(0, '127.0.0.1');
  await once(gateway, 'listening');
  const sms = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}/send`;
  const setup = join(folder, 'setup.json');
  writeFileSync(setup, JSON.stringify(FORM));
  centre = await start([join(ROOT, 'out/crm/index.cjs'), '--port', '0', '--setup', setup], {
    ...{ DATABASE_URL: databaseUrl, COUNTERFOIL_WEBHOOK_REACH: '127.0.0.1' },
    ...{ COUNTERFOIL_SMTP_URL: box.url, COUNTERFOIL_MAIL_FROM: 'Shop <shop@example.org>' },
    ...{ COUNTERFOIL_SMS_URL: sms, COUNTERFOIL_MESSAGES_PER_SECOND: '100' },
  });
  const asked = { ...MANAGER, storeId: null, kind: 'office' as const };
  const { code } = await askEnrolCode(centre.url, asked);
  await startDesk(['--server', centre.url, '--code', code]);
}, 120_000);
afterAll(async () => {
  await Promise.all([desk.end('SIGTERM'), centre.end('SIGTERM')]);
  await box.close();
  gateway.close();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
});

const opId = (): OpId => newId<OpId>();
const people = Array.from({ length: PEOPLE }, (_, at) => ({
  lastName: `${CANARY_WORD} ${at}`,
  mobile: canaryPhone(at),
  email: `${CANARY_WORD}${at}@example.org`,
}));
const TEMPLATES = (['email', 'sms'] as const).map((channel) =>
  MessageTemplate.parse({
    ...{ templateId: channel, version: 1, name: channel, channel, purpose: 'service', isRetired: false },
    ...{ subject: channel === 'email' ? 'For {{name}}' : '', body: 'Dear {{name}}, come in.' },
  }),
);

/** Enrols her at the office, looks for her in every way, right and wrong, and has her written to. */
async function serve(draft: (typeof people)[number]): Promise<{ memberId: MemberId; card: string }> {
  const first = { cardTypeId: 'points' as CardTypeId, cardNumber: null, hasMarketingConsent: true };
  const { member } = await client['members.add']({ opId: opId(), draft, ...first });
  for (const text of Object.values(draft)) await client['members.lookup']({ text });
  const wrong = [
    client['members.add']({ opId: opId(), draft, ...first }),
    client['members.lookup']({ text: 1, who: draft } as never),
    client['members.edit']({ ...draft } as never),
  ];
  const outcomes = await Promise.allSettled(wrong);
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toEqual([]);
  const card = must(member.cards[0], 'she has a card');
  const bought = { amountMinor: 500, receiptNo: draft.lastName, points: null, reason: CANARY_WORD };
  await client['points.credit']({ opId: opId(), cardId: card.cardId, ...bought });
  return { memberId: member.memberId, card: card.cardNumber };
}

/** Who types a member's name, her phone or a new PIN where a login goes. */
async function tryPins(): Promise<void> {
  const tab = await openTab(desk.url, await newBrowser(desk.url));
  for (const { lastName, mobile } of people.slice(0, 3)) {
    const pin = `${CANARY_PHONE}${mobile.slice(-4)}`;
    for (const login of [lastName, MANAGER.login])
      await expect(tab.calls['session.signIn']({ login, pin })).rejects.toMatchObject({ code: /pin_/ });
  }
  await tab.leave();
}

async function writeTo(memberIds: readonly MemberId[]): Promise<void> {
  for (const body of TEMPLATES)
    await client['documents.save']({
      ...{ opId: opId(), kind: 'template', id: body.templateId, baseVersion: 0, body },
    });
  await client['sync.run']({});
  for (const memberId of memberIds)
    for (const template of TEMPLATES)
      await client['messages.send']({
        ...{
          opId: opId(),
          templateId: template.templateId,
          templateVersion: 1,
          templateSum: textSum(template),
        },
        ...{ memberId, segmentId: '' },
      });
  await client['sync.run']({});
}

async function importAndTakeOut(memberId: MemberId): Promise<void> {
  const rows = people.map(
    ({ lastName }, at) => `${lastName} B,${at % 2 === 0 ? '12' : canaryPhone(5_000 + at)}`,
  );
  const bytes = Buffer.from(['full_name,mobile_number', ...rows].join('\n'));
  const runId = randomUUID();
  await client['imports.begin']({ runId, fileName: `${CANARY_WORD}.csv`, byteCount: bytes.length });
  await client['imports.put']({ runId, at: 0, base64: bytes.toString('base64') });
  const { columns } = await client['imports.open']({ runId, encoding: null, delimiter: null });
  const how = { mode: 'create-and-update' as const, pointsCardTypeId: null, creditCardTypeId: null };
  await client['imports.check']({ runId, ...how, columns: columns.map(({ to }) => to) });
  await expect.poll(async () => (await client['imports.get']({ runId })).state).toBe('checked');
  const { text } = await client['imports.failedRows']({ runId, afterRow: 0 });
  expect(hasCanary(text)).toBe(true);
  const reason = `${CANARY_WORD} asked`;
  const scope = { kind: 'member', memberId } as const;
  expect(hasCanary((await client['history.export']({ scope, after: null, reason })).text)).toBe(true);
  const all = { filter: { match: 'all' as const, rules: [] }, search: '', memberIds: null };
  const asked = { ...all, purpose: 'administration' as const, reason };
  // One is read whole, one is left in its midst.
  for (const isWhole of [true, false]) {
    const { exportId } = await client['directory.beginExport'](asked);
    expect(hasCanary((await client['directory.readExport']({ exportId })).text)).toBe(true);
    if (isWhole) await client['directory.endExport']({ exportId });
  }
}

const ROWS = {
  messages: 'select t::text as row from messages t',
  message_sends: 'select t::text as row from message_sends t',
  audit_log: 'select t::text as row from audit_log t',
};

/** Rows of a table of the centre, as text. */
async function rowsOf(table: keyof typeof ROWS): Promise<string[]> {
  const sql = new Client({ connectionString: databaseUrl });
  await sql.connect();
  const { rows } = await sql.query<{ row: string }>(ROWS[table]);
  await sql.end();
  return rows.map(({ row }) => row);
}
const states = async (): Promise<string[]> =>
  (await rowsOf('message_sends')).map(
    (row) => /,(queued|sending|sent|maybe|failed|skipped),/.exec(row)?.[1] ?? row,
  );

test(
  'an office, the messages that it asks for and the files that it lets out leave nobody in a log, a temporary file or a queue',
  { timeout: 300_000 },
  async () => {
    const served = [];
    for (const person of people) served.push(await serve(person));
    const [first] = served.map(({ memberId }) => memberId);
    await tryPins();
    box.mood = 'refuse-address';
    await writeTo(served.map(({ memberId }) => memberId));
    // Each by e-mail and by text: refused with words about her, or told to come later.
    await expect.poll(async () => (await states()).length, { timeout: 60_000 }).toBe(2 * PEOPLE);
    await expect
      .poll(async () => (await rowsOf('message_sends')).every((row) => !/,queued,"?",0,/.test(row)), {
        timeout: 60_000,
      })
      .toBe(true);
    await importAndTakeOut(must(first, 'somebody was served'));
    await desk.end('SIGKILL');
    await startDesk();
    await client['sync.run']({});
    const cards = served.map(({ card }) => card);
    const told = (line: string): boolean => hasCanary(line) || cards.some((card) => line.includes(card));
    expect(repeated.length).toBeGreaterThan(0);
    expect(said.length).toBeGreaterThan(2);
    expect(said.filter(told)).toEqual([]);
    expect((await rowsOf('messages')).concat(await rowsOf('message_sends')).filter(told)).toEqual([]);
    expect((await rowsOf('audit_log')).filter(told)).toEqual([]);
    expect(readdirSync(office).length).toBeGreaterThan(0);
    expect([...filesWithCanaries(office, cards), ...filesWithCanaries(temp, cards)]).toEqual([]);
  },
);
