import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NODE_PATH } from '../../build/setup/house.mjs';
import { startChild, type Child } from '../../build/shop/child.mjs';
import { ROOT } from '../../build/targets.mjs';
import type { CallInput, CoreClient } from '../../electron/contract/index.ts';
import { askEnrolCode } from '../../electron/core/enrol-code.ts';
import { createCoreClient } from '../../electron/hosts/client.ts';
import { newId, type CardTypeId, type OpId } from '../../sync/base/ids.ts';
import { must } from '../../sync/base/must.ts';
import { CANARY_PHONE, CANARY_WORD, canaryPhone, filesWithCanaries, hasCanary } from '../parts/canaries.ts';
import { forkCore, type ForkedCore } from '../parts/forked-core.ts';
import { makeFolder } from '../parts/till.ts';
import { FORM, MANAGER_PIN } from '../unit/crm/test-centre.ts';

const CANARIES = 200;
const MANAGER = { login: 'manager', pin: MANAGER_PIN };
const folder = makeFolder();
const [tillFolder, temp] = [join(folder, 'till'), join(folder, 'temp')];
const said: string[] = [];
let centre: Child;
let url = '';
let core: ForkedCore;
let client: CoreClient;

const opId = (): OpId => newId<OpId>();
const people = Array.from({ length: CANARIES }, (_, at) => ({
  lastName: `${CANARY_WORD} ${at}`,
  notes: `${CANARY_WORD} lives here`,
  mobile: canaryPhone(at),
  email: `${CANARY_WORD}${at}@example.org`,
}));

async function startTill(): Promise<void> {
  core = await forkCore(tillFolder, { COUNTERFOIL_DEMO: '1', TMPDIR: temp }, { execPath: NODE_PATH });
  client = createCoreClient(core.port);
}

beforeAll(async () => {
  mkdirSync(temp);
  const setup = join(folder, 'setup.json');
  writeFileSync(setup, JSON.stringify(FORM));
  const words = ['--port', '0', '--data', join(folder, 'crm'), '--setup', setup];
  const env = { ...process.env, TMPDIR: temp };
  const toWords = (line: string): undefined => void said.push(line);
  centre = startChild(NODE_PATH, [join(ROOT, 'out/crm/index.cjs'), ...words], { name: 'crm', env, toWords });
  url = await centre.line('listening on ');
  await startTill();
  const { code } = await askEnrolCode(url, { ...MANAGER, storeId: null });
  await client['till.enrol']({ serverUrl: url, code, tillName: 'Till 1' });
  await client['session.signIn'](MANAGER);
}, 60_000);
afterAll(async () => {
  await core.close();
  await centre.end();
  rmSync(folder, { recursive: true, force: true });
});

/** What a till is asked for one of them in a day, right and wrong. */
async function serve(draft: (typeof people)[number]): Promise<void> {
  const first = { cardTypeId: 'stamp' as CardTypeId, cardNumber: null, hasMarketingConsent: true };
  const added = await client['members.add']({ opId: opId(), draft, ...first });
  const { memberId } = added.member;
  const cardId = must(added.cardId, 'she got one');
  await client['stamps.add']({ opId: opId(), cardId, count: 1 });
  for (const text of [draft.mobile, draft.lastName, draft.email]) await client['members.lookup']({ text });
  await client['members.edit']({ opId: opId(), memberId, draft: { city: CANARY_WORD } });
  await client['members.setState']({ opId: opId(), memberId, action: 'lock', reason: CANARY_WORD });
  const wrong = [
    client['members.add']({ opId: opId(), draft, ...first }),
    client['members.add']({ opId: opId(), draft: { ...draft, mobile: `${draft.mobile}9999` }, ...first }),
    client['session.signIn']({ login: draft.lastName, pin: `${CANARY_PHONE}${draft.mobile.slice(-4)}` }),
    // Cast: what a page that was taken over may send.
    client['members.lookup']({ text: 1, who: draft } as unknown as CallInput<'members.lookup'>),
    client['points.credit']({ ...draft } as unknown as CallInput<'points.credit'>),
  ];
  const outcomes = await Promise.allSettled(wrong);
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toEqual([]);
}

/** What the centre hears from who has no right to say it. */
async function shout({ lastName, mobile, email }: (typeof people)[number]): Promise<void> {
  const bodies = [
    JSON.stringify({ lastName, mobile, email }),
    `{"name":"${lastName}`,
    `${lastName}&${mobile}`,
  ];
  for (const path of ['/v1/exchange', '/v1/enrol', '/v1/members/lookup', '/setup', '/integrations'])
    for (const body of bodies) {
      const answer = await fetch(`${url}${path}`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${mobile}` },
      });
      expect(hasCanary(await answer.text())).toBe(false);
    }
}

async function importAll(): Promise<void> {
  const rows = people.map(({ lastName }, at) => `${lastName} B,${canaryPhone(5_000 + at)}`);
  const bytes = Buffer.from(['full_name,mobile_number', ...rows, `"${CANARY_WORD},x`].join('\n'));
  const runId = randomUUID();
  await client['imports.begin']({ runId, fileName: `${CANARY_WORD}.csv`, byteCount: bytes.length });
  await client['imports.put']({ runId, at: 0, base64: bytes.toString('base64') });
  const { columns } = await client['imports.open']({ runId, encoding: null, delimiter: null });
  const how = { mode: 'create-and-update' as const, pointsCardTypeId: null, creditCardTypeId: null };
  await client['imports.check']({ runId, ...how, columns: columns.map(({ to }) => to) });
  const state = async (): Promise<string> => (await client['imports.get']({ runId })).state;
  await expect.poll(state, { timeout: 60_000 }).toBe('checked');
  await client['imports.start']({ runId });
  await expect.poll(state, { timeout: 60_000 }).toBe('done');
}

test(
  `${CANARIES} people go through a day of real processes: no log, temporary file or figure says one of them (R-F3)`,
  { timeout: 300_000 },
  async () => {
    for (const person of people) await serve(person);
    for (const person of people.slice(0, 10)) await shout(person);
    await importAll();
    await client['sync.run']({});
    // It ends in the midst of its work, and its next start says what it found.
    await core.kill();
    await startTill();
    await client['session.signIn'](MANAGER);
    await client['day.close']({ businessDay: null });
    await client['sync.run']({});
    const figures = await (await fetch(`${url}/v1/metrics`)).text();
    expect(said.length).toBeGreaterThan(0);
    expect(said.filter(hasCanary)).toEqual([]);
    expect(hasCanary(figures)).toBe(false);
    expect(hasCanary(JSON.stringify(await client['till.diagnose']({})))).toBe(false);
    expect([...filesWithCanaries(tillFolder), ...filesWithCanaries(temp)]).toEqual([]);
  },
);
