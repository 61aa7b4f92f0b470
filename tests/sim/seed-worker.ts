import { parentPort } from 'node:worker_threads';
import './memory-hook.ts';

// After the hook: what is imported from here on gets the repositories in memory.
const { runSeed } = await import('./run-seed.ts');

parentPort?.on('message', (seed: number) => {
  void runSeed(seed).then((result) => parentPort?.postMessage(result));
});
