import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { NODE_PATH } from '../../build/setup/house.mjs';
import { cacheFolder } from '../../build/setup/stand-in.mjs';
import { ROOT } from '../../build/targets.mjs';
import { must } from '../../sync/base/must.ts';
import { toCpio, withFolders, type CpioEntry } from './cpio.ts';

/** What qemu boots; kept between runs, outside the clone. */
export interface Image {
  readonly kernelPath: string;
  /** Everything but the programs under test. */
  readonly basePath: string;
}

const run = promisify(execFile);
const HERE = join(ROOT, 'tests/vm');

/** HID over uhid, the USB stack with a gadget in the same machine, and what both need. */
const MODULES = ['hid_generic', 'uhid', 'usbhid', 'dummy_hcd', 'usb_f_hid', 'usb_f_acm', 'cdc_acm', 'evdev'];
/** Where they and what they need are: the rest of the kernel's package is not unpacked. */
const MODULE_FOLDERS = ['drivers/hid', 'drivers/usb', 'drivers/input', 'fs/configfs'];
const PROGRAMS = { 'bin/busybox': '/bin/busybox', 'bin/node': NODE_PATH, 'bin/udevadm': '/bin/udevadm' };
const UDEV_RULES = ['50-udev-default', '60-serial'].map((name) => `lib/udev/rules.d/${name}.rules`);
const GROUPS = 'root tty dialout input kmem video render sgx lp disk cdrom tape kvm audio';
/** Native packages, with all that they need. */
const PACKAGES = ['serialport', 'node-hid'];

const text = (content: string): Buffer => Buffer.from(content);

async function outputOf(command: string, args: readonly string[], cwd?: string): Promise<string> {
  const { stdout } = await run(command, args, { cwd, maxBuffer: 2 ** 26 });
  return stdout;
}

/** The package that the newest kernel of this Debian is in. */
async function kernelPackage(): Promise<string> {
  const depends = await outputOf('apt-cache', ['depends', 'linux-image-amd64']);
  return must(/Depends: (linux-image-\S+)/.exec(depends)?.[1], 'apt knows no linux-image-amd64');
}

/** @returns what is in the package, below `folder`: the kernel in `boot` and the wanted modules. */
async function unpackKernel(name: string, folder: string): Promise<void> {
  await run('apt-get', ['download', name], { cwd: folder });
  const file = must(
    readdirSync(folder).find((each) => each.endsWith('.deb')),
    'a package',
  );
  const wanted = ['./boot/vmlinuz-*', './lib/modules/*/modules.*'];
  for (const each of MODULE_FOLDERS) wanted.push(`./lib/modules/*/kernel/${each}/*`);
  // By a shell: a package is hundreds of megabytes, which must not go through us.
  const command = 'dpkg-deb --fsys-tarfile "$0" | tar -x --wildcards "$@"';
  await run('/bin/sh', ['-c', command, file, ...wanted], { cwd: folder });
}

/** The wanted modules in the order in which they can be loaded. */
async function kernelModules(folder: string): Promise<CpioEntry[]> {
  const version = must(readdirSync(join(folder, 'lib/modules'))[0], 'a kernel');
  const modules = join(folder, 'lib/modules', version);
  await run('/sbin/depmod', ['-b', folder, version]);
  const needs = new Map<string, { path: string; needed: string[] }>();
  for (const line of readFileSync(join(modules, 'modules.dep'), 'utf8').split('\n')) {
    const [path = '', needed = ''] = line.split(':');
    const key = basename(path, '.ko').replaceAll('-', '_');
    needs.set(key, { path, needed: needed.trim().split(' ').filter(Boolean).reverse() });
  }
  const builtIn = readFileSync(join(modules, 'modules.builtin'), 'utf8').replaceAll('-', '_');
  const ordered = new Set<string>();
  for (const name of MODULES.filter((each) => !builtIn.includes(`/${each}.ko`))) {
    const { path, needed } = must(needs.get(name), `kernel module ${name}`);
    for (const each of [...needed, path]) ordered.add(each);
  }
  const files = [...ordered].map((path): CpioEntry => {
    const content = readFileSync(join(modules, path));
    return { name: `modules/${basename(path)}`, kind: 'file', content };
  });
  const order = `${[...ordered].map((path) => basename(path)).join('\n')}\n`;
  return [...files, { name: 'modules/order', kind: 'file', content: text(order) }];
}

/** Packages as they are installed here, without what is for other systems or for compiling. */
function nodePackages(): CpioEntry[] {
  const found = new Set<string>();
  const add = (name: string): void => {
    if (found.has(name)) return;
    found.add(name);
    const manifest = readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8');
    // Cast: the manifests of packages in our lockfile.
    const { dependencies = {} } = JSON.parse(manifest) as { dependencies?: Record<string, string> };
    for (const each of Object.keys(dependencies)) add(each);
  };
  for (const name of PACKAGES) add(name);
  return [...found].flatMap((name) => filesBelow(join(ROOT, 'node_modules', name)));
}

const isOfUse = (path: string): boolean =>
  /\.(js|cjs|json|node)$/.test(path) &&
  !/\/(hidapi|test|node-addon-api)\//.test(path) &&
  (!path.includes('/prebuilds/') || (/linux-x64/.test(path) && !path.includes('musl')));

function filesBelow(folder: string): CpioEntry[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(isOfUse)
    .map((path) => ({ name: `app/${relative(ROOT, path)}`, kind: 'file', content: readFileSync(path) }));
}

/** The shared libraries that these programs load, at the places where they look for them. */
async function libraries(programs: readonly string[]): Promise<CpioEntry[]> {
  const needed = new Set<string>();
  for (const program of programs) {
    // A static program is none for ldd.
    const told = await outputOf('ldd', [program]).catch(() => '');
    for (const [, path] of told.matchAll(/(\/\S+\.so\S*)/g)) if (path !== undefined) needed.add(path);
  }
  return [...needed].map((path) => ({
    name: path.slice(1),
    kind: 'file',
    content: readFileSync(path),
    isExecutable: true,
  }));
}

async function baseEntries(folder: string): Promise<CpioEntry[]> {
  const packages = nodePackages();
  const addons = packages.filter(({ name }) => name.endsWith('.node'));
  const loaders = [...Object.values(PROGRAMS), ...addons.map(({ name }) => join(ROOT, name.slice(4)))];
  const groups = GROUPS.split(' ').map((name, at) => `${name}:x:${at}:`);
  const rules = UDEV_RULES.map(
    (name) => ({ name, kind: 'file', content: readFileSync(`/${name}`) }) as const,
  );
  const programs = Object.entries(PROGRAMS).map(
    ([name, path]) => ({ name, kind: 'file', content: readFileSync(path), isExecutable: true }) as const,
  );
  const init = readFileSync(join(HERE, 'guest/init.sh'));
  const empty = ['proc', 'sys', 'dev', 'run', 'tmp', 'var'];
  return [
    ...empty.map((name) => ({ name, kind: 'folder', content: Buffer.alloc(0) }) as const),
    ...withFolders([
      ...programs,
      { name: 'init', kind: 'file', content: init, isExecutable: true },
      { name: 'lib/systemd/systemd-udevd', kind: 'link', content: text('/bin/udevadm') },
      { name: 'etc/passwd', kind: 'file', content: text('root:x:0:0::/:/bin/sh\n') },
      { name: 'etc/group', kind: 'file', content: text(`${groups.join('\n')}\n`) },
      ...rules,
      ...(await libraries(loaders)),
      ...(await kernelModules(folder)),
      ...packages,
    ]),
  ];
}

/** Changes with whatever the image is made of. */
function recipeOf(kernel: string): string {
  const hash = createHash('sha256').update(kernel).update(process.version);
  for (const name of ['image.ts', 'cpio.ts', 'guest/init.sh']) hash.update(readFileSync(join(HERE, name)));
  for (const name of PACKAGES) {
    hash.update(readFileSync(join(ROOT, 'node_modules', name, 'package.json')));
  }
  return hash.digest('hex').slice(0, 16);
}

/** The image, made anew when its recipe or the kernel's package has changed: about twenty seconds. */
export async function makeImage(): Promise<Image> {
  const kernel = await kernelPackage();
  const parent = join(cacheFolder(), 'machines');
  const home = join(parent, recipeOf(kernel));
  const image = { kernelPath: join(home, 'kernel'), basePath: join(home, 'base.cpio') };
  if (existsSync(image.basePath)) return image;
  // An older recipe's is of no use any more.
  await rm(parent, { recursive: true, force: true });
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, 'making-'));
  await unpackKernel(kernel, folder);
  const base = toCpio(await baseEntries(folder));
  const made = join(folder, 'made');
  await mkdir(made);
  const boot = must(readdirSync(join(folder, 'boot'))[0], 'a kernel');
  await rename(join(folder, 'boot', boot), join(made, 'kernel'));
  await writeFile(join(made, 'base.cpio'), base);
  await rename(made, home);
  await rm(folder, { recursive: true, force: true });
  return image;
}
