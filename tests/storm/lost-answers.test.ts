import { rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { nodeScrypt } from '../../crm/node-crypto.ts';
import { createCoreClient } from '../../electron/hosts/client.ts';
import { FAULTS, startFaultProxy, type Fault, type FaultProxy } from '../parts/fault-proxy.ts';
import { forkCore, type ForkedCore } from '../parts/forked-core.ts';
import { startPostgres, type PostgresPart } from '../parts/postgres.ts';
import {
  addStampCard,
  auditCentre,
  soundAudit,
  stamp,
  syncUntilDone,
  type StormTill,
} from '../parts/storm-ledger.ts';
import { makeFolder } from '../parts/till.ts';
import { createRandom, type Random } from '../sim/random.ts';
import { MANAGER_PIN, openTestCentre, type TestCentre } from '../unit/crm/test-centre.ts';
import { injected, makeCode } from '../unit/crm/test-till.ts';

const LOST_ANSWERS = 1_000;
const OTHER_FAULTS = 300;
const SEED = Number(process.env['STORM_SEED'] ?? 1_122);

let postgres: PostgresPart;
beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.stop());

interface Line {
  fault: () => Fault;
  random: Random;
}
interface Site {
  line: Line;
  proxy: FaultProxy;
  core: ForkedCore;
  centre: TestCentre;
  databaseUrl: string;
  till: StormTill;
  dir: string;
}
let site: Site | null = null;
afterEach(async () => {
  await site?.core.close();
  await site?.proxy.stop();
  await site?.centre.close();
  if (site) rmSync(site.dir, { recursive: true, force: true });
  site = null;
});

/** A till's own process, a proxy without faults as yet, and a centre on PostgreSQL. */
async function openSite(seed: number): Promise<Site> {
  const databaseUrl = await postgres.createDatabase();
  const centre = await openTestCentre({ url: databaseUrl, scrypt: nodeScrypt });
  await centre.app.listen({ host: '127.0.0.1', port: 0 });
  const upstream = `http://127.0.0.1:${(centre.app.server.address() as AddressInfo).port}`;
  const line: Line = { fault: () => 'none', random: createRandom(seed) };
  const proxy = await startFaultProxy({
    upstream: () => upstream,
    random: line.random.fork(),
    choose: (path) => (path === '/v1/exchange' ? line.fault() : 'none'),
  });
  const dir = makeFolder();
  const core = await forkCore(dir);
  const client = createCoreClient(core.port);
  const code = await makeCode(injected(centre.app));
  await client['till.enrol']({ serverUrl: proxy.url, code, tillName: 'Till' });
  await client['session.signIn']({ login: 'manager', pin: MANAGER_PIN });
  const till = { client, confirmed: new Set<never>(), cardId: await addStampCard(client, 'Storm') };
  await syncUntilDone(till);
  site = { line, proxy, core, centre, databaseUrl, till, dir };
  return site;
}

/** Stamps and syncs while the line faults; a failed sync is left to the next one. */
async function pressUntil(
  { till, proxy, line }: Site,
  isDone: (proxy: FaultProxy) => boolean,
): Promise<void> {
  while (!isDone(proxy)) {
    const presses = 1 + line.random.int(2);
    for (let press = 0; press < presses; press += 1) await stamp(till);
    await till.client['sync.run']({}).catch(() => undefined);
  }
  line.fault = () => 'none';
  await syncUntilDone(till);
}

/** The till's own hash, after it has all that the centre has. */
async function expectAgreement({ till, databaseUrl }: Site): Promise<void> {
  await syncUntilDone(till);
  const verified = await till.client['till.verify']({});
  expect([verified.problems, verified.ownOps]).toEqual([[], till.confirmed.size + 1]);
  const audit = await auditCentre(databaseUrl, [...till.confirmed]);
  expect(audit).toEqual(soundAudit(till.confirmed.size, verified.stateHash));
}

const doneOf = ({ done }: FaultProxy, fault: Fault): number => done.get(fault) ?? 0;

test(`${LOST_ANSWERS} answers eaten after the centre committed: each op is applied once (seed ${SEED})`, async () => {
  const opened = await openSite(SEED);
  const { line } = opened;
  line.fault = () => (line.random.isHit(0.85) ? 'eaten-answer' : 'none');
  await pressUntil(opened, (proxy) => doneOf(proxy, 'eaten-answer') >= LOST_ANSWERS);
  await expectAgreement(opened);
  expect(doneOf(opened.proxy, 'eaten-answer')).toBeGreaterThanOrEqual(LOST_ANSWERS);
  expect(opened.till.confirmed.size).toBeGreaterThan(LOST_ANSWERS);
});

test(`each other fault of a line: nothing lost, nothing doubled, no part of a batch (seed ${SEED})`, async () => {
  const opened = await openSite(SEED + 1);
  const { line } = opened;
  line.fault = () => (line.random.isHit(0.8) ? line.random.pick(FAULTS) : 'none');
  const total = (proxy: FaultProxy) => FAULTS.reduce((sum, fault) => sum + doneOf(proxy, fault), 0);
  await pressUntil(opened, (proxy) => total(proxy) >= OTHER_FAULTS);
  await expectAgreement(opened);
  expect(FAULTS.filter((fault) => doneOf(opened.proxy, fault) === 0)).toEqual([]);
});
