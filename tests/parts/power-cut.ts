import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../sim/random.ts';

const SOURCE = join(import.meta.dirname, '../faults/recorder.c');
const HEAD_BYTES = 24;
const SECTOR_BYTES = 512;
/** The first is 1, as in `recorder.c`. */
const KINDS = ['', 'write', 'truncate', 'sync', 'unlink', 'rename', 'said', 'unknown', 'link'] as const;

/** One thing that the recorded process did. `data` of a rename or a link is the new name. */
export interface Recorded {
  kind: (typeof KINDS)[number];
  name: string;
  offset: number;
  data: Buffer;
}

/** Compiles the recorder into `folder`; its path is for LD_PRELOAD. */
export function buildRecorder(folder: string): string {
  const library = join(folder, 'recorder.so');
  execFileSync('gcc', ['-shared', '-fPIC', '-O2', '-o', library, SOURCE, '-ldl', '-lpthread']);
  return library;
}

/** @throws When the process did something that the recorder can not play back. */
export function readRecording(path: string): Recorded[] {
  const bytes = readFileSync(path);
  const events: Recorded[] = [];
  for (let at = 0; at < bytes.length;) {
    const [kind, nameBytes, dataBytes] = [0, 4, 8].map((skip) => bytes.readUInt32LE(at + skip));
    const offset = Number(bytes.readBigUInt64LE(at + 16));
    const nameEnd = at + HEAD_BYTES + (nameBytes ?? 0);
    const name = bytes.toString('utf8', at + HEAD_BYTES, nameEnd);
    const end = nameEnd + (dataBytes ?? 0);
    const event = { kind: KINDS[kind ?? 0] ?? 'unknown', name, offset, data: bytes.subarray(nameEnd, end) };
    if (event.kind === 'unknown') throw new Error(`the recorder can not play back ${name}`);
    events.push(event);
    at = end;
  }
  return events;
}

/** What survives of what was not synced: nothing, everything, half of it, or half of its sectors. */
export const LEFTOVERS = ['none', 'all', 'half', 'torn'] as const;
export type Leftover = (typeof LEFTOVERS)[number];

interface Change {
  kind: 'write' | 'truncate';
  offset: number;
  data: Buffer;
}
interface Inode {
  durable: Buffer;
  pending: Change[];
}
type FolderChange = (names: Map<string, Inode>) => void;

/** The content after all `changes`, in their order; copied once however many they are. */
function changed(content: Buffer, changes: readonly Change[]): Buffer {
  const ends = changes.map(({ offset, data }) => offset + data.length);
  const result = Buffer.alloc(Math.max(content.length, ...ends));
  content.copy(result);
  let size = content.length;
  for (const { kind, offset, data } of changes) {
    if (kind === 'truncate') {
      if (offset < size) result.fill(0, offset, size);
      size = offset;
    } else {
      data.copy(result, offset);
      size = Math.max(size, offset + data.length);
    }
  }
  return result.subarray(0, size);
}

function* sectorsOf({ kind, offset, data }: Change): Generator<Change> {
  for (let at = 0; at < data.length;) {
    const end = Math.min(data.length, at + SECTOR_BYTES - ((offset + at) % SECTOR_BYTES));
    yield { kind, offset: offset + at, data: data.subarray(at, end) };
    at = end;
  }
}

/**
 * A folder as a disk holds it: what was synced, and what a cut may or may not leave. Names follow a journal:
 * they survive in order, and with a sync of the folder or of the file.
 */
export class CutDisk {
  readonly #durable = new Map<string, Inode>();
  #names = new Map<string, Inode>();
  #changes: FolderChange[] = [];
  readonly #isLie: (name: string) => boolean;
  readonly #isKept: (name: string) => boolean;

  /**
   * @param isLie Files of which the disk says "synced" and lies.
   * @param isKept Files that matter; the others are gone.
   */
  constructor(
    folder: string,
    isLie: (name: string) => boolean = () => false,
    isKept: (name: string) => boolean = isOfTill,
  ) {
    this.#isLie = isLie;
    this.#isKept = isKept;
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      if (!isKept(name) || !statSync(path).isFile()) continue;
      this.#durable.set(name, { durable: readFileSync(path), pending: [] });
    }
    this.#names = new Map(this.#durable);
  }

  #change(change: FolderChange): void {
    change(this.#names);
    this.#changes.push(change);
  }

  #inode(name: string): Inode {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    const made: Inode = { durable: Buffer.alloc(0), pending: [] };
    this.#change((names) => names.set(name, made));
    return made;
  }

  #sync(name: string): void {
    for (const change of this.#changes.splice(0)) change(this.#durable);
    if (name === '' || this.#isLie(name)) return;
    const inode = this.#inode(name);
    inode.durable = changed(inode.durable, inode.pending.splice(0));
  }

  apply({ kind, name, offset, data }: Recorded): void {
    if (kind === 'said' || !(name === '' || this.#isKept(name))) return;
    if (kind === 'sync') this.#sync(name);
    else if (kind === 'unlink') this.#change((names) => names.delete(name));
    else if (kind === 'rename') {
      const [moved, target] = [this.#inode(name), data.toString('utf8')];
      this.#change((names) => names.delete(name) && names.set(target, moved));
    } else if (kind === 'link') {
      const [linked, target] = [this.#inode(name), data.toString('utf8')];
      this.#change((names) => names.set(target, linked));
    } else if (kind === 'write' || kind === 'truncate') {
      this.#inode(name).pending.push({ kind, offset, data });
    }
  }

  /** Writes the files as they are found after a cut at this moment. */
  writeImage(folder: string, leftover: Leftover, random: Random): void {
    const names = new Map(this.#durable);
    const kept = { none: 0, all: this.#changes.length, half: null, torn: null }[leftover];
    const count = kept ?? random.int(this.#changes.length + 1);
    for (const change of this.#changes.slice(0, count)) change(names);
    const isLeft = (): boolean => leftover === 'all' || (leftover !== 'none' && random.isHit(0.5));
    for (const [name, { durable, pending }] of names) {
      const pieces = leftover === 'torn' ? pending.flatMap((change) => [...piecesOf(change)]) : pending;
      writeFileSync(join(folder, name), changed(durable, pieces.filter(isLeft)), { mode: 0o600 });
    }
  }
}

const piecesOf = (change: Change): Iterable<Change> =>
  change.kind === 'write' ? sectorsOf(change) : [change];

/** Not the index of a WAL, which is memory, nor locks, logs, sockets; nor the copy, which is fetched again. */
const isOfTill = (name: string): boolean => /^(till\.db(-wal|-journal)?|spill\..*)$/.test(name);
