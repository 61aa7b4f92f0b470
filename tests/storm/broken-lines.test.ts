import { rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { nodeScrypt } from '../../crm/node-crypto.ts';
import { createCentreClient, CentreFault } from '../../electron/core/centre-client.ts';
import type { ExchangeRequest } from '../../sync/protocol/exchange.ts';
import { startPostgres, type PostgresPart } from '../parts/postgres.ts';
import { startRelay, type Direction, type Relay } from '../parts/relay.ts';
import {
  addStampCard,
  auditCentre,
  soundAudit,
  stamp,
  syncUntilDone,
  type StormTill,
} from '../parts/storm-ledger.ts';
import { makeFolder, openTestTill } from '../parts/till.ts';
import { MANAGER_PIN, openTestCentre, type TestCentre } from '../unit/crm/test-centre.ts';
import { injected, makeCode, TestTill } from '../unit/crm/test-till.ts';

/** Rounds in which only one direction passes, for each of the two. */
const ONE_WAY_ROUNDS = 20;
/** How long a till waits here for an answer that never comes. */
const TIMEOUT_MS = 250;

const OPS = 10_000;
const DAYS = 30;
const DAY_MS = 24 * 3_600_000;
/** 512 kbit/s. */
const LINE_BYTES_PER_SECOND = 64_000;
const LINE_S_MAX = 300;
/** The test's own line is quicker, and what it carries is counted. */
const HASTE = 10;
/** Somebody at the counter waits behind one message at most: this long on that line. */
const MESSAGE_S_MAX = 0.5;

let postgres: PostgresPart;
beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.stop());

let ending: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ending.toReversed()) await end();
  ending = [];
});

async function openCentre(): Promise<{ centre: TestCentre; url: string; databaseUrl: string }> {
  const databaseUrl = await postgres.createDatabase();
  const centre = await openTestCentre({ url: databaseUrl, scrypt: nodeScrypt });
  ending.push(() => centre.close());
  await centre.app.listen({ host: '127.0.0.1', port: 0 });
  return {
    centre,
    url: `http://127.0.0.1:${(centre.app.server.address() as AddressInfo).port}`,
    databaseUrl,
  };
}

async function openRelay(options: Parameters<typeof startRelay>[0]): Promise<Relay> {
  const relay = await startRelay(options);
  ending.push(() => relay.stop());
  return relay;
}

/** A till in `dir` that has its people and a member: its first day has all the time it wants. */
async function enrolThrough(
  centre: TestCentre,
  relay: Relay,
  dir: string,
): Promise<Pick<StormTill, 'cardId' | 'confirmed'>> {
  const { client, close } = openTestTill(dir);
  const code = await makeCode(injected(centre.app));
  await client['till.enrol']({ serverUrl: relay.url, code, tillName: 'Till' });
  await client['session.signIn']({ login: 'manager', pin: MANAGER_PIN });
  const till: StormTill = { client, confirmed: new Set(), cardId: await addStampCard(client, 'Storm') };
  await syncUntilDone(till);
  await close();
  return till;
}

test(`a filter that passes one direction only, ${2 * ONE_WAY_ROUNDS} times: each op is applied once (R-N2)`, async () => {
  const { centre, url, databaseUrl } = await openCentre();
  let way: 'up' | 'down' | 'both' = 'both';
  const relay = await openRelay({
    upstream: () => url,
    fate: (direction) => (way === 'both' || way === direction ? 'pass' : 'drop'),
  });
  const dir = makeFolder();
  ending.push(() => rmSync(dir, { recursive: true }));
  const { cardId, confirmed } = await enrolThrough(centre, relay, dir);
  const opened = openTestTill(dir, { centreTimeoutMs: TIMEOUT_MS });
  ending.push(() => opened.close());
  const { client } = opened;
  await client['session.signIn']({ login: 'manager', pin: MANAGER_PIN });
  const till: StormTill = { client, confirmed, cardId };
  await syncUntilDone(till);
  const failed = { up: 0, down: 0 };
  for (let round = 0; round < 2 * ONE_WAY_ROUNDS; round += 1) {
    const only = round % 2 === 0 ? 'up' : 'down';
    await stamp(till);
    way = only;
    await client['sync.run']({}).catch(() => (failed[only] += 1));
    way = 'both';
    // Every other time the next press comes before the next sync.
    if (round % 4 > 1) await syncUntilDone(till);
  }
  await syncUntilDone(till);
  expect(failed).toEqual({ up: ONE_WAY_ROUNDS, down: ONE_WAY_ROUNDS });
  const { problems, stateHash } = await client['till.verify']({});
  expect(problems).toEqual([]);
  expect(await auditCentre(databaseUrl, [...till.confirmed])).toEqual(
    soundAudit(till.confirmed.size, stateHash),
  );
});

/** A till that was away for a month. */
async function beAway(centre: TestCentre): Promise<TestTill> {
  const till = await TestTill.enrol(injected(centre.app));
  const ref = till.makeMember();
  const firstMs = Date.now() - DAYS * DAY_MS;
  for (let at = 1; at < OPS; at += 1)
    till.stamp(ref, 1, { wallMs: firstMs + Math.round((at * DAYS * DAY_MS) / OPS) });
  return till;
}

test(`${OPS} ops of ${DAYS} days over 512 kbit/s, the line cut in each batch: five minutes, and on from the last that arrived (R-N10)`, async () => {
  const { centre, url } = await openCentre();
  const till = await beAway(centre);
  let cutIn: { direction: Direction; pieces: number } | null = null;
  const relay = await openRelay({
    upstream: () => url,
    fate: (direction) => {
      if (cutIn?.direction !== direction) return 'pass';
      cutIn.pieces -= 1;
      return cutIn.pieces < 0 ? 'cut' : 'pass';
    },
    bytesPerSecond: LINE_BYTES_PER_SECOND * HASTE,
  });
  const { token } = till.enrolled;
  const client = createCentreClient({ serverUrl: relay.url, token, secretKey: till.secretKey });
  const sizes: number[] = [];
  till.post = async (_path, request) => {
    const before = relay.passed.up;
    const body = await client.exchange(request as ExchangeRequest);
    sizes.push(relay.passed.up - before);
    return { status: 200, body };
  };
  let cuts = 0;
  while (till.ackedTseq < OPS) {
    const acked = till.ackedTseq;
    // In the middle of what goes up, or before the answer comes back; then it holds, for one message.
    cutIn = cuts % 2 === 0 ? { direction: 'up', pieces: 1 } : { direction: 'down', pieces: 0 };
    await expect(till.exchange()).rejects.toBeInstanceOf(CentreFault);
    cuts += 1;
    cutIn = null;
    await till.exchange();
    expect(till.ackedTseq).toBe(Math.min(OPS, acked + 500));
  }
  await till.sync();
  const seconds = {
    up: relay.passed.up / LINE_BYTES_PER_SECOND,
    down: relay.passed.down / LINE_BYTES_PER_SECOND,
  };
  expect(seconds.up + seconds.down).toBeLessThanOrEqual(LINE_S_MAX);
  expect(Math.max(...sizes) / LINE_BYTES_PER_SECOND).toBeLessThanOrEqual(MESSAGE_S_MAX);
  expect(cuts).toBe(OPS / 500);
  const { rows } = await centre.centre.database.sql.query('select balance from accounts');
  expect(rows).toEqual([{ balance: OPS - 1 }]);
});
