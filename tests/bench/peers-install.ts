import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './stage.ts';

/** The peers' programs and the lockfile of what they need. */
export const PEERS_FOLDER = join(ROOT, 'tests/bench/peers');
/** Among what is built: no tool that looks at our own files ever meets these packages. */
const INSTALLED = join(ROOT, 'out/bench-peers');

type Npm = typeof import('../../build/setup/npm.mjs');

/** The peers' packages, once for each lockfile: they are no part of the project's own. */
export async function installPeers(): Promise<void> {
  const lock = createHash('sha256')
    .update(readFileSync(join(PEERS_FOLDER, 'package-lock.json')))
    .digest('hex');
  const notePath = join(INSTALLED, 'installed');
  if (existsSync(notePath) && readFileSync(notePath, 'utf8') === lock) return;
  mkdirSync(INSTALLED, { recursive: true });
  for (const name of ['package.json', 'package-lock.json'])
    copyFileSync(join(PEERS_FOLDER, name), join(INSTALLED, name));
  const { npmCommand } = (await import(pathToFileURL(join(ROOT, 'build/setup/npm.mjs')).href)) as Npm;
  const [command, args] = npmCommand();
  // Both native packages bring their binaries; their scripts would only look whether these fit.
  const flags = ['ci', '--prefix', INSTALLED, '--ignore-scripts', '--no-audit', '--no-fund'];
  const npm = spawn(command, [...args, ...flags], { cwd: INSTALLED, stdio: ['ignore', 2, 2] });
  const [status] = (await once(npm, 'exit')) as [number | null];
  if (status !== 0) throw new Error(`npm ci of the peers ended with ${status}`);
  writeFileSync(notePath, lock);
}
