import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scourWhenDue } from '../../../../crm/inbox/scouring.ts';
import { scour, scourText } from '../../../../crm/scour.ts';
import { must } from '../../../../sync/base/must.ts';
import { startPostgres, type PostgresPart } from '../../../parts/postgres.ts';
import { addSecond, anonymisedBy } from '../../../parts/second.ts';
import { openTestCentre } from '../test-centre.ts';
import { injected, TestTill } from '../test-till.ts';

const HOUR_MS = 3_600_000;
let postgres: PostgresPart;
beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.stop());

test('of two centres over one database one scours; what a third finds later is scoured again', async () => {
  let nowMs = Date.UTC(2026, 10, 23);
  const open = await openTestCentre({ url: await postgres.createDatabase(), clock: { nowMs: () => nowMs } });
  await addSecond(open.centre);
  const till = await TestTill.enrol(injected(open.app));
  const erase = async (): Promise<void> => {
    const { memberId } = till.makeMember();
    till.make(anonymisedBy(memberId));
    await till.sync();
    nowMs += HOUR_MS;
  };
  const look = () => scourWhenDue(open.centre, async () => undefined);
  await erase();
  const both = await Promise.all([look(), look()]);
  expect(both.filter((scoured) => scoured !== null)).toMatchObject([{ areStatisticsNew: true, failed: [] }]);
  expect(await look()).toBeNull();
  await erase();
  expect(await look()).toMatchObject({ failed: [] });
  await open.close();
});

test('a user who does not own the database is told that its statistics still quote people', async () => {
  const url = await postgres.createDatabase();
  const open = await openTestCentre({ url });
  const { sql } = open.centre.database;
  const name = must(new URL(url).pathname.split('/').at(-1), 'it has a name');
  await sql.query(`create role ${name}_guest login`);
  await sql.query(`grant all on all tables in schema public to ${name}_guest`);
  await sql.query(`grant all on schema public to ${name}_guest`);
  await sql.query(`do $$ declare t record; begin
    for t in select tablename from pg_tables where schemaname = 'public' loop
      execute format('alter table %I owner to ${name}_guest', t.tablename); end loop; end $$`);
  await open.close();
  const databaseUrl = url.replace('postgres@', `${name}_guest@`);
  const clock = { nowMs: () => Date.now() };
  const said = await scour({ folder: '', databaseUrl, clock, log: pino({ level: 'silent' }) });
  expect(said).toMatchObject({ failed: [], areStatisticsNew: false });
  expect(scourText(said)).toContain('statistics still quote');
});
