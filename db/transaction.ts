import { assert } from '../sync/base/must.ts';
import type { Connection } from './open.ts';

/**
 * Runs `act` between BEGIN IMMEDIATE and COMMIT; takes everything back when it throws or the commit fails.
 *
 * @throws Error When called inside another one, or when `act` is async: the connection would be shared
 * meanwhile.
 */
export function transact<T>(raw: Connection, act: () => T): T {
  assert(!raw.inTransaction, 'transactions do not nest');
  raw.exec('BEGIN IMMEDIATE');
  try {
    const result = act();
    assert(!(result instanceof Promise), 'a transaction does not wait');
    raw.exec('COMMIT');
    return result;
  } catch (cause) {
    rollBack(raw);
    throw cause;
  }
}

/** Joins the open transaction, or makes one. */
export function atomically<T>(raw: Connection, act: () => T): T {
  return raw.inTransaction ? act() : transact(raw, act);
}

function rollBack(raw: Connection): void {
  // SQLite has rolled back by itself after most disk errors.
  if (!raw.inTransaction) return;
  try {
    raw.exec('ROLLBACK');
  } catch {
    // The first error says more than that the way back failed too; closing the file rolls back in any case.
  }
}
