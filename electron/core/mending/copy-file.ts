import { closeSync, copyFileSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { DbError } from '../../../db/errors.ts';

const PAGE_BYTES = 4096;
const FULL_CODES: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** What the system refuses, as the till's files say it; everything else as it is. */
function guarded<T>(act: () => T): T {
  try {
    return act();
  } catch (cause) {
    if (cause instanceof DbError || !(cause instanceof Error) || !('code' in cause)) throw cause;
    const code = FULL_CODES.has(cause.code) ? 'full' : 'io';
    throw new DbError(code, 'till', { cause, detail: `copying: ${String(cause.code)}` });
  }
}

/** The system's calls; tests put a disk that fails in their place. */
export interface CopyDisk {
  copy: typeof copyFileSync;
  /** @returns How many bytes there were. */
  read(descriptor: number, page: Buffer, position: number): number;
}
const realDisk: CopyDisk = {
  copy: copyFileSync,
  read: (descriptor, page, position) => readSync(descriptor, page, 0, page.length, position),
};

/** @throws DbError `full` or `io`. */
export const copyFile = (from: string, to: string, disk = realDisk): void =>
  guarded(() => disk.copy(from, to));

/**
 * The same for a file that the disk reads in part: zeros stand for a page that it refuses. No tag and no checksum fits
 * them, so they count as the damage that they are, and the other pages can be read.
 *
 * @throws DbError `full` where there is no room; `io` where the file can not even be opened.
 */
export function copyReadable(from: string, to: string, disk = realDisk): void {
  try {
    return copyFile(from, to, disk);
  } catch (cause) {
    if (!(cause instanceof DbError) || cause.code !== 'io') throw cause;
  }
  guarded(() => copyPages(from, to, disk));
}

/** As many bytes as `read` was to fill; zeros where it was refused. */
function readPage(bytes: number, read: (page: Buffer) => void): Buffer {
  const page = Buffer.alloc(bytes);
  try {
    read(page);
    return page;
  } catch {
    return page.fill(0);
  }
}

function writePage(target: number, page: Buffer, at: number): void {
  if (writeSync(target, page, 0, page.length, at) < page.length)
    throw new DbError('full', 'till', { detail: 'copying: short write' });
}

function copyPages(from: string, to: string, disk: CopyDisk): void {
  const source = openSync(from, 'r');
  try {
    const target = openSync(to, 'w', 0o600);
    try {
      const { size } = fstatSync(source);
      for (let at = 0; at < size; at += PAGE_BYTES) {
        const bytes = Math.min(PAGE_BYTES, size - at);
        const page = readPage(bytes, (into) => void disk.read(source, into, at));
        writePage(target, page, at);
      }
    } finally {
      closeSync(target);
    }
  } finally {
    closeSync(source);
  }
}
