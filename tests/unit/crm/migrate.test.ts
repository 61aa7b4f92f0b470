import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase, rowsOf, type Database } from '../../../crm/database.ts';
import { migrate } from '../../../crm/migrate.ts';
import { nodeCrypto } from '../../../crm/node-crypto.ts';
import { listConsents, loadRows } from '../../../crm/repos/rows.ts';
import { sqlStore } from '../../../crm/sql-store.ts';
import { must } from '../../../sync/base/must.ts';
import { ConsentRow } from '../../../sync/model/consent.ts';
import { MemberRow } from '../../../sync/model/member.ts';
import { projectFolder, startPostgres, type PostgresPart } from '../../parts/postgres.ts';
import { member } from '../db/samples.ts';
import { TestTill } from './test-till.ts';

let postgres: PostgresPart;
let database: Database;

beforeAll(async () => {
  postgres = await startPostgres();
  const url = await postgres.createDatabase();
  database = await openDatabase({ url, folder: '', onError: () => undefined, onDeath: () => undefined });
}, 60_000);
afterAll(async () => {
  await database.close();
  await postgres.stop();
});

/** The database as the program of migration `last` left it. */
async function migrateUpTo(last: number): Promise<void> {
  const folder = join(projectFolder, 'crm', 'migrations');
  await database.sql.query(
    'create table schema_migrations (number int primary key, name text not null, hash text not null, ' +
      'applied_at_ms bigint not null)',
  );
  for (const name of readdirSync(folder).sort()) {
    const number = Number(name.slice(0, 4));
    if (number > last) continue;
    const text = readFileSync(join(folder, name), 'utf8');
    await database.sql.query(text);
    const values = [number, name, nodeCrypto.sha256Hex(text), 0];
    await database.sql.query('insert into schema_migrations values ($1, $2, $3, $4)', values);
  }
}

const offline = { cardBlock: { blockId: 1, numbers: ['1', '2'] }, tillId: 'till-1', incarnation: 1 };

test('a database that was filled before the inbox gets what the inbox needs', async () => {
  await migrateUpTo(3);
  const till = new TestTill(
    () => Promise.reject(new Error('offline')),
    { ...offline, epoch: '', storeId: 'store-1' } as never,
    '',
  );
  const { memberId } = till.makeMember({ lookupId: 'Ａb 12' });
  const { body, ...header } = must(till.ops[0], 'made');
  const { mergedIntoId: _merged, ...row } = member(1, { memberId, seq: 7, lookupId: 'Ａb 12' });
  const { sql } = database;
  await sql.query(
    `insert into tills (till_id, name, store_id, token_hash, incarnation, head_hash, state, created_at_ms)
     values ('till-1', 'Till', 'store-1', 'x', 1, 'y', 'live', 0)`,
  );
  await sql.query(
    `insert into ops (seq, till_id, incarnation, tseq, op_id, hash, kind, header, body, received_at_ms)
     values (7, 'till-1', 1, 1, $1, 'h', $2, $3, $4, 0)`,
    [header.opId, header.kind, JSON.stringify(header), JSON.stringify(body)],
  );
  // One that was kept though nobody could read it, with a sign that no database unescapes.
  await sql.query(
    `insert into ops (seq, till_id, incarnation, tseq, op_id, hash, kind, header, body, received_at_ms, held_reason)
     values (6, 'till-1', 1, 2, '0198c0de-0000-7000-8000-000000000001', 'i', 'stamp.added', $1, $2, 0, 'bad_body')`,
    [JSON.stringify(header), JSON.stringify({ memberId, note: '\u0000' })],
  );
  await sql.query(
    `insert into members (member_id, seq, state, "row", clocks) values ($1, 7, 'active', $2, $3)`,
    [memberId, JSON.stringify(row), JSON.stringify({ lastName: { hlc: 'a', tillId: 'till-1' } })],
  );
  await migrate(database, nodeCrypto, 0);

  const none = { cards: [], cardNumbers: [], accounts: [], entries: [], mobiles: [], sets: [] };
  const rows = await loadRows(sql, { ...none, members: [memberId], lookups: ['ab12'] });
  expect(rows.lookups).toEqual([{ memberId, lookupKey: 'ab12' }]);
  const [record] = rows.members;
  expect(MemberRow.parse(record?.row)).toMatchObject({ mergedIntoId: null });
  expect(record?.clocks).toEqual({ lastName: { hlc: 'a', tillId: 'till-1', seq: 7, actorId: '' } });
  const [consent] = await listConsents(sql, memberId, 9);
  expect(ConsentRow.parse(consent)).toMatchObject({
    opId: header.opId,
    isGranted: false,
    channel: 'enrolment',
  });
  // An erasure finds what the old op says.
  await database.transaction((tx) => sqlStore(tx, nodeCrypto).eraseMembers([{ memberId, seq: 8, atMs: 1 }]));
  const text = 'select body::text from ops order by seq';
  expect(await rowsOf<{ body: string }>(sql, text)).toEqual([{ body: 'null' }, { body: 'null' }]);
});
