import { DbError, type DbFile } from '../../db/errors.ts';
import type { DiskFaults } from '../parts/memory-file.ts';
import type { Random } from './random.ts';

/** The power is gone. Whatever runs on this machine never goes on. */
export class PowerCut extends Error {
  override readonly name = 'PowerCut';
}

/**
 * The disk of one till, for both its files. It can fill up, and the power can fail just before or just after any
 * sync; from then on nothing is written until the machine starts again.
 */
export class SimDisk implements DiskFaults {
  readonly #random: Random;
  #isDead = false;
  #isFull = false;
  /** Syncs until the power fails; null: it does not. */
  #syncsLeft: number | null = null;

  constructor(random: Random) {
    this.#random = random;
  }

  planCut(syncs: number): void {
    this.#syncsLeft = syncs;
  }

  cutNow(): void {
    this.#isDead = true;
  }

  setFull(isFull: boolean): void {
    this.#isFull = isFull;
  }

  /** Nothing planned comes any more. */
  calm(): void {
    this.#isFull = false;
    this.#syncsLeft = null;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  restart(): void {
    this.#isDead = false;
    this.#syncsLeft = null;
  }

  beforeSync(file: DbFile): void {
    if (this.#isDead) throw new PowerCut('the power is gone');
    if (this.#isFull) throw new DbError('full', file);
    if (this.#syncsLeft === null) return;
    this.#syncsLeft -= 1;
    if (this.#syncsLeft > 0 || this.#random.isHit(0.5)) return;
    this.#isDead = true;
    throw new PowerCut('the power failed before the sync');
  }

  isSynced(): boolean {
    return true;
  }

  afterSync(): void {
    if (this.#syncsLeft === null || this.#syncsLeft > 0) return;
    this.#isDead = true;
    throw new PowerCut('the power failed after the sync');
  }
}
