import { existsSync } from 'node:fs';
import { copyFile, open, readFile, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { ChangeLine } from './database.ts';
import { nodeCrypto } from './node-crypto.ts';

const Entry = z.strictObject({
  lineNo: z.int().min(1),
  changes: z.array(z.tuple([z.string(), z.array(z.unknown())])),
});

/** A commit waits for the disk at the latest when so much is on its way there. */
const WAITING_BYTES_MAX = 8 * 1024 * 1024;

export interface AckJournal {
  /**
   * Resolves at once, unless the disk lags behind or has refused: then when it has taken what waits. So a full disk
   * refuses work before it is done, and the queue does not grow. @throws What the disk says.
   */
  makeRoom(): Promise<void>;
  /**
   * Resolves when the line is safe on the disk. Those that come meanwhile share the next flush, and so do those whose
   * flush failed: none is ever left out between two others.
   */
  append(line: ChangeLine): Promise<void>;
  /** Lines of this file and of the one before, oldest first; a torn end is left out. */
  read(): Promise<ChangeLine[]>;
  /** Bytes since the last cut. */
  size(): number;
  /** Begins a new file: what was appended before is in the old one. */
  rotate(): Promise<void>;
  /** Copies both files beside them, for a person: they hold what could not be written again. @returns Names. */
  keepAside(nowMs: number): Promise<string[]>;
  /** The old file's lines are safe elsewhere. */
  dropOld(): Promise<void>;
  close(): Promise<void>;
}

const checksum = (text: string): string => nodeCrypto.sha256Hex(text).slice(0, 16);

function toLine(line: ChangeLine): string {
  const text = JSON.stringify(line);
  return `${checksum(text)} ${text}\n`;
}

/** Bodies of the lines up to the first one that was not written out, and the bytes up to there. */
function goodLines(text: string): { bodies: string[]; bytes: number } {
  const bodies: string[] = [];
  let bytes = 0;
  for (const line of text.split('\n').slice(0, -1)) {
    const body = line.slice(17);
    if (line.slice(0, 16) !== checksum(body)) break;
    bodies.push(body);
    bytes += Buffer.byteLength(line) + 1;
  }
  return { bodies, bytes };
}

const parseLines = (text: string): ChangeLine[] =>
  goodLines(text).bodies.map((body) => Entry.parse(JSON.parse(body)));

const readText = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');

const copyAside = (paths: readonly string[], nowMs: number): Promise<string[]> =>
  Promise.all(
    paths
      .filter((each) => existsSync(each))
      .map(async (each) => {
        const aside = `${each}.kept-${nowMs}`;
        await copyFile(each, aside);
        return basename(aside);
      }),
  );

/**
 * What makes a commit of the embedded database hold: that one never waits for the disk, this file does, before anybody
 * is answered. It holds every statement that changed something, so that after a power cut a dump and these lines make
 * the same database again: what tills sent as well as tills that were let in, documents and a manager's decisions.
 */
export async function openAckJournal(folder: string): Promise<AckJournal> {
  const [path, old] = [join(folder, 'acks.journal'), join(folder, 'acks.journal.old')];
  let file: FileHandle = await open(path, 'a');
  let { bytes } = goodLines(await readText(path));
  // What is appended behind a torn line could never be read.
  if ((await file.stat()).size > bytes) await file.truncate(bytes);
  /** A flush failed: behind `bytes` may lie part of a line. */
  let isTorn = false;
  let waiting: string[] = [];
  let waitingBytes = 0;
  let flushing: Promise<void> = Promise.resolve();
  let next: Promise<void> | null = null;
  const flush = async (): Promise<void> => {
    const lines = waiting.join('');
    const added = waitingBytes;
    waiting = [];
    waitingBytes = 0;
    next = null;
    try {
      if (isTorn) await file.truncate(bytes);
      isTorn = false;
      await file.appendFile(lines);
      await file.datasync();
    } catch (cause) {
      isTorn = true;
      waiting.unshift(lines);
      waitingBytes += added;
      throw cause;
    }
    bytes += added;
  };
  const flushSoon = (): Promise<void> => (next ??= flushing = flushing.catch(() => undefined).then(flush));
  return {
    makeRoom: async () => {
      if (isTorn || waitingBytes > WAITING_BYTES_MAX) await flushSoon();
    },
    append: (line) => {
      const text = toLine(line);
      waiting.push(text);
      waitingBytes += Buffer.byteLength(text);
      return flushSoon();
    },
    read: async () => [...parseLines(await readText(old)), ...parseLines(await readText(path))],
    size: () => bytes,
    rotate: async () => {
      await flushing.catch(() => undefined);
      const isKept = await stat(old).then(
        () => true,
        () => false,
      );
      // A checkpoint that failed has left it: its lines are in no dump yet.
      if (isKept) return;
      await file.close();
      await rename(path, old);
      file = await open(path, 'a');
      bytes = 0;
    },
    keepAside: (nowMs) => copyAside([path, old], nowMs),
    dropOld: () => rm(old, { force: true }),
    close: async () => {
      await flushing.catch(() => undefined);
      await file.close();
    },
  };
}
