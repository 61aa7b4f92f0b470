import { stat } from 'node:fs/promises';
import type { Unsubscribe } from '../types.ts';

const PRESENCE_CHECK_MS = 1000;

/** A file's identity as `stat` tells it. */
export interface NodeIdentity {
  readonly dev: number;
  readonly ino: number;
  readonly rdev: number;
}

const isSame = (left: NodeIdentity, right: NodeIdentity): boolean =>
  left.dev === right.dev && left.ino === right.ino && left.rdev === right.rdev;

/**
 * Looks once a second whether `path` still leads to the device that was `opened`, and calls `onMissing` once when
 * it does not. For the unplugs that no event tells of (serialport/node-serialport issues 2323 and 2351).
 */
export function watchPresence(path: string, opened: NodeIdentity, onMissing: () => void): Unsubscribe {
  let isStopped = false;
  let isLooking = false;

  const stop = (): void => {
    isStopped = true;
    clearInterval(timer);
  };

  async function look(): Promise<void> {
    if (isLooking) return;
    isLooking = true;
    const isPresent = await stat(path).then(
      (found) => isSame(found, opened),
      () => false,
    );
    isLooking = false;
    if (isPresent || isStopped) return;
    stop();
    onMissing();
  }

  const timer = setInterval(() => void look(), PRESENCE_CHECK_MS);
  return stop;
}
