import type { Logger } from 'pino';
import type { TillDb } from '../../db/till/types.ts';
import { adoptFill, removeOutlived, renewCopy, replaceCopy, type CopySlot } from './files.ts';
import { createKeyRestorer } from './own-keys.ts';

interface Parts {
  slot: CopySlot & { till: TillDb };
  folder: { dataDir: string; keyHex: string; log: Logger };
  /** Ends what a thread does with the copy; null when nothing is under way. */
  rest: () => Promise<void> | null;
  /** There is another copy: what was kept in memory of the old one is out of date. */
  onSwapped: () => void;
  /** There is an empty one in the place of a damaged one. */
  onReplaced: () => void;
}

/**
 * Puts another copy of the members in the place of the one in use. A thread that works on the old one is ended
 * first: SQLite removes a log by its name when the last who has a file open lets it go, and by then the name
 * may be the new file's.
 */
export function createCopyKeeper({ slot, folder, rest, onSwapped, onReplaced }: Parts) {
  const keys = createKeyRestorer(slot.till, folder.log);
  let replacing: Promise<void> | null = null;
  /** So that a folder is looked through after a start and after a change, and not after each exchange. */
  let mayBeOutlived = true;
  const swap = (change: (slot: CopySlot, folder: Parts['folder']) => void): void => {
    mayBeOutlived = true;
    try {
      change(slot, folder);
      onSwapped();
    } finally {
      keys.resume();
    }
  };
  const replace = (): void => {
    swap(replaceCopy);
    onReplaced();
  };
  return {
    /** What an earlier start still owes. */
    start: keys.resume,
    /** A read met a damaged page. At once, unless a thread is at work: then as soon as it has ended. */
    replaceDamaged: (): void => {
      if (replacing !== null) return;
      const resting = rest();
      if (resting === null) return replace();
      replacing = resting
        .then(replace)
        .catch((cause: unknown) => folder.log.error({ err: cause }, 'a damaged copy could not be replaced'))
        .finally(() => (replacing = null));
    },
    /** A fill that is ready; nobody works on the copy. */
    adoptFill: (): void => swap(adoptFill),
    /** An empty copy: the centre counts anew. @param before what must be done in the same turn, and first */
    renew: async (before: () => void): Promise<void> => {
      await rest();
      before();
      swap(renewCopy);
    },
    /** The copy has all that the centre has. */
    removeOutlived: async (): Promise<void> => {
      if (!mayBeOutlived) return;
      mayBeOutlived = slot.till.ops.counts().outstanding > 0;
      await removeOutlived(folder, slot.till).catch((cause: unknown) =>
        folder.log.warn({ err: cause }, 'the folder could not be looked through'),
      );
    },
    close: async (): Promise<void> => {
      await Promise.all([keys.close(), replacing]);
    },
  };
}
export type CopyKeeper = ReturnType<typeof createCopyKeeper>;
