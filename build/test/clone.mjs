/** Both commands of the README, in a fresh clone, as a newcomer would type them. */
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { say } from '../setup/say.mjs';
import { ROOT } from '../targets.mjs';
import { ONE_FAILED, ONE_PASSED, sum } from './count.mjs';

/** @typedef {import('./count.mjs').Count} Count */

const INSIDE = 'COUNTERFOIL_INSIDE_CLONE';
const READY_MS_MAX = 10 * 60_000;
const TEST_MS_MAX = 40 * 60_000;
const PICTURE_BYTES_MIN = 10_000;

/** Only in CI, and never inside the clone that CI itself made. */
export const isCloneDue = () => Boolean(process.env['CI']) && !process.env[INSIDE];

/** @type {(folder: string) => NodeJS.ProcessEnv} The machine's own environment, without what npm and we put in. */
function newcomerEnv(folder) {
  const own = Object.entries(process.env).filter(
    // A build in this process has set NODE_ENV, and npm would leave the tools out.
    ([name]) => !/^(npm_|COUNTERFOIL_|VITEST|DISPLAY$|INIT_CWD$|NODE_ENV$)/i.test(name),
  );
  const path = (process.env['PATH'] ?? '').split(delimiter).filter((part) => !part.includes('node_modules'));
  const cache = process.env['COUNTERFOIL_CACHE'];
  return {
    ...Object.fromEntries(own),
    PATH: path.join(delimiter),
    [INSIDE]: '1',
    COUNTERFOIL_DEMO_DIR: join(folder, 'demo'),
    ...(cache ? { COUNTERFOIL_CACHE: cache } : {}),
  };
}

/**
 * Runs `npm NAME` in the clone and hands each line to `onLine`, which may say that it has seen enough.
 *
 * @param {string} folder
 * @param {{ name: string, timeLimitMs: number, onLine: (line: string) => boolean }} options
 * @returns {Promise<number | null>} exit code
 */
function npm(folder, { name, timeLimitMs, onLine }) {
  const child = spawn('npm', [name], {
    cwd: join(folder, 'clone'),
    env: newcomerEnv(folder),
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: timeLimitMs,
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (onLine(line)) child.kill('SIGTERM');
  });
  return new Promise((resolve) => child.once('close', resolve));
}

/** @type {(path: string) => boolean} */
const isPicture = (path) =>
  existsSync(path) &&
  statSync(path).size > PICTURE_BYTES_MIN &&
  readFileSync(path).subarray(1, 4).toString() === 'PNG';

/** @type {(folder: string) => Promise<Count>} */
async function checkStart(folder) {
  let picture = '';
  let ready = '';
  await npm(folder, {
    name: 'start',
    timeLimitMs: READY_MS_MAX,
    onLine: (line) => {
      if (line.startsWith('screenshot ')) picture = line.slice('screenshot '.length);
      if (line.startsWith('ready ')) ready = line;
      return ready !== '';
    },
  });
  const isGood = ready.includes('http') && isPicture(picture);
  say(`fresh clone: npm start: ${isGood ? ready : `no ready line with a picture (${picture})`}`);
  return isGood ? ONE_PASSED : ONE_FAILED;
}

/** @type {(folder: string) => Promise<Count>} */
async function checkTest(folder) {
  let last = '';
  const exitCode = await npm(folder, {
    name: 'test',
    timeLimitMs: TEST_MS_MAX,
    onLine: (line) => {
      if (line.startsWith('FAILED')) say(`fresh clone: ${line}`);
      last = line || last;
      return false;
    },
  });
  say(`fresh clone: npm test: exit code ${exitCode}, "${last}"`);
  return exitCode === 0 && /^\d+ passed, 0 failed/.test(last) ? ONE_PASSED : ONE_FAILED;
}

/** @type {() => Promise<Count>} */
export async function checkClone() {
  const folder = mkdtempSync(join(tmpdir(), 'counterfoil-clone-'));
  chmodSync(folder, 0o755); // Run by root, the tests' PostgreSQL is another user's.
  try {
    execFileSync('git', ['clone', '--quiet', ROOT, join(folder, 'clone')]);
    return sum([await checkStart(folder), await checkTest(folder)]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
