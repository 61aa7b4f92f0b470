import type { DbFile } from '../../db/errors.ts';
import { assert } from '../../sync/base/must.ts';

/** Takes one change back. */
type Undo = () => void;

/** What happens to a machine's disk at a commit. Every method may throw instead of doing its work. */
export interface DiskFaults {
  /** The transaction is worked out and nothing of it is written: what is thrown here takes it back. */
  beforeSync(file: DbFile): void;
  /** False: the disk said "written" and lied, so a loss of power may still take it back. */
  isSynced(file: DbFile): boolean;
  /** The transaction is safe: what is thrown here comes too late to take it back. */
  afterSync(file: DbFile): void;
}

const SOUND: DiskFaults = { beforeSync: () => undefined, isSynced: () => true, afterSync: () => undefined };

/**
 * A file in memory with SQLite's promises: a transaction is whole or gone, it does not nest and does not wait,
 * and it survives a loss of power from its sync on. What was written but not synced is lost from some
 * transaction on, never from the middle: a write-ahead log is read up to its first bad frame.
 */
export class MemoryFile {
  readonly name: DbFile;
  readonly #faults: DiskFaults;
  #open: Undo[] | null = null;
  #unsynced: Undo[][] = [];

  constructor(name: DbFile, faults: DiskFaults = SOUND) {
    this.name = name;
    this.#faults = faults;
  }

  get inTransaction(): boolean {
    return this.#open !== null;
  }

  /** How the change that was just made is taken back. */
  note(undo: Undo): void {
    assert(this.#open !== null, 'a change is made in a transaction');
    this.#open.push(undo);
  }

  transact<T>(act: () => T): T {
    assert(this.#open === null, 'transactions do not nest');
    const undos: Undo[] = [];
    this.#open = undos;
    let result: T;
    try {
      result = act();
      assert(!(result instanceof Promise), 'a transaction does not wait');
      this.#faults.beforeSync(this.name);
    } catch (cause) {
      this.#open = null;
      takeBack(undos);
      throw cause;
    }
    this.#open = null;
    if (this.#faults.isSynced(this.name)) this.#unsynced = [];
    else this.#unsynced.push(undos);
    this.#faults.afterSync(this.name);
    return result;
  }

  /** Joins the open transaction, or makes one. */
  atomically<T>(act: () => T): T {
    return this.inTransaction ? act() : this.transact(act);
  }

  unsyncedCount(): number {
    return this.#unsynced.length;
  }

  /** The power fails: of what was written and not synced the first `kept` transactions are found again. */
  losePower(kept: number): void {
    if (this.#open !== null) takeBack(this.#open);
    this.#open = null;
    for (const undos of this.#unsynced.splice(kept).reverse()) takeBack(undos);
    this.#unsynced = [];
  }
}

function takeBack(undos: readonly Undo[]): void {
  for (const undo of [...undos].reverse()) undo();
}

/** Rows by key, each change of which can be taken back by their file. Rows themselves are never changed. */
export class MemoryTable<Key, Row> {
  readonly #file: MemoryFile;
  #rows: Map<Key, Row>;

  constructor(file: MemoryFile, rows: Iterable<readonly [Key, Row]> = []) {
    this.#file = file;
    this.#rows = new Map(rows);
  }

  get size(): number {
    return this.#rows.size;
  }

  get(key: Key): Row | undefined {
    return this.#rows.get(key);
  }

  has(key: Key): boolean {
    return this.#rows.has(key);
  }

  set(key: Key, row: Row): void {
    const before = this.#rows.get(key);
    const isNew = !this.#rows.has(key);
    this.#file.note(() => void (isNew ? this.#rows.delete(key) : this.#rows.set(key, before as Row)));
    this.#rows.set(key, row);
  }

  delete(key: Key): void {
    if (!this.#rows.has(key)) return;
    const before = this.#rows.get(key) as Row;
    this.#file.note(() => void this.#rows.set(key, before));
    this.#rows.delete(key);
  }

  clear(): void {
    const before = this.#rows;
    this.#file.note(() => (this.#rows = before));
    this.#rows = new Map();
  }

  keys(): Iterable<Key> {
    return this.#rows.keys();
  }

  values(): Iterable<Row> {
    return this.#rows.values();
  }

  entries(): Iterable<readonly [Key, Row]> {
    return this.#rows.entries();
  }
}
