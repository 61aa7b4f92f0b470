import type { Sql } from '../database.ts';
import { readHead } from '../repos/feed-head.ts';
import { closeWebhookItems } from '../repos/inbox.ts';
import { findAnyWebhook, setWebhookState } from '../repos/webhooks.ts';

/**
 * Goes on where its receiver stopped (where the centre numbers anew, from the first event), or stops. Who does it
 * answers for what waited in the inbox about it.
 *
 * @param by staff, or '' for the other system itself
 * @returns False when there is no such webhook.
 */
export async function turnWebhook(
  tx: Sql,
  webhookId: string,
  { isOn, by, nowMs }: { isOn: boolean; by: string; nowMs: number },
): Promise<boolean> {
  const row = await findAnyWebhook(tx, webhookId);
  if (row === undefined) return false;
  const { epoch } = await readHead(tx);
  const cursorSeq = row.epoch === epoch ? row.cursorSeq : 0;
  const to = isOn
    ? { state: 'live' as const, epoch, cursorSeq }
    : { state: 'stopped' as const, epoch: row.epoch, cursorSeq: row.cursorSeq };
  const answer = isOn ? 'resume' : 'switch_off';
  // The item first, as who answers it locks it: two at once wait for each other in one order.
  await closeWebhookItems(tx, webhookId, { answer, answeredBy: by, answeredAtMs: nowMs });
  await setWebhookState(tx, webhookId, to);
  return true;
}
