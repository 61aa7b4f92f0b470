import { watch as watchDirectory } from 'node:fs';
import type { Unsubscribe } from '../types.ts';

/**
 * Calls `hint` when a name that `isMeant` comes to `folder` or goes. Only names that come and go: in /dev each write
 * to any device would be an event too. Without such a folder, or with no watches left, it never calls.
 */
export function watchNames(
  folder: string,
  isMeant: (name: string) => boolean,
  hint: () => void,
): Unsubscribe {
  try {
    const watcher = watchDirectory(folder, { persistent: false }, (event, changed) => {
      if (event === 'rename' && changed !== null && isMeant(changed)) hint();
    });
    watcher.on('error', () => watcher.close());
    return () => watcher.close();
  } catch {
    return () => undefined;
  }
}
