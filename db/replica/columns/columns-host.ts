import { Worker } from 'node:worker_threads';
import type { WatchedEntry } from '../../../sync/segments/own-card-watch.ts';
import type { TagRule } from '../../../sync/model/segment.ts';
import type { RfmBorders } from '../../../sync/segments/rfm.ts';
import type { DayEntry, ShopDayAsked } from './day-entries.ts';
import type { WatchedRange } from './watched-entries.ts';
import { DbError, type DbErrorCode } from '../../errors.ts';
import type { ReplicaPlace } from '../worker-tasks.ts';
import type {
  Asking,
  Chosen,
  MemberPage,
  RfmPicture,
  TagChanges,
  Touched,
  WholeChoice,
  WordCount,
} from './segment-engine.ts';

type Range = { offset: number; limit: number };

/** What the thread is asked. */
export type ColumnsTask =
  | { name: 'touch'; touched: Touched | null }
  | { name: 'count'; chosen: readonly Chosen[]; asking: Asking }
  | { name: 'list'; chosen: Chosen; asking: Asking; range: Range }
  | { name: 'whole'; chosen: Chosen; asking: Asking }
  | { name: 'rfm'; asking: Asking }
  | { name: 'borders'; asking: Asking }
  | { name: 'tagChanges'; rule: TagRule; asking: Asking; limit: number }
  | { name: 'words'; field: string; limit: number }
  | ({ name: 'watched' } & WatchedRange)
  | ({ name: 'day' } & ShopDayAsked);

export interface AskedOfColumns {
  id: number;
  task: ColumnsTask;
}
export interface ColumnsAnswer {
  id: number;
  result?: unknown;
  failed?: { code: DbErrorCode | null; message: string };
}

/**
 * Segments and RFM over everybody of a copy, in a thread of their own: the first question reads all members, which
 * takes seconds at a million, the others milliseconds. Methods reject with `DbError` when the file fails, with `Error`
 * when the thread ended. See `SegmentEngine` for what each does.
 */
export interface ColumnsWorker {
  /** Before the next question; null: anything may have changed. */
  touch(touched: Touched | null): void;
  count(chosen: readonly Chosen[], asking: Asking): Promise<number[]>;
  list(chosen: Chosen, asking: Asking, range: Range): Promise<MemberPage>;
  whole(chosen: Chosen, asking: Asking): Promise<WholeChoice>;
  rfm(asking: Asking): Promise<RfmPicture>;
  borders(asking: Asking): Promise<RfmBorders>;
  tagChanges(rule: TagRule, asking: Asking, limit: number): Promise<TagChanges>;
  words(field: string, limit: number): Promise<WordCount[]>;
  /** Entries of a store's days; reads the ledger through, which takes a while for years of it. */
  watched(range: WatchedRange): Promise<WatchedEntry[]>;
  /** Entries of one shop and day; reads the ledger through, too. */
  day(asked: ShopDayAsked): Promise<DayEntry[]>;
  /** Ends the thread at once; what was asked rejects. */
  close(): Promise<void>;
}

/** Texts of ten million members' combinations of tags and the like; the columns themselves lie outside of it. */
const MEMORY = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 32 };

/** Bundled, the worker is a file beside this one; in development Node runs the source. */
function workerFile(): URL {
  const here = import.meta.url;
  return new URL(here.endsWith('.ts') ? './columns-worker.ts' : './columns-worker.cjs', here);
}

export function startColumnsWorker(place: ReplicaPlace): ColumnsWorker {
  const worker = new Worker(workerFile(), { workerData: place, resourceLimits: MEMORY });
  // Nobody who ends waits for it.
  worker.unref();
  const waiting = new Map<number, { resolve: (result: unknown) => void; reject: (cause: Error) => void }>();
  let asked = 0;
  let ended: Error | null = null;
  const end = (cause: Error): void => {
    ended ??= cause;
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  };
  worker.on('message', ({ id, result, failed }: ColumnsAnswer) => {
    const next = waiting.get(id);
    waiting.delete(id);
    if (failed === undefined) next?.resolve(result);
    else if (failed.code === null) next?.reject(new Error(failed.message));
    else next?.reject(new DbError(failed.code, 'replica', { detail: failed.message }));
  });
  worker.on('error', (cause) => end(cause instanceof Error ? cause : new Error(String(cause))));
  worker.on('exit', (code) => end(new Error(`the columns' worker ended with code ${code}`)));
  const ask = <Result>(task: ColumnsTask): Promise<Result> =>
    new Promise((resolve, reject) => {
      if (ended !== null) return reject(ended);
      const message: AskedOfColumns = { id: (asked += 1), task };
      // Cast: the worker answers each task with its own result.
      waiting.set(message.id, { resolve: resolve as (result: unknown) => void, reject });
      worker.postMessage(message);
    });
  return {
    touch: (touched) => {
      // Who ended is told by the next question.
      ask({ name: 'touch', touched }).catch(() => {});
    },
    count: (chosen, asking) => ask({ name: 'count', chosen, asking }),
    list: (chosen, asking, range) => ask({ name: 'list', chosen, asking, range }),
    whole: (chosen, asking) => ask({ name: 'whole', chosen, asking }),
    rfm: (asking) => ask({ name: 'rfm', asking }),
    borders: (asking) => ask({ name: 'borders', asking }),
    tagChanges: (rule, asking, limit) => ask({ name: 'tagChanges', rule, asking, limit }),
    words: (field, limit) => ask({ name: 'words', field, limit }),
    watched: (range) => ask({ name: 'watched', ...range }),
    day: (asked) => ask({ name: 'day', ...asked }),
    close: async () => {
      await worker.terminate();
    },
  };
}
