import { must } from '../../sync/base/must.ts';
import { rowsOf, type Sql } from '../database.ts';

/** The last erasure up to `beforeMs` whose words may still lie in the database's own files; null: there is none. */
export async function findUnscoured(sql: Sql, beforeMs: number): Promise<number | null> {
  const text = `select max(e.erasure_no) as "erasureNo" from erasures e, erasure_scour s
    where e.erasure_no > s.erasure_no and e.at_ms <= $1`;
  const [found] = await rowsOf<{ erasureNo: number | null }>(sql, text, [beforeMs]);
  return found?.erasureNo ?? null;
}

/** A centre that ended in the middle of it is waited for no longer than this. */
const CLAIM_MS = 30 * 60_000;

/** True for one centre of those over this database: the others leave it to that one. */
export async function claimScour(sql: Sql, nowMs: number): Promise<boolean> {
  const text = 'update erasure_scour set claimed_at_ms = $1 where claimed_at_ms <= $2';
  return ((await sql.query(text, [nowMs, nowMs - CLAIM_MS])).rowCount ?? 0) > 0;
}

/** Which file holds the statistics: another one once they were written anew. */
export async function findStatisticsFile(sql: Sql): Promise<number> {
  const text = `select pg_relation_filenode('pg_catalog.pg_statistic')::bigint as file`;
  return (await rowsOf<{ file: number }>(sql, text))[0]?.file ?? 0;
}

/** Segments of PostgreSQL's log of changes beside the one that is written to. */
export interface LogFiles {
  /** Done with, and named for what is to come. */
  waiting: number;
  /** Of before, which PostgreSQL did not let go of at its last checkpoint. */
  held: number;
}

/** Right after a checkpoint. The segment's number is what follows the eight digits of its timeline. */
export async function readLogFiles(sql: Sql): Promise<LogFiles> {
  const text = `select count(*) filter (where files.number > now.number) as waiting,
      count(*) filter (where files.number < now.number) as held
    from (select substr(name, 9) as number from pg_ls_waldir() where name ~ '^[0-9A-F]{24}$') files,
      (select substr(pg_walfile_name(pg_current_wal_lsn()), 9) as number) now`;
  return must((await rowsOf<LogFiles>(sql, text))[0], 'a count has its row');
}

export async function noteScour(sql: Sql, { erasureNo, nowMs }: { erasureNo: number; nowMs: number }) {
  await sql.query('update erasure_scour set erasure_no = $1, at_ms = $2 where erasure_no < $1', [
    erasureNo,
    nowMs,
  ]);
}

/** The centre's own tables, and what each takes with its indexes and what it keeps beside itself. */
export const listTableSizes = (sql: Sql): Promise<{ table: string; bytes: number }[]> =>
  rowsOf(
    sql,
    `select format('%I.%I', n.nspname, c.relname) as table, pg_total_relation_size(c.oid) as bytes
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and n.nspname = current_schema() order by c.relname`,
  );

/** The transaction that would be next: who began before it may still see what was there. */
export async function readHorizon(sql: Sql): Promise<string> {
  const text = 'select pg_snapshot_xmax(pg_current_snapshot())::xid::text as xid';
  return must((await rowsOf<{ xid: string }>(sql, text))[0], 'a select without a table gives one row').xid;
}

/** True while somebody here reads or writes since before `horizon`, as far as the program's user is shown. */
export async function hasOlderReader(sql: Sql, horizon: string): Promise<boolean> {
  const text = `select 1 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
    and greatest(age(backend_xmin), age(backend_xid)) > age($1::xid) limit 1`;
  return (await rowsOf(sql, text, [horizon])).length > 0;
}
