/** First step of every command: the packages of the lockfile. Runs on a bare Node 20 with no node_modules. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npmCommand } from './npm.mjs';
import { step } from './say.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url)); // Runs on any Node, also one that is refused.
const LOCKFILE = join(ROOT, 'package-lock.json');
const INSTALLED = join(ROOT, 'node_modules/.package-lock.json'); // npm writes it last.
const STAMP = join(ROOT, 'node_modules/.counterfoil-lock');
const SLACK_MS = 5_000; // `npm install` writes both lockfiles, in no fixed order.

const lockHash = () => createHash('sha256').update(readFileSync(LOCKFILE)).digest('hex');

/** @type {() => boolean} */
function isInstalled() {
  if (!existsSync(INSTALLED)) return false;
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === lockHash()) return true;
  return statSync(INSTALLED).mtimeMs + SLACK_MS >= statSync(LOCKFILE).mtimeMs;
}

/** Installs exactly what the lockfile says, if that is not there already. */
export async function installPackages() {
  if (isInstalled()) return;
  await step('npm ci', () => {
    const [command, args] = npmCommand();
    const options = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
    const { status, error } = spawnSync(command, [...args, ...options], {
      cwd: ROOT,
      // What npm prints must not get between the lines of a command whose output is read by a script.
      stdio: ['ignore', 2, 2],
      windowsHide: true,
      shell: process.platform === 'win32' && args.length === 0,
    });
    if (status !== 0) throw new Error(`npm ci: ${error?.message ?? `exit code ${status}`}`);
  });
  writeFileSync(STAMP, lockHash());
}
