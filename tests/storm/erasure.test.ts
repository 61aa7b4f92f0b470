import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rowsOf } from '../../crm/database.ts';
import { scourWhenDue } from '../../crm/inbox/scouring.ts';
import { scour, scourText } from '../../crm/scour.ts';
import { nodeScrypt } from '../../crm/node-crypto.ts';
import { listErasures } from '../../crm/repos/erasures.ts';
import { verifyCentre } from '../../crm/routes/health.ts';
import { createUnsealer } from '../../crm/unseal.ts';
import { newId, type CardId, type MemberId, type OpId, type StoreId } from '../../sync/base/ids.ts';
import { must } from '../../sync/base/must.ts';
import { EMPTY_FIELDS } from '../../sync/model/member.ts';
import { readSpill } from '../../sync/spill/format.ts';
import { canariesOfTill, CANARY_WORD, canaryPhone, filesWithCanaries, hasCanary } from '../parts/canaries.ts';
import { startOwnPostgres, type OwnPostgres } from '../parts/postgres.ts';
import { startRelay, type Relay } from '../parts/relay.ts';
import { makeFolder, openTestTill, type TestTill } from '../parts/till.ts';
import { addSecond, anonymisedBy, SECOND } from '../parts/second.ts';
import { MANAGER_PIN, openTestCentre, type TestCentre } from '../unit/crm/test-centre.ts';
import { injected, makeCode, TestTill as WireTill } from '../unit/crm/test-till.ts';

const MANAGER = { login: 'manager', pin: MANAGER_PIN };
const MEMBERS = 10_000;
const TILLS = 5;
const CANARIES_EACH = 20;
const ERASED = TILLS * CANARIES_EACH;
const DAY_MS = 86_400_000;

interface Canary {
  memberId: MemberId;
  cardId: CardId;
  at: number;
}

/** What passed since the test began, beside the seconds that it takes. */
let laterMs = 0;
const centreClock = { nowMs: () => Date.now() + laterMs };

/** A real till over a line of its own, that may be away. */
class Counter {
  readonly dir = join(makeFolder(), 'till');
  isAway = false;
  #till: TestTill | null = null;
  #relay: Relay | null = null;

  get client() {
    return must(this.#till, 'it is on').client;
  }

  async enrol(centre: TestCentre, name: string): Promise<void> {
    const { port } = centre.app.server.address() as AddressInfo;
    this.#relay = await startRelay({
      upstream: () => `http://127.0.0.1:${port}`,
      fate: () => (this.isAway ? 'cut' : 'pass'),
    });
    await this.on();
    await this.client['till.enrol']({
      serverUrl: this.#relay.url,
      code: await makeCode(injected(centre.app)),
      tillName: name,
    });
    await this.signIn();
  }

  async on(): Promise<void> {
    const clock = { nowMs: centreClock.nowMs, monotonicMs: () => performance.now() + laterMs };
    this.#till = openTestTill(this.dir, { clock, centreTimeoutMs: 20_000, onRenewed: () => undefined });
  }

  async signIn(): Promise<void> {
    await this.client['session.signIn'](MANAGER);
  }

  /** Closes the till, which moves its logs into its files: the checkpoint. */
  async off(): Promise<void> {
    await this.#till?.close();
    this.#till = null;
  }

  async reopen(): Promise<void> {
    await this.off();
    await this.on();
    await this.signIn();
  }

  async sync(): Promise<void> {
    for (;;) if ((await this.client['sync.run']({})).outstanding === 0) return;
  }

  async stamp(cardId: CardId, count: number): Promise<void> {
    await this.client['stamps.add']({ opId: newId<OpId>(), cardId, count });
  }

  async end(): Promise<void> {
    await this.off();
    await this.#relay?.stop();
    rmSync(join(this.dir, '..'), { recursive: true, force: true });
  }
}

let postgres: OwnPostgres;
let centre: TestCentre;
const counters: Counter[] = [];
const canaries: Canary[] = [];

beforeAll(async () => {
  postgres = await startOwnPostgres({ settings: ['autovacuum=off'] });
  const url = await postgres.createDatabase();
  centre = await openTestCentre({ url, scrypt: nodeScrypt, clock: centreClock });
  await addSecond(centre.centre);
  await centre.app.listen({ host: '127.0.0.1', port: 0 });
}, 60_000);
afterAll(async () => {
  for (const counter of counters) await counter.end();
  await centre.close();
  await postgres.stop();
});

/** Members that nobody erases: the bulk of the chain, by one till. */
async function fillChain(wire: WireTill): Promise<void> {
  for (let at = 0; at < MEMBERS - ERASED; at += 1) {
    wire.make({
      kind: 'member.created',
      memberId: newId<MemberId>(),
      supportId: `S-${at}`,
      storeId: wire.storeId as StoreId,
      fields: { ...EMPTY_FIELDS, lastName: `Kept ${at}`, mobile: `+659${String(at).padStart(7, '0')}` },
      pdpaPolicy: '1',
      hasMarketingConsent: false,
      card: null,
    });
  }
  await wire.sync();
}

async function addCanary(counter: Counter, at: number): Promise<void> {
  const { client } = counter;
  const { cardTypes } = await client['till.get']({});
  const stampType = must(
    cardTypes.find(({ kind }) => kind === 'stamp'),
    'the chain stamps',
  );
  const { member, cardId } = await client['members.add']({
    opId: newId<OpId>(),
    draft: {
      lastName: `${CANARY_WORD}${at}`,
      firstName: `First${CANARY_WORD}`,
      mobile: canaryPhone(at),
      phone: canaryPhone(1_000 + at),
      email: `${CANARY_WORD.toLowerCase()}${at}@example.test`,
      lookupId: `L${CANARY_WORD}${at}`,
      notes: `${CANARY_WORD} likes it hot`,
    },
    cardTypeId: stampType.cardTypeId,
    cardNumber: null,
    hasMarketingConsent: true,
  });
  const card = must(cardId, 'enrolled with a card');
  canaries.push({ memberId: member.memberId, cardId: card, at });
  await counter.stamp(card, 2);
}

const edit = (counter: Counter, { memberId }: Canary, notes: string) =>
  counter.client['members.edit']({ opId: newId<OpId>(), memberId, draft: { notes } });

/** Tables of the centre that say a canary in a row that is one. */
async function tablesOfCentre(): Promise<string[]> {
  const { sql } = centre.centre.database;
  const text = `select table_name as name from information_schema.tables where table_schema = 'public'`;
  const found: string[] = [];
  for (const { name } of await rowsOf<{ name: string }>(sql, text)) {
    const rows = await rowsOf<{ text: string }>(sql, `select t::text as text from "${name}" t`);
    if (rows.some((row) => hasCanary(row.text))) found.push(name);
  }
  return found.sort();
}

/** What is in the files that tills fetch, unpacked. */
async function fedTexts(): Promise<string[]> {
  const text = 'select rows as body from feed_segments union all select body from feed_chunks';
  const found = await rowsOf<{ body: Buffer | null }>(centre.centre.database.sql, text);
  return found.flatMap(({ body }) => (body === null ? [] : [zstdDecompressSync(body).toString('latin1')]));
}

const ledger = async (): Promise<object> => {
  const text = `select (select count(*) from entries) as entries, (select sum(delta) from entries)::bigint as units,
    (select sum(balance) from accounts)::bigint as balances, (select count(*) from members) as members`;
  return must((await rowsOf<object>(centre.centre.database.sql, text))[0], 'one row');
};

const receipts = async (): Promise<string[]> => {
  const all = await listErasures(centre.centre.database.sql, ERASED);
  return [...new Set(all.map(({ tills, confirmed }) => `${confirmed} of ${tills}`))];
};

/** What the centre's key opens in a till's spill files. */
async function spilledTexts(dir: string): Promise<string[]> {
  const text = `select secret_key as secret from centre_keys where kind = 'seal'`;
  const keys = await rowsOf<{ secret: string }>(centre.centre.database.sql, text);
  const { secret } = must(keys[0], 'the centre has a key');
  return readdirSync(dir)
    .filter((name) => name.startsWith('spill.'))
    .flatMap((name) => readSpill(readFileSync(join(dir, name))).sessions)
    .flatMap((session) => session.records.map(createUnsealer(session, secret)))
    .filter((each) => each !== null);
}

/** Where a till that is off says a canary. */
async function saysOf({ dir }: Counter): Promise<string[]> {
  const logs = readdirSync(dir).filter((name) => /-(wal|journal)$/.test(name));
  const spilled = (await spilledTexts(dir)).filter(hasCanary).map(() => 'spill, opened');
  return [...canariesOfTill(dir), ...logs, ...spilled];
}

/** Five tills and the bulk of the chain; every word in many places. */
async function openChain(): Promise<WireTill> {
  const wire = await WireTill.enrol(injected(centre.app));
  await fillChain(wire);
  for (let at = 0; at < TILLS; at += 1) {
    const counter = new Counter();
    counters.push(counter);
    await counter.enrol(centre, `Till ${at + 1}`);
    for (let one = 0; one < CANARIES_EACH; one += 1) await addCanary(counter, at * CANARIES_EACH + one);
    await counter.sync();
  }
  for (const counter of counters) await counter.sync();
  // Two tills say other things of the same people at the same time: what loses waits in the inbox.
  const [one, two] = [must(counters[0], 'a till'), must(counters[1], 'a till')];
  for (const canary of canaries.slice(0, 10)) {
    await edit(one, canary, `${CANARY_WORD} one`);
    await edit(two, canary, `${CANARY_WORD} two`);
  }
  await one.sync();
  await two.sync();
  // What no program of today understands is held to the letter.
  const { memberId } = must(canaries[3], 'a canary');
  const unreadable = { kind: 'member.changed', memberId, fields: { colour: CANARY_WORD } };
  wire.make(unreadable);
  await wire.sync();
  for (const counter of counters) await counter.sync();
  return wire;
}

/** The till's next contact takes the words out, the one after brings the receipt. */
async function syncTwice(counter: Counter): Promise<void> {
  await counter.sync();
  await counter.sync();
}

async function eraseAll(counter: Counter): Promise<void> {
  for (const { memberId } of canaries) {
    const reason = `${CANARY_WORD} asked for it`;
    await counter.client['members.anonymise']({ opId: newId<OpId>(), memberId, reason, second: SECOND });
  }
}

/** What somebody types to find them, and nobody comes. */
async function findsNobody({ client }: Counter): Promise<void> {
  for (const text of [CANARY_WORD, canaryPhone(7), canaryPhone(7).slice(-5), `L${CANARY_WORD}7`])
    expect([text, (await client['members.lookup']({ text })).members]).toEqual([text, []]);
}

const scan = async (counter: Counter): Promise<void> => {
  await counter.off();
  expect(await saysOf(counter)).toEqual([]);
};

test(`${ERASED} of ${MEMBERS} members are anonymised: after each till's next sync and checkpoint no byte of it says them, also of one that was away and one that was put back (R-F4, I6)`, async () => {
  const wire = await openChain();
  const [first, second, third, away, restored] = counters as [Counter, Counter, Counter, Counter, Counter];
  const before = await ledger();
  expect(before).toMatchObject({ members: MEMBERS, entries: ERASED, units: 2 * ERASED });
  await restored.off();
  const copy = `${restored.dir}.copy`;
  cpSync(restored.dir, copy, { recursive: true });
  // The search sees what is there.
  expect(await saysOf(restored)).toEqual(expect.arrayContaining(['replica.members', 'till.ops']));
  expect(await tablesOfCentre()).toEqual(expect.arrayContaining(['inbox', 'members', 'ops']));
  await centre.centre.feed.manifest(true);
  expect((await fedTexts()).some(hasCanary)).toBe(true);
  await restored.on();
  await restored.signIn();
  // What the copy does not know, so that nobody takes it for the till itself.
  await restored.stamp(must(canaries[30], 'a canary').cardId, 1);
  away.isAway = true;

  await eraseAll(first);
  await syncTwice(first);
  expect(await receipts()).toEqual([`1 of ${TILLS + 1}`]);
  for (const counter of [second, third, restored]) await syncTwice(counter);
  expect(await receipts()).toEqual([`4 of ${TILLS + 1}`]);
  for (const counter of [first, second, third]) await findsNobody(counter);
  for (const counter of [first, second, third, restored]) await scan(counter);

  // Ten days go by; who is away goes on with what it knows.
  laterMs += 10 * DAY_MS;
  await away.reopen();
  for (const canary of canaries.slice(0, 20)) {
    await away.stamp(canary.cardId, 1);
    await edit(away, canary, `${CANARY_WORD} came again`);
  }
  away.isAway = false;
  await syncTwice(away);
  await findsNobody(away);
  await scan(away);

  // A copy of the disk from before, put back: found out, and begun anew.
  rmSync(restored.dir, { recursive: true });
  cpSync(copy, restored.dir, { recursive: true });
  rmSync(copy, { recursive: true });
  await restored.on();
  await restored.signIn();
  await expect(restored.sync()).rejects.toMatchObject({ code: 'core_restarted' });
  await restored.reopen();
  await restored.stamp(must(canaries[31], 'a canary').cardId, 1);
  await syncTwice(restored);
  await findsNobody(restored);
  await scan(restored);
  expect(await receipts()).toEqual([`5 of ${TILLS + 1}`]);
  await wire.sync();
  await wire.exchange({ purgedErasure: ERASED });
  expect(await receipts()).toEqual([`${TILLS + 1} of ${TILLS + 1}`]);

  expect(await tablesOfCentre()).toEqual([]);
  await centre.centre.feed.manifest(true);
  expect((await fedTexts()).filter(hasCanary)).toEqual([]);
  // Nothing that was booked is gone: neither before, nor by the one that was away.
  const units = 2 * ERASED + 22;
  expect(await ledger()).toEqual({ ...before, entries: ERASED + 22, units, balances: units });
  expect((await verifyCentre(centre.centre)).problems).toEqual([]);
});

test('within the hour the centre takes them out of its files too: tables, indexes, statistics, the log of changes', async () => {
  // Segments of the log that are done with are kept, as they are, under the names of later ones.
  await centre.centre.database.sql.query('select pg_switch_wal()');
  await centre.centre.database.sql.query('checkpoint');
  const said = filesWithCanaries(postgres.dataFolder).map((path) => path.split('/')[0]);
  // Whether the log still says them depends on how many checkpoints there were.
  expect(said).toContain('base');
  laterMs += 11 * 60_000;
  expect(await scourWhenDue(centre.centre, () => Promise.resolve())).toMatchObject({
    failed: [],
    isLogNew: true,
  });
  expect(filesWithCanaries(postgres.dataFolder)).toEqual([]);
  expect(await scourWhenDue(centre.centre, () => Promise.resolve())).toBeNull();
});

test('by hand, for a user of the database who may do no more than own it: all but the log of changes, and it says so', async () => {
  const url = await postgres.createDatabase();
  const { sql } = centre.centre.database;
  const name = must(url.split('/').at(-1), 'it has a name');
  await sql.query(`create role shop login`);
  await sql.query(`alter database ${name} owner to shop`);
  const databaseUrl = url.replace('postgres@', 'shop@');
  const shop = await openTestCentre({ url: databaseUrl });
  const till = await WireTill.enrol(injected(shop.app));
  const { memberId } = till.makeMember({ lastName: CANARY_WORD, mobile: canaryPhone(1) });
  await till.sync();
  await addSecond(shop.centre);
  till.make(anonymisedBy(memberId, { reason: CANARY_WORD }));
  await till.sync();
  await shop.close();
  const said = await scour({ folder: '', databaseUrl, clock: centreClock, log: pino({ level: 'silent' }) });
  expect(said).toMatchObject({ failed: [], isLogNew: false });
  expect(scourText(said)).toContain('log of changes stays until it is written over');
  const left = filesWithCanaries(postgres.dataFolder).map((path) => path.split('/')[0]);
  expect([...new Set(left)]).toEqual(['pg_wal']);
  const asSuperuser = () =>
    scour({ folder: '', databaseUrl: url, clock: centreClock, log: pino({ level: 'silent' }) });
  // What a standby has not fetched can not be ended: no segment is written for it in vain.
  await sql.query("select pg_create_physical_replication_slot('held', true)");
  expect(await asSuperuser()).toMatchObject({ failed: [], isLogNew: false });
  await sql.query("select pg_drop_replication_slot('held')");
  expect(await asSuperuser()).toMatchObject({ failed: [], isLogNew: true });
  expect(filesWithCanaries(postgres.dataFolder)).toEqual([]);
});
