/** An office: the one that the command line names, or one beside the demo shop. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildAll } from '../build.mjs';
import { NODE_PATH } from '../setup/house.mjs';
import { step } from '../setup/say.mjs';
import { onToldToEnd } from '../setup/told.mjs';
import { ROOT, toTarget } from '../targets.mjs';
import { createKeeper, openCrm, shopPaths } from './demo.mjs';
import { askOfficeCode } from './enrol.mjs';
import { takeRun } from './running.mjs';

/** Of `electron/hosts/office`: its folder begins anew, so it wants to be started again. */
const AGAIN = 75;
const STARTS_MAX = 5;

/** @type {(args: string[]) => boolean} A folder or a centre of somebody's own: nothing of the demo is touched. */
const isOwn = (args) => args.some((arg) => /^--(data|server|code)(=|$)/.test(arg));

/** @typedef {ReturnType<typeof createKeeper>['keep']} Keep */

/**
 * Runs the program until it ends, and again where it wants that.
 *
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {Keep} keep
 * @returns {Promise<number>} its exit code
 */
async function runProgram(args, env, keep) {
  for (let starts = 1; ; starts += 1) {
    const child = spawn(NODE_PATH, [join(ROOT, 'out/office/index.cjs'), ...args], {
      env: { ...process.env, ...env },
      stdio: 'inherit',
    });
    const ended = new Promise((/** @type {(code: number) => void} */ resolve) => {
      child.once('error', () => resolve(1));
      child.once('exit', (exitCode) => resolve(exitCode ?? 1));
    });
    keep({ end: async () => void (child.kill('SIGTERM') && (await ended)) });
    const code = await ended;
    if (code !== AGAIN || starts === STARTS_MAX) return code;
  }
}

/** @type {(args: string[], keep: Keep) => Promise<number>} */
async function runBesideDemo(args, keep) {
  const paths = shopPaths();
  const run = await takeRun(paths.officeRunning);
  if (!run) throw new Error('The demo’s office runs already. Close that one first.');
  keep(run);
  const { url } = await step('central CRM with demo members', () => openCrm({ paths, keep }));
  const isNew = !existsSync(join(paths.office, 'till.db'));
  const own = isNew ? ['--server', url, '--code', await askOfficeCode(paths.office, url)] : [];
  return runProgram(['--data', paths.office, ...own, ...args], { COUNTERFOIL_DEMO: '1' }, keep);
}

/**
 * Builds what an office needs and runs it until it is told to end.
 *
 * @param {string[]} args
 * @returns {Promise<number>} exit code
 */
export async function runOffice(args) {
  const isAlone = isOwn(args) || args.includes('--help');
  await buildAll((isAlone ? ['office', 'renderer'] : ['office', 'renderer', 'cli', 'crm']).map(toTarget));
  const { keep, endAll } = createKeeper();
  const told = new Promise((/** @type {(code: number) => void} */ resolve) => onToldToEnd(() => resolve(0)));
  try {
    return await Promise.race([told, isAlone ? runProgram(args, {}, keep) : runBesideDemo(args, keep)]);
  } finally {
    await endAll();
  }
}
