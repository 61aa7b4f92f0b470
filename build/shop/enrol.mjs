import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { NODE_PATH } from '../setup/house.mjs';
import { ROOT } from '../targets.mjs';

const MANAGER = ['--as', 'manager', '--pin', '739205']; // The demo's own; a real centre has none.

/**
 * @param {string[]} args
 * @returns {Promise<Record<string, string>>} the `data` of the answer
 * @throws {Error} with the till's own words
 */
async function cli(args) {
  const script = join(ROOT, 'out/cli/index.cjs');
  const { stdout } = await promisify(execFile)(NODE_PATH, [script, ...args, '--json'], {
    windowsHide: true,
  }).catch((cause) => cause);
  /** @type {{ ok: boolean, data: Record<string, string>, code?: string, message?: string }} */
  const answer = JSON.parse(stdout || '{"ok":false,"message":"no answer"}');
  if (!answer.ok) throw new Error(`${args[0]}: ${answer.message ?? ''} (${answer.code ?? 'bug'})`);
  return answer.data;
}

/**
 * A code that lets in an office, as a manager of the demo gets it.
 *
 * @param {string} folder
 * @param {string} server
 */
export async function askOfficeCode(folder, server) {
  const asked = ['enrol-code', '--server', server, '--kind', 'office', '--data', folder, ...MANAGER];
  return String((await cli(asked))['code']);
}

/**
 * Enrols the till in `tillFolder` at `server` as a manager would do it, unless that was done before.
 *
 * @param {string} tillFolder
 * @param {string} server
 * @param {string} mark file that says that it is done
 */
export async function enrolOnce(tillFolder, server, mark) {
  if (existsSync(mark)) return;
  const { code } = await cli(['enrol-code', '--server', server, '--data', tillFolder, ...MANAGER]);
  const enrol = ['enrol', '--server', server, '--code', String(code), '--data', tillFolder];
  const till = await cli(enrol).catch((cause) => {
    // The start before was ended after this line and before the mark.
    if (!String(cause).includes('(already_enrolled)')) throw cause;
    return { tillId: 'enrolled before' };
  });
  writeFileSync(mark, `${till['tillId']}\n`);
}
