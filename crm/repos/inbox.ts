import type { MemberId, OpId, TillId } from '../../sync/base/ids.ts';
import type { InboxDetail, InboxKind } from '../../sync/model/inbox.ts';
import type { InboxView } from '../../sync/protocol/inbox.ts';
import { rowsOf, type Sql } from '../database.ts';

export interface NewInboxItem {
  /** Sorts as the items came; see `inboxId`. */
  id: string;
  /** What the item is about, told from every other for good: it is never raised twice. */
  topic: string;
  memberId: MemberId | null;
  tillId: TillId;
  opId: OpId | null;
  seq: number;
  atMs: number;
  detail: InboxDetail;
}

export interface InboxItem extends InboxView {
  topic: string;
}

export interface InboxAnswered {
  answer: string;
  answeredBy: string;
  answeredAtMs: number;
  /** A manager's words; may be about a person, hence gone with the member. */
  reason?: string;
}

/** Ids sort as numbers of the feed do, then in the order in which one op raised them. */
export const inboxId = (seq: number, order: number): string =>
  `${String(seq).padStart(16, '0')}-${String(order).padStart(4, '0')}`;

const COLUMNS = `id, topic, kind, member_id as "memberId", till_id as "tillId", op_id as "opId", seq,
  at_ms as "atMs", detail, state, answer, answered_by as "answeredBy", answered_at_ms as "answeredAtMs", answer_reason as reason`;

export async function insertInbox(tx: Sql, items: readonly NewInboxItem[]): Promise<void> {
  if (items.length === 0) return;
  const records = items.map((item) => ({
    id: item.id,
    topic: item.topic,
    kind: item.detail.kind,
    member_id: item.memberId,
    till_id: item.tillId,
    op_id: item.opId,
    seq: item.seq,
    at_ms: item.atMs,
    detail: item.detail,
  }));
  await tx.query(
    `insert into inbox (id, topic, kind, member_id, till_id, op_id, seq, at_ms, detail)
     select x.id, x.topic, x.kind, x.member_id, x.till_id, x.op_id, x.seq, x.at_ms, x.detail
     from jsonb_to_recordset($1::jsonb) as x(id text, topic text, kind text, member_id uuid, till_id text,
       op_id uuid, seq bigint, at_ms bigint, detail jsonb)
     on conflict (topic) do nothing`,
    [JSON.stringify(records)],
  );
}

/** True while an item of this kind waits for an answer. */
/** How many of a kind wait. */
export async function countOpenOf(sql: Sql, kind: InboxKind): Promise<number> {
  const text = `select count(*) as count from inbox where state = 'open' and kind = $1`;
  return (await rowsOf<{ count: number }>(sql, text, [kind]))[0]?.count ?? 0;
}

export async function hasOpenItem(sql: Sql, kind: InboxKind): Promise<boolean> {
  const text = `select 1 from inbox where kind = $1 and state = 'open' limit 1`;
  return (await rowsOf(sql, text, [kind])).length > 0;
}

/** An open item whose topic begins like this, the oldest. */
export async function findOpenItem(tx: Sql, topicStart: string): Promise<InboxItem | undefined> {
  const text = `select ${COLUMNS} from inbox where state = 'open' and starts_with(topic, $1) order by id limit 1`;
  return (await rowsOf<InboxItem>(tx, text, [topicStart]))[0];
}

/** What an item says from now on, of the same kind. */
export async function changeDetail(tx: Sql, id: string, detail: InboxDetail): Promise<void> {
  await tx.query('update inbox set detail = $2::jsonb where id = $1', [id, JSON.stringify(detail)]);
}

/** The item, held until the transaction ends. */
export async function lockInboxItem(tx: Sql, id: string): Promise<InboxItem | undefined> {
  const [item] = await rowsOf<InboxItem>(tx, `select ${COLUMNS} from inbox where id = $1 for update`, [id]);
  return item;
}

export async function closeInbox(
  tx: Sql,
  topics: readonly string[],
  { answer, answeredBy, answeredAtMs }: InboxAnswered,
): Promise<void> {
  if (topics.length === 0) return;
  await tx.query(
    `update inbox set state = 'answered', answer = $2, answered_by = $3, answered_at_ms = $4
     where topic = any($1) and state = 'open'`,
    [topics, answer, answeredBy, answeredAtMs],
  );
}

/** How many of these topics were answered so. */
export async function countAnswered(sql: Sql, topics: readonly string[], answer: string): Promise<number> {
  const text = `select count(*)::int as count from inbox where topic = any($1) and state = 'answered' and answer = $2`;
  return (await rowsOf<{ count: number }>(sql, text, [topics, answer]))[0]?.count ?? 0;
}

/** Everybody whom item `i` is about: its member, both of a pair, whoever kept a card's number, whom a held op names. */
const PEOPLE = `(array_remove(array[i.member_id::text, i.detail #>> '{keptBy,memberId}',
    (select coalesce(o.member_id::text, o.body::json ->> 'memberId', o.repaired_body ->> 'memberId')
      from ops o where i.kind = 'held_op' and o.seq = i.seq)], null)
  || array(select jsonb_array_elements_text(i.detail -> 'memberIds')))`;

/**
 * The answer to an item, also to one that has another: a merge is taken back. Words about somebody who is anonymised,
 * by this very answer or before it, are not kept.
 */
export async function changeAnswer(tx: Sql, id: string, answered: InboxAnswered): Promise<void> {
  await tx.query(
    `update inbox i set state = 'answered', answer = $2, answered_by = $3, answered_at_ms = $4,
       answer_reason = case when exists (select 1 from erasures e where e.member_id::text = any(${PEOPLE}))
         then '' else $5 end
     where id = $1`,
    [id, answered.answer, answered.answeredBy, answered.answeredAtMs, answered.reason ?? ''],
  );
}

/** What was said so far to an item of the own-card watch. */
export interface WatchItem extends Pick<InboxItem, 'state' | 'answer' | 'answeredAtMs'> {
  reason: string;
  accountId: string;
  actorId: string;
}

/** Items of the own-card watch about these members, whatever became of them. */
export async function listWatchItems(sql: Sql, memberIds: readonly string[]): Promise<WatchItem[]> {
  const text = `select state, answer, answered_at_ms as "answeredAtMs", detail ->> 'reason' as reason,
      detail ->> 'accountId' as "accountId", detail ->> 'actorId' as "actorId"
    from inbox where kind = 'own_card' and member_id = any($1::uuid[])`;
  return rowsOf<WatchItem>(sql, text, [memberIds]);
}

/** Open items about a webhook become answered: somebody has started or stopped it. */
export async function closeWebhookItems(
  tx: Sql,
  webhookId: string,
  { answer, answeredBy, answeredAtMs }: InboxAnswered,
): Promise<void> {
  await tx.query(
    `update inbox set state = 'answered', answer = $2, answered_by = $3, answered_at_ms = $4
     where kind = 'webhook_dead' and state = 'open' and detail ->> 'webhookId' = $1`,
    [webhookId, answer, answeredBy, answeredAtMs],
  );
}

/** How many items wait. */
export async function countOpenInbox(sql: Sql): Promise<number> {
  const [count] = await rowsOf<{ open: number }>(
    sql,
    `select count(*) as open from inbox where state = 'open'`,
  );
  return count?.open ?? 0;
}

/** A page of items in the order in which they came, and how many are open in all. */
export async function listInbox(
  sql: Sql,
  page: { state: InboxView['state']; after: string; limit: number; id?: string },
): Promise<{ items: InboxView[]; open: number }> {
  const items = await rowsOf<InboxItem>(
    sql,
    `select ${COLUMNS} from inbox where state = $1 and id > $2 and ($4 = '' or id = $4)
     order by id limit $3`,
    [page.state, page.after, page.limit, page.id ?? ''],
  );
  return { items: items.map(({ topic: _topic, ...view }) => view), open: await countOpenInbox(sql) };
}

/** Answered items older than that are of no use to anybody. @returns How many went. */
export async function forgetAnswered(
  tx: Sql,
  beforeMs: number,
  kinds: readonly InboxKind[],
): Promise<number> {
  const gone = await tx.query(
    `delete from inbox where state = 'answered' and answered_at_ms < $1 and kind = any($2)`,
    [beforeMs, kinds],
  );
  return gone.rowCount ?? 0;
}

/**
 * Empties what items say about these members, and what managers said of them. The rows stay: that something was decided
 * is no secret.
 */
export async function blankInbox(tx: Sql, memberIds: readonly string[], nowMs: number): Promise<void> {
  await tx.query(
    `update inbox set detail = '{"kind":"erased"}', answer_reason = '', answer = case state when 'open' then 'erased' else answer end,
       answered_at_ms = coalesce(answered_at_ms, $2), state = 'answered'
     where member_id = any($1::uuid[])
       or (kind in ('shared_mobile', 'shared_lookup_id') and state = 'open'
         and detail -> 'memberIds' ?| $1::text[])`,
    [memberIds, nowMs],
  );
  const words = `update inbox i set answer_reason = '' where answer_reason <> '' and ${PEOPLE} && $1::text[]`;
  await tx.query(words, [memberIds]);
}
