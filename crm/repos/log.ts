import { LOG_PAGE_MAX, type LogDecision, type LogLine, type LogQuery } from '../../sync/protocol/log.ts';
import { rowsOf, type Sql } from '../database.ts';

const DAY_MS = 86_400_000;
/** A day begins somewhere on earth so long before it does in London, and a clock may be off by some hours more. */
const BEFORE_MS = DAY_MS;
/** A till may be without a line for so long after the day began; what comes later is found on no page of its day. */
const LATE_MS = 8 * DAY_MS;

/** The first number of the feed that was given at that moment or later. Numbers and moments rise together. */
export async function seqAt(sql: Sql, atMs: number): Promise<number> {
  const [head] = await rowsOf<{ seq: number }>(sql, 'select coalesce(max(seq), 0) as seq from ops');
  let [low, high] = [0, (head?.seq ?? 0) + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [next] = await rowsOf<{ seq: number; atMs: number }>(
      sql,
      'select seq, received_at_ms as "atMs" from ops where seq >= $1 order by seq limit 1',
      [middle],
    );
    if (next === undefined || next.atMs >= atMs) high = middle;
    else low = next.seq + 1;
  }
  return low;
}

/** A text as it stands in JSON, without its quotes. */
const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);

/**
 * One page of what was done on a business day, in the order in which the centre heard of it. Ops of some days are read
 * through for it, headers as text first, which is many times quicker than as JSON; so the caller bounds the time.
 */
export async function listLog(sql: Sql, query: LogQuery): Promise<LogLine[]> {
  const { day, storeId, person, kind, after } = query;
  const startMs = Date.parse(`${day}T00:00:00Z`);
  const from = Math.max(after + 1, after === 0 ? await seqAt(sql, startMs - BEFORE_MS) : 0);
  const until = await seqAt(sql, startMs + LATE_MS);
  const rows = await rowsOf<LogLine>(
    sql,
    `select seq, op_id::text as "opId", kind, till_id as "tillId", h ->> 'actorId' as "actorId",
       h ->> 'storeId' as "storeId", (h ->> 'wallMs')::bigint as "atMs",
       case when released_seq is null then held_reason end as held,
       case when b ->> 'memberId' ~ '^[0-9a-f-]{36}$' then b ->> 'memberId' end as "memberId"
     from (select o.*, header::json as h, body::json as b from ops o where seq >= $1 and seq < $2
       and strpos(header, $3) > 0 and strpos(header, $8) > 0 and strpos(header, $9) > 0) o
     where h ->> 'businessDay' = $3 and held_reason is distinct from 'op_id_repeated'
       and ($4 = '' or h ->> 'storeId' = $4) and ($5 = '' or h ->> 'actorId' = $5) and ($6 = '' or kind = $6)
     order by seq limit $7`,
    [from, until, day, storeId, person, kind, LOG_PAGE_MAX + 1, inJson(storeId), inJson(person)],
  );
  return rows;
}

/** The first lines of the log of decisions of a day, by the clock of who asks; one more than a reply may hold. */
export async function listDecisions(
  sql: Sql,
  { day, person, fromMs = Date.parse(`${day}T00:00:00Z`), untilMs = fromMs + DAY_MS }: LogQuery,
): Promise<LogDecision[]> {
  return rowsOf<LogDecision>(
    sql,
    `select line_no as "lineNo", at_ms as "atMs", actor_id as "actorId", action, object_id as "objectId", note
     from audit_log where at_ms >= $1 and at_ms < $2 and ($3 = '' or actor_id = $3) order by line_no limit $4`,
    [fromMs, untilMs, person, LOG_PAGE_MAX + 1],
  );
}

/** Points that somebody gave without a purchase; taken back, they are below zero. */
export interface GivenByHand {
  seq: number;
  actorId: string;
  businessDay: string;
  tillId: string;
  points: number;
}

/** What one person alone gave by hand behind a number of the feed, up to the newest entry, which comes along. */
export async function listGivenByHand(
  sql: Sql,
  afterSeq: number,
): Promise<{ given: GivenByHand[]; upTo: number }> {
  const [head] = await rowsOf<{ upTo: number }>(sql, 'select coalesce(max(seq), 0) as "upTo" from entries');
  const upTo = Math.max(afterSeq, head?.upTo ?? 0);
  const given = await rowsOf<GivenByHand>(
    sql,
    `select e.seq, g ->> 'actorId' as "actorId", g ->> 'businessDay' as "businessDay", g ->> 'tillId' as "tillId",
       e.delta as points
     from entries e left join entries u on u.op_id = e.corrects_op_id
       cross join lateral (select coalesce(u."row", e."row")::json as g) origin
       left join ops o on o.op_id = coalesce(u.op_id, e.op_id)
         and o.held_reason is distinct from 'op_id_repeated'
     where e.seq > $1 and e.seq <= $2 and g ->> 'kind' = 'points.credited' and g ->> 'amountMinor' is null
       and (o.body::json ->> 'secondId') is null
     order by e.seq`,
    [afterSeq, upTo],
  );
  return { given, upTo };
}
