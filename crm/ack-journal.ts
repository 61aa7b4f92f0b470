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

export interface AckJournal {
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
  let flushing: Promise<void> = Promise.resolve();
  let next: Promise<void> | null = null;
  const flush = async (): Promise<void> => {
    const lines = waiting.join('');
    waiting = [];
    next = null;
    if (isTorn) {
      await file.truncate(bytes);
      isTorn = false;
    }
    try {
      await file.appendFile(lines);
      await file.datasync();
    } catch (cause) {
      isTorn = true;
      waiting.unshift(lines);
      throw cause;
    }
    bytes += Buffer.byteLength(lines);
  };
  return {
    append: (line) => {
      waiting.push(toLine(line));
      return (next ??= flushing = flushing.catch(() => undefined).then(flush));
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
    keepAside: async (nowMs) => {
      const kept = [path, old].filter((each) => existsSync(each));
      return Promise.all(
        kept.map(async (each) => {
          const aside = `${each}.kept-${nowMs}`;
          await copyFile(each, aside);
          return basename(aside);
        }),
      );
    },
    dropOld: () => rm(old, { force: true }),
    close: async () => {
      await flushing.catch(() => undefined);
      await file.close();
    },
  };
}
