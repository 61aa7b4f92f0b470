import { parentPort, workerData } from 'node:worker_threads';
import { must } from '../../../sync/base/must.ts';
import { toDbError } from '../../errors.ts';
import { openFile } from '../../open.ts';
import type { ReplicaPlace } from '../worker-tasks.ts';
import type { AskedOfColumns, ColumnsAnswer } from './columns-host.ts';
import { dayEntries } from './day-entries.ts';
import { watchedEntries } from './watched-entries.ts';
import { SegmentEngine } from './segment-engine.ts';

/** Segments and RFM over all members, in a thread of their own: see `columns-host.ts`, which starts this. */

const port = must(parentPort, 'this file runs as a worker');
// Cast: the host hands in just this.
const raw = openFile({ ...(workerData as ReplicaPlace), file: 'replica' });
raw.pragma('query_only = ON');
const engine = new SegmentEngine(raw);

function run({ task }: AskedOfColumns): unknown {
  switch (task.name) {
    case 'touch':
      return engine.touch(task.touched);
    case 'count':
      return engine.count(task.chosen, task.asking);
    case 'list':
      return engine.list(task.chosen, task.asking, task.range);
    case 'whole':
      return engine.whole(task.chosen, task.asking);
    case 'rfm':
      return engine.rfm(task.asking);
    case 'borders':
      return engine.borders(task.asking);
    case 'tagChanges':
      return engine.tagChanges(task.rule, task.asking, task.limit);
    case 'watched':
      return watchedEntries(raw, task);
    case 'day':
      return dayEntries(raw, task);
    case 'words':
      return engine.words(task.field, task.limit);
  }
}

port.on('message', (asked: AskedOfColumns) => {
  const { id } = asked;
  let answer: ColumnsAnswer;
  try {
    answer = { id, result: run(asked) };
  } catch (cause) {
    // A class does not travel between threads; its code does.
    const code = toDbError(cause, 'replica')?.code ?? null;
    answer = { id, failed: { code, message: cause instanceof Error ? cause.message : String(cause) } };
  }
  port.postMessage(answer);
});
