import type { Sql } from '../database.ts';
import { readHead } from '../repos/feed-head.ts';

/** Commits of other CRM processes are seen this late at most. One query for all who wait, none for nobody. */
const POLL_MS = 250;
const WAITING_MAX = 20_000;

interface Waiter {
  afterSeq: number;
  settle: () => void;
}

export interface HeadWatch {
  /** Resolves when the head is above `afterSeq`, or the time is over, or nobody wants to know any more. */
  wait(afterSeq: number, until: { timeoutMs: number; signal: AbortSignal }): Promise<void>;
  /** This process has committed: no need to wait for the next look. */
  poke(): void;
  close(): void;
}

/** Tells waiting tills of new numbers, whichever process of the centre gave them. */
export function createHeadWatch(sql: Sql, onError: (cause: unknown) => void): HeadWatch {
  const waiters = new Set<Waiter>();
  let timer: NodeJS.Timeout | undefined;
  let isLooking = false;
  let isClosed = false;
  const schedule = (): void => {
    clearTimeout(timer);
    timer = waiters.size === 0 || isClosed ? undefined : setTimeout(() => void look(), POLL_MS);
  };
  const look = async (): Promise<void> => {
    if (isLooking || waiters.size === 0) return;
    isLooking = true;
    try {
      const { seq } = await readHead(sql);
      for (const waiter of waiters) if (seq > waiter.afterSeq) waiter.settle();
    } catch (cause) {
      onError(cause);
    } finally {
      isLooking = false;
      schedule();
    }
  };
  return {
    wait: (afterSeq, { timeoutMs, signal }) =>
      new Promise((resolve) => {
        if (isClosed || signal.aborted || waiters.size >= WAITING_MAX) return resolve();
        const waiter: Waiter = {
          afterSeq,
          settle: () => {
            waiters.delete(waiter);
            clearTimeout(late);
            signal.removeEventListener('abort', waiter.settle);
            resolve();
          },
        };
        const late = setTimeout(waiter.settle, timeoutMs);
        signal.addEventListener('abort', waiter.settle);
        waiters.add(waiter);
        void look();
        return undefined;
      }),
    poke: () => void look(),
    close: () => {
      isClosed = true;
      clearTimeout(timer);
      for (const waiter of waiters) waiter.settle();
    },
  };
}
