import type { ReplicaDb } from '../../db/replica/types.ts';
import type { CopyChange } from '../../db/replica/write-watch.ts';

/** Nobody has asked for so long: the thread gives its memory back. */
export const IDLE_MS = 15 * 60_000;

interface Ending {
  close(): Promise<void>;
}

interface Parts<Running> {
  /** Begins the thread; called when somebody asks and none is there. */
  begin: () => Running;
  /** It runs now. */
  onBegun?: (running: Running) => void;
  /** The thread of what was begun. */
  threadOf: (running: Running) => Ending;
  replica: () => ReplicaDb;
  /** The copy was written to while this one ran. */
  onWrite: (running: Running, change: CopyChange) => void;
  onFault: (cause: unknown) => void;
}

/**
 * A thread over the copy, while somebody needs it: begun by the first who asks, told of what is written, ended when
 * nobody has asked for a quarter of an hour, when another copy comes, and with the core.
 */
export function createThreadLife<Running>(parts: Parts<Running>) {
  const { begin, onBegun, threadOf, replica, onWrite, onFault } = parts;
  let now: { running: Running; unwatch: () => void } | null = null;
  let ending: Promise<void> | null = null;
  let idle: NodeJS.Timeout | undefined;
  let isClosed = false;

  const end = async (): Promise<void> => {
    clearTimeout(idle);
    const ended = now;
    now = null;
    if (ended === null) return ending ?? undefined;
    ended.unwatch();
    const closed = threadOf(ended.running)
      .close()
      .finally(() => {
        if (ending === closed) ending = null;
      });
    ending = closed;
    return closed;
  };
  const stayAwake = (): void => {
    clearTimeout(idle);
    idle = setTimeout(() => void end().catch(onFault), IDLE_MS);
    idle.unref();
  };
  return {
    /** What runs now, begun where nothing does. Null while another copy is put in place, and at the end. */
    get: (): Running | null => {
      if (isClosed || ending !== null) return null;
      stayAwake();
      if (now !== null) return now.running;
      const running = begin();
      const unwatch = replica().onWrite?.((change) => onWrite(running, change));
      now = { running, unwatch: unwatch ?? (() => undefined) };
      onBegun?.(running);
      return running;
    },
    /** Null when nothing runs. */
    running: (): Running | null => now?.running ?? null,
    end,
    /** The file is let go: another copy comes. Null when nothing holds it. */
    rest: (): Promise<void> | null => (now === null ? ending : end()),
    close: async (): Promise<void> => {
      isClosed = true;
      await end();
    },
  };
}
export type ThreadLife<Running> = ReturnType<typeof createThreadLife<Running>>;
