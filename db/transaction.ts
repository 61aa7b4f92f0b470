import { assert } from '../sync/base/must.ts';
import type { Connection } from './open.ts';

interface Bounds {
  begin: () => void;
  commit: () => void;
}

const bounds = new WeakMap<Connection, Bounds>();

/** Compiled once for each connection: a cashier's action is little more than these two and an insert. */
function boundsOf(raw: Connection): Bounds {
  const known = bounds.get(raw);
  if (known !== undefined) return known;
  const [begin, commit] = [raw.prepare('BEGIN IMMEDIATE'), raw.prepare('COMMIT')];
  const made: Bounds = { begin: () => void begin.run(), commit: () => void commit.run() };
  bounds.set(raw, made);
  return made;
}

const forgetters = new WeakMap<Connection, (() => void)[]>();

/**
 * `forget` runs whenever a transaction of this connection was taken back: for what is kept in memory of rows
 * that this very connection writes.
 */
export function onRollBack(raw: Connection, forget: () => void): void {
  forgetters.set(raw, [...(forgetters.get(raw) ?? []), forget]);
}

/**
 * Runs `act` between BEGIN IMMEDIATE and COMMIT; takes everything back when it throws or the commit fails.
 *
 * @throws Error When called inside another one, or when `act` is async: the connection would be shared
 * meanwhile.
 */
export function transact<T>(raw: Connection, act: () => T): T {
  assert(!raw.inTransaction, 'transactions do not nest');
  const { begin, commit } = boundsOf(raw);
  begin();
  try {
    const result = act();
    assert(!(result instanceof Promise), 'a transaction does not wait');
    commit();
    return result;
  } catch (cause) {
    rollBack(raw);
    for (const forget of forgetters.get(raw) ?? []) forget();
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
