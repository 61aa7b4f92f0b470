import type { DiskFaults } from './memory-file.ts';

/** What a write replaced, so that a loss of power can take it back. */
interface Pending {
  at: number;
  before: Uint8Array;
  length: number;
}

interface Bytes {
  content: Uint8Array;
  pending: Pending[];
}

/** A folder's disk: as of a database file, and whether a sync of a plain file is one. */
export interface FolderFaults extends DiskFaults {
  isPlainSynced(): boolean;
  isDead: boolean;
}

const SOUND: FolderFaults = {
  beforeSync: () => undefined,
  isSynced: () => true,
  isPlainSynced: () => true,
  afterSync: () => undefined,
  isDead: false,
};

/** The machine has no power: nothing is written any more, and nobody is there to hear of it. */
export class NoPower extends Error {
  override readonly name = 'NoPower';
}

/**
 * Plain files in memory with a disk's promises: what was written survives a loss of power from its sync on, and
 * until then the first of it may, in part. Names change at once and for good.
 */
export class MemoryFolder {
  readonly #faults: FolderFaults;
  readonly #files = new Map<string, Bytes>();

  constructor(faults: FolderFaults = SOUND, from?: MemoryFolder) {
    this.#faults = faults;
    for (const [name, { content }] of from === undefined ? [] : from.#files)
      this.#files.set(name, { content: content.slice(), pending: [] });
  }

  copy(faults?: FolderFaults): MemoryFolder {
    return new MemoryFolder(faults, this);
  }

  names(): string[] {
    return [...this.#files.keys()].sort();
  }

  has(name: string): boolean {
    return this.#files.has(name);
  }

  /** @throws Error When there is no such file. */
  read(name: string): Uint8Array {
    return this.#at(name).content.slice();
  }

  create(name: string): void {
    this.#assertPower();
    this.#files.set(name, { content: new Uint8Array(), pending: [] });
  }

  write(name: string, bytes: Uint8Array, at: number): void {
    this.#assertPower();
    const file = this.#at(name);
    const { length } = file.content;
    if (at + bytes.length > length) {
      const longer = new Uint8Array(at + bytes.length);
      longer.set(file.content);
      file.content = longer;
    }
    file.pending.push({ at, before: file.content.slice(at, at + bytes.length), length });
    file.content.set(bytes, at);
  }

  sync(name: string): void {
    this.#assertPower();
    this.#faults.beforeSync('till');
    if (this.#faults.isPlainSynced()) this.#at(name).pending = [];
    this.#faults.afterSync('till');
  }

  rename(from: string, to: string): void {
    this.#assertPower();
    const file = this.#at(from);
    this.#files.delete(from);
    this.#files.set(to, file);
  }

  remove(name: string): void {
    this.#assertPower();
    this.#files.delete(name);
  }

  /** @param keep How many of so many unsynced writes are found again, the one after them in part. */
  losePower(keep: (unsynced: number) => number): void {
    for (const file of this.#files.values()) {
      const kept = keep(file.pending.length);
      const lost = file.pending.slice(kept);
      for (const write of lost.slice(1).reverse()) takeBack(file, write);
      const [torn] = lost;
      if (torn !== undefined && kept > 0) tear(file, torn);
      else if (torn !== undefined) takeBack(file, torn);
      file.pending = [];
    }
  }

  #at(name: string): Bytes {
    const file = this.#files.get(name);
    if (file === undefined) throw new Error(`no such file: ${name}`);
    return file;
  }

  #assertPower(): void {
    if (this.#faults.isDead) throw new NoPower('the power is gone');
  }
}

function takeBack(file: Bytes, { at, before, length }: Pending): void {
  file.content.set(before, at);
  if (file.content.length > length) file.content = file.content.slice(0, length);
}

/** The first half of it is there. */
function tear({ content }: Bytes, { at, before }: Pending): void {
  const half = Math.floor(before.length / 2);
  content.set(before.subarray(half), at + half);
}

const mounted = new Map<string, MemoryFolder>();

/** From now on `node:fs` of the code under simulation finds this folder at `path`. */
export const mountFolder = (path: string, folder: MemoryFolder): void => void mounted.set(path, folder);

/** @throws Error For a path that is no simulated machine's. */
export function folderAt(path: string): MemoryFolder {
  const folder = mounted.get(path);
  if (folder === undefined) throw new Error(`no folder in memory: ${path}`);
  return folder;
}
