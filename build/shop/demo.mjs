/** Where the demo shop of this account lies, and its central CRM, which its till and its office share. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { NODE_PATH } from '../setup/house.mjs';
import { ROOT } from '../targets.mjs';
import { startChild } from './child.mjs';
import { takeRun } from './running.mjs';
import { logWords } from './till.mjs';

/** @typedef {import('./child.mjs').Child} Child */

/** @type {() => string} */
function userFolder() {
  const { env, platform } = process;
  // A variable that is set to nothing counts as not set.
  if (platform === 'win32') return env['APPDATA'] || join(homedir(), 'AppData/Roaming');
  if (platform === 'darwin') return join(homedir(), 'Library/Application Support');
  return env['XDG_CONFIG_HOME'] || join(homedir(), '.config');
}

/** Where a demo shop keeps what. */
export function shopPaths() {
  // The number rises when this program can not read the demo of an earlier one; also in electron/hosts/paths.ts.
  const folder = process.env['COUNTERFOIL_DEMO_DIR'] || join(userFolder(), 'counterfoil-demo-2');
  mkdirSync(folder, { recursive: true });
  return {
    folder,
    till: join(folder, 'till'),
    office: join(folder, 'office'),
    crm: join(folder, 'crm'),
    port: join(folder, 'crm.port'),
    crmRunning: join(folder, 'crm.running'),
    enrolled: join(folder, 'enrolled'),
    running: join(folder, 'running'),
    officeRunning: join(folder, 'office.running'),
    picture: join(folder, 'till.png'),
  };
}

/** What commands have started, ended in reverse order: the till before its centre, the screen last. */
export function createKeeper() {
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

/** @type {(path: string) => string | undefined} */
const readIfThere = (path) => (existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined);

/**
 * The demo's CRM: the one that another command runs already, or one of our own.
 *
 * @param {{ paths: ReturnType<typeof shopPaths>, keep: ReturnType<typeof createKeeper>['keep'] }} shop
 * @returns {Promise<{ url: string, crm: Pick<Child, 'ended'> }>} one that is not ours never ends for us: a till and
 *   an office do without it
 */
export async function openCrm({ paths, keep }) {
  // The till was enrolled at an address, so a shop keeps its port from the first start on.
  const port = readIfThere(paths.port) ?? '0';
  const run = await takeRun(paths.crmRunning);
  if (!run) return { url: `http://127.0.0.1:${port}`, crm: { ended: new Promise(() => undefined) } };
  keep(run);
  const args = [join(ROOT, 'out/crm/index.cjs'), '--demo', '--port', port, '--data', paths.crm];
  const crm = keep(startChild(NODE_PATH, args, { name: 'crm', toWords: logWords }));
  const url = await crm.line('listening on ');
  writeFileSync(paths.port, new URL(url).port);
  return { url, crm };
}
