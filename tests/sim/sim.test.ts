import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { NODE_PATH } from '../../build/setup/house.mjs';
import { ROOT } from '../../build/targets.mjs';
import { listPatches, PLANTED } from './planted.ts';

/** The very program that people run, in a process of its own: its modules are not those of the other tests. */
function runSim(...args: readonly string[]): { code: number; words: string; last: string } {
  const script = join(ROOT, 'tests/sim/index.ts');
  const { status, stdout, stderr } = spawnSync(NODE_PATH, [script, ...args], { cwd: ROOT, encoding: 'utf8' });
  const words = stdout + stderr;
  return { code: status ?? 1, words, last: words.trim().split('\n').at(-1) ?? '' };
}

test('sim: 200 seeds reach every situation, and every rule holds in each', () => {
  const { code, words } = runSim('--seeds', '200');
  expect(words).toContain('200 seeds, 0 violations');
  const reached = /^seeds that reached: (.*)$/m.exec(words)?.[1]?.split(', ') ?? [];
  expect(reached.filter((each) => each.endsWith(' 0'))).toEqual([]);
  expect(code).toBe(0);
});

test.each([1, 7, 42])('seed %i runs the same way twice, event by event', (seed) => {
  const [one, other] = [1, 2].map(() => runSim('--seeds', '1', '--start', String(seed)).last);
  expect(one).toMatch(/^trace [0-9a-f]{32}$/);
  expect(other).toBe(one);
});

test('a bug that was planted is found, told with its seed, and ends with 1', () => {
  const { code, last } = runSim('--planted', '--seeds', '40', 'tick-before-commit', 'serial-feed');
  expect(last).toBe('2 of 2 planted bugs red within 40 seeds');
  expect(code).toBe(0);
});

test('each planted bug still fits the code that it breaks', () => {
  const patches = listPatches();
  const check = (patch: string): number | null =>
    spawnSync('git', ['apply', '--check', '-C1', join(PLANTED, patch)], { cwd: ROOT }).status;
  expect(patches.length).toBeGreaterThanOrEqual(21);
  expect(patches.filter((patch) => check(patch) !== 0)).toEqual([]);
});
