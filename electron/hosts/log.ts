import { mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import pino, { type Logger } from 'pino';
import { logFolder } from './paths.ts';

const LOG_BYTES_MAX = 5 * 1024 * 1024;
/** Enough to see two days of trouble, bounded so that logs never fill a till's disk. */
const CHECK_EVERY_LINES = 1_000;

interface LineSink {
  write(line: string): void;
}

const toStderr: LineSink = { write: (line) => void process.stderr.write(line) };

/**
 * Errors on stderr, where they can not mix with an answer on stdout; refusals are told by the answer
 * itself.
 */
export const createStderrLog = (): Logger => pino({ level: 'error', base: null }, toStderr);

/**
 * The core's log: `logs/core.log`, and the one before it as `core.log.1`; each line is written before the
 * call returns. A log that can not be written (full disk, no rights) is dropped line by line: it must not
 * stop a till from selling.
 */
export function createFileLog(dataDir: string): Logger {
  return pino(
    { level: 'info', base: { pid: process.pid } },
    createFileSink(join(logFolder(dataDir), 'core.log')),
  );
}

function createFileSink(path: string): LineSink {
  let handle = openLog(path);
  if (handle === undefined) return toStderr;
  let lines = 0;
  return {
    write: (line) => {
      try {
        if (handle !== undefined) writeSync(handle, line);
        lines += 1;
        if (lines % CHECK_EVERY_LINES === 0 && isFull(path)) handle = openLog(path);
      } catch {
        // Full disk: the cashier is told by the command that failed, not by the log.
      }
    },
  };
}

function isFull(path: string): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > LOG_BYTES_MAX;
}

function openLog(path: string): number | undefined {
  try {
    mkdirSync(join(path, '..'), { recursive: true, mode: 0o700 });
    if (isFull(path)) renameSync(path, `${path}.1`);
    return openSync(path, 'a', 0o600);
  } catch {
    return undefined;
  }
}
