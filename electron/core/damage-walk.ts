import { DbError } from '../../db/errors.ts';
import { WALK_START, type WalkPosition } from '../../db/replica/repos/page-walk.ts';
import type { ReplicaDb } from '../../db/replica/types.ts';

const FIRST_PAUSE_MS = 5_000;
const STEP_PAUSE_MS = 20;

interface Parts {
  replica: () => ReplicaDb;
  onDbError: (error: DbError) => void;
}

/**
 * Reads the copy once, in steps between a cashier's calls, after the till is ready. Damage is handled as a
 * read's would be.
 */
export function startDamageWalk({ replica, onDbError }: Parts): { stop: () => void } {
  let position: WalkPosition | null = WALK_START;
  const step = (): void => {
    if (position === null) return;
    try {
      position = replica().walkPages(position);
    } catch (cause) {
      if (!(cause instanceof DbError)) throw cause;
      return onDbError(cause);
    }
    timer = setTimeout(step, STEP_PAUSE_MS);
  };
  let timer = setTimeout(step, FIRST_PAUSE_MS);
  return { stop: () => clearTimeout(timer) };
}
