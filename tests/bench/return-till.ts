import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { backOffMs } from '../../electron/core/back-off.ts';
import { CentreFault } from '../../electron/core/centre-client.ts';
import { nodeSigning } from '../../electron/core/crypto.ts';
import { fetchManifest } from '../../electron/core/pull/checked-files.ts';
import type { FeedSource } from '../../electron/core/pull/feed-source.ts';
import { planSegments } from '../../sync/feed/manifest.ts';
import type { BenchTill } from './bench-till.ts';

/** What happened to all tills of one process. */
export interface Tally {
  exchanges: number;
  files: number;
  fileBytes: number;
  /** Refused for now, and asked again after the wait that was named and the till's own back-off. */
  busy: number;
  /** No answer in time, or the connection was refused. */
  unreachable: number;
  waitedMs: number;
}

export const newTally = (): Tally => ({
  exchanges: 0,
  files: 0,
  fileBytes: 0,
  busy: 0,
  unreachable: 0,
  waitedMs: 0,
});

interface Parts {
  till: BenchTill;
  source: FeedSource;
  /** The centre's public key. */
  signKey: string;
  tally: Tally;
}

/** Asks until there is an answer, with the waits of a real till. @throws CentreFault Whatever no wait mends. */
async function insist<Answer>(tally: Tally, ask: () => Promise<Answer>): Promise<Answer> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await ask();
    } catch (cause) {
      if (!(cause instanceof CentreFault) || (cause.kind !== 'busy' && cause.kind !== 'unreachable'))
        throw cause;
      tally[cause.kind] += 1;
      const waitMs = Math.max(backOffMs(failures, Math.random()), cause.retryAfterMs ?? 0);
      tally.waitedMs += waitMs;
      await sleep(waitMs);
    }
  }
}

/** Brings each file that the till misses, and compares its hash; it is not opened, for want of processors. */
async function fetchFiles({ till, source, signKey, tally }: Parts): Promise<void> {
  const manifest = await fetchManifest({ source, signing: nodeSigning, signKey }, false);
  const plan = planSegments(manifest.segments, till.cursor);
  if (plan === null) throw new Error('a till that was here an hour ago would need a whole copy');
  const settled = till.cursor;
  for (const { segmentId, toSeq, ...lanes } of plan) {
    for (const lane of ['balances', 'rows'] as const) {
      const file = lanes[lane];
      if (file === null) continue;
      const bytes = await source.lane({ segmentId, lane }, file.bytes);
      const hash = createHash('sha256').update(bytes).digest('hex');
      if (hash !== file.sha256) throw new Error('a file is not what the list says');
      tally.files += 1;
      tally.fileBytes += bytes.length;
    }
    till.cursor = toSeq;
  }
  for (let after = settled; after < till.cursor;)
    after = (await source.entries({ after, until: till.cursor })).until;
}

/**
 * All that a till does that comes back: sends its ops, hears their fates, fetches what it misses. The steps are those
 * of the product's own sync loop.
 *
 * @param onAcked when the centre has all its ops; after how many exchanges, those that got no answer too
 */
export async function comeBack(parts: Parts, onAcked: (tries: number) => void): Promise<void> {
  const { till, tally } = parts;
  let isTold = false;
  let tries = 0;
  for (let hasMore = true; hasMore;) {
    const reply = await insist(tally, () => {
      tally.exchanges += 1;
      tries += 1;
      return till.exchange();
    });
    if (till.isAcked() && !isTold) onAcked(tries);
    isTold = till.isAcked();
    if (reply.isFarBehind) await insist(tally, () => fetchFiles(parts));
    hasMore = reply.hasMore || reply.isFarBehind;
  }
}
