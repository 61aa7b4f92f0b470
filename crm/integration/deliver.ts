import type { Centre } from '../centre.ts';
import type { Sql } from '../database.ts';
import { CENTRE_TILL } from '../decide.ts';
import type { TillId } from '../../sync/base/ids.ts';
import { findSignSecret } from '../keys.ts';
import { toLogged } from '../log.ts';
import {
  freeLease,
  hasDueWebhook,
  leaseWebhook,
  saveFailure,
  saveTold,
  type LeasedWebhook,
} from '../repos/webhooks.ts';
import { readHead } from '../repos/feed-head.ts';
import { insertInbox } from '../repos/inbox.ts';
import { readEvents } from './events.ts';
import { isStillManager } from './keys.ts';
import { CallFailure, postOnce } from './reach.ts';
import { signWebhook, webhookSecret, WEBHOOK_SIGNATURE_HEADER } from './sign.ts';

const LOOK_MS = 500;
const ANSWER_MS = 10_000;
/** Longer than an answer may take: another process takes over from one that died, not from one that waits. */
const LEASE_MS = 30_000;
const EVENTS_PER_CALL = 100;
const FIRST_BACK_OFF_MS = 2_000;
const BACK_OFF_MS_MAX = 60 * 60_000;
/** Failing for so long without a break: nobody listens there any more. */
const DEAD_AFTER_MS = 5 * 86_400_000;

/** Doubled from try to try, up to an hour; half of it by chance, so that receivers are not all called at once. */
export function backOffMs(failures: number, chance: number): number {
  const full = Math.min(BACK_OFF_MS_MAX, FIRST_BACK_OFF_MS * 2 ** Math.min(failures, 20));
  return Math.round(full / 2 + (full / 2) * chance);
}

/** After these nobody is to be told anything more until somebody starts it anew. */
const DEADLY: ReadonlySet<string> = new Set(['epoch_changed', 'status_410', 'maker_gone']);

export interface Deliverer {
  start(): void;
  /** Tells everybody who is due, page by page; resolves when nobody is. */
  deliverDue(): Promise<void>;
  /** Ends what is under way; a receiver may have heard it and hears it again. */
  stop(): Promise<void>;
}

export type DelivererParts = Pick<Centre, 'database' | 'clock' | 'crypto' | 'log' | 'reach' | 'counters'>;

interface Told {
  leased: LeasedWebhook;
  by: string;
  signal: AbortSignal;
}

async function postEvents(parts: DelivererParts, { leased, signal }: Told): Promise<number> {
  const { database, clock, reach } = parts;
  const { webhookId, secretNo, url, scopes, cursorSeq, kinds } = leased;
  if (leased.epoch !== (await readHead(database.sql)).epoch) throw new CallFailure('epoch_changed');
  if (!(await isStillManager(database.sql, leased.madeBy))) throw new CallFailure('maker_gone');
  const page = await readEvents(database, { afterSeq: cursorSeq, limit: EVENTS_PER_CALL, scopes });
  const { upToSeq, ...rest } = page;
  // Who keeps people is told that one is gone, whatever else was asked for.
  const events = page.events.filter(({ kind }) => kinds.includes(kind) || kind === 'member.anonymised');
  if (events.length === 0) return upToSeq;
  const secret = await findSignSecret(database.sql);
  const atMs = clock.nowMs();
  const numbers = leased.bothUntilMs > atMs ? [secretNo, secretNo - 1] : [secretNo];
  const secrets = numbers.map((number) => webhookSecret(secret, webhookId, number));
  const body = JSON.stringify({ ...rest, events, webhookId });
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'counterfoil-webhooks',
    [WEBHOOK_SIGNATURE_HEADER]: signWebhook(secrets, { atMs, body }),
  };
  const status = await postOnce(reach, { url, headers, body, timeoutMs: ANSWER_MS, signal });
  if (status < 200 || status > 299) throw new CallFailure(`status_${status}`);
  return upToSeq;
}

/** A manager decides whether it is told again; nobody looks at figures in a shop. */
async function tellDead(
  tx: Sql,
  dead: { leased: LeasedWebhook; problem: string; sinceMs: number; nowMs: number },
): Promise<void> {
  const { leased, problem, sinceMs, nowMs } = dead;
  const { webhookId, url, keyName } = leased;
  const { seq } = await readHead(tx);
  await insertInbox(tx, [
    {
      id: `${String(seq).padStart(16, '0')}-${webhookId}-${nowMs}`,
      topic: `webhook_dead ${webhookId} ${nowMs}`,
      memberId: null,
      tillId: CENTRE_TILL as TillId,
      opId: null,
      seq,
      atMs: nowMs,
      detail: {
        ...{ kind: 'webhook_dead', webhookId, keyName, problem },
        host: new URL(url).host,
        failingSinceMs: sinceMs,
      },
    },
  ]);
}

async function noteFailure(parts: DelivererParts, { leased, by }: Told, problem: string): Promise<void> {
  const { database, clock, log } = parts;
  const { webhookId, failures } = leased;
  const nowMs = clock.nowMs();
  const sinceMs = leased.failingSinceMs ?? nowMs;
  const isDead = nowMs - sinceMs >= DEAD_AFTER_MS || DEADLY.has(problem);
  const nextAtMs = nowMs + backOffMs(failures, Math.random());
  const state = isDead ? 'dead' : 'live';
  await database.transaction(async (tx) => {
    const isMine = await saveFailure(tx, { webhookId, by, state, problem, sinceMs, nextAtMs });
    if (isMine && isDead) await tellDead(tx, { leased, problem, sinceMs, nowMs });
  });
  parts.counters.add('webhookFailures');
  if (isDead) log.error({ webhookId, problem }, 'a webhook is dead: its receiver is told nothing any more');
  else log.warn({ webhookId, problem, failures: failures + 1 }, 'a webhook was not taken');
}

/** One call for one webhook. @returns False when nobody is due. */
async function tellOne(parts: DelivererParts, signal: AbortSignal): Promise<boolean> {
  const { database, clock, crypto } = parts;
  const by = crypto.randomHex(8);
  const nowMs = clock.nowMs();
  if (!(await hasDueWebhook(database.sql, nowMs))) return false;
  const leased = await leaseWebhook(database.sql, { by, nowMs, untilMs: nowMs + LEASE_MS });
  if (leased === undefined) return false;
  const told: Told = { leased, by, signal };
  try {
    const cursorSeq = await postEvents(parts, told);
    await saveTold(database.sql, { webhookId: leased.webhookId, by, cursorSeq });
    parts.counters.add('webhookCalls');
  } catch (cause) {
    if (signal.aborted || !(cause instanceof CallFailure)) {
      await freeLease(database.sql, by);
      if (signal.aborted) return false;
      throw cause;
    }
    await noteFailure(parts, told, cause.reason);
  }
  return true;
}

/** Receivers are called so many at once; one that does not answer keeps the others waiting for nothing. */
const CALLS_AT_ONCE = 4;

/** Tells other systems what happened. Reads like anybody: it holds no lock that a till's work waits for. */
export function createDeliverer(parts: DelivererParts): Deliverer {
  const ending = new AbortController();
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  const tellAll = async (): Promise<void> => {
    while (!ending.signal.aborted && (await tellOne(parts, ending.signal)));
  };
  const deliverDue = async (): Promise<void> => {
    await Promise.all(Array.from({ length: parts.database.isTrial ? 1 : CALLS_AT_ONCE }, tellAll));
  };
  const look = (): void => {
    running = deliverDue()
      .catch((cause: unknown) => parts.log.warn({ cause: toLogged(cause) }, 'webhooks had to wait'))
      .finally(() => {
        if (!ending.signal.aborted) timer = setTimeout(look, LOOK_MS).unref();
      });
  };
  return {
    start: look,
    deliverDue,
    stop: async () => {
      ending.abort();
      clearTimeout(timer);
      await running;
    },
  };
}
