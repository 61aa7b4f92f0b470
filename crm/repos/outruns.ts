import { rowsOf, type Sql } from '../database.ts';

/** A till that has confirmed more erasures than the centre knew of. */
export interface Outrun {
  tillId: string;
  name: string;
  /** The highest erasure that it has confirmed, in the numbers of before. */
  confirmed: number;
  /** When it first said so. */
  atMs: number;
}

const NOTHING = { erasureNo: 0, noted: 0 };
const COLUMNS = 'o.till_id as "tillId", t.name, o.confirmed, o.at_ms as "atMs"';

/** Number of the last erasure here, and what this till is noted with; 0 where there is none. Seeks only. */
export async function findConfirmed(sql: Sql, tillId: string): Promise<{ erasureNo: number; noted: number }> {
  const text = `select coalesce((select max(erasure_no) from erasures), 0) as "erasureNo",
    coalesce((select confirmed from erasure_outruns where till_id = $1), 0) as noted`;
  return (await rowsOf<{ erasureNo: number; noted: number }>(sql, text, [tillId]))[0] ?? NOTHING;
}

/** One line for a till, with the most that it ever said and the moment at which it first did. */
export async function noteOutrun(sql: Sql, { tillId, confirmed, atMs }: Omit<Outrun, 'name'>): Promise<void> {
  await sql.query(
    `insert into erasure_outruns (till_id, confirmed, at_ms) values ($1, $2, $3)
     on conflict (till_id) do update set confirmed = excluded.confirmed
       where erasure_outruns.confirmed < excluded.confirmed`,
    [tillId, confirmed, atMs],
  );
}

/** Those who said most, first. */
export const listOutruns = (sql: Sql, limit: number): Promise<Outrun[]> =>
  rowsOf(
    sql,
    `select ${COLUMNS} from erasure_outruns o join tills t using (till_id)
     order by o.confirmed desc, o.till_id limit $1`,
    [limit],
  );

/** When the first of them was heard; null: there is none. */
export async function findFirstOutrun(sql: Sql): Promise<number | null> {
  const text = 'select min(at_ms) as "atMs" from erasure_outruns';
  return (await rowsOf<{ atMs: number | null }>(sql, text))[0]?.atMs ?? null;
}

/** Forgets who said no more than `upTo`. @returns Who that was. */
export const endOutruns = (sql: Sql, upTo: number): Promise<Outrun[]> =>
  rowsOf(
    sql,
    `with o as (delete from erasure_outruns where confirmed <= $1 returning till_id, confirmed, at_ms)
     select ${COLUMNS} from o join tills t using (till_id) order by o.confirmed desc, o.till_id`,
    [upTo],
  );
