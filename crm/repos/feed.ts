import { must } from '../../sync/base/must.ts';
import type { HeldReason, Rows } from '../../sync/model/feed.ts';
import { rowsOf, type Sql } from '../database.ts';
import { ACCOUNT_COLUMNS } from './rows.ts';

export interface Pull {
  tillId: string;
  incarnation: number;
  ackedTseq: number;
  cursor: number;
  /** Of an office: the entries of all stores. */
  isWholeLedger?: boolean;
  acksMax: number;
  rowsMax: number;
}

export interface Ack {
  tseq: number;
  seq: number;
  held: HeldReason | null;
}

/** An op and its number: a released one has a number of its own besides, without an op of its own. */
export interface LastOp {
  seq: number;
  hash: string;
}

export interface Feed {
  epoch: string;
  headSeq: number;
  /** The last op up to the head; null in an empty centre. */
  lastOp: LastOp | null;
  hiTseq: number;
  /** Hash of the op `ackedTseq` as the centre has it; null where there is none. */
  ackedHash: string | null;
  /** Fates behind `ackedTseq`, in order. */
  acks: Ack[];
  /** False while more fates wait than fit: then no rows are given. */
  isFateKnown: boolean;
  /**
   * More rows wait than an answer carries: `rows` has documents only, and the till fetches files of the feed.
   */
  isFarBehind: boolean;
  /** Everything up to here is in `rows` or was before; the cursor itself when rows were held back. */
  until: number;
  rows: Rows;
}

const newRows = (table: string): string =>
  `(select seq from ${table} where seq > $4::bigint and (select is_now from due) order by seq limit $6::bigint + 1)`;

/**
 * One statement, hence one snapshot: head, fates and rows of the same instant. Either all that the till misses
 * or nothing: a page of it would be a state that never was. Documents go out in any case, because nobody can
 * sign in without them; no op of a till makes one. A row beyond the fates that go with it is never given: the
 * till would count its own op twice.
 *
 * A till that misses more than an answer carries, or whose fates are still to come, gets no rows: for those none are
 * even looked for. A crowd that comes back is far behind, every one of it, and asks all at once.
 */
const pullOf = (scope: string): string => `
with head as (select epoch, seq from feed_head where id = 1),
till as (select till_id, store_id, hi_tseq from tills where till_id = $1),
acks as (
  select tseq, seq, held_reason from ops
  where till_id = $1 and incarnation = $2::bigint and tseq > $3::bigint and branch = 0 order by tseq limit $5::bigint
),
fate as (select coalesce((select max(tseq) from acks), $3::bigint) >= (select hi_tseq from till) as known),
crowd as materialized (
  select exists(select 1 from entries where seq > $4::bigint order by seq offset $6::bigint limit 1) as is_too_much
),
due as materialized (select (select known from fate) and not (select is_too_much from crowd) as is_now),
moves as materialized (
  select account_id from entries where seq > $4::bigint and (select is_now from due) order by seq limit $6::bigint + 1
),
moved as materialized (
  select a.* from (
    select account_id as id from moves
    union (select account_id from cards where seq > $4::bigint and (select is_now from due)
      order by seq limit $6::bigint + 1)
  ) named cross join lateral (select ${ACCOUNT_COLUMNS} from accounts where account_id = named.id offset 0) a
  where a.seq > $4::bigint
),
changed as (
  ${['documents', 'members', 'cards'].map(newRows).join(' union all ')}
  union all (select seq from moved)
  union all (select seq from entries where (select is_now from due) and
    ${scope}seq > $4::bigint order by seq limit $6::bigint + 1)
),
far as (
  select (select is_too_much from crowd) or (select count(*) from changed) > $6::bigint as behind
),
until as materialized (
  select case when (select known from fate) and not (select behind from far)
    then (select seq from head) else $4::bigint end as seq
)
select (select epoch from head) as epoch,
  (select seq from head) as "headSeq",
  (select json_build_object('seq', seq, 'hash', hash) from ops where seq <= (select seq from head)
    order by seq desc limit 1) as "lastOp",
  (select hi_tseq from till) as "hiTseq",
  (select hash from ops where till_id = $1 and incarnation = $2::bigint and tseq = $3::bigint
    and branch = 0) as "ackedHash",
  (select known from fate) as "isFateKnown",
  (select behind from far) as "isFarBehind",
  (select seq from until) as until,
  (select coalesce(json_agg(json_build_object('tseq', tseq, 'seq', seq, 'held', held_reason) order
    by tseq), '[]')
    from acks) as acks,
  (select coalesce(json_agg(json_build_object('kind', kind, 'id', id, 'seq', seq, 'body', body)
    order by seq), '[]')
    from (select * from documents where seq > $4::bigint order by seq limit $6::bigint) d) as documents,
  (select coalesce(json_agg("row" order by seq), '[]')
    from members where seq > $4::bigint and seq <= (select seq from until)) as members,
  (select coalesce(json_agg("row" order by seq), '[]')
    from cards where seq > $4::bigint and seq <= (select seq from until)) as cards,
  (select coalesce(json_agg(moved order by seq), '[]') from moved where seq <= (select seq from until)) as accounts,
  (select coalesce(json_agg("row"::json order by seq), '[]')
    from entries where ${scope}seq > $4::bigint and seq <= (select seq from until)) as entries`;

// Two statements: the one that every till waits for keeps its plan.
const OF_STORE = pullOf('store_id = (select store_id from till) and ');
const OF_ALL = pullOf('');

export async function readFeed(sql: Sql, pull: Pull): Promise<Feed> {
  const found = await rowsOf<Omit<Feed, 'rows'> & Rows>(
    sql,
    pull.isWholeLedger === true ? OF_ALL : OF_STORE,
    [pull.tillId, pull.incarnation, pull.ackedTseq, pull.cursor, pull.acksMax, pull.rowsMax],
  );
  const { documents, members, cards, accounts, entries, ...feed } = must(
    found[0],
    'the statement gives one row',
  );
  return { ...feed, rows: { documents, members, cards, accounts, entries } };
}
