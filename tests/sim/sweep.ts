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

/** Seeds over as many threads as there are cores; a thread takes the next one when it is done. */
export async function runSeeds(
  { seeds, start, isUntilRed }: Sweep,
  onResult: (result: SeedResult) => void,
): Promise<SeedResult[]> {
  const results: SeedResult[] = [];
  let next = start;
  let isRed = false;
  const runThread = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL('./seed-worker.ts', import.meta.url));
      const give = (): void => {
        if (next < start + seeds && !(isRed && isUntilRed)) worker.postMessage(next++);
        else void worker.terminate().then(() => resolve(), reject);
      };
      worker.on('message', (result: SeedResult) => {
        isRed ||= result.violation !== null;
        results.push(result);
        onResult(result);
        give();
      });
      worker.once('error', reject);
      give();
    });
  await Promise.all(Array.from({ length: Math.min(seeds, availableParallelism()) }, runThread));
  return results;
}
