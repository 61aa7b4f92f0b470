import type { Round } from './figure.ts';

/** The same task twice: as the product does it, and as the machine could at best. */
export interface Pair {
  /** What has happened before the task begins; not timed. */
  before?: (at: number) => void;
  ours: Task;
  limit: Task;
}

/** @returns when it was done, by `performance.now()`, if that was before it returned */
type Task = (at: number) => number | undefined;

function timed(task: Task, at: number): number {
  const startMs = performance.now();
  const doneMs = task(at);
  return (doneMs ?? performance.now()) - startMs;
}

/**
 * Both sides one after the other for each task, so that whatever else the machine does meets both. They take
 * turns in going first, because the first one warms the disk's cache for the second.
 *
 * @param tasks first number of each round's tasks is `round * perRound`
 */
export function timePairs(pair: Pair, tasks: { rounds: number; perRound: number; warmUp: number }): Round[] {
  for (let at = 0; at < tasks.warmUp; at += 1) {
    pair.before?.(at);
    pair.limit(at);
    pair.ours(at);
  }
  return Array.from({ length: tasks.rounds }, (_, round) => {
    const times: Round = { ours: [], limit: [] };
    const first = tasks.warmUp + round * tasks.perRound;
    for (let at = first; at < first + tasks.perRound; at += 1) {
      pair.before?.(at);
      const isOursFirst = at % 2 === 0;
      if (isOursFirst) times.ours.push(timed(pair.ours, at));
      times.limit.push(timed(pair.limit, at));
      if (!isOursFirst) times.ours.push(timed(pair.ours, at));
    }
    return times;
  });
}
