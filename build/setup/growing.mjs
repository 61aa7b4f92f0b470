import { spawn } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const LOOK_MS = 1_000;

/** @type {(folder: string) => number} Bytes of the files below; 0 while it is not there, and files may go meanwhile. */
function sizeOf(folder) {
  let bytes = 0;
  try {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) bytes += statSync(join(entry.parentPath, entry.name)).size;
    }
  } catch {
    return bytes;
  }
  return bytes;
}

/**
 * Runs a program for as long as it gets on, however slow: it is killed only once nothing below `folders` has changed
 * in size for `silentMsMax`.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ env: NodeJS.ProcessEnv, folders: string[], silentMsMax: number, lookMs?: number }} options
 * @returns {Promise<string>} '' or the first words of what failed
 */
export function runWhileGrowing(command, args, { env, folders, silentMsMax, lookMs = LOOK_MS }) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'ignore', 'pipe'], windowsHide: true });
    const bytesNow = () => folders.reduce((sum, folder) => sum + sizeOf(folder), 0);
    let bytes = bytesNow();
    let grewAtMs = performance.now();
    let words = '';
    const timer = setInterval(() => {
      const now = bytesNow();
      if (now !== bytes) grewAtMs = performance.now();
      bytes = now;
      if (performance.now() - grewAtMs < silentMsMax) return;
      words = `no progress for ${Math.round(silentMsMax / 1000)} s`;
      child.kill('SIGKILL');
    }, lookMs);
    /** @type {(end: string) => void} */
    const leave = (end) => {
      clearInterval(timer);
      resolve(end);
    };
    child.stderr.on('data', (chunk) => (words += chunk));
    child.once('error', (cause) => leave(cause.message));
    child.once('close', (code) => leave(code === 0 ? '' : words.split('\n')[0] || `exit code ${code}`));
  });
}
