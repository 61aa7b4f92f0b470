/** Rows by key as one unit sees them: what is committed, under what the unit itself has written. */
export class UnitTable<Row> {
  readonly #committed: () => Map<string, Row>;
  readonly #written: Map<string, Row> | null;

  /**
   * @param committed Asked each time: a restored database has other tables.
   * @param isSingle A statement of its own: what it writes is committed at once.
   */
  constructor(committed: () => Map<string, Row>, isSingle: boolean) {
    this.#committed = committed;
    this.#written = isSingle ? null : new Map();
  }

  get(key: string): Row | undefined {
    return this.#written?.get(key) ?? this.#committed().get(key);
  }

  has(key: string): boolean {
    return this.#written?.has(key) === true || this.#committed().has(key);
  }

  /** Rows of these keys that are there, each once. */
  found(keys: readonly string[]): Row[] {
    return [...new Set(keys)].map((key) => this.get(key)).filter((row) => row !== undefined);
  }

  /** @throws Error When the key is there, as a unique index does. */
  add(key: string, row: Row): void {
    if (this.has(key)) throw new Error(`duplicate key: ${key}`);
    this.set(key, row);
  }

  set(key: string, row: Row): void {
    (this.#written ?? this.#committed()).set(key, row);
  }

  *values(): Iterable<Row> {
    for (const [key, row] of this.#committed()) if (this.#written?.has(key) !== true) yield row;
    if (this.#written !== null) yield* this.#written.values();
  }

  /** @param committed Where to: not what was read, where that was of an earlier instant. */
  commit(committed: Map<string, Row>): void {
    for (const [key, row] of this.#written ?? []) committed.set(key, row);
  }
}

/** Whoever runs units: one process of the centre. */
export interface UnitRunner {
  /** Awaited before and after each step of a unit; a simulation lets time pass, or the process die, there. */
  pause(): Promise<void>;
}

interface Waiter {
  runner: UnitRunner;
  take: () => void;
}

/** One row that one unit at a time holds, in the order of asking. */
export class UnitLock {
  #holder: UnitRunner | null = null;
  #waiting: Waiter[] = [];

  async take(runner: UnitRunner): Promise<void> {
    if (this.#holder === null) this.#holder = runner;
    else await new Promise<void>((take) => this.#waiting.push({ runner, take }));
  }

  release(): void {
    const next = this.#waiting.shift();
    this.#holder = next?.runner ?? null;
    next?.take();
  }

  /** The process is gone: what it held is free, and it waits for nothing. */
  drop(runner: UnitRunner): void {
    this.#waiting = this.#waiting.filter((waiter) => waiter.runner !== runner);
    if (this.#holder === runner) this.release();
  }
}
