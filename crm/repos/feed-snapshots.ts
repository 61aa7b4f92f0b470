import type { ChunkRef, SnapshotRef } from '../../sync/feed/manifest.ts';
import { rowsOf, type Sql } from '../database.ts';
import { ACCOUNT_COLUMNS } from './rows.ts';

const LOCK_KEY = 4_870_003;

/** True when this transaction is the only one of all processes that makes a snapshot; let go at its end. */
export async function tryLockSnapshots(tx: Sql): Promise<boolean> {
  const rows = await rowsOf<{ isOurs: boolean }>(tx, 'select pg_try_advisory_xact_lock($1) as "isOurs"', [
    LOCK_KEY,
  ]);
  return rows[0]?.isOurs === true;
}

/** A number from the counter of all files of the feed. */
export async function takeFileId(sql: Sql): Promise<number> {
  const rows = await rowsOf<{ id: number }>(
    sql,
    'update feed_cut set next_file_id = next_file_id + 1 where id = 1 returning next_file_id - 1 as id',
  );
  return rows[0]?.id ?? 0;
}

export async function insertSnapshot(
  sql: Sql,
  snapshot: { snapshotId: number; madeAtMs: number },
): Promise<void> {
  await sql.query(
    'insert into feed_snapshots (snapshot_id, seq, until_seq, made_at_ms) values ($1, 0, 0, $2)',
    [snapshot.snapshotId, snapshot.madeAtMs],
  );
}

/** As of which number of the feed its rows are read. */
export async function noteSnapshotSeq(sql: Sql, snapshotId: number, seq: number): Promise<void> {
  await sql.query('update feed_snapshots set seq = $2, until_seq = $2 where snapshot_id = $1', [
    snapshotId,
    seq,
  ]);
}

export async function insertChunk(
  sql: Sql,
  chunk: ChunkRef & { snapshotId: number; at: number; body: Uint8Array },
): Promise<void> {
  await sql.query(
    `insert into feed_chunks (snapshot_id, at, plain_bytes, sha256, members, cards, accounts, body)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      ...[chunk.snapshotId, chunk.at, chunk.plainBytes, chunk.sha256],
      ...[chunk.members, chunk.cards, chunk.accounts, Buffer.from(chunk.body)],
    ],
  );
}

/**
 * From now on tills are told of it; the counter moves, so that a remembered manifest is made anew. Its rows may
 * be as young as the feed's head of this moment.
 *
 * @returns False when somebody was anonymised since its rows were read, or an erasure has taken it away.
 */
export async function finishSnapshot(sql: Sql, snapshotId: number): Promise<boolean> {
  const done = await rowsOf<{ id: number }>(
    sql,
    `with moved as (update feed_cut set next_file_id = next_file_id + 1 where id = 1)
     update feed_snapshots s set is_ready = true, until_seq = (select seq from feed_head where id = 1),
       members = c.members, cards = c.cards, accounts = c.accounts
     from (select coalesce(sum(members), 0)::bigint as members, coalesce(sum(cards), 0)::bigint as cards,
       coalesce(sum(accounts), 0)::bigint as accounts from feed_chunks where snapshot_id = $1) c
     where s.snapshot_id = $1
       and not exists (select 1 from members m where m.seq > s.seq and m.state = 'anonymised')
     returning s.snapshot_id as id`,
    [snapshotId],
  );
  return done.length > 0;
}

export async function removeSnapshot(sql: Sql, snapshotId: number): Promise<void> {
  await sql.query('delete from feed_snapshots where snapshot_id = $1', [snapshotId]);
}

/** The newest one that is complete. */
export async function findSnapshot(sql: Sql): Promise<SnapshotRef | null> {
  const [found] = await rowsOf<Omit<SnapshotRef, 'chunks'>>(
    sql,
    `select snapshot_id as "snapshotId", seq, until_seq as "untilSeq", made_at_ms as "madeAtMs", members, cards,
       accounts from feed_snapshots where is_ready order by snapshot_id desc limit 1`,
  );
  if (found === undefined) return null;
  const chunks = await rowsOf<ChunkRef>(
    sql,
    `select octet_length(body) as bytes, plain_bytes as "plainBytes", sha256, members, cards, accounts
     from feed_chunks where snapshot_id = $1 order by at`,
    [found.snapshotId],
  );
  return { ...found, chunks };
}

export async function findChunk(sql: Sql, snapshotId: number, at: number): Promise<Buffer | undefined> {
  const text = 'select body from feed_chunks where snapshot_id = $1 and at = $2';
  return (await rowsOf<{ body: Buffer }>(sql, text, [snapshotId, at]))[0]?.body;
}

export async function findChunkSum(sql: Sql, snapshotId: number, at: number): Promise<string | undefined> {
  const text = 'select sha256 from feed_chunks where snapshot_id = $1 and at = $2';
  return (await rowsOf<{ sha256: string }>(sql, text, [snapshotId, at]))[0]?.sha256;
}

/** All but the newest complete one that are older, complete or not. */
export async function removeSnapshots(sql: Sql, beforeMs: number): Promise<void> {
  await sql.query(
    `delete from feed_snapshots where made_at_ms < $1
     and snapshot_id <> coalesce((select max(snapshot_id) from feed_snapshots where is_ready), 0)`,
    [beforeMs],
  );
}

/** Those that show rows as they were before number `seq`. One that is being made fails at its next chunk. */
export async function removeSnapshotsBefore(sql: Sql, seq: number): Promise<void> {
  await sql.query('delete from feed_snapshots where seq < $1', [seq]);
}

export interface ChunkPage {
  members: string;
  cards: string;
  accounts: string;
  lastId: string | null;
  count: number;
}

/**
 * The next members after `afterId` with their cards and accounts, as JSON texts. One statement, one instant;
 * `offset 0` keeps it to index seeks, where a planner that joins would read all cards for each chunk.
 */
export async function readChunkPage(sql: Sql, afterId: string, limit: number): Promise<ChunkPage> {
  const [page] = await rowsOf<ChunkPage>(
    sql,
    `with m as materialized (
       select member_id, "row" from members where member_id > $1::uuid order by member_id limit $2
     ), c as materialized (
       select c.account_id, c."row" from m cross join lateral (
         select account_id, "row" from cards where "row" ->> 'memberId' = m.member_id::text offset 0
       ) c
     ), a as (
       select a.* from (select distinct account_id from c) own cross join lateral (
         select ${ACCOUNT_COLUMNS} from accounts where account_id = own.account_id offset 0
       ) a order by a."accountNo"
     )
     select (select coalesce(json_agg("row"), '[]')::text from m) as members,
       (select coalesce(json_agg("row"), '[]')::text from c) as cards,
       (select coalesce(json_agg(a), '[]')::text from a) as accounts,
       (select member_id::text from m order by member_id desc limit 1) as "lastId",
       (select count(*) from m) as count`,
    [afterId, limit],
  );
  return page ?? { members: '[]', cards: '[]', accounts: '[]', lastId: null, count: 0 };
}
