import { afterAll, beforeAll, expect, test } from 'vitest';
import { rowsOf } from '../../../crm/database.ts';
import { startCentre } from '../../parts/centre.ts';
import { startPostgres, type PostgresPart } from '../../parts/postgres.ts';
import { openTestCentre } from './test-centre.ts';

let postgres: PostgresPart;

beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);

afterAll(() => postgres.stop());

test('a server listens, answers, and lets go of its port and database when stopped', async () => {
  const databaseUrl = await postgres.createDatabase();
  const server = await startCentre({ databaseUrl, isDemo: false });
  const health: unknown = await (await fetch(`${server.url}/v1/health`)).json();
  expect(health).toEqual({
    ok: true,
    epoch: expect.any(String) as string,
    seq: 0,
    isSetUp: false,
    isTrial: false,
    hasChecksums: true,
    eraseList: { isWritable: true, hasLacked: false },
  });
  await server.stop();
  await expect(fetch(`${server.url}/v1/health`)).rejects.toThrow('fetch failed');
});

test('a server that is told of a restore counts anew before it listens', async () => {
  const databaseUrl = await postgres.createDatabase();
  const epochOf = async (isRestored: boolean): Promise<unknown> => {
    const server = await startCentre({ databaseUrl, isDemo: false, isRestored });
    const { epoch } = (await (await fetch(`${server.url}/v1/health`)).json()) as { epoch: string };
    await server.stop();
    return epoch;
  };
  const before = await epochOf(false);
  expect(await epochOf(false)).toBe(before);
  expect(await epochOf(true)).not.toBe(before);
});

test('two processes may bring one empty database up to date at once', async () => {
  const url = await postgres.createDatabase();
  const [one, two] = await Promise.all([
    openTestCentre({ url, isEmpty: true }),
    openTestCentre({ url, isEmpty: true }),
  ]);
  const applied = await rowsOf<{ number: number }>(
    one.centre.database.sql,
    'select number from schema_migrations',
  );
  expect(applied).toEqual(applied.map((_, at) => ({ number: at + 1 })));
  expect(applied.length).toBeGreaterThan(0);
  await one.close();
  await two.close();
});

test('a database of a newer program, or with an edited migration, is left alone', async () => {
  const url = await postgres.createDatabase();
  const open = await openTestCentre({ url });
  const { sql } = open.centre.database;
  await sql.query(`update schema_migrations set hash = 'other'`);
  await expect(openTestCentre({ url })).rejects.toThrow('was edited after its release');
  await sql.query(`insert into schema_migrations values (9999, 'future', '', 0)`);
  await expect(openTestCentre({ url })).rejects.toThrow('newer version of the CRM');
  await open.close();
});

test('a database that may forget what it confirmed is refused', async () => {
  const url = await postgres.createDatabase();
  const open = await openTestCentre({ url, isEmpty: true });
  const name = new URL(url).pathname.slice(1);
  await open.centre.database.sql.query(`alter database ${name} set synchronous_commit = off`);
  await open.close();
  await expect(openTestCentre({ url })).rejects.toThrow('synchronous_commit');
});
