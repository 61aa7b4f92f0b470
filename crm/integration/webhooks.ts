import type { Centre } from '../centre.ts';
import { findSignSecret } from '../keys.ts';
import { readHead } from '../repos/feed-head.ts';
import type { KeyRow } from '../repos/integration-keys.ts';
import {
  findWebhook,
  insertWebhook,
  listWebhooks,
  renewWebhookSecret,
  type WebhookRow,
} from '../repos/webhooks.ts';
import { readCursor, toCursor } from './events.ts';
import { readCallUrl } from './reach.ts';
import { ApiRefusal } from './refusal.ts';
import { webhookSecret } from './sign.ts';
import { turnWebhook } from './turn-webhook.ts';
import type { NewWebhookRequest, WebhookView } from './shapes.ts';

const WEBHOOKS_PER_KEY_MAX = 20;
/** After a renewal the secret before it signs too, so that a receiver has a day to change. */
const BOTH_SECRETS_MS = 86_400_000;

function toView(row: WebhookRow): WebhookView {
  const { webhookId, keyId, url, kinds, state, failures, failingSinceMs, lastProblem } = row;
  const cursor = toCursor(row.epoch, row.cursorSeq);
  return { webhookId, keyId, url, kinds, state, cursor, failures, failingSinceMs, lastProblem };
}

async function secretOf({ database }: Centre, { webhookId, secretNo }: WebhookRow): Promise<string> {
  return webhookSecret(await findSignSecret(database.sql), webhookId, secretNo);
}

/** A new webhook of this key. It sees what the key sees. */
export async function makeWebhook(
  centre: Centre,
  key: KeyRow,
  { url, kinds, after }: NewWebhookRequest,
): Promise<WebhookView & { secret: string }> {
  const { sql } = centre.database;
  if (readCallUrl(url, centre.reach) === null) {
    const message = 'This address can not be called: https to the internet only. Nothing was changed.';
    throw new ApiRefusal('bad_request', message);
  }
  if ((await listWebhooks(sql, key.keyId)).length >= WEBHOOKS_PER_KEY_MAX)
    throw new ApiRefusal('bad_request', 'This key has too many webhooks. Nothing was changed. Remove one.');
  const { epoch, seq } = await readHead(sql);
  const row: WebhookRow = {
    webhookId: `hook-${centre.crypto.randomHex(6)}`,
    keyId: key.keyId,
    url: new URL(url).href,
    kinds: [...new Set(kinds)],
    secretNo: 1,
    bothUntilMs: 0,
    state: 'live',
    epoch,
    cursorSeq: after === undefined ? seq : after === '' ? 0 : readCursor(after, epoch),
    failures: 0,
    failingSinceMs: null,
    lastProblem: '',
  };
  await insertWebhook(sql, row, centre.clock.nowMs());
  return { ...toView(row), secret: await secretOf(centre, row) };
}

export const showWebhooks = async (centre: Centre, { keyId }: KeyRow): Promise<WebhookView[]> =>
  (await listWebhooks(centre.database.sql, keyId)).map(toView);

async function getWebhook(centre: Centre, { keyId }: KeyRow, webhookId: string): Promise<WebhookRow> {
  const row = await findWebhook(centre.database.sql, { keyId, webhookId });
  if (row !== undefined) return row;
  throw new ApiRefusal('not_found', 'This key has no such webhook. Nothing was changed.');
}

async function turn(
  centre: Centre,
  key: KeyRow,
  to: { webhookId: string; isOn: boolean },
): Promise<WebhookView> {
  const { webhookId, isOn } = to;
  await getWebhook(centre, key, webhookId);
  const nowMs = centre.clock.nowMs();
  await centre.database.transaction((tx) => turnWebhook(tx, webhookId, { isOn, by: '', nowMs }));
  return toView(await getWebhook(centre, key, webhookId));
}

/** Stops it for good or for now. What is under way is heard yet. */
export const stopWebhook = (centre: Centre, key: KeyRow, webhookId: string): Promise<WebhookView> =>
  turn(centre, key, { webhookId, isOn: false });

/** Goes on where its receiver stopped; where the centre numbers anew, from the first event. */
export const startWebhook = (centre: Centre, key: KeyRow, webhookId: string): Promise<WebhookView> =>
  turn(centre, key, { webhookId, isOn: true });

/** A new secret, told this once; for a day the one before it signs too. */
export async function renewSecret(
  centre: Centre,
  key: KeyRow,
  webhookId: string,
): Promise<WebhookView & { secret: string }> {
  const { database, clock } = centre;
  await getWebhook(centre, key, webhookId);
  await renewWebhookSecret(database.sql, webhookId, clock.nowMs() + BOTH_SECRETS_MS);
  const row = await getWebhook(centre, key, webhookId);
  return { ...toView(row), secret: await secretOf(centre, row) };
}
