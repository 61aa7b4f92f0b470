import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openDatabase, rowsOf, type Database } from '../../../crm/database.ts';
import { migrate } from '../../../crm/migrate.ts';
import { nodeCrypto } from '../../../crm/node-crypto.ts';
import { replayJournal } from '../../../crm/replay.ts';
import { readHead } from '../../../crm/repos/feed-head.ts';
import { listConsents, loadRows } from '../../../crm/repos/rows.ts';
import { sqlStore } from '../../../crm/sql-store.ts';
import { must } from '../../../sync/base/must.ts';
import { ConsentRow } from '../../../sync/model/consent.ts';
import { MemberRow } from '../../../sync/model/member.ts';
import type { WireOp } from '../../../sync/model/op.ts';
import { projectFolder, startPostgres, type PostgresPart } from '../../parts/postgres.ts';
import { member } from '../db/samples.ts';
import { TestTill } from './test-till.ts';

let postgres: PostgresPart;
let database: Database;

beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
beforeEach(async () => {
  const url = await postgres.createDatabase();
  database = await openDatabase({ url, folder: '', onError: () => undefined, onDeath: () => undefined });
});
afterEach(() => database.close());
afterAll(() => postgres.stop());

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

const makeTill = (): TestTill =>
  new TestTill(
    () => Promise.reject(new Error('offline')),
    { ...offline, epoch: '', storeId: 'store-1' } as never,
    '',
  );

const insertTill = (): Promise<unknown> =>
  database.sql.query(
    `insert into tills (till_id, name, store_id, token_hash, incarnation, head_hash, state, created_at_ms)
     values ('till-1', 'Till', 'store-1', 'x', 1, 'y', 'live', 0)`,
  );

/** As a program of then kept it. */
async function insertOp({ body, ...header }: WireOp, seq: number): Promise<void> {
  await database.sql.query(
    `insert into ops (seq, till_id, incarnation, tseq, op_id, hash, kind, header, body, received_at_ms)
     values ($1, 'till-1', 1, $2, $3, 'h', $4, $5, $6, 0)`,
    [seq, header.tseq, header.opId, header.kind, JSON.stringify(header), JSON.stringify(body)],
  );
}

test('a database that was filled before the inbox gets what the inbox needs', async () => {
  await migrateUpTo(3);
  const till = makeTill();
  const { memberId } = till.makeMember({ lookupId: 'Ａb 12' });
  const created = must(till.ops[0], 'made');
  const { body: _body, ...header } = created;
  const { mergedIntoId: _merged, ...row } = member(1, { memberId, seq: 7, lookupId: 'Ａb 12' });
  const { sql } = database;
  await insertTill();
  await insertOp(created, 7);
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

  const none = {
    cards: [],
    cardNumbers: [],
    accounts: [],
    entries: [],
    mobiles: [],
    sets: [],
    barredAmong: [],
    oddAmong: [],
    documents: [],
  };
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
  await database.transaction((tx) =>
    sqlStore(tx, nodeCrypto, []).eraseMembers([{ memberId, seq: 8, atMs: 1 }]),
  );
  const text = 'select body::text from ops order by seq';
  expect(await rowsOf<{ body: string }>(sql, text)).toEqual([{ body: 'null' }, { body: 'null' }]);
});

test('who was anonymised before ops named their member is erased from them by the migration (N15)', async () => {
  await migrateUpTo(9);
  const till = makeTill();
  const { memberId } = till.makeMember({ lastName: 'Forgotten' });
  const created = must(till.ops[0], 'made');
  const { body, ...header } = { ...created, opId: '0198c0de-0000-7000-8000-000000000002', tseq: 9 };
  const { sql } = database;
  await insertTill();
  await insertOp(created, 1);
  await sql.query(
    `insert into stray_ops (op_id, till_id, incarnation, tseq, hash, header, body, received_at_ms)
     values ($1, 'till-1', 1, 9, 'i', $2, $3, 0)`,
    [header.opId, JSON.stringify(header), JSON.stringify(body)],
  );
  const row = member(1, { memberId, seq: 2, state: 'anonymised', lookupId: '' });
  await sql.query(
    `insert into members (member_id, seq, state, "row", clocks) values ($1, 2, 'anonymised', $2, '{}')`,
    [memberId, JSON.stringify(row)],
  );
  await migrate(database, nodeCrypto, 5);
  const text = `select body::text, header::json ->> 'salt' as salt from ops
    union all select body::text, header::json ->> 'salt' from stray_ops`;
  expect(await rowsOf(sql, text)).toEqual([
    { body: 'null', salt: '' },
    { body: 'null', salt: '' },
  ]);
});

test('the first word about consent comes into the ledger also where a later one is there (N20)', async () => {
  await migrateUpTo(9);
  const till = makeTill();
  const { memberId } = till.makeMember();
  const created = must(till.ops[0], 'made');
  const { sql } = database;
  await insertTill();
  await insertOp(created, 1);
  await sql.query(
    `insert into members (member_id, seq, state, "row", clocks) values ($1, 2, 'active', $2, '{}')`,
    [memberId, JSON.stringify(member(1, { memberId, seq: 2, lookupId: '' }))],
  );
  const later = '0198c0de-0000-7000-8000-000000000003';
  await sql.query(`insert into consents values ($1, 2, $2, '{"opId": "later"}')`, [later, memberId]);
  await migrate(database, nodeCrypto, 5);
  const words = await listConsents(sql, memberId, 9);
  expect(words.map(({ opId }) => opId)).toEqual([created.opId, 'later']);
});

test('a dump of a program without a journal starts a new epoch: its numbers fall to other ops', async () => {
  await migrateUpTo(9);
  const { sql } = database;
  await sql.query(`insert into feed_head (id, epoch, card_key) values (1, 'of before', 'k')`);
  const log = pino({ level: 'silent' });
  const replay = (isRestored: boolean) =>
    replayJournal({ database: { ...database, isRestored }, crypto: nodeCrypto, log }, []);
  await replay(false);
  const before = await readHead(sql);
  expect(before.epoch).toBe('of before');
  await replay(true);
  const { epoch, nextCardSerial, nextBlockId } = await readHead(sql);
  const isBeyond = nextCardSerial > before.nextCardSerial && nextBlockId > before.nextBlockId;
  expect([epoch === 'of before', isBeyond]).toEqual([false, true]);
});
