import { DbError, type DbFile } from '../../db/errors.ts';
import type { FolderFaults } from '../parts/memory-folder.ts';
import type { Random } from './random.ts';

/** The power is gone. Whatever runs on this machine never goes on. */
export class PowerCut extends Error {
  override readonly name = 'PowerCut';
}

/**
 * The disk of one till, for both its files. It can fill up, and the power can fail just before or just after any
 * sync; from then on nothing is written until the machine starts again.
 */
export class SimDisk implements FolderFaults {
  readonly #random: Random;
  readonly #onDeath: () => void;
  #isDead = false;
  #isFull = false;
  #isLying = false;
  /** Syncs until the power fails; null: it does not. */
  #syncsLeft: number | null = null;

  /** @param onDeath Hears of a power cut that came at a sync. */
  constructor(random: Random, onDeath: () => void) {
    this.#random = random;
    this.#onDeath = onDeath;
  }

  #die(): void {
    this.#isDead = true;
    this.#onDeath();
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
    this.#isLying = false;
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
    this.#die();
    throw new PowerCut('the power failed before the sync');
  }

  /** A cheap disk says "synced" too early: of databases for a while, of plain files as long as nobody plants it. */
  isSynced(): boolean {
    return !this.#isLying;
  }

  isPlainSynced(): boolean {
    return true;
  }

  setLying(isLying: boolean): void {
    this.#isLying = isLying;
  }

  /** What copies whole files waits until they are there. */
  withHonesty(act: () => void): void {
    const isLying = this.#isLying;
    this.#isLying = false;
    try {
      act();
    } finally {
      this.#isLying = isLying;
    }
  }

  afterSync(): void {
    if (this.#syncsLeft === null || this.#syncsLeft > 0) return;
    this.#die();
    throw new PowerCut('the power failed after the sync');
  }
}
