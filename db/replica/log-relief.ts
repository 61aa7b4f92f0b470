import type { ReplicaDb } from './types.ts';
import type { ReplicaWorker } from './worker-host.ts';

/** Moved by the worker, while more is written. */
const PAGES_DUE = 1_000;
/** Some 32 MB: whoever writes waits for the worker. */
const PAGES_MAX = 8_000;

/**
 * Keeps the log short while a lot is taken in: the worker moves it into the file, so that no slice has to. To
 * be called between two slices; resolves at once, unless the log has grown too long.
 */
export function createLogRelief(
  replica: () => ReplicaDb,
  worker: () => Pick<ReplicaWorker, 'checkpoint'>,
): () => Promise<void> {
  let underway: Promise<void> | null = null;
  return async () => {
    const pages = replica().logPages();
    if (pages < PAGES_DUE) return;
    underway ??= worker()
      .checkpoint()
      .finally(() => (underway = null));
    // Heard in any case: whoever does not wait for it meets the same fault in the next write.
    underway.catch(() => undefined);
    if (pages >= PAGES_MAX) await underway;
  };
}
