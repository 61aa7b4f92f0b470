import { Worker } from 'node:worker_threads';
import { DbError, type DbErrorCode } from '../errors.ts';
import type { FillEnd } from './bulk/finish-fill.ts';
import type { Scrubbed } from './bulk/scrub-digests.ts';
import type { CardScan, ScannedCard } from './repos/card-scan.ts';
import type { Asked, ReplicaPlace, WorkerTask } from './worker-tasks.ts';

/**
 * A thread for what takes seconds at a million members, so that a core goes on serving. One task after the
 * other, but for `checkpoint` and `letGo`; methods reject with `DbError` when the file fails, and with `Error` when the thread ended.
 */
export interface ReplicaWorker {
  /**
   * The next chunk of the snapshot that `beginFill` named, durable when it resolves; safe to repeat. Takes the
   * image away from the caller (its buffer is transferred).
   */
  insertChunk(image: Uint8Array<ArrayBuffer>, chunk: number): Promise<void>;
  /** Makes the indexes; afterwards `adoptFillFile` puts the fill in the copy's place. Safe to repeat. */
  finishFill(end: FillEnd): Promise<void>;
  /**
   * Makes what is due of keys and digests of the copy in use, a few milliseconds at a time.
   *
   * @param turns of the open copy, behind whose writes it stands back
   */
  tend(turns?: SharedArrayBuffer): Promise<void>;
  /** Moves the copy's log into its file, also while something else is under way. The thread keeps the file open. */
  checkpoint(): Promise<void>;
  /** Closes what `checkpoint` keeps open: must come before another copy takes the place of this one. */
  letGo(): Promise<void>;
  /** Digests by what the rows say, not by what was noted: finds a row that nobody wrote. */
  scrub(): Promise<Scrubbed>;
  /** `ReplicaDb.scanCards` without blocking. */
  scanCards(scan: CardScan): Promise<ScannedCard[]>;
  /** `ReplicaDb.check` without blocking. */
  check(): Promise<string[]>;
  /** Of a thread whose place is `till.db`: an encrypted copy, looked through. @returns the newest op in it */
  backUpTill(target: string): Promise<number>;
  /** Ends the thread at once: what was under way goes on from there the next time. */
  close(): Promise<void>;
}

interface Answer {
  id: number;
  words?: string[];
  failed?: { code: DbErrorCode | null; message: string };
}

interface Waiting {
  resolve: (words: string[]) => void;
  reject: (cause: Error) => void;
}

/** Keeps what is thrown away from piling up: the works themselves need some 40 MB. */
const MEMORY = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 16 };

/** Bundled, the worker is a file beside this one; in development Node runs the source. */
function workerFile(): URL {
  const here = import.meta.url;
  return new URL(here.endsWith('.ts') ? './replica-worker.ts' : './replica-worker.cjs', here);
}

const toError = ({ code, message }: NonNullable<Answer['failed']>): Error =>
  code === null ? new Error(message) : new DbError(code, 'replica', { detail: message });

export function startReplicaWorker(place: ReplicaPlace): ReplicaWorker {
  const worker = new Worker(workerFile(), { workerData: place, resourceLimits: MEMORY });
  // Nobody who ends waits for it: what it does can be gone on with.
  worker.unref();
  const waiting = new Map<number, Waiting>();
  let asked = 0;
  let ended: Error | null = null;
  const end = (cause: Error): void => {
    ended ??= cause;
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  };
  worker.on('message', ({ id, words, failed }: Answer) => {
    const next = waiting.get(id);
    waiting.delete(id);
    if (failed === undefined) next?.resolve(words ?? []);
    else next?.reject(toError(failed));
  });
  worker.on('error', (cause) => end(cause instanceof Error ? cause : new Error(String(cause))));
  worker.on('exit', (code) => end(new Error(`the replica's worker ended with code ${code}`)));

  const ask = (task: WorkerTask, transfer: ArrayBuffer[] = []): Promise<string[]> =>
    new Promise((resolve, reject) => {
      if (ended !== null) return reject(ended);
      const message: Asked = { id: (asked += 1), task };
      waiting.set(message.id, { resolve, reject });
      worker.postMessage(message, transfer);
    });
  return {
    insertChunk: async (image, chunk) => {
      await ask({ name: 'insertChunk', image, chunk }, [image.buffer]);
    },
    finishFill: async (end) => {
      await ask({ name: 'finishFill', end });
    },
    tend: async (turns) => {
      await ask({ name: 'tend', turns });
    },
    checkpoint: async () => {
      await ask({ name: 'checkpoint' });
    },
    letGo: async () => {
      await ask({ name: 'letGo' });
    },
    // Cast: the worker answers `scrub` with just this.
    scrub: async () => JSON.parse((await ask({ name: 'scrub' }))[0] ?? '') as Scrubbed,
    // Cast: the worker answers `scanCards` with just this.
    scanCards: async (scan) =>
      JSON.parse((await ask({ name: 'scanCards', scan }))[0] ?? '[]') as ScannedCard[],
    check: () => ask({ name: 'check' }),
    backUpTill: async (target) => Number((await ask({ name: 'backUpTill', target }))[0]),
    close: async () => {
      await worker.terminate();
    },
  };
}
