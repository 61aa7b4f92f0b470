import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { SeedResult } from './run-seed.ts';

export interface Sweep {
  seeds: number;
  start: number;
  /** No seed is begun after the first failure. */
  isUntilRed: boolean;
}

export function tellFailure(result: SeedResult, print: (line: string) => void): void {
  const { seed, kind, tills, faults, lines, violation } = result;
  print(`\nseed ${seed} (${kind}, ${tills} tills, ${faults.join(', ')}) FAILED:`);
  for (const line of lines) print(`  ${line}`);
  print(`  ${violation}`);
  print(`replay: npm run sim -- --seeds 1 --start ${seed}`);
}

/** What a run leaves behind in its thread goes with the thread: a long sweep needs no more memory than a short one. */
const SEEDS_PER_THREAD = 200;

/** Seeds over as many threads as there are cores; a thread takes the next one when it is done. */
export async function runSeeds(
  { seeds, start, isUntilRed }: Sweep,
  onResult: (result: SeedResult) => void,
): Promise<SeedResult[]> {
  const results: SeedResult[] = [];
  let next = start;
  let isRed = false;
  const isOver = (): boolean => next >= start + seeds || (isRed && isUntilRed);
  const runThread = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL('./seed-worker.ts', import.meta.url));
      let given = 0;
      const give = (): void => {
        if (isOver() || given === SEEDS_PER_THREAD)
          return void worker.terminate().then(() => resolve(), reject);
        given += 1;
        worker.postMessage(next++);
      };
      worker.on('message', (result: SeedResult) => {
        isRed ||= result.violation !== null;
        onResult(result);
        results.push({ ...result, lines: [] });
        give();
      });
      worker.once('error', reject);
      give();
    });
  const runThreads = async (): Promise<void> => {
    while (!isOver()) await runThread();
  };
  await Promise.all(Array.from({ length: Math.min(seeds, availableParallelism()) }, runThreads));
  return results;
}
