import { Worker } from 'node:worker_threads';
import { DbError } from '../../errors.ts';
import type { CardScan, ScannedCard } from '../repos/card-scan.ts';
import type { ReplicaPlace } from '../worker-tasks.ts';
import type { RegisterAsk, RegisterReply, RegisterTask } from './register-tasks.ts';
import type {
  ExportAsk,
  OwnMember,
  RegisterMemory,
  RegisterPage,
  RegisterPageAsk,
  RegisterTotals,
  TotalsAsk,
  ValueCount,
} from './register-types.ts';

/**
 * The list of all members of a copy, in a thread of its own. Methods reject with `DbError` when the file fails,
 * and with `Error` when the thread ended.
 */
export interface RegisterThread {
  /** Resolves when the list is whole; only then may anything be asked. */
  build(): Promise<void>;
  /** How much of that is done, 0 to 1. */
  progress(): number;
  /** The copy has other rows of these; never waited for. */
  refresh(memberIds: readonly string[], accountNos: readonly number[]): void;
  /** This till's own actions, and members of whom the copy is right again. */
  setOwn(members: readonly OwnMember[], dropped: readonly string[]): void;
  page(ask: RegisterPageAsk): Promise<RegisterPage>;
  totals(ask: TotalsAsk): Promise<RegisterTotals>;
  /** Values of columns of choices, each with how many have it, the most frequent first. */
  values(columns: readonly string[], limit: number): Promise<Record<string, ValueCount[]>>;
  /** After `build`: resolves when the cards are whole; only then may they be asked for. */
  buildCards(): Promise<void>;
  /** As `ReplicaDb.scanCards`, with this till's own actions laid over. */
  cardPage(scan: CardScan): Promise<ScannedCard[]>;
  memory(): Promise<RegisterMemory>;
  /** @returns how many rows the file will have */
  beginExport(exportId: string, ask: ExportAsk): Promise<number>;
  /** The next lines of the file as UTF-8, the header first; empty at the end. */
  readExport(exportId: string, rows: number): Promise<Uint8Array>;
  endExport(exportId: string): Promise<void>;
  /** Closes the file, then ends the thread: must come before another copy takes the place of this one. */
  close(): Promise<void>;
}

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (cause: Error) => void;
}

/** Columns lie outside of these; what is counted here are rows on their way into them. */
const MEMORY = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 16 };

/** Bundled, the worker is a file beside this one; in development Node runs the source. */
function workerFile(): URL {
  const here = import.meta.url;
  return new URL(here.endsWith('.ts') ? './register-worker.ts' : './register-worker.cjs', here);
}

/** Asks of one thread, each answered once. */
function createLine(worker: Worker, onProgress: (share: number) => void) {
  const waiting = new Map<number, Waiting>();
  let asked = 0;
  let ended: Error | null = null;
  const end = (cause: Error): void => {
    ended ??= cause;
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  };
  worker.on('message', (reply: RegisterReply) => {
    if ('progress' in reply) return onProgress(reply.progress);
    const next = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (!('failed' in reply)) return next?.resolve(reply.value);
    const { code, message } = reply.failed;
    next?.reject(code === null ? new Error(message) : new DbError(code, 'replica', { detail: message }));
  });
  worker.on('error', (cause) => end(cause instanceof Error ? cause : new Error(String(cause))));
  worker.on('exit', (code) => end(new Error(`the list's worker ended with code ${code}`)));
  return <Value>(task: RegisterTask): Promise<Value> =>
    new Promise<Value>((resolve, reject) => {
      if (ended !== null) return reject(ended);
      const message: RegisterAsk = { id: (asked += 1), task };
      // Cast: the thread answers each task with just that.
      waiting.set(message.id, { resolve: (value) => resolve(value as Value), reject });
      worker.postMessage(message);
    });
}

/** @param onFault what broke without anybody waiting for it */
export function startRegisterThread(place: ReplicaPlace, onFault: (cause: unknown) => void): RegisterThread {
  const worker = new Worker(workerFile(), { workerData: place, resourceLimits: MEMORY });
  worker.unref();
  let share = 0;
  const ask = createLine(worker, (now) => (share = now));
  const tell = (task: RegisterTask): void => void ask(task).catch(onFault);
  return {
    build: () => ask({ name: 'build' }),
    progress: () => share,
    refresh: (memberIds, accountNos) => tell({ name: 'refresh', memberIds, accountNos }),
    setOwn: (members, dropped) => tell({ name: 'setOwn', members, dropped }),
    page: (wanted) => ask({ name: 'page', ask: wanted }),
    totals: (wanted) => ask({ name: 'totals', ask: wanted }),
    values: (columns, limit) => ask({ name: 'values', columns, limit }),
    buildCards: () => ask({ name: 'buildCards' }),
    cardPage: (scan) => ask({ name: 'cardPage', scan }),
    memory: () => ask({ name: 'memory' }),
    beginExport: (exportId, wanted) => ask({ name: 'beginExport', exportId, ask: wanted }),
    readExport: (exportId, rows) => ask({ name: 'readExport', exportId, rows }),
    endExport: (exportId) => ask({ name: 'endExport', exportId }),
    close: async () => {
      await ask({ name: 'close' }).catch(() => undefined);
      await worker.terminate();
    },
  };
}
