import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

export const keyPath = (dataDir: string): string => join(dataDir, 'till.key');
export const logFolder = (dataDir: string): string => join(dataDir, 'logs');

/**
 * The till that a command means without `--data`: the one that the environment names; else the installed
 * one, in the folder that Electron gives an app of our name; else the demo shop's.
 */
export function defaultDataDir(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string {
  if (env['COUNTERFOIL_DATA']) return resolve(env['COUNTERFOIL_DATA']);
  const appFolder = appFolderOf(env, platform);
  const installed = join(appFolder, 'counterfoil', 'till');
  if (existsSync(keyPath(installed))) return installed;
  return join(env['COUNTERFOIL_DEMO_DIR'] || join(appFolder, 'counterfoil-demo-2'), 'till');
}

/** Where the office of this machine is, without `--data`. */
export const officeDataDir = (env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string =>
  join(appFolderOf(env, platform), 'counterfoil', 'office');

function appFolderOf(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (platform === 'win32') return env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support');
  return env['XDG_CONFIG_HOME'] || join(homedir(), '.config');
}

/**
 * The socket of the core that holds `dataDir`. Windows has no socket files: there its name stands for the
 * folder.
 */
export function supportSocketPath(dataDir: string, platform: NodeJS.Platform = process.platform): string {
  if (platform !== 'win32') return join(dataDir, 'core.sock');
  const hash = createHash('sha256').update(resolve(dataDir).toLowerCase()).digest('hex');
  return `\\\\.\\pipe\\counterfoil-${hash.slice(0, 32)}`;
}
