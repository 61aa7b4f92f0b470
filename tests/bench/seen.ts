import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { nodeScrypt } from '../../crm/node-crypto.ts';
import { must } from '../../sync/base/must.ts';
import { startPostgres } from '../parts/postgres.ts';
import { addStampMember } from '../parts/storm-ledger.ts';
import { makeFolder, openTestTill, type TestTill } from '../parts/till.ts';
import { MANAGER_PIN, openTestCentre } from '../unit/crm/test-centre.ts';
import { injected, makeCode } from '../unit/crm/test-till.ts';
import { timed, timeFigure, type Figure, type Round } from './figure.ts';

const ROUNDS = 20;
const GOAL_MS = 1_000;

/**
 * What no pair of tills goes without: a question that waits at a server, a request that has a row committed there, and
 * the answer to the question.
 */
async function openHand(databaseUrl: string) {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query('create table hand_seen (id bigserial primary key, at timestamptz default now())');
  let answer: () => void = () => undefined;
  const server = createServer((request, response) => {
    request.resume();
    if (request.method === 'GET') answer = () => response.end('seen');
    else void client.query('insert into hand_seen default values').then(() => (answer(), response.end()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const tell = async (): Promise<number> => {
    const question = fetch(url);
    await new Promise<void>((resolve) => server.once('request', () => resolve()));
    return timed(async () => {
      await Promise.all([fetch(url, { method: 'POST' }), question.then((reply) => reply.text())]);
    });
  };
  const end = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await client.end();
  };
  return { tell, end };
}

async function openShop() {
  const postgres = await startPostgres();
  const databaseUrl = await postgres.createDatabase();
  const centre = await openTestCentre({ url: databaseUrl, scrypt: nodeScrypt });
  await centre.app.listen({ host: '127.0.0.1', port: 0 });
  const serverUrl = `http://127.0.0.1:${(centre.app.server.address() as AddressInfo).port}`;
  const tills: TestTill[] = [];
  const enrol = async (): Promise<TestTill> => {
    const till = openTestTill(makeFolder());
    tills.push(till);
    const code = await makeCode(injected(centre.app));
    await till.client['till.enrol']({ serverUrl, code, tillName: 'Till' });
    await till.client['session.signIn']({ login: 'manager', pin: MANAGER_PIN });
    return till;
  };
  const end = async (): Promise<void> => {
    for (const till of tills) {
      await till.close();
      rmSync(till.dir, { recursive: true, force: true });
    }
    await centre.close();
    await postgres.stop();
  };
  return { databaseUrl, enrol, end };
}

/** From the cashier's press at one till until another till, which looks by itself, shows it. Both are online. */
export async function benchSeen(): Promise<Figure[]> {
  const shop = await openShop();
  const hand = await openHand(shop.databaseUrl);
  const [one, two] = [await shop.enrol(), await shop.enrol()];
  const { memberId, cardId } = await addStampMember(one.client, 'Tan');
  await one.client['sync.run']({});
  await two.client['sync.run']({});
  for (const till of [one, two]) till.core.start();
  const stampsAtTwo = async (): Promise<number> => {
    const { cards } = await two.client['members.get']({ memberId });
    return must(cards[0], 'one card').balance.confirmed;
  };
  const all: Round = { ours: [], limit: [] };
  for (let round = 0; round <= ROUNDS; round += 1) {
    const limit = await hand.tell();
    const before = await stampsAtTwo();
    const ours = await timed(async () => {
      await one.client['stamps.add']({ opId: one.opId(), cardId, count: 1 });
      for (let heard = two.events.length; (await stampsAtTwo()) === before; heard = two.events.length) {
        while (two.events.length === heard) await new Promise((resolve) => setImmediate(resolve));
      }
    });
    if (round === 0) continue;
    all.ours.push(ours);
    all.limit.push(limit);
  }
  await hand.end();
  await shop.end();
  return [timeFigure({ name: 'a stamp, seen at another till', of: 95 }, [all], GOAL_MS)];
}
