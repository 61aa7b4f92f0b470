import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** `t=SECONDS,v1=HEX[,v1=HEX]`: one signature for each secret that is valid. */
export const WEBHOOK_SIGNATURE_HEADER = 'counterfoil-signature';
/** A receiver refuses what is older or younger: a request that was listened to can not be sent again later. */
export const REPLAY_WINDOW_S = 300;

/**
 * The secret of a webhook, 64 hex digits: worked out of the centre's own key, so that no table holds it.
 *
 * @param secretNo Raised by each renewal.
 */
export function webhookSecret(centreSecret: string, webhookId: string, secretNo: number): string {
  const about = `counterfoil webhook ${webhookId} ${secretNo}`;
  return Buffer.from(hkdfSync('sha256', Buffer.from(centreSecret, 'hex'), '', about, 32)).toString('hex');
}

const macOf = (secret: string, atS: number, body: string): string =>
  createHmac('sha256', secret).update(`${atS}.${body}`).digest('hex');

/** Header value over time and body. `secrets`: the valid ones, the newest first. */
export const signWebhook = (
  secrets: readonly string[],
  { atMs, body }: { atMs: number; body: string },
): string => {
  const atS = Math.floor(atMs / 1_000);
  return [`t=${atS}`, ...secrets.map((secret) => `v1=${macOf(secret, atS, body)}`)].join(',');
};

/** What a receiver does: true when one signature is of `secret` and the time is within the window. */
export function isWebhookSigned(
  secret: string,
  { header, body, nowMs }: { header: string; body: string; nowMs: number },
): boolean {
  const parts = header.split(',').map((part) => part.split('='));
  const atS = Number(parts.find(([name]) => name === 't')?.[1]);
  if (!Number.isSafeInteger(atS) || Math.abs(nowMs / 1_000 - atS) > REPLAY_WINDOW_S) return false;
  const expected = Buffer.from(macOf(secret, atS, body));
  return parts.some(([name, mac = '']) => {
    const given = Buffer.from(mac);
    return name === 'v1' && given.length === expected.length && timingSafeEqual(given, expected);
  });
}
