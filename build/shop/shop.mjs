/** A demo shop: a central CRM with demo members, one enrolled till, its window. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { buildAll } from '../build.mjs';
import { resolveElectron } from '../setup/electron.mjs';
import { NODE_PATH } from '../setup/house.mjs';
import { say, step } from '../setup/say.mjs';
import { installSystemPackages } from '../setup/system.mjs';
import { onToldToEnd } from '../setup/told.mjs';
import { ROOT } from '../targets.mjs';
import { startChild } from './child.mjs';
import { hasDisplay, startDisplay } from './display.mjs';
import { enrolOnce } from './enrol.mjs';
import { logWords, startTill } from './till.mjs';

/** @type {(line: string) => void} */
const print = (line) => void process.stdout.write(`${line}\n`);

/** @type {() => string} */
function userFolder() {
  const { env, platform } = process;
  if (platform === 'win32') return env['APPDATA'] ?? join(homedir(), 'AppData/Roaming');
  if (platform === 'darwin') return join(homedir(), 'Library/Application Support');
  return env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config');
}

/** Where a demo shop keeps what. */
function shopPaths() {
  const folder = process.env['COUNTERFOIL_DEMO_DIR'] ?? join(userFolder(), 'counterfoil-demo');
  mkdirSync(folder, { recursive: true });
  return {
    folder,
    till: join(folder, 'till'),
    crm: join(folder, 'crm'),
    port: join(folder, 'crm.port'),
    enrolled: join(folder, 'enrolled'),
    running: join(folder, 'running'),
    picture: join(folder, 'till.png'),
  };
}

/** @type {(path: string) => string | undefined} */
const readIfThere = (path) => (existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined);

/** @type {(running: string) => boolean} True while the command that wrote the file `running` is still there. */
function isRunning(running) {
  const pid = Number(readIfThere(running));
  if (!pid) return false;
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // After a power cut the number may be somebody else's.
  const command = readIfThere(`/proc/${pid}/cmdline`);
  return command === undefined || command.includes('start.mjs');
}

const untilTold = () => new Promise(onToldToEnd);

/** What the shop has started, ended in reverse order: the till before its centre, the screen last. */
function createKeeper() {
  /** @type {{ end: () => Promise<void> }[]} */
  const kept = [];
  let isClosing = false;
  return {
    /**
     * @template {{ end: () => Promise<void> }} T
     * @param {T} child
     * @returns {T}
     */
    keep: (child) => {
      kept.push(child);
      if (isClosing) void child.end();
      return child;
    },
    endAll: async () => {
      isClosing = true;
      for (const child of kept.reverse()) await child.end();
    },
  };
}

/**
 * @typedef {object} Shop
 * @property {ReturnType<typeof shopPaths>} paths
 * @property {import('../setup/electron.mjs').ElectronAtHand} electron
 * @property {ReturnType<typeof createKeeper>['keep']} keep
 */

/** @type {(shop: Shop) => Promise<{ url: string, crm: import('./child.mjs').Child }>} */
async function startCrm({ paths, keep }) {
  // The till was enrolled at an address, so a shop keeps its port from the first start on.
  const port = readIfThere(paths.port) ?? '0';
  const args = [join(ROOT, 'out/crm/index.cjs'), '--demo', '--port', port, '--data', paths.crm];
  const crm = keep(startChild(NODE_PATH, args, { name: 'crm', toWords: logWords }));
  const url = await crm.line('listening on ');
  writeFileSync(paths.port, new URL(url).port);
  return { url, crm };
}

/** @type {(shop: Shop) => Promise<NodeJS.ProcessEnv>} What the till's window needs to know of where it shows. */
async function findScreen({ paths, keep }) {
  if (hasDisplay()) return {};
  const screen = keep(await startDisplay());
  say(`No display here: the till runs on a screen in memory (Xvfb ${screen.display}).`);
  return { DISPLAY: screen.display, COUNTERFOIL_SCREENSHOT: paths.picture };
}

/** @type {(shop: Shop) => Promise<void>} Resolves when the till or its centre has ended. */
async function openShop(shop) {
  const { paths, electron, keep } = shop;
  const screen = await findScreen(shop);
  const opening = step('central CRM with demo members', () => startCrm(shop));
  if (!existsSync(paths.enrolled)) {
    const { url } = await opening;
    await step('till enrolled', () => enrolOnce(paths.till, url, paths.enrolled));
  }
  // An enrolled till needs no line to start, so it does not wait for its centre.
  const till = keep(startTill(electron, { COUNTERFOIL_DATA: paths.till, COUNTERFOIL_DEMO: '1', ...screen }));
  const [{ url, crm }] = await Promise.all([
    opening,
    step('till window', () => till.line('till window ready')),
  ]);
  if (screen['COUNTERFOIL_SCREENSHOT']) print(`screenshot ${await till.line('screenshot ')}`);
  print(`ready ${url} data ${paths.folder}`);
  await Promise.race([till.ended, crm.ended]);
}

/** @type {(shop: Shop) => Promise<void>} The till that runs comes to the front; the new one says so and leaves. */
async function showRunning(shop) {
  const { paths, electron, keep } = shop;
  const { COUNTERFOIL_SCREENSHOT: _, ...screen } = await findScreen(shop);
  const second = keep(
    startTill(electron, { COUNTERFOIL_DATA: paths.till, COUNTERFOIL_DEMO: '1', ...screen }),
  );
  print(await second.line(''));
}

/** Starts the shop and stays until its window is closed or it is told to end; then ends all that it started. */
export async function runShop() {
  const paths = shopPaths();
  await installSystemPackages(hasDisplay() ? 'window' : 'display');
  const electron = await resolveElectron();
  await buildAll();
  const { keep, endAll } = createKeeper();
  const shop = { paths, electron, keep };
  if (isRunning(paths.running)) {
    await showRunning(shop);
    return endAll();
  }
  writeFileSync(paths.running, `${process.pid}\n`);
  try {
    await Promise.race([untilTold(), openShop(shop)]);
  } finally {
    await endAll();
    rmSync(paths.running, { force: true });
  }
}
