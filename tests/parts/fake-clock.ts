import { spawnSync } from 'node:child_process';

/** Where the library lies that hands a process another clock. */
function libraryPath(): string {
  const { stdout } = spawnSync('faketime', ['-f', '+0d', 'printenv', 'LD_PRELOAD'], { encoding: 'utf8' });
  const path = (stdout ?? '').trim();
  if (path === '') throw new Error('This test needs faketime. To mend it: npm run setup');
  return path;
}

/** Environment of a process whose clock is another one; its running time, and so its timers, are the machine's. */
export const fakeClock = (): Record<string, string> => ({
  LD_PRELOAD: libraryPath(),
  FAKETIME_NO_CACHE: '1',
  FAKETIME_DONT_FAKE_MONOTONIC: '1',
});
