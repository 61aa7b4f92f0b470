import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildAll } from '../build.mjs';
import { resolveElectron } from '../setup/electron.mjs';
import { NODE_PATH } from '../setup/house.mjs';
import { installSystemPackages, machineProblem } from '../setup/system.mjs';
import { ROOT } from '../targets.mjs';
import { checkClone, isCloneDue } from './clone.mjs';
import { countPlaywright, countVitest, ONE_FAILED, ONE_PASSED, ONE_SKIPPED, sum } from './count.mjs';

/** @typedef {import('./count.mjs').Count} Count */
/** @typedef {{ name: string, run: () => Promise<Count> }} Check */

const REPORTS = join(ROOT, 'out/test');
const BIN = join(ROOT, 'node_modules/.bin');

/** @type {(line: string) => void} */
const print = (line) => void process.stdout.write(`${line}\n`);

/** @type {(command: string, args: string[], env?: NodeJS.ProcessEnv) => Promise<number>} */
function exitCodeOf(command, args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.once('error', () => resolve(1));
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/** @type {(name: string, args: string[]) => Check} A tool that says yes or no counts as one. */
const tool = (name, [command = '', ...args]) => ({
  name,
  run: async () => ((await exitCodeOf(join(BIN, command), args)) === 0 ? ONE_PASSED : ONE_FAILED),
});

/** @type {(...projects: string[]) => Check} Together, so that a long file of one leaves no core idle. */
const vitest = (...projects) => ({
  name: projects.join(', '),
  run: async () => {
    const report = join(REPORTS, `${projects[0]}.json`);
    rmSync(report, { force: true });
    const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${report}`];
    const config = ['--config', join(ROOT, 'build/vitest.config.ts')];
    const args = ['run', ...config, ...projects.flatMap((project) => ['--project', project]), ...reporters];
    const exitCode = await exitCodeOf(NODE_PATH, [join(ROOT, 'node_modules/vitest/vitest.mjs'), ...args]);
    return countVitest(report, exitCode);
  },
});

/** @type {Check} */
const e2e = {
  name: 'e2e',
  run: async () => {
    const report = join(REPORTS, 'e2e.json');
    rmSync(report, { force: true });
    const script = join(ROOT, 'node_modules/@playwright/test/cli.js');
    const args = ['test', '--config', join(ROOT, 'build/playwright.config.ts'), '--reporter=list,json'];
    const exitCode = await exitCodeOf(NODE_PATH, [script, ...args], { PLAYWRIGHT_JSON_OUTPUT_FILE: report });
    return countPlaywright(report, exitCode);
  },
};

/** Real devices, in a machine of their own. Where there can be none, that is said and counted. @type {Check} */
const vm = {
  name: 'vm',
  run: async () => {
    const problem = await machineProblem();
    if (problem === '') return vitest('vm').run();
    print(`vm: NOT RUN, no device of a real kernel was tried: ${problem}`);
    return ONE_SKIPPED;
  },
};

/** @type {Check} */
const clone = { name: 'fresh clone', run: checkClone };

const HOUSE = [tool('format', ['oxfmt', '--check']), tool('lint', ['oxlint']), tool('types', ['tsc', '-b'])];
const QUICK = [...HOUSE, vitest('unit', 'contract', 'tidy')];

/** @type {Record<string, () => Check[]>} */
const GROUPS = {
  all: () => [
    ...QUICK,
    vitest('long'),
    vm,
    vitest('sim'),
    vitest('storm'),
    e2e,
    ...(isCloneDue() ? [clone] : []),
  ],
  check: () => QUICK,
  e2e: () => [e2e],
  vm: () => [vm],
};

/** @type {(check: Check) => Promise<Count>} */
async function runCheck({ name, run }) {
  const startMs = performance.now();
  const count = await run();
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  print(
    `${count.failed > 0 ? 'FAILED' : 'ok'} ${name}: ${count.passed} of ${count.passed + count.failed} (${seconds} s)\n`,
  );
  return count;
}

/**
 * Sets up what the checks need, runs all of `group` whatever fails, and closes with one line that counts them.
 *
 * @param {string} group
 * @returns {Promise<number>} exit code
 */
export async function runChecks(group) {
  const checks = GROUPS[group]?.();
  if (!checks) throw new Error(`There are no checks called ${group}, only ${Object.keys(GROUPS).join(', ')}`);
  mkdirSync(REPORTS, { recursive: true });
  if (group !== 'check') {
    await installSystemPackages('tests');
    await resolveElectron();
  }
  await buildAll();
  /** @type {Count[]} */
  const counts = [];
  for (const check of checks) counts.push(await runCheck(check));
  const { passed, failed, skipped } = sum(counts);
  print(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  return failed === 0 ? 0 : 1;
}
