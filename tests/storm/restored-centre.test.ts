import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { nodeScrypt } from '../../crm/node-crypto.ts';
import { readHead } from '../../crm/repos/feed-head.ts';
import { askEnrolCode } from '../../electron/core/enrol-code.ts';
import { must } from '../../sync/base/must.ts';
import { startOwnPostgres, type OwnPostgres } from '../parts/postgres.ts';
import { startRelay, type Relay } from '../parts/relay.ts';
import { addStampCard, auditSite, stamp, syncUntilDone, type StormTill } from '../parts/storm-ledger.ts';
import { makeFolder, openTestTill, type TestTill } from '../parts/till.ts';
import { MANAGER_PIN, openTestCentre, type TestCentre } from '../unit/crm/test-centre.ts';

const MANAGER = { login: 'manager', pin: MANAGER_PIN };

let postgres: OwnPostgres;
beforeAll(async () => {
  postgres = await startOwnPostgres();
}, 60_000);
afterAll(() => postgres.stop());

/** Tills, and a centre whose PostgreSQL is put back to an earlier day, behind one address. */
class RestoredSite {
  readonly folder = makeFolder();
  readonly tills: (StormTill & { till: TestTill })[] = [];
  readonly databaseUrl: string;
  #centre: TestCentre | null = null;
  #relay: Relay | null = null;

  constructor(databaseUrl: string) {
    this.databaseUrl = databaseUrl;
  }

  /** @param hasOwnCards False: all stamp the first one's card, whose row is always the newest. */
  async open(tills: number, hasOwnCards = false): Promise<void> {
    await this.#openCentre();
    this.#relay = await startRelay({ upstream: () => this.#url() });
    for (let at = 0; at < tills; at += 1) await this.#addTill(this.#relay.url, hasOwnCards);
  }

  #url(): string {
    const { port } = must(this.#centre, 'it runs').app.server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  async #openCentre(): Promise<void> {
    this.#centre = await openTestCentre({ url: this.databaseUrl, scrypt: nodeScrypt });
    await this.#centre.app.listen({ host: '127.0.0.1', port: 0 });
  }

  async #addTill(serverUrl: string, hasOwnCard: boolean): Promise<void> {
    const at = this.tills.length;
    const till = openTestTill(join(this.folder, `till-${at}`));
    const { client } = till;
    const { code } = await askEnrolCode(serverUrl, { ...MANAGER, storeId: null });
    await client['till.enrol']({ serverUrl, code, tillName: `Till ${at + 1}` });
    await client['session.signIn'](MANAGER);
    const shared = hasOwnCard ? undefined : this.tills[0]?.cardId;
    const cardId = shared ?? (await addStampCard(client, `Restored ${at}`));
    await client['sync.run']({});
    this.tills.push({ till, client, cardId, confirmed: new Set() });
  }

  /** The CRM is stopped while its database is at rest. */
  async whileClosed(act: () => Promise<void>): Promise<void> {
    await this.#centre?.close();
    await act();
    await this.#openCentre();
  }

  async press(at: number, count: number): Promise<void> {
    const till = must(this.tills[at], 'it is enrolled');
    for (let press = 0; press < count; press += 1) await stamp(till);
  }

  /** While the till is closed, `act` gets the path of its own file. */
  async withOwnFile(at: number, act: (path: string) => void): Promise<void> {
    const entry = must(this.tills[at], 'it is enrolled');
    await entry.till.close();
    const folder = join(this.folder, `till-${at}`);
    act(join(folder, 'till.db'));
    entry.till = openTestTill(folder);
    entry.client = entry.till.client;
    await entry.client['session.signIn'](MANAGER);
  }

  sync = (at: number): Promise<void> => syncUntilDone(must(this.tills[at], 'it is enrolled'));

  async epoch(): Promise<string> {
    return (await readHead(must(this.#centre, 'it runs').centre.database.sql)).epoch;
  }

  /** What the centre and every till hold, and what they hold when each press is in there once. */
  async audit(): Promise<{ found: object; sound: object }> {
    return auditSite(this.databaseUrl, this.tills);
  }

  async end(): Promise<void> {
    for (const { till } of this.tills) await till.close();
    await this.#relay?.stop();
    await this.#centre?.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

let site: RestoredSite | null = null;
afterEach(async () => {
  await site?.end();
  site = null;
});

const ORDERS: [string, readonly number[]][] = [
  ['the till that only looks comes first', [2, 0, 1]],
  ['the till that only looks comes last, when the numbers have grown past hers', [0, 1, 2]],
];

test.each(ORDERS)(
  'PostgreSQL is put back to an earlier day, %s: what was acknowledged since is sent again, and all hold the same (R-N9)',
  async (_name, order) => {
    site = new RestoredSite(await postgres.createDatabase());
    await site.open(3);
    await site.press(0, 3);
    await site.press(1, 2);
    for (const at of [0, 1, 2]) await site.sync(at);
    await site.whileClosed(() => postgres.backUp());
    await site.press(0, 5);
    await site.sync(0);
    await site.press(1, 4);
    await site.sync(1);
    await site.sync(2);
    const acknowledged = await site.audit();
    expect(acknowledged.found).toEqual(acknowledged.sound);
    await site.whileClosed(() => postgres.restore());
    // Some go on selling before they hear of it.
    await site.press(0, 6);
    for (const at of [...order, ...order]) await site.sync(at);
    const { found, sound } = await site.audit();
    expect(found).toEqual(sound);
  },
);

const MEMORIES: [string, boolean][] = [
  ['one that remembers them', false],
  ['the copy of one whose own file lost its end', true],
];

test.each(MEMORIES)(
  'nobody tells the centre, and a till that was away gives the lost numbers to other work: %s proves it (R-N9)',
  async (_name, hasLostEnd) => {
    site = new RestoredSite(await postgres.createDatabase());
    await site.open(4, true);
    const everybody = [0, 1, 2, 3];
    for (const at of everybody) await site.sync(at);
    await site.whileClosed(() => postgres.backUp());
    const epoch = await site.epoch();
    const earlier = join(site.folder, 'earlier.db');
    await site.withOwnFile(2, (path) => cpSync(path, earlier));
    await site.press(0, 2);
    await site.press(1, 3);
    for (const at of [0, 1, 2]) await site.sync(at);
    await site.whileClosed(() => postgres.restore());
    // What her disk had said was safe was not.
    if (hasLostEnd) await site.withOwnFile(2, (path) => cpSync(earlier, path));
    await site.press(3, 12);
    await site.sync(3);
    expect(await site.epoch()).toBe(epoch);
    // She made nothing, and her cursor is among the numbers that were given again.
    await site.sync(2);
    expect(await site.epoch()).not.toBe(epoch);
    for (const at of [...everybody, ...everybody]) await site.sync(at);
    const { found, sound } = await site.audit();
    expect(found).toEqual(sound);
  },
);
