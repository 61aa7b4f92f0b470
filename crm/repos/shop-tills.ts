import type { ShopTillsReply, ToldTill } from '../../sync/protocol/shop-tills.ts';
import { CENTRE_TILL } from '../../sync/base/ids.ts';
import { SHOP_TILLS_MAX } from '../../sync/protocol/shop-tills.ts';
import { rowsOf, type Sql } from '../database.ts';

/** A till that was given up longer ago has no part in today's shop. */
const LOST_SHOWN_MS = 7 * 86_400_000;

type Reach = Omit<ToldTill, 'held' | 'close'>;

interface Asked {
  storeId: string;
  day: string;
  nowMs: number;
  /** Told of wherever they are now. */
  tillIds: readonly string[];
}

/**
 * Whatever acts in the shop: counters, and an office that sits there once it has made something; besides, those that
 * were asked for by id. What waits beside the feed for a manager is in no figure, so no till is complete beyond the
 * first of it. An op is of the moment that its till's corrected clock says (`madeAtMs`): what the PC showed can be of
 * any year, and a till that seems to be past the day would be told as complete.
 */
async function readReach(
  sql: Sql,
  { storeId, nowMs, tillIds }: Asked,
): Promise<(Reach & { isHere: boolean })[]> {
  return rowsOf<Reach & { isHere: boolean }>(
    sql,
    `select t.till_id as "tillId", t.name, t.state, t.last_contact_at_ms as "heardAtMs",
       least(case when t.told_at_ms > 0 and t.told_incarnation = t.incarnation and t.told_tseq <= t.hi_tseq
         then t.told_at_ms else case when o.seq is null then 0
         else least(o.received_at_ms, ('x' || substr(o.header::json ->> 'hlc', 1, 12))::bit(48)::bigint) end end,
         (select min(least(s.received_at_ms, ('x' || substr(s.header ->> 'hlc', 1, 12))::bit(48)::bigint))
           from stray_ops s where s.till_id = t.till_id and s.booked_at_ms is null)) as "completeToMs",
       case when t.told_incarnation = t.incarnation then greatest(t.told_tseq - t.hi_tseq, 0) else 0 end
         as outstanding, coalesce(o.seq, 0) as "lastSeq", here.is_here as "isHere"
     from tills t left join ops o on o.till_id = t.till_id and o.incarnation = t.incarnation
       and o.branch = 0 and o.tseq = t.hi_tseq
       cross join lateral (select t.store_id = $1 and (t.kind = 'till' or t.hi_tseq > 0)
         and (t.state <> 'lost' or t.last_contact_at_ms > $2) as is_here) here
     where t.till_id <> $5 and (here.is_here or t.till_id = any($4))
     order by here.is_here desc, t.name, t.till_id limit $3`,
    [storeId, nowMs - LOST_SHOWN_MS, SHOP_TILLS_MAX, tillIds, CENTRE_TILL],
  );
}

/** Every till of a shop: how far the centre is with it, and what it did on a day that is not settled. */
export async function listShopTills(
  sql: Sql,
  asked: Asked,
): Promise<Pick<ShopTillsReply, 'tills' | 'others'>> {
  const { day } = asked;
  const reached = await readReach(sql, asked);
  const ids = reached.map(({ tillId }) => tillId);
  const held = await rowsOf<{ tillId: string; reason: ToldTill['held'][number]['reason']; count: number }>(
    sql,
    `select till_id as "tillId", held_reason as reason, count(*) as count from ops
     where held_reason is not null and held_reason <> 'op_id_repeated' and released_seq is null
       and till_id = any($1) and header::json ->> 'businessDay' = $2 group by till_id, held_reason order by 3 desc`,
    [ids, day],
  );
  const closes = await rowsOf<{ tillId: string } & NonNullable<ToldTill['close']>>(
    sql,
    `select distinct on (c.till_id) c.till_id as "tillId", (c.certificate ->> 'closedAtMs')::bigint as "closedAtMs",
       r.verdict
     from closes c left join lateral (select verdict from close_receipts
       where certificate_hash = c.certificate_hash order by checked_at_ms desc limit 1) r on true
     where c.till_id = any($1) and c.business_day = $2 order by c.till_id, c.received_at_ms desc`,
    [ids, day],
  );
  const told = reached.map(({ isHere, ...till }): { isHere: boolean; till: ToldTill } => {
    const ofTill = held.filter(({ tillId }) => tillId === till.tillId);
    const close = toClose(closes.find(({ tillId }) => tillId === till.tillId));
    return {
      isHere,
      till: { ...till, held: ofTill.map(({ reason, count }) => ({ reason, count })), close },
    };
  });
  return {
    tills: told.filter(({ isHere }) => isHere).map(({ till }) => till),
    others: told.filter(({ isHere }) => !isHere).map(({ till }) => till),
  };
}

const toClose = (found: NonNullable<ToldTill['close']> | undefined): ToldTill['close'] =>
  found === undefined ? null : { closedAtMs: found.closedAtMs, verdict: found.verdict };
