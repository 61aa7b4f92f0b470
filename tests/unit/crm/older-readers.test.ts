import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { hasOlderReader, readHorizon } from '../../../crm/repos/scours.ts';
import { startOwnPostgres, type PostgresPart } from '../../parts/postgres.ts';

let postgres: PostgresPart;
let clients: pg.Client[];

beforeAll(async () => {
  // Its own: whoever writes in a database beside this one makes a reader here look older than it is.
  postgres = await startOwnPostgres();
  const connectionString = await postgres.createDatabase();
  clients = [0, 1].map(() => new pg.Client({ connectionString }));
  for (const client of clients) await client.connect();
}, 60_000);
afterAll(async () => {
  for (const client of clients) await client.end();
  await postgres.stop();
});

test('who reads as of before a moment is waited for, and nobody who began later', async () => {
  const [own, reader] = clients as [pg.Client, pg.Client];
  const read = async (): Promise<void> => {
    await reader.query('begin isolation level repeatable read');
    await reader.query('select 1');
  };
  const write = (): Promise<unknown> => own.query('select pg_current_xact_id()');
  await read();
  await write();
  const horizon = await readHorizon(own);
  expect(await hasOlderReader(own, horizon)).toBe(true);
  await reader.query('commit');
  // The database's own upkeep may read too, and ends.
  await vi.waitUntil(async () => !(await hasOlderReader(own, horizon)), { timeout: 20_000 });
  await read();
  await write();
  expect(await hasOlderReader(own, horizon)).toBe(false);
  expect(await hasOlderReader(own, await readHorizon(own))).toBe(true);
  await reader.query('commit');
});
