import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { askEnrolCode } from '../../electron/core/enrol-code.ts';
import { must } from '../../sync/base/must.ts';
import { startCentreChild, type CentreChild } from '../parts/centre.ts';
import { startFaultProxy, type FaultProxy } from '../parts/fault-proxy.ts';
import { startOwnPostgres, type OwnPostgres } from '../parts/postgres.ts';
import { addStampCard, auditSite, stamp, syncUntilDone, type StormTill } from '../parts/storm-ledger.ts';
import { makeFolder, openTestTill, type TestTill } from '../parts/till.ts';
import { createRandom, type Random } from '../sim/random.ts';
import { FORM, MANAGER_PIN } from '../unit/crm/test-centre.ts';

const SEED = Number(process.env['STORM_SEED'] ?? 1_122);
const CRM = join(import.meta.dirname, '../../out/crm/index.cjs');
const MANAGER = { login: 'manager', pin: MANAGER_PIN };
const KILLS = 200;
const CENTRES = 2;
/** Syncs of each till before the first kill: both processes have written by then. */
const CALM_SYNCS = 3;
const COMMIT_KILLS = 20;
const CRASHES = 5;
/** A till that failed a few times tries again within seconds. */
const RESUME_MS_MAX = 30_000;
/** Between two pushes of a till: as fast as they can, twenty would leave the restarts no processor. */
const THINK_MS_MAX = 600;

let postgres: OwnPostgres;
beforeAll(async () => {
  postgres = await startOwnPostgres();
}, 60_000);
afterAll(() => postgres.stop());

/** CRM processes on one database behind one address, and tills that press and push through it. */
class StormSite {
  readonly folder = makeFolder();
  readonly random: Random;
  readonly tills: (StormTill & { till: TestTill })[] = [];
  readonly #databaseUrl: string;
  #centres: CentreChild[] = [];
  #proxy: FaultProxy | null = null;

  constructor(databaseUrl: string, seed: number) {
    this.#databaseUrl = databaseUrl;
    this.random = createRandom(seed);
  }

  async open({ centres, tills }: { centres: number; tills: number }): Promise<void> {
    writeFileSync(join(this.folder, 'setup.json'), JSON.stringify(FORM));
    for (let at = 0; at < centres; at += 1) this.#centres.push(await this.#startCentre());
    this.#proxy = await startFaultProxy({
      upstream: () => this.random.pick(this.#centres).url,
      random: this.random.fork(),
      choose: () => 'none',
    });
    for (let at = 0; at < tills; at += 1) await this.#addTill(this.#proxy.url);
  }

  #startCentre(): Promise<CentreChild> {
    const args = ['--setup', join(this.folder, 'setup.json')];
    return startCentreChild(CRM, { folder: this.folder, databaseUrl: this.#databaseUrl, args });
  }

  async #addTill(serverUrl: string): Promise<void> {
    const at = this.tills.length;
    const till = openTestTill(join(this.folder, `till-${at}`), { centreTimeoutMs: 5_000 });
    const { client } = till;
    const { code } = await askEnrolCode(serverUrl, { ...MANAGER, storeId: null });
    await client['till.enrol']({ serverUrl, code, tillName: `Till ${at + 1}` });
    await client['session.signIn'](MANAGER);
    const first = this.tills[0];
    // All stamp the same card: its balance is where a lost update would show.
    const cardId = first?.cardId ?? (await addStampCard(client, 'Storm'));
    if (first === undefined) await client['sync.run']({});
    this.tills.push({ till, client, cardId, confirmed: new Set() });
  }

  /** SIGKILL to each CRM again and again, side by side, and another in its place. */
  async killCentres(kills: number): Promise<void> {
    let killed = 0;
    const storm = async (at: number): Promise<void> => {
      while (killed < kills) {
        killed += 1;
        await pause(this.random.int(150));
        await must(this.#centres[at], 'runs').kill();
        this.#centres[at] = await this.#startCentre();
      }
    };
    await Promise.all(this.#centres.map((_, at) => storm(at)));
  }

  /** Presses and pushes at every till until `storm` is over, which begins when all have synced some times. */
  async pressDuring(storm: () => Promise<void>): Promise<void> {
    let isOver = false;
    const press = async (till: StormTill, onCalm: () => void): Promise<void> => {
      for (let syncs = 1; !isOver; syncs += 1) {
        await stamp(till);
        await stamp(till);
        await till.client['sync.run']({}).catch(() => undefined);
        if (syncs === CALM_SYNCS) onCalm();
        await pause(this.random.int(THINK_MS_MAX));
      }
    };
    const calm = this.tills.map(() => Promise.withResolvers<void>());
    const pressing = this.tills.map((till, at) => press(till, () => calm[at]?.resolve()));
    await Promise.all(calm.map(({ promise }) => promise));
    await storm().finally(() => (isOver = true));
    await Promise.all(pressing);
  }

  /**
   * All CRMs end under the tills' work and others start in their places; nobody presses for a sync.
   * @returns How long after that start the last till had sent all it had, by its own loop.
   */
  async resumeByThemselves(): Promise<number> {
    for (const till of this.tills) await syncUntilDone(till);
    for (const { till } of this.tills) till.core.start();
    const pressing = this.tills.map(stamp);
    await Promise.all(this.#centres.map((centre) => centre.kill()));
    await Promise.all([...pressing, ...this.tills.map(stamp)]);
    this.#centres = await Promise.all(this.#centres.map(() => this.#startCentre()));
    const startedAt = performance.now();
    const isSent = async ({ client }: StormTill): Promise<boolean> =>
      (await client['sync.getStatus']({})).outstanding === 0;
    while (!(await Promise.all(this.tills.map(isSent))).every(Boolean)) {
      // Long past the limit: somebody never comes again.
      if (performance.now() - startedAt > 4 * RESUME_MS_MAX) break;
      await pause(100);
    }
    return performance.now() - startedAt;
  }

  /** What the centre and every till hold at the end, and what they hold when each press is in there once. */
  async audit(): Promise<{ found: object; sound: object }> {
    for (const till of this.tills) await syncUntilDone(till);
    return auditSite(this.#databaseUrl, this.tills);
  }

  async end(): Promise<void> {
    for (const { till } of this.tills) await till.close();
    await this.#proxy?.stop();
    for (const centre of this.#centres) await centre.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

let site: StormSite | null = null;
afterEach(async () => {
  await site?.end();
  site = null;
});

async function openSite(counts: { centres: number; tills: number }): Promise<[StormSite, string]> {
  const databaseUrl = await postgres.createDatabase();
  site = new StormSite(databaseUrl, SEED);
  await site.open(counts);
  return [site, databaseUrl];
}

test(`${KILLS} kills of two CRM processes on one PostgreSQL, twenty tills push through both: no loss, no double, no hole, and all go on by themselves within half a minute (R-N4, seed ${SEED})`, async () => {
  const [storm] = await openSite({ centres: CENTRES, tills: 20 });
  await storm.pressDuring(() => storm.killCentres(KILLS));
  expect(await storm.resumeByThemselves()).toBeLessThanOrEqual(RESUME_MS_MAX);
  const { found, sound } = await storm.audit();
  expect(found).toEqual(sound);
});

/** Runs in the commit itself, so that there is a moment to kill it in. */
const SLOW_COMMIT = `
  create function slow_commit() returns trigger language plpgsql
    as $$ begin perform pg_sleep(0.02); return null; end $$;
  create constraint trigger slow_commit after insert on ops deferrable initially deferred
    for each row execute function slow_commit();`;
const COMMITTING = `select pid from pg_stat_activity
  where datname = current_database() and wait_event = 'PgSleep'`;

async function withClient<T>(databaseUrl: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: databaseUrl });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** SIGKILL to a process of PostgreSQL in the middle of its commit; false when there was none to be found. */
async function killCommit(client: Client): Promise<boolean> {
  for (let tries = 0; tries < 200; tries += 1) {
    const { rows } = await client.query<{ pid: number }>(COMMITTING);
    const pid = rows[0]?.pid;
    if (pid === undefined) continue;
    process.kill(pid, 'SIGKILL');
    return true;
  }
  return false;
}

test(`PostgreSQL killed in the middle of a commit: nothing lost, nothing doubled (seed ${SEED})`, async () => {
  const [storm, databaseUrl] = await openSite({ centres: 1, tills: 4 });
  await withClient(databaseUrl, (client) => client.query(SLOW_COMMIT));
  let killed = 0;
  await storm.pressDuring(async () => {
    for (let tries = 0; killed < COMMIT_KILLS && tries < COMMIT_KILLS * 20; tries += 1) {
      // Refused while the whole server recovers, as it does after each killed process.
      const isKilled = await withClient(databaseUrl, killCommit).catch(() => pause(50, false));
      if (isKilled) killed += 1;
    }
    for (let crash = 0; crash < CRASHES; crash += 1) {
      await pause(storm.random.int(300));
      await postgres.crash();
    }
  });
  const { found, sound } = await storm.audit();
  expect(found).toEqual(sound);
  expect(killed).toBe(COMMIT_KILLS);
});
