import type { EventKind, Scope } from '../integration/shapes.ts';
import { rowsOf, type Sql } from '../database.ts';

export interface WebhookRow {
  webhookId: string;
  keyId: string;
  url: string;
  kinds: EventKind[];
  secretNo: number;
  bothUntilMs: number;
  state: 'live' | 'stopped' | 'dead';
  epoch: string;
  cursorSeq: number;
  failures: number;
  failingSinceMs: number | null;
  lastProblem: string;
}

/** One that is told now by whoever holds its lease. */
export interface LeasedWebhook extends WebhookRow {
  scopes: Scope[];
  /** The manager who made its key, and what she called it. */
  madeBy: string;
  keyName: string;
}

const COLUMNS = `w.webhook_id as "webhookId", w.key_id as "keyId", w.url, w.kinds, w.secret_no as "secretNo",
  w.both_until_ms as "bothUntilMs", w.state, w.epoch, w.cursor_seq as "cursorSeq", w.failures,
  w.failing_since_ms as "failingSinceMs", w.last_problem as "lastProblem"`;

export async function insertWebhook(sql: Sql, webhook: WebhookRow, nowMs: number): Promise<void> {
  const { webhookId, keyId, url, kinds, epoch, cursorSeq } = webhook;
  await sql.query(
    `insert into webhooks (webhook_id, key_id, url, kinds, epoch, cursor_seq, made_at_ms)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [webhookId, keyId, url, kinds, epoch, cursorSeq, nowMs],
  );
}

/** Those of one key. */
export async function listWebhooks(sql: Sql, keyId: string): Promise<WebhookRow[]> {
  const text = `select ${COLUMNS} from webhooks w where key_id = $1 order by made_at_ms, webhook_id`;
  return rowsOf<WebhookRow>(sql, text, [keyId]);
}

/** The key's own webhook. */
export async function findWebhook(
  sql: Sql,
  { keyId, webhookId }: { keyId: string; webhookId: string },
): Promise<WebhookRow | undefined> {
  const text = `select ${COLUMNS} from webhooks w where key_id = $1 and webhook_id = $2`;
  return (await rowsOf<WebhookRow>(sql, text, [keyId, webhookId]))[0];
}

/** Any key's. */
export async function findAnyWebhook(sql: Sql, webhookId: string): Promise<WebhookRow | undefined> {
  const text = `select ${COLUMNS} from webhooks w where webhook_id = $1`;
  return (await rowsOf<WebhookRow>(sql, text, [webhookId]))[0];
}

/** Starts or stops it. A start forgets failures, so that the next try is now. */
export async function setWebhookState(
  sql: Sql,
  webhookId: string,
  to: { state: 'live' | 'stopped'; epoch: string; cursorSeq: number },
): Promise<void> {
  await sql.query(
    `update webhooks set state = $2, epoch = $3, cursor_seq = $4, failures = 0, failing_since_ms = null,
       next_at_ms = 0, last_problem = '' where webhook_id = $1`,
    [webhookId, to.state, to.epoch, to.cursorSeq],
  );
}

/** The next secret; both it and the one before sign until `bothUntilMs`. */
export async function renewWebhookSecret(sql: Sql, webhookId: string, bothUntilMs: number): Promise<void> {
  await sql.query('update webhooks set secret_no = secret_no + 1, both_until_ms = $2 where webhook_id = $1', [
    webhookId,
    bothUntilMs,
  ]);
}

const DUE = `d.state = 'live' and d.next_at_ms <= $1 and d.lease_until_ms <= $1 and o.revoked_at_ms is null
  and (d.cursor_seq < (select seq from feed_head where id = 1)
    or d.epoch <> (select epoch from feed_head where id = 1))`;

/** Whether any has something to be told and is due. Asked all the time, so it changes nothing. */
export async function hasDueWebhook(sql: Sql, nowMs: number): Promise<boolean> {
  const text = `select 1 from webhooks d join integration_keys o on o.key_id = d.key_id where ${DUE} limit 1`;
  return (await rowsOf(sql, text, [nowMs])).length > 0;
}

/**
 * Takes one that has something to be told and is due; several processes never take the same one.
 *
 * @returns Undefined when there is none. A revoked key's are told nothing.
 */
export async function leaseWebhook(
  sql: Sql,
  { by, nowMs, untilMs }: { by: string; nowMs: number; untilMs: number },
): Promise<LeasedWebhook | undefined> {
  const text = `update webhooks w set lease_by = $2, lease_until_ms = $3
    from integration_keys k
    where k.key_id = w.key_id and w.webhook_id = (
      select d.webhook_id from webhooks d join integration_keys o on o.key_id = d.key_id
      where ${DUE} order by d.next_at_ms, d.webhook_id limit 1 for update of d skip locked)
    returning ${COLUMNS}, k.scopes, k.made_by as "madeBy", k.name as "keyName"`;
  return (await rowsOf<LeasedWebhook>(sql, text, [nowMs, by, untilMs]))[0];
}

/** Gives a lease back unused, so that the next process does not wait for its end. */
export async function freeLease(sql: Sql, by: string): Promise<void> {
  await sql.query(`update webhooks set lease_by = '', lease_until_ms = 0 where lease_by = $1`, [by]);
}

/** Notes that its receiver has confirmed. @returns False for who has lost the lease: another goes on from there. */
export async function saveTold(
  sql: Sql,
  { webhookId, by, cursorSeq }: { webhookId: string; by: string; cursorSeq: number },
): Promise<boolean> {
  const text = `update webhooks set cursor_seq = $3, failures = 0, failing_since_ms = null, last_problem = '',
      next_at_ms = 0, lease_by = '', lease_until_ms = 0
    where webhook_id = $1 and lease_by = $2 returning webhook_id`;
  return (await rowsOf(sql, text, [webhookId, by, cursorSeq])).length > 0;
}

/**
 * Notes a try that came to nothing, and when the next one is due.
 *
 * @returns False where it is no lease of `by`, or stopped.
 */
export async function saveFailure(
  sql: Sql,
  failed: {
    webhookId: string;
    by: string;
    state: 'live' | 'dead';
    problem: string;
    sinceMs: number;
    nextAtMs: number;
  },
): Promise<boolean> {
  const { webhookId, by, state, problem, sinceMs, nextAtMs } = failed;
  const saved = await rowsOf<{ state: string }>(
    sql,
    `update webhooks set failures = failures + 1, failing_since_ms = $5, last_problem = $4, next_at_ms = $6,
       state = case when state = 'live' then $3 else state end, lease_by = '', lease_until_ms = 0
     where webhook_id = $1 and lease_by = $2 returning state`,
    [webhookId, by, state, problem, sinceMs, nextAtMs],
  );
  return saved[0]?.state === state;
}

export interface WebhookCounts {
  live: number;
  failing: number;
  dead: number;
}

export async function countWebhooks(sql: Sql): Promise<WebhookCounts> {
  const text = `select count(*) filter (where state = 'live') as live,
      count(*) filter (where state = 'live' and failures > 0) as failing,
      count(*) filter (where state = 'dead') as dead from webhooks`;
  const [counts] = await rowsOf<WebhookCounts>(sql, text);
  return counts ?? { live: 0, failing: 0, dead: 0 };
}
