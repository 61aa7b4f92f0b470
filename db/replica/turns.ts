/**
 * Who writes next: a core that takes a page in, or the worker that tends the copy. SQLite's own lock is asked
 * again and again with growing pauses, and whoever tends would win most of the time. So a core says that it
 * wants to write, and the worker waits until it does not; how long, is bounded, for a core may end meanwhile.
 */
export interface Turns {
  /** Shared with the worker. */
  readonly memory: SharedArrayBuffer;
  /** From now on the worker stands back. @returns To be called once, when it need not any more. */
  claim(): () => void;
}

/** What one write of the worker takes: nobody waits much longer for the file. */
export const TURN_MS = 8;

/** A page that takes long must not stop the tending for good. */
const STAND_BACK_MS_MAX = 60;

export function createTurns(): Turns {
  const memory = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const claims = new Int32Array(memory);
  return {
    memory,
    claim: () => {
      Atomics.add(claims, 0, 1);
      return () => {
        if (Atomics.sub(claims, 0, 1) === 1) Atomics.notify(claims, 0);
      };
    },
  };
}

/** For the worker, before each write: returns when nobody else wants to, or after some time all the same. */
export function standBack(memory: SharedArrayBuffer): void {
  const claims = new Int32Array(memory);
  const count = Atomics.load(claims, 0);
  if (count > 0) Atomics.wait(claims, 0, count, STAND_BACK_MS_MAX);
}
