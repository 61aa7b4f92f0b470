import type { ReplicaDb } from './types.ts';
import type { ReplicaWorker } from './worker-host.ts';

/**
 * Moved by the worker, while more is written. Little at a time: a cashier's commit waits for whatever else is on its
 * way to the disk, and with four megabytes that took longer than its own.
 */
const PAGES_DUE = 100;
/** Some 32 MB: whoever writes waits for the worker. */
const PAGES_MAX = 8_000;

export interface LogRelief {
  /**
   * Between two slices: lets others run by `pause`, and only then has the log moved, while the next slice is worked
   * out. The other way round each press that had waited for the slice found the disk busy with the log.
   */
  between(pause: () => Promise<void>): Promise<void>;
  /** When no more is taken in: the worker has let go of the file when it resolves. Never rejects. */
  end(): Promise<void>;
}

/** Keeps the log short while a lot is taken in: the worker moves it into the file, so that no slice has to. */
export function createLogRelief(
  replica: () => ReplicaDb,
  worker: () => Pick<ReplicaWorker, 'checkpoint' | 'letGo'>,
): LogRelief {
  let underway: Promise<void> | null = null;
  let isBegun = false;
  /** Resolves at once, unless the log has grown too long. */
  const relieve = async (): Promise<void> => {
    const pages = replica().logPages();
    if (pages < PAGES_DUE) return;
    isBegun = true;
    underway ??= worker()
      .checkpoint()
      .finally(() => (underway = null));
    // Heard in any case: whoever does not wait for it meets the same fault in the next write.
    underway.catch(() => undefined);
    if (pages >= PAGES_MAX) await underway;
  };
  return {
    between: async (pause) => {
      await pause();
      await relieve();
    },
    // A thread that failed has let go of everything.
    end: async () => {
      if (!isBegun) return;
      isBegun = false;
      await worker()
        .letGo()
        .catch(() => undefined);
    },
  };
}
