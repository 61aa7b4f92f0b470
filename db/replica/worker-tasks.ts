import { openFile, type Connection } from '../open.ts';
import { fillPathOf } from './bulk/fill-file.ts';
import { finishFill, type FillEnd } from './bulk/finish-fill.ts';
import { insertChunk } from './bulk/insert-chunk.ts';
import type { CardScan } from './repos/card-scan.ts';
import { moveLog } from './repos/log-reader.ts';

/** The copy's path and key; a fill lies beside it. */
export interface ReplicaPlace {
  path: string;
  keyHex: string;
}

/** What the worker is asked. */
export type WorkerTask =
  | { name: 'insertChunk'; image: Uint8Array; chunk: number }
  | { name: 'finishFill'; end: FillEnd }
  | { name: 'tend'; turns?: SharedArrayBuffer | undefined }
  | { name: 'checkpoint' }
  | { name: 'letGo' }
  | { name: 'scrub' }
  | { name: 'scanCards'; scan: CardScan }
  | { name: 'check' }
  | { name: 'backUpTill'; target: string };

/** A task on its way; the answer has the same number. */
export interface Asked {
  id: number;
  task: WorkerTask;
}

async function onOwnConnection<T>(place: ReplicaPlace, act: (raw: Connection) => T | Promise<T>): Promise<T> {
  const raw = openFile({ ...place, file: 'replica' });
  try {
    return await act(raw);
  } finally {
    raw.close();
  }
}

/** The copy in use, open from one `checkpoint` to the next: to open it takes longer than to move a short log. */
let kept: Connection | null = null;

function letGo(): void {
  const raw = kept;
  kept = null;
  raw?.close();
}

/** What failed once is opened anew the next time. */
function checkpoint(place: ReplicaPlace): void {
  kept ??= openFile({ ...place, file: 'replica' });
  try {
    moveLog(kept);
  } catch (cause) {
    letGo();
    throw cause;
  }
}

/**
 * Loaded when they are wanted: rules of rows, keys and phones take longer to load than a fill's first chunk to come,
 * and a fill needs none of them.
 */
const longTasks = () => import('./long-tasks.ts');

/** Runs one task to its end. @returns words of `check`, JSON of other answers; [] for none. @throws DbError */
export async function runTask(place: ReplicaPlace, task: WorkerTask): Promise<string[]> {
  const fill = { ...place, path: fillPathOf(place.path) };
  switch (task.name) {
    case 'insertChunk': {
      const { buffer, byteOffset, byteLength } = task.image;
      insertChunk(fill, Buffer.from(buffer, byteOffset, byteLength), task.chunk);
      return [];
    }
    case 'finishFill':
      finishFill(fill, task.end);
      return [];
    case 'tend': {
      const { tend } = await longTasks();
      await onOwnConnection(place, (raw) => tend(raw, task.turns));
      return [];
    }
    case 'checkpoint':
      checkpoint(place);
      return [];
    case 'letGo':
      letGo();
      return [];
    case 'scanCards': {
      const { scanCards } = await longTasks();
      return [JSON.stringify(await onOwnConnection(place, (raw) => scanCards(raw, task.scan)))];
    }
    case 'scrub': {
      const { scrubDigests } = await longTasks();
      return [JSON.stringify(await onOwnConnection(place, scrubDigests))];
    }
    case 'backUpTill': {
      const { backUpTill } = await import('../till/back-up.ts');
      return [String(backUpTill({ ...place, target: task.target }))];
    }
    case 'check': {
      const { checkReplica } = await longTasks();
      return onOwnConnection(place, checkReplica);
    }
  }
}
