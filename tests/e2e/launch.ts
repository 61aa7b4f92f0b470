import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, test as base, type ElectronApplication, type Page } from '@playwright/test';
import { type Child, startChild } from '../../build/shop/child.mjs';
import { hasDisplay, startDisplay } from '../../build/shop/display.mjs';
import { enrolOnce } from '../../build/shop/enrol.mjs';
import { coreHostEnv, rootSwitches } from '../../build/shop/till.mjs';
import { resolveElectron } from '../../build/setup/electron.mjs';
import { ROOT } from '../../build/targets.mjs';

export interface TillOptions {
  /** The till's folder; without it a fresh one that goes with the test. Give it to start the same till again. */
  dataFolder?: string;
  /** A program around the till's main; without it the till itself. */
  appFolder?: string;
  env?: Readonly<Record<string, string>>;
}

export interface Till {
  app: ElectronApplication;
  page: Page;
  dataFolder: string;
  /** Process id of the core that runs now; undefined between two. */
  corePid(): Promise<number | undefined>;
  close(): Promise<void>;
}

export interface Centre {
  url: string;
  /** Enrols the till whose folder this is, as a manager of the demo would. */
  enrol(tillFolder: string): Promise<void>;
  end(): Promise<void>;
}

interface TestFixtures {
  /** Starts a till in the real Electron. All of a test's tills are closed after it. */
  launchTill(options?: TillOptions): Promise<Till>;
  /** Starts a central CRM with the demo chain, on a free port or on `port`. Ended after the test. */
  startCentre(options?: {
    dataFolder?: string;
    port?: number;
    env?: Readonly<Record<string, string>>;
  }): Promise<Centre>;
  /** A new empty folder, removed after the test. */
  newFolder(): Promise<string>;
}

async function findCorePid(mainPid: number): Promise<number | undefined> {
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const [stat, command] = await Promise.all(
      ['stat', 'cmdline'].map((file) => readFile(join('/proc', name, file), 'utf8').catch(() => '')),
    );
    const parentPid = Number(stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    if (parentPid === mainPid && command?.includes(join('core', 'index.cjs'))) return Number(name);
  }
  return undefined;
}

async function openTill(
  { dataFolder, appFolder, env }: Required<TillOptions>,
  display: string,
): Promise<Till> {
  const electron = await resolveElectron();
  const all = {
    ...process.env,
    ...coreHostEnv(electron),
    DISPLAY: display,
    COUNTERFOIL_DATA: dataFolder,
    ...env,
  };
  const app = await _electron.launch({
    executablePath: electron.executablePath,
    args: [...rootSwitches(), appFolder],
    // Playwright wants no undefined values, which an environment may hold.
    env: Object.fromEntries(Object.entries(all).flatMap(([name, value]) => (value ? [[name, value]] : []))),
  });
  const page = await app.firstWindow();
  const mainPid = app.process().pid ?? 0;
  let isClosed = false;
  app.once('close', () => (isClosed = true));
  return {
    app,
    page,
    dataFolder,
    corePid: () => findCorePid(mainPid),
    close: async () => {
      if (!isClosed) await app.close();
    },
  };
}

/** Starts a central CRM over `dataFolder`, filled with the demo chain when it is empty. */
export async function openCentre(
  dataFolder: string,
  port: number,
  env: Readonly<Record<string, string>> = {},
): Promise<Centre & Pick<Child, 'end'>> {
  const { nodePath } = await resolveElectron();
  const args = [join(ROOT, 'out/crm/index.cjs'), '--demo', '--port', String(port), '--data', dataFolder];
  const child = startChild(nodePath, args, { name: 'crm', env: { ...process.env, ...env } });
  const url = await child.line('listening on ');
  return {
    url,
    enrol: (tillFolder) => enrolOnce(tillFolder, url, join(tillFolder, 'enrolled')),
    end: child.end,
  };
}

/** Playwright's `test` with tills and centres of its own. */
export const test = base.extend<TestFixtures, { display: string }>({
  display: [
    async ({}, use, { config }) => {
      // On one screen the windows of two workers would take the focus from each other.
      if (config.workers === 1 && hasDisplay()) return use(process.env['DISPLAY'] ?? '');
      const screen = await startDisplay();
      await use(screen.display);
      await screen.end();
    },
    { scope: 'worker' },
  ],
  newFolder: async ({}, use) => {
    const folders: string[] = [];
    await use(async () => {
      const folder = await mkdtemp(join(tmpdir(), 'counterfoil-e2e-'));
      folders.push(folder);
      return folder;
    });
    // Of a window whose main was killed the last of its processes may still be writing.
    const gone = { recursive: true, force: true, maxRetries: 20, retryDelay: 100 };
    for (const folder of folders) await rm(folder, gone);
  },
  launchTill: async ({ display, newFolder }, use) => {
    const tills: Till[] = [];
    await use(async ({ dataFolder, appFolder = ROOT, env = {} } = {}) => {
      const options = { dataFolder: dataFolder ?? (await newFolder()), appFolder, env };
      const till = await openTill(options, display);
      tills.push(till);
      return till;
    });
    for (const till of tills) await till.close();
  },
  startCentre: async ({ newFolder }, use) => {
    const centres: Centre[] = [];
    await use(async ({ dataFolder, port = 0, env } = {}) => {
      const centre = await openCentre(dataFolder ?? (await newFolder()), port, env);
      centres.push(centre);
      return centre;
    });
    for (const centre of centres) await centre.end();
  },
});
