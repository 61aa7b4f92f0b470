import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { AppError } from '../contract/errors.ts';
import { keyPath } from './paths.ts';

const KEY_BYTES = 32;
const isWindows = process.platform === 'win32';

interface KeyOptions {
  dataDir: string;
  /** True: an empty folder becomes a till, with a key of its own. */
  mayCreate: boolean;
  /** Told what was found and mended about the key file. Never the key. */
  warn: (message: string) => void;
}

/**
 * The raw database key of the till in `dataDir`, 64 hex digits. The file is for its owner only, and is made
 * once: a key that is missing beside existing databases is a thing for a person, because a new one could
 * never open them.
 *
 * @throws AppError `key_missing`, `key_wrong` (unreadable or garbled), `not_enrolled` (no till there, none
 * wanted).
 */
export function loadKey({ dataDir, mayCreate, warn }: KeyOptions): string {
  // Databases are looked for first: another process makes the key before them, never after.
  const hasFiles = hasDatabases(dataDir);
  const path = keyPath(dataDir);
  if (existsSync(path)) return readKey(path, warn);
  if (hasFiles) throw keyMissing(path);
  if (!mayCreate) {
    throw new AppError(
      'not_enrolled',
      `There is no till in ${dataDir}. Nothing was made. Check --data, or enrol a till there.`,
    );
  }
  createKey(dataDir);
  return readKey(path, warn);
}

/** Copies and leftovers count as well: whatever they hold, only the lost key opens it. */
function hasDatabases(dataDir: string): boolean {
  try {
    return readdirSync(dataDir).some((name) => /^(till|replica)\.db/.test(name));
  } catch (cause) {
    if (isErrno(cause, 'ENOENT')) return false;
    throw new AppError('disk_failed', `The till's folder ${dataDir} can not be read. Nothing was changed.`, {
      cause,
    });
  }
}

const keyMissing = (path: string): AppError =>
  new AppError(
    'key_missing',
    `The key file ${path} is missing, and the till's files beside it can not be opened without it. ` +
      'They are as they were and no new key was made. Put the key file back from its copy; without one, ' +
      'keep the folder, set up a new till in an empty folder and call support about what this one had not sent yet.',
  );

const keyWrong = (path: string, cause?: unknown): AppError =>
  new AppError(
    'key_wrong',
    `The key file ${path} can not be read as a key. The till's files are as they were. ` +
      'Put the right key file back, readable by the account that runs the till.',
    { cause },
  );

function readKey(path: string, warn: (message: string) => void): string {
  try {
    tighten(path, warn);
    const text = readFileSync(path, 'utf8').trim();
    if (/^[0-9a-f]{64}$/.test(text)) return text;
  } catch (cause) {
    throw keyWrong(path, cause);
  }
  throw keyWrong(path);
}

function tighten(path: string, warn: (message: string) => void): void {
  if (isWindows) return;
  const handle = openSync(path, 'r');
  const mode = fstatSync(handle).mode & 0o777;
  closeSync(handle);
  if ((mode & 0o077) === 0) return;
  try {
    chmodSync(path, 0o600);
    warn(`key file was open to others (mode ${mode.toString(8)}); now only its owner can read it`);
  } catch {
    warn(`key file is open to others (mode ${mode.toString(8)}) and can not be closed by this account`);
  }
}

/**
 * Written under another name and linked into place: whoever sees the key file sees all of it, and only one
 * is ever made.
 */
function createKey(dataDir: string): void {
  const draftPath = `${keyPath(dataDir)}.${randomBytes(6).toString('hex')}.new`;
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const draft = openSync(draftPath, 'wx', 0o600);
    try {
      writeSync(draft, `${randomBytes(KEY_BYTES).toString('hex')}\n`);
      fsyncSync(draft);
    } finally {
      closeSync(draft);
    }
    linkSync(draftPath, keyPath(dataDir));
  } catch (cause) {
    // Another process was first: its key is the key.
    if (!isErrno(cause, 'EEXIST')) {
      throw new AppError(
        isErrno(cause, 'ENOSPC') ? 'disk_full' : 'disk_failed',
        `No key file could be made in ${dataDir}. No till was made. Can the folder be written, has it room?`,
        { cause },
      );
    }
  } finally {
    rmSync(draftPath, { force: true });
  }
  syncFolder(dataDir);
}

function syncFolder(dataDir: string): void {
  if (isWindows) return;
  const folder = openSync(dataDir, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

const isErrno = (cause: unknown, code: string): boolean =>
  typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === code;
