import { randomBytes, type KeyObject } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { SealedOp } from '../../sync/model/op.ts';
import { packSession, readSpill, type ReadSession } from '../../sync/spill/format.ts';
import { DbError } from '../errors.ts';
import { syncFolder } from '../sync-folder.ts';
import { beginSession, sealRecord, type SpillOwner } from './seal.ts';

/** Room is made in steps, so that a record's fdatasync has no new length or block to write beside it. */
const STEP_BYTES = 256 * 1024;
/** Many ops at once take room for as many more: each step is a wait for the disk. */
const BULK_BYTES = STEP_BYTES / 8;
const BULK_STEPS = 8;
/** So much that the centre has, and half of the file: worth a new one. All rewrites of a backlog cost what it did. */
const FORGET_FROM_BYTES = STEP_BYTES - 64 * 1024;

/** What the till saves beside `till.db`, sealed for the centre. Every method throws only `DbError`. */
export interface SpillFile {
  /**
   * Adds an op; it survives a power cut when this returns.
   * @throws DbError `full` or `io`: then it is not in the file.
   */
  append(owner: SpillOwner, sealed: SealedOp): void;
  /** The same for many, with one write: all of them, or none. */
  appendAll(owner: SpillOwner, sealed: readonly SealedOp[]): void;
  /** What was added last was not saved after all: its records go. */
  takeBack(): void;
  /**
   * After a failure nobody can say whether what failed is in the file: it is not when this returns.
   * @throws DbError As long as that can not be made sure.
   */
  settle(owner: SpillOwner): void;
  /** Ops up to `tseq` are safe at the centre: their records may go, and go at once with `isNow`. */
  forget(owner: SpillOwner, tseq: number, isNow?: boolean): void;
  close(): void;
}

/** How a record becomes durable; tests put their own in its place. */
export interface SpillDisk {
  write(descriptor: number, bytes: Uint8Array, position: number): void;
  sync(descriptor: number): void;
}
const realDisk: SpillDisk = {
  write: (descriptor, bytes, position) => {
    if (writeSync(descriptor, bytes, 0, bytes.length, position) !== bytes.length)
      throw new DbError('full', 'till', { detail: 'spill: short write' });
  },
  sync: fdatasyncSync,
};

const FULL_CODES: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

function toFault(cause: unknown): unknown {
  if (cause instanceof DbError || !(cause instanceof Error) || !('code' in cause)) return cause;
  const code = FULL_CODES.has(cause.code) ? 'full' : 'io';
  return new DbError(code, 'till', { cause, detail: `spill: ${String(cause.code)}` });
}

function guarded<T>(act: () => T): T {
  try {
    return act();
  } catch (cause) {
    throw toFault(cause);
  }
}

/** The file's bytes; none when there is no file. @throws DbError `io`. */
export const readSpillBytes = (path: string): Uint8Array =>
  guarded(() => (existsSync(path) ? readFileSync(path) : new Uint8Array()));

type Identity = Pick<SpillOwner, 'tillId' | 'incarnation'>;
const isSame = (one: Identity, other: Identity): boolean =>
  one.tillId === other.tillId && one.incarnation === other.incarnation;

/** Frames worth keeping: what the centre is not known to have, each session before its ops. */
function keptFrames(sessions: readonly ReadSession[], done: Identity & { tseq: number }): Uint8Array[] {
  return sessions.flatMap((session) => {
    const kept = session.records.filter(({ tseq }) => !isSame(session, done) || tseq > done.tseq);
    return kept.length === 0 ? [] : [session.frame, ...kept.map(({ frame }) => frame)];
  });
}

/** A file written to the last byte and synced, then put in the place of the other. */
function replaceFile(path: string, frames: readonly Uint8Array[]): { end: number; size: number } {
  const fresh = `${path}.new`;
  rmSync(fresh, { force: true });
  const content = Buffer.concat(frames);
  const size = Math.ceil((content.length + STEP_BYTES / 2) / STEP_BYTES) * STEP_BYTES;
  const descriptor = openSync(fresh, 'wx', 0o600);
  try {
    realDisk.write(descriptor, Buffer.concat([content, new Uint8Array(size - content.length)]), 0);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(fresh, path);
  syncFolder(dirname(path));
  return { end: content.length, size };
}

interface Session {
  owner: SpillOwner;
  key: KeyObject;
  frame: Uint8Array;
  counter: number;
}

/** How many bytes at the beginning of a file the centre has by now. */
class Dead {
  readonly #records: { tseq: number; bytes: number }[];
  #at = 0;
  bytes = 0;

  constructor(records: { tseq: number; bytes: number }[]) {
    this.#records = records;
  }

  add(tseq: number, bytes: number): void {
    this.#records.push({ tseq, bytes });
  }

  takeBack(count: number): void {
    this.#records.splice(this.#records.length - count, count);
    this.#at = Math.min(this.#at, this.#records.length);
  }

  /** What the centre lacks yet: the end of the file, where nothing else lies in it. */
  left(): { records: { tseq: number; bytes: number }[]; bytes: number } {
    const records = this.#records.slice(this.#at);
    return { records, bytes: records.reduce((sum, { bytes }) => sum + bytes, 0) };
  }

  moveTo(tseq: number): void {
    for (let next = this.#records[this.#at]; next !== undefined && next.tseq <= tseq;) {
      this.bytes += next.bytes;
      this.#at += 1;
      next = this.#records[this.#at];
    }
  }
}

interface Open {
  descriptor: number;
  /** Where the next record goes, and where the last one began. */
  end: number;
  lastStart: number;
  lastCount: number;
  size: number;
  session: Session;
  dead: Dead;
  /** Nothing lies in the file but this session and its own records, one behind the other. */
  isAlone: boolean;
}

/** The till's own records among these, as they are written one behind the other. */
const ownRecords = (
  sessions: readonly ReadSession[],
  { tillId, incarnation, tseq }: Identity & { tseq: number },
) =>
  sessions
    .filter((session) => isSame(session, { tillId, incarnation }))
    .flatMap(({ records }) => records.map((record) => ({ tseq: record.tseq, bytes: record.frame.length })))
    .filter((record) => record.tseq > tseq);

function newSession(owner: SpillOwner): Session {
  const { session, key } = beginSession(owner, new Uint8Array(randomBytes(16)));
  const frame = packSession(session, (message) => Buffer.from(owner.sign(message), 'hex'));
  return { owner, key, frame, counter: 0 };
}

/** Adds room to the file when the record does not fit. */
function makeRoom(open: Open, length: number): void {
  // Eight bytes more: a frame is followed by zeros, or by the end of the file.
  const step = length < BULK_BYTES ? STEP_BYTES : BULK_STEPS * STEP_BYTES;
  while (open.end + length + 8 > open.size) {
    realDisk.write(open.descriptor, new Uint8Array(step), open.size);
    fsyncSync(open.descriptor);
    open.size += step;
  }
}

class Writer implements SpillFile {
  readonly #path: string;
  readonly #disk: SpillDisk;
  #open: Open | null = null;
  /** After a failure: bytes of the file that are believed; what failed lies behind them. */
  #believed: number | null = null;
  #done: Identity & { tseq: number } = { tillId: '', incarnation: 0, tseq: 0 };

  constructor(path: string, disk: SpillDisk) {
    this.#path = path;
    this.#disk = disk;
  }

  append(owner: SpillOwner, sealed: SealedOp): void {
    this.appendAll(owner, [sealed]);
  }

  appendAll(owner: SpillOwner, sealed: readonly SealedOp[]): void {
    if (sealed.length === 0) return;
    guarded(() => {
      const open = this.#openFor(owner);
      const { session } = open;
      const frames = sealed.map(({ op }) => {
        session.counter += 1;
        return sealRecord(session.key, { tseq: op.tseq, counter: session.counter }, JSON.stringify(op));
      });
      const [first] = frames;
      const bytes = frames.length === 1 && first !== undefined ? first : Buffer.concat(frames);
      try {
        makeRoom(open, bytes.length);
        this.#disk.write(open.descriptor, bytes, open.end);
        this.#disk.sync(open.descriptor);
      } catch (cause) {
        this.#give(open.end);
        throw cause;
      }
      open.lastStart = open.end;
      open.lastCount = frames.length;
      open.end += bytes.length;
      for (const [at, { op }] of sealed.entries()) open.dead.add(op.tseq, frames[at]?.length ?? 0);
    });
  }

  takeBack(): void {
    guarded(() => {
      const open = this.#open;
      if (open === null || open.lastStart === open.end) return;
      try {
        this.#disk.write(open.descriptor, new Uint8Array(8), open.lastStart);
        this.#disk.sync(open.descriptor);
        open.end = open.lastStart;
        open.dead.takeBack(open.lastCount);
        open.lastCount = 0;
      } catch (cause) {
        this.#give(open.lastStart);
        throw cause;
      }
    });
  }

  settle(owner: SpillOwner): void {
    guarded(() => {
      if (this.#believed !== null) this.#rewrite(newSession(owner));
    });
  }

  forget(owner: SpillOwner, tseq: number, isNow = false): void {
    guarded(() => {
      const { tillId, incarnation } = owner;
      const isLess = isSame(this.#done, owner) && tseq < this.#done.tseq;
      this.#done = { tillId, incarnation, tseq };
      const open = this.#open;
      if (open === null) {
        if (isNow && existsSync(this.#path)) this.#rewrite(newSession(owner));
        return;
      }
      // A centre that was put back has less for good than it said: what is still in the file stays.
      if (isLess) open.isAlone = false;
      if (isSame(open.session.owner, owner)) open.dead.moveTo(tseq);
      const { bytes } = open.dead;
      if (isNow || (bytes >= FORGET_FROM_BYTES && bytes * 2 >= open.end)) this.#rewrite(open.session);
    });
  }

  close(): void {
    if (this.#open !== null) closeSync(this.#open.descriptor);
    this.#open = null;
  }

  /** The file after a failure: opened again, without what failed, by whoever comes next. */
  #give(believed: number): void {
    this.#believed = believed;
    try {
      this.close();
    } catch {
      // The first failure says more.
      this.#open = null;
    }
  }

  #openFor(owner: SpillOwner): Open {
    const open = this.#open;
    if (open !== null && isSame(open.session.owner, owner) && open.session.owner.sealKey === owner.sealKey)
      return open;
    return this.#rewrite(newSession(owner));
  }

  /** The same without reading what goes: the records that stay are the file's last bytes, as they were written. */
  #shorten({ descriptor, end, session, dead }: Open): Open {
    const { records, bytes } = dead.left();
    const tail = new Uint8Array(bytes);
    if (readSync(descriptor, tail, 0, bytes, end - bytes) !== bytes)
      throw new DbError('io', 'till', { detail: 'spill: short read' });
    this.close();
    return this.#replace(session, { frames: [session.frame, tail], dead: new Dead(records), isAlone: true });
  }

  #replace(
    session: Session,
    { frames, dead, isAlone }: { frames: readonly Uint8Array[]; dead: Dead; isAlone: boolean },
  ): Open {
    const { end, size } = replaceFile(this.#path, frames);
    this.#believed = end;
    const descriptor = openSync(this.#path, 'r+');
    this.#open = { descriptor, end, lastStart: end, lastCount: 0, size, session, dead, isAlone };
    this.#believed = null;
    return this.#open;
  }

  /** A new file: what is still needed of the old one, then the session that goes on. */
  #rewrite(session: Session): Open {
    if (this.#open?.isAlone === true && this.#open.session === session) return this.#shorten(this.#open);
    const bytes = readSpillBytes(this.#path).subarray(0, this.#open?.end ?? this.#believed ?? undefined);
    const { sessions } = readSpill(bytes);
    const own = sessions.filter(({ frame }) => Buffer.compare(frame, session.frame) === 0);
    const others = sessions.filter((each) => !own.includes(each));
    const ownKept = keptFrames(own, this.#done).slice(1);
    this.close();
    const othersKept = keptFrames(others, this.#done);
    const { tillId, incarnation } = session.owner;
    const tseq = isSame(session.owner, this.#done) ? this.#done.tseq : 0;
    const dead = new Dead(ownRecords([...others, ...own], { tillId, incarnation, tseq }));
    const frames = [...othersKept, session.frame, ...ownKept];
    return this.#replace(session, { frames, dead, isAlone: othersKept.length === 0 });
  }
}

/** Nothing is read or written before the first append. */
export const openSpill = (path: string, disk: SpillDisk = realDisk): SpillFile => new Writer(path, disk);
