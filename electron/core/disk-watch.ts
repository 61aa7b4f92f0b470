import { statfsSync } from 'node:fs';
import type { Logger } from 'pino';

const LOW_BYTES = 500_000_000;
/** What is left is for those who are members already. */
export const SHORT_BYTES = 100_000_000;
const LOOK_MS = 30_000;

export type DiskRoom = 'enough' | 'low' | 'short';

export interface DiskWatch {
  /** As of the last look. */
  room(): DiskRoom;
  /** Looks again now and then. */
  start(): void;
  stop(): void;
}

/** What a folder's disk has left for this account. */
export function freeOn(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

const roomOf = (free: number): DiskRoom =>
  free < SHORT_BYTES ? 'short' : free < LOW_BYTES ? 'low' : 'enough';

/** Says in time that the till's disk fills up. A disk that does not tell counts as one with room. */
export function watchDisk(
  { dataDir, freeBytes = freeOn, log }: { dataDir: string; freeBytes?: typeof freeOn; log: Logger },
  onChanged: () => void,
): DiskWatch {
  let timer: NodeJS.Timeout | undefined;
  const look = (): DiskRoom => {
    try {
      return roomOf(freeBytes(dataDir));
    } catch {
      return 'enough';
    }
  };
  let room = look();
  const lookAgain = (): void => {
    const before = room;
    room = look();
    if (room === before) return;
    log.warn({ room }, 'the room on the disk');
    onChanged();
  };
  return {
    room: () => room,
    start: () => (timer = setInterval(lookAgain, LOOK_MS).unref()),
    stop: () => clearInterval(timer),
  };
}
