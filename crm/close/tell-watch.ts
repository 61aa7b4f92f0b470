import type { Crypto } from '../../sync/base/crypto.ts';
import type { CloseCertificate } from '../../sync/close/certificate.ts';
import type { WatchFound } from '../../sync/close/receipt.ts';
import type { Sql } from '../database.ts';
import { insertInbox, listWatchItems, type NewInboxItem, type WatchItem } from '../repos/inbox.ts';

/** After a manager found it in order, the same of the same cashier and card is told no more for so long. */
const QUIET_MS = 28 * 86_400_000;

interface Told {
  certificate: CloseCertificate;
  watch: readonly WatchFound[];
  headSeq: number;
  nowMs: number;
  crypto: Crypto;
}

const isQuiet = (known: readonly WatchItem[], found: WatchFound, nowMs: number): boolean =>
  known.some(
    ({ state, answer, answeredAtMs, ...item }) =>
      item.reason === found.reason &&
      item.accountId === found.accountId &&
      item.actorId === found.actorId &&
      (state === 'open' || (answer === 'keep' && nowMs - (answeredAtMs ?? 0) < QUIET_MS)),
  );

/**
 * Tells managers where a till says that they should look (N16): once while nobody has answered, and once for a store
 * and a day, whichever of its tills closed first.
 */
export async function tellWatch(
  sql: Sql,
  { certificate, watch, headSeq, nowMs, crypto }: Told,
): Promise<void> {
  if (watch.length === 0) return;
  const { storeId, tillId, businessDay } = certificate;
  const known = await listWatchItems(sql, [...new Set(watch.map(({ memberId }) => memberId))]);
  const items = watch
    .filter((found) => !isQuiet(known, found, nowMs))
    .map(({ memberId, ...found }): NewInboxItem => {
      const { reason, accountId, actorId } = found;
      const topic = `own_card ${storeId} ${businessDay} ${reason} ${accountId} ${actorId}`;
      return {
        id: `${String(headSeq).padStart(16, '0')}-${tillId.slice(-12)}-${crypto.sha256Hex(topic).slice(0, 16)}`,
        topic,
        memberId,
        opId: null,
        ...{ tillId, seq: headSeq, atMs: nowMs },
        detail: { kind: 'own_card', businessDay, ...found },
      };
    });
  await insertInbox(sql, items);
}
