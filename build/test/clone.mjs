/** `npm start` in a fresh clone, as a newcomer would type it, and once more. */
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { say } from '../setup/say.mjs';
import { ROOT } from '../targets.mjs';
import { ONE_FAILED, ONE_PASSED, sum } from './count.mjs';

/** @typedef {import('./count.mjs').Count} Count */

const READY_MS_MAX = 10 * 60_000;
const PICTURE_BYTES_MIN = 10_000;

/** Only in CI: a minute that a change in the middle of the day has no use for. */
export const isCloneDue = () => Boolean(process.env['CI']);

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
    COUNTERFOIL_DEMO_DIR: join(folder, 'demo'),
    ...(cache ? { COUNTERFOIL_CACHE: cache } : {}),
  };
}

/**
 * Runs `npm start` in the clone until `onLine`, which hears each line, says of a result that it has seen enough.
 *
 * @param {string} folder
 * @param {(line: string) => boolean} onLine
 * @returns {Promise<void>}
 */
function npmStart(folder, onLine) {
  const child = spawn('npm', ['start'], {
    cwd: join(folder, 'clone'),
    env: newcomerEnv(folder),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: READY_MS_MAX,
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (onLine(line)) child.kill('SIGTERM');
  });
  createInterface({ input: child.stderr }).on('line', (line) => {
    say(line);
    onLine(line);
  });
  return new Promise((resolve) => child.once('close', () => resolve()));
}

/** @type {(path: string) => boolean} */
const isPicture = (path) =>
  existsSync(path) &&
  statSync(path).size > PICTURE_BYTES_MIN &&
  readFileSync(path).subarray(1, 4).toString() === 'PNG';

/**
 * @param {string} folder
 * @returns {Promise<{ steps: string[], ready: string, isGood: boolean }>} what set-up did, and whether it ended ready
 *   with a picture
 */
async function start(folder) {
  let picture = '';
  let ready = '';
  /** @type {string[]} */
  const steps = [];
  await npmStart(folder, (line) => {
    if (line.startsWith('set-up: ')) steps.push(line);
    if (line.startsWith('screenshot ')) picture = line.slice('screenshot '.length);
    if (line.startsWith('ready ')) ready = line;
    return ready !== '';
  });
  return { steps, ready, isGood: ready.includes('http') && isPicture(picture) };
}

/** @type {(folder: string) => Promise<Count>} */
async function checkFirstStart(folder) {
  const { ready, isGood } = await start(folder);
  say(`fresh clone: npm start: ${isGood ? ready : `no ready line with a picture ("${ready}")`}`);
  return isGood ? ONE_PASSED : ONE_FAILED;
}

/** What the first one made is used, not made again. @type {(folder: string) => Promise<Count>} */
async function checkSecondStart(folder) {
  const { steps, ready, isGood } = await start(folder);
  const repeated = steps.filter((step) => /npm ci|build|enrolled/.test(step));
  const isQuick = isGood && repeated.length === 0;
  say(
    `fresh clone: npm start again: ${isQuick ? ready : `"${ready}", did once more: ${repeated.join('; ')}`}`,
  );
  return isQuick ? ONE_PASSED : ONE_FAILED;
}

/** `npm test` is not run in here: CI itself is `npm test` in a fresh clone. @type {() => Promise<Count>} */
export async function checkClone() {
  const folder = mkdtempSync(join(tmpdir(), 'counterfoil-clone-'));
  chmodSync(folder, 0o755); // Run by root, the tests' PostgreSQL is another user's.
  try {
    execFileSync('git', ['clone', '--quiet', ROOT, join(folder, 'clone')]);
    return sum([await checkFirstStart(folder), await checkSecondStart(folder)]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
