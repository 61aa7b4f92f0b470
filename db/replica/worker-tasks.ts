import { guard } from '../errors.ts';
import { openFile, type Connection } from '../open.ts';
import { countDigests } from './bulk/count-digests.ts';
import { fillPathOf } from './bulk/fill-file.ts';
import { finishFill, type FillEnd } from './bulk/finish-fill.ts';
import { insertChunk } from './bulk/insert-chunk.ts';
import { scrubDigests } from './bulk/scrub-digests.ts';
import { checkReplica } from './check.ts';
import { keyBatches } from './keys/key-batches.ts';
import { keyMerge } from './keys/key-merge.ts';
import { standBack } from './turns.ts';

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
  | { name: 'scrub' }
  | { name: 'check' };

/** A task on its way; the answer has the same number. */
export interface Asked {
  id: number;
  task: WorkerTask;
}

/** Between two writes, so that whoever waits for the file gets it: it is not given in order of asking. */
const PAUSE_MS = 3;
const shortly = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, PAUSE_MS));

async function onOwnConnection<T>(place: ReplicaPlace, act: (raw: Connection) => T | Promise<T>): Promise<T> {
  const raw = openFile({ ...place, file: 'replica' });
  try {
    return await act(raw);
  } finally {
    raw.close();
  }
}

/** Pages that the log may hold while the tending goes on: moved in some 20 ms, here. */
const LOG_PAGES = 1_000;

/**
 * Makes missing keys, moves small runs into the big one, counts digests, empties the log: whatever is due. All
 * of it can be made again, so no commit waits for the disk.
 */
async function tend(raw: Connection, turns: SharedArrayBuffer | undefined): Promise<void> {
  raw.pragma('synchronous = NORMAL');
  raw.pragma(`wal_autocheckpoint = ${LOG_PAGES}`);
  const pause = async (): Promise<void> => {
    await shortly();
    if (turns !== undefined) standBack(turns);
  };
  checkpoint(raw);
  const batches = keyBatches(raw);
  while (await batches.makeNext(pause)) await pause();
  guard('replica', () => countDigests(raw));
  const merge = keyMerge(raw);
  if (!merge.isDue()) return;
  while (merge.moveNext()) await pause();
}

/** As far as readers allow; writers go on meanwhile. */
function checkpoint(raw: Connection): void {
  raw.pragma('wal_checkpoint(PASSIVE)');
}

/** Runs one task to its end. @returns words of `check`, JSON of `scrub`; [] of every other. @throws DbError */
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
    case 'tend':
      await onOwnConnection(place, (raw) => tend(raw, task.turns));
      return [];
    case 'checkpoint':
      await onOwnConnection(place, checkpoint);
      return [];
    case 'scrub':
      return [JSON.stringify(await onOwnConnection(place, scrubDigests))];
    case 'check':
      return onOwnConnection(place, checkReplica);
  }
}
