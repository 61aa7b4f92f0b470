/** Second step: what Electron and the tests need of the system. Installs it on Debian where it may, else says how. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { step } from './say.mjs';

/**
 * `window`: Electron; `display`: a screen in memory; `tests`: both and more; `machine`: a virtual machine.
 *
 * @typedef {'window' | 'display' | 'tests' | 'machine'} Need
 */

/** @type {Record<string, string>} Shared library -> Debian package. */
const LIBRARIES = {
  'libgtk-3.so.0': 'libgtk-3-0',
  'libnss3.so': 'libnss3',
  'libasound.so.2': 'libasound2',
  'libgbm.so.1': 'libgbm1',
  'libatk-bridge-2.0.so.0': 'libatk-bridge2.0-0',
  'libdrm.so.2': 'libdrm2',
  'libcups.so.2': 'libcups2',
  'libxkbcommon.so.0': 'libxkbcommon0',
  // What node-hid is linked to; without it a till has only its serial ports.
  'libusb-1.0.so.0': 'libusb-1.0-0',
};
const CHINESE_FONT = 'fonts-wqy-microhei';
/**
 * Programs of the packages of the same names: serial lines over pseudo terminals, clocks that are wrong, system calls
 * that fail, a compiler for what records the writes, keys that come from outside the window, a browser for the office.
 */
const TEST_TOOLS = ['socat', 'faketime', 'strace', 'gcc', 'xdotool', 'chromium'];
/**
 * Program -> Debian package, for a kernel of our own with devices that only it has. The rest of the tests does without.
 *
 * @type {Record<string, string>}
 */
const MACHINE_TOOLS = {
  'qemu-system-x86_64': 'qemu-system-x86',
  busybox: 'busybox-static',
  depmod: 'kmod',
  udevadm: 'udev',
};
/** Stands for the newest kernel of this Debian. */
const KERNEL = 'linux-image-amd64';
const C_HEADERS = '/usr/include/stdio.h';

/** @type {(command: string, args: string[]) => string} */
function read(command, args) {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 24 });
  return status === 0 ? stdout : '';
}

/** @type {(name: string) => boolean} */
function isOnPath(name) {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return [...folders, '/usr/sbin', '/sbin'].some((folder) => existsSync(join(folder, name)));
}

/** @type {() => string[]} Packages for the shared libraries that the loader does not know. */
function missingLibraries() {
  const known = read('/sbin/ldconfig', ['-p']);
  if (!known) return []; // A system without ldconfig: only Electron itself can tell.
  return Object.entries(LIBRARIES).flatMap(([library, name]) =>
    known.includes(`\t${library} `) ? [] : [name],
  );
}

/** @type {() => string[]} */
const missingMachinePackages = () =>
  Object.entries(MACHINE_TOOLS).flatMap(([program, name]) => (isOnPath(program) ? [] : [name]));

/** @type {(need: Need) => string[]} */
function missingPackages(need) {
  if (process.platform !== 'linux') return [];
  if (need === 'machine') return missingMachinePackages();
  const missing = missingLibraries();
  if (need === 'window') return missing;
  if (!isOnPath('Xvfb')) missing.push('xvfb');
  if (!isOnPath('fc-list')) missing.push('fontconfig', CHINESE_FONT);
  else if (!read('fc-list', [':lang=zh', 'family'])) missing.push(CHINESE_FONT);
  for (const tool of need === 'tests' ? TEST_TOOLS : []) if (!isOnPath(tool)) missing.push(tool);
  if (need === 'tests' && !existsSync(C_HEADERS)) missing.push('libc6-dev');
  return missing;
}

/** @type {(name: string) => boolean} A name that only others stand for has no such record, and can not be installed. */
const isInApt = (name) => read('apt-cache', ['show', '--no-all-versions', name]) !== '';

/**
 * Newer releases renamed some packages to `…t64` (Debian 13, Ubuntu 24.04).
 *
 * @param {string[]} packages in their older names
 * @param {(name: string) => boolean} isKnown
 * @returns {string[]} as this system's apt knows them; a name that it knows in neither form stays as it is
 */
export const asNamedHere = (packages, isKnown = isInApt) =>
  packages.map((name) => [name, `${name}t64`].find(isKnown) ?? name);

/** @type {(words: string[]) => void} */
function apt(words) {
  const isRoot = process.getuid?.() === 0;
  const line = isRoot ? ['apt-get', ...words] : ['sudo', '-n', 'apt-get', ...words];
  const { status, stderr } = spawnSync('/usr/bin/env', ['DEBIAN_FRONTEND=noninteractive', ...line], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${line.join(' ')}: ${stderr.trim().split('\n').at(-1)}`);
}

/** @type {(packages: string[]) => string} */
const advice = (packages) =>
  isOnPath('apt-get')
    ? `Missing from this system. To mend it: sudo apt-get install ${asNamedHere(packages).join(' ')}`
    : `Missing from this system; in Debian's names: ${packages.join(' ')}`;

/** @type {(need: Need) => Promise<void>} @throws {Error} with the command that would mend it */
export async function installSystemPackages(need) {
  const missing = missingPackages(need);
  if (missing.length === 0) return;
  if (!isOnPath('apt-get')) throw new Error(advice(missing));
  await step(`Debian packages ${missing.join(' ')}`, () => {
    try {
      apt(['update']);
      // In one go with what must be there, if it can be had.
      const wished = need === 'tests' ? missingMachinePackages().filter(isInApt) : [];
      apt(['install', '-y', '--no-install-recommends', ...asNamedHere(missing), ...wished]);
    } catch (cause) {
      throw new Error(`${advice(missing)}\n${cause instanceof Error ? cause.message : String(cause)}`);
    }
  });
}

/**
 * Installs what a virtual machine is made of, where that may be done.
 *
 * @returns {Promise<string>} why there can be none here; '' when there can
 */
export async function machineProblem() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'Only on Linux x64';
  try {
    await installSystemPackages('machine');
    if (!isInApt(KERNEL)) apt(['update']);
    return isInApt(KERNEL) ? '' : `apt knows no ${KERNEL}`;
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
}
