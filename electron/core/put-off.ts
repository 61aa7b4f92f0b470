const PAUSE_MS = 5 * 60_000;

/**
 * What the centre refused by itself, and will probably refuse again: asked about once in five minutes, not with every
 * run of the sync, of which each sale makes one. Kept in memory; a start asks at once.
 */
export class PutOff<Key> {
  readonly #atMs = new Map<Key, number>();
  readonly #monotonicMs: () => number;

  /** @param monotonicMs Goes on whatever the clock is set to. */
  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs;
  }

  note(key: Key): void {
    this.#atMs.set(key, this.#monotonicMs());
  }

  has(key: Key): boolean {
    const atMs = this.#atMs.get(key);
    return atMs !== undefined && this.#monotonicMs() - atMs < PAUSE_MS;
  }

  delete(key: Key): void {
    this.#atMs.delete(key);
  }

  clear(): void {
    this.#atMs.clear();
  }
}
