import type { MemberId } from '../../sync/base/ids.ts';
import type { Addressee } from '../../sync/merge/messages.ts';
import type { AccountRow, CardRow } from '../../sync/model/card.ts';
import type { MemberRow } from '../../sync/model/member.ts';
import type { OpBodyOf } from '../../sync/model/op.ts';
import type { MessageChannel } from '../../sync/model/template.ts';
import type { MessageSummary, SendLine } from '../../sync/model/message.ts';
import { rowsOf, type Sql } from '../database.ts';
import { plainArray } from './arrays.ts';
import { ACCOUNT_COLUMNS } from './rows.ts';

export interface AskedOp {
  opId: string;
  seq: number;
  actorId: string;
  wallMs: number;
  /** It waited for its member, and has a number from before. */
  isLate: boolean;
  body: Omit<OpBodyOf<'message.requested'>, 'kind'>;
}

const ASKED = `select o.op_id as "opId", o.seq, o.header::json ->> 'actorId' as "actorId",
    (o.header::json ->> 'wallMs')::bigint as "wallMs", o.held_reason is not null as "isLate", o.body::json as body
  from ops o where o.kind = 'message.requested' and o.commitment is null`;
/** They are taken up in their order, so the next one is behind the last; nobody looks at those before again. */
const ASKED_NEXT = `${ASKED} and o.held_reason is null
  and o.seq > (select coalesce(max(seq), 0) from messages where not is_late) order by o.seq limit 1`;
const ASKED_LATE = `${ASKED} and o.held_reason is not null and o.released_seq is not null and o.released_by is null
  and not exists (select 1 from messages m where m.op_id = o.op_id) order by o.seq limit 1`;

/**
 * The next request that nobody has taken up. One that waited for its member is among them once that came; one that a
 * manager settled is not: what she did with it is not known here, and she can send it anew.
 */
export async function findAsked(sql: Sql): Promise<AskedOp | undefined> {
  return (await rowsOf<AskedOp>(sql, ASKED_NEXT))[0] ?? (await rowsOf<AskedOp>(sql, ASKED_LATE))[0];
}

export interface NewMessage {
  asked: AskedOp;
  channel: MessageChannel | '';
  memberId: MemberId | null;
  state: 'choosing' | 'refused';
  reason: string;
}

/** @returns False when another process was first. */
export async function insertMessage(
  tx: Sql,
  { asked, channel, memberId, state, reason }: NewMessage,
): Promise<boolean> {
  const { opId, seq, actorId, wallMs, body, isLate } = asked;
  const text = `insert into messages (op_id, seq, template_id, template_version, channel, member_id, segment_id,
      actor_id, asked_at_ms, state, reason, is_late)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict (op_id) do nothing returning op_id`;
  const ids = [memberId, body.segmentId, actorId, wallMs, state, reason, isLate];
  const values = [opId, seq, body.templateId, body.templateVersion, channel, ...ids];
  return (await rowsOf(tx, text, values)).length > 0;
}

/** One of those who are on the list: to be sent to, or known already to get nothing. */
export interface NewSend {
  memberId: string;
  /** '' for who is to be sent to. */
  skipReason: string;
}

/** Why a message stopped, '' while it goes on; held, so that one that stops just now leaves nobody waiting for it. */
const STOPPED = `stopped as (select reason from messages where op_id = $1 for share)`;

/** Those who are to get it; who is on the list already stays as they are, and of one that stopped nobody gets it. */
export async function insertSends(
  tx: Sql,
  { opId, channel }: Pick<OpenMessage, 'opId' | 'channel'>,
  sends: readonly NewSend[],
): Promise<void> {
  await tx.query(
    `with ${STOPPED}, people as (
       select u.id, coalesce(nullif(u.reason, ''), (select reason from stopped), '') as reason
       from unnest($3::uuid[], $4::text[]) as u(id, reason))
     insert into message_sends (op_id, member_id, channel, state, reason)
     select $1, id, $2, case reason when '' then 'queued' else 'skipped' end, reason from people
     on conflict do nothing`,
    [
      opId,
      channel,
      plainArray(sends.map(({ memberId }) => memberId)),
      sends.map(({ skipReason }) => skipReason),
    ],
  );
}

/** Up to whom it is written down who gets it. */
export async function saveChosen(tx: Sql, opId: string, memberId: MemberId): Promise<void> {
  await tx.query('update messages set chosen_after = $2 where op_id = $1', [opId, memberId]);
}

export async function setMessageState(tx: Sql, opId: string, state: 'sending' | 'done'): Promise<void> {
  await tx.query('update messages set state = $2 where op_id = $1', [opId, state]);
}

export interface OpenMessage {
  opId: string;
  templateId: string;
  channel: MessageChannel;
  segmentId: string;
  /** Of a saved filter: the one that was asked for. */
  filterVersion: number | undefined;
  memberId: MemberId | null;
  chosenAfter: MemberId;
}

/** One whose people are still to be written down, held until the transaction ends. */
export async function lockChoosing(tx: Sql): Promise<OpenMessage | undefined> {
  const text = `select op_id as "opId", template_id as "templateId", channel, segment_id as "segmentId",
      member_id as "memberId", chosen_after as "chosenAfter",
      (select (o.body::json ->> 'filterVersion')::int from ops o where o.seq = m.seq) as "filterVersion" from messages m
    where state = 'choosing' order by seq limit 1 for update skip locked`;
  const open = (await rowsOf<OpenMessage>(tx, text))[0];
  return open && { ...open, filterVersion: open.filterVersion ?? undefined };
}

/**
 * Whom it is for changed while it was written down: nobody else is sent to, and who waits for it is not either. It is
 * refused only where it went out to nobody; else it goes on, with the reason, until it is known what became of those.
 */
export async function refuseRest(tx: Sql, opId: string, reason: string): Promise<void> {
  await tx.query(
    `update message_sends set state = 'skipped', reason = $2 where op_id = $1 and state = 'queued'`,
    [opId, reason],
  );
  await tx.query(
    `update messages set reason = $2, state = case when exists (
       select 1 from message_sends where op_id = $1 and state in ('sending', 'sent', 'maybe', 'failed')
     ) then 'sending' else 'refused' end where op_id = $1`,
    [opId, reason],
  );
}

/** Messages of which nothing is left to send become done. */
export async function closeFinished(sql: Sql): Promise<void> {
  await sql.query(
    `update messages m set state = 'done' where m.state = 'sending' and not exists (
       select 1 from message_sends s where s.op_id = m.op_id and s.state in ('queued', 'sending'))`,
  );
}

/** Asked all the time, so it changes nothing. */
export async function hasChoosing(sql: Sql): Promise<boolean> {
  const text = `select 1 from messages where state = 'choosing' limit 1`;
  return (await rowsOf(sql, text)).length > 0;
}

export async function hasOpenSend(sql: Sql, nowMs: number): Promise<boolean> {
  const text = `select 1 from message_sends
    where (state = 'queued' and next_at_ms <= $1) or state = 'sending' limit 1`;
  return (await rowsOf(sql, text, [nowMs])).length > 0;
}

const DUE_OVER = `select q.op_id, q.member_id from message_sends q
  where q.state = 'queued' and q.channel = $2 and q.next_at_ms <= $1`;

/** Asked before each, so it changes nothing. */
export async function hasDueSend(sql: Sql, channel: MessageChannel, nowMs: number): Promise<boolean> {
  return (await rowsOf(sql, `${DUE_OVER} limit 1`, [nowMs, channel])).length > 0;
}

export interface TakenSend {
  opId: string;
  memberId: MemberId;
  tries: number;
  channel: MessageChannel;
  templateId: string;
  templateVersion: number;
}

/** Takes one to be sent now, and says so durably before anything is: from here on it may have been sent. */
export async function takeSend(
  sql: Sql,
  channel: MessageChannel,
  nowMs: number,
): Promise<TakenSend | undefined> {
  const text = `update message_sends s set state = 'sending', tries = tries + 1, at_ms = $1
    from messages m where m.op_id = s.op_id and (s.op_id, s.member_id) = (
      ${DUE_OVER} order by q.channel, q.next_at_ms, q.op_id, q.member_id limit 1 for update of q skip locked)
    returning s.op_id as "opId", s.member_id as "memberId", s.tries, s.channel, m.template_id as "templateId",
      m.template_version as "templateVersion"`;
  return (await rowsOf<TakenSend>(sql, text, [nowMs, channel]))[0];
}

export interface SendFate {
  state: 'queued' | 'sent' | 'maybe' | 'failed' | 'skipped';
  reason: string;
  nextAtMs: number;
  /** The centre could not send to anybody: the try is not counted. */
  isOurs?: true;
}

/** Who would be tried again is left out where the rest of the message was refused meanwhile. */
export async function saveFate(
  sql: Sql,
  { opId, memberId }: Pick<TakenSend, 'opId' | 'memberId'>,
  { state, reason, nextAtMs, isOurs }: SendFate,
): Promise<void> {
  const fate = [state, reason, nextAtMs, isOurs === true ? 1 : 0];
  if (state !== 'queued') {
    const text = `update message_sends set state = $3, reason = $4, next_at_ms = $5, tries = tries - $6
      where op_id = $1 and member_id = $2 and state = 'sending'`;
    await sql.query(text, [opId, memberId, ...fate]);
    return;
  }
  await sql.query(
    `with ${STOPPED}
     update message_sends s set next_at_ms = $5, tries = tries - $6,
       state = case stopped.reason when '' then $3 else 'skipped' end,
       reason = coalesce(nullif(stopped.reason, ''), $4)
     from stopped where op_id = $1 and member_id = $2 and state = 'sending'`,
    [opId, memberId, ...fate],
  );
}

/** Who was being sent to when a program ended: nobody knows whether it went out. @returns How many. */
export async function giveUpStuck(sql: Sql, beforeMs: number): Promise<number> {
  const text = `update message_sends set state = 'maybe', reason = 'interrupted'
    where state = 'sending' and at_ms < $1 returning op_id`;
  return (await rowsOf(sql, text, [beforeMs])).length;
}

/** How many went to a member, or may have, since then. */
export async function countSentTo(sql: Sql, memberId: string, sinceMs: number): Promise<number> {
  const text = `select count(*) as count from message_sends
    where member_id = $1 and at_ms >= $2 and state in ('sent', 'maybe')`;
  return (await rowsOf<{ count: number }>(sql, text, [memberId, sinceMs]))[0]?.count ?? 0;
}

export interface PersonPage {
  members: MemberRow[];
  /** Of a former self too; `rootId` says who goes on with it. */
  cards: { rootId: MemberId; row: CardRow }[];
  accounts: AccountRow[];
  /** Of them, those of whom a former self wants no marketing. */
  withdrawn: MemberId[];
}

/** Everybody who goes on as one of these; `agrees` is what a former self says. */
const KIN = `with recursive kin as (
      select id as root_id, id as member_id, true as agrees from unnest($1::uuid[]) as u(id)
      union select kin.root_id, m.member_id, (m."row" ->> 'hasMarketingConsent')::boolean
        from members m join kin on m.merged_into_id = kin.member_id)`;

/** The next members who go on as themselves, with everything of their former selves, by id. */
export async function readPersonPage(tx: Sql, afterId: string, limit: number): Promise<PersonPage> {
  const members = await rowsOf<{ row: MemberRow }>(
    tx,
    `select "row" from members where member_id > $1 and merged_into_id is null and state <> 'anonymised'
     order by member_id limit $2`,
    [afterId, limit],
  );
  const ids = plainArray(members.map(({ row }) => row.memberId));
  const cards = await rowsOf<PersonPage['cards'][number]>(
    tx,
    `${KIN} select kin.root_id as "rootId", c."row" from cards c
      join kin on c."row" ->> 'memberId' = kin.member_id::text`,
    [ids],
  );
  const accountIds = plainArray([...new Set(cards.map(({ row }) => row.accountId))]);
  const accounts = await rowsOf<AccountRow>(
    tx,
    `select ${ACCOUNT_COLUMNS} from accounts where account_id = any($1::uuid[])`,
    [accountIds],
  );
  const withdrawn = await rowsOf<{ rootId: MemberId }>(
    tx,
    `${KIN} select root_id as "rootId" from kin group by root_id having not bool_and(agrees)`,
    [ids],
  );
  return {
    members: members.map(({ row }) => row),
    cards,
    accounts,
    withdrawn: withdrawn.map(({ rootId }) => rootId),
  };
}

/** Whom the member goes on as, with the word on marketing of all who are the same person. */
export async function findRoot(sql: Sql, memberId: string): Promise<Addressee | undefined> {
  const text = `with recursive line as (
      select member_id, "row", merged_into_id, 0 as depth from members where member_id = $1::uuid
      union all select m.member_id, m."row", m.merged_into_id, line.depth + 1 from members m
        join line on m.member_id = line.merged_into_id where line.depth < 50),
    root as (select member_id, "row" from line order by depth desc limit 1),
    kin as (
      select member_id from root
      union select m.member_id from members m join kin on m.merged_into_id = kin.member_id)
    select root."row", (
      select bool_and((m."row" ->> 'hasMarketingConsent')::boolean) from kin join members m using (member_id)
    ) as "hasMarketingConsent" from root`;
  return (await rowsOf<Addressee>(sql, text, [memberId]))[0];
}

const MESSAGES_SHOWN = 100;

/** The latest messages, with how many of each fate. */
export async function listMessages(sql: Sql): Promise<MessageSummary[]> {
  return rowsOf<MessageSummary>(
    sql,
    `select m.op_id as "opId", m.template_id as "templateId", m.template_version as "templateVersion", m.channel,
       m.member_id as "memberId", m.segment_id as "segmentId", m.actor_id as "actorId",
       m.asked_at_ms as "askedAtMs", m.state, m.reason,
       (select coalesce(json_agg(json_build_object('state', f.state, 'reason', f.reason, 'count', f.count)
          order by f.state, f.reason), '[]')
        from (select state, reason, count(*) as count from message_sends s where s.op_id = m.op_id
          group by state, reason) f) as fates
     from messages m order by m.seq desc limit $1`,
    [MESSAGES_SHOWN],
  );
}

/** What became of each; those who need a person's eye first. */
export async function listSends(sql: Sql, opId: string, limit: number): Promise<SendLine[]> {
  const text = `select member_id as "memberId", state, reason, tries, at_ms as "atMs" from message_sends
    where op_id = $1 order by array_position(array['maybe', 'failed', 'sending', 'queued', 'skipped', 'sent'], state),
      member_id limit $2`;
  return rowsOf<SendLine>(sql, text, [opId, limit]);
}
