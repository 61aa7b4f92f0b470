import { parentPort, workerData } from 'node:worker_threads';
import { must } from '../../sync/base/must.ts';
import { toDbError } from '../errors.ts';
import { runTask, type Asked, type ReplicaPlace } from './worker-tasks.ts';

/** The long works on a copy, in a thread of their own: see `worker-host.ts`, which starts this. */

const port = must(parentPort, 'this file runs as a worker');
// Cast: the host hands in just this.
const place = workerData as ReplicaPlace;
let last: Promise<void> = Promise.resolve();

async function answer({ id, task }: Asked): Promise<void> {
  try {
    port.postMessage({ id, words: await runTask(place, task) });
  } catch (cause) {
    // A class does not travel between threads; its code does.
    const error = toDbError(cause, 'replica');
    port.postMessage({
      id,
      failed: { code: error?.code ?? null, message: cause instanceof Error ? cause.message : String(cause) },
    });
  }
}

port.on('message', (asked: Asked) => {
  // Short, and wanted while something long is under way.
  if (asked.task.name === 'checkpoint' || asked.task.name === 'letGo') void answer(asked);
  else last = last.then(() => answer(asked));
});
