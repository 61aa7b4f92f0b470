import type { Connection } from './open.ts';

/** One value of a file, kept in memory between reads. */
export interface Remembered<T> {
  get(): T;
  /** To be called by whoever writes it, before the next `get`. */
  forget(): void;
}

/**
 * Keeps what `read` found, for values that every view asks for and that change rarely. Sound because one
 * connection alone writes them: a replica's worker, which has its own, leaves such values alone. What is read
 * inside a transaction is not kept: it may be taken back.
 */
export function remembered<T>(raw: Connection, read: () => T): Remembered<T> {
  let kept: { value: T } | undefined;
  return {
    get: () => {
      if (kept !== undefined) return kept.value;
      const value = read();
      if (!raw.inTransaction) kept = { value };
      return value;
    },
    forget: () => {
      kept = undefined;
    },
  };
}
