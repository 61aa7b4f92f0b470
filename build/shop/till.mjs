import { ROOT } from '../targets.mjs';
import { startChild } from './child.mjs';

/** @typedef {import('../setup/electron.mjs').ElectronAtHand} ElectronAtHand */

const LOG_LEVEL_SHOWN = 40; // warn
/** Chromium's own log lines: complaints about D-Bus and graphics that mean nothing here. Its last words are kept. */
const CHROMIUM_LINE = /^\[\d+:\d{4}\/[\d.]+:(?!FATAL)[A-Z]+:/;

/** @type {(line: string) => string | undefined} What a log line says to a person; other lines as they are. */
export function logWords(line) {
  if (!line.startsWith('{')) return line;
  try {
    const { level, msg } = JSON.parse(line);
    return level >= LOG_LEVEL_SHOWN ? msg : undefined;
  } catch {
    return line;
  }
}

/** @type {() => string[]} Chromium refuses to run its sandbox as root. */
export const rootSwitches = () => (process.getuid?.() === 0 ? ['--no-sandbox'] : []);

/** @type {(electron: ElectronAtHand) => NodeJS.ProcessEnv} */
export const coreHostEnv = ({ coreHost, nodePath }) =>
  coreHost === 'fork' ? { COUNTERFOIL_CORE_NODE: nodePath } : {};

/**
 * Starts the till's window over what is built in `out/`.
 *
 * @param {ElectronAtHand} electron
 * @param {NodeJS.ProcessEnv} env
 */
export const startTill = (electron, env) =>
  startChild(electron.executablePath, [...rootSwitches(), ROOT], {
    name: 'till',
    env: { ...process.env, ...coreHostEnv(electron), ...env },
    toWords: (line) => (CHROMIUM_LINE.test(line) ? undefined : logWords(line)),
  });
