import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NODE_PATH } from '../../build/setup/house.mjs';
import { ROOT } from '../../build/targets.mjs';
import { DEMO_PINS } from '../../crm/demo/chain.ts';
import { askEnrolCode } from '../../electron/core/enrol-code.ts';
import { dayAt } from '../../sync/base/business-day.ts';
import { createPtyCable, type PtyCable } from '../parts/pty.ts';
import { type Centre, openCentre, test as base, type Till, type TillOptions } from './launch.ts';

/** The demo chain's centre, one for all tests of a worker. */
export interface Shop {
  readonly url: string;
  enrol(tillFolder: string): Promise<void>;
  /** The line goes down: nobody answers any more. */
  cut(): Promise<void>;
  /** The line is back: the same centre at the same address. */
  mend(): Promise<void>;
}

export interface ShopFixtures {
  /** A folder that is enrolled as a till of the shop. */
  newTill(): Promise<string>;
  /** Starts the window of a till that is enrolled. */
  launchEnrolled(options?: TillOptions): Promise<Till>;
  /** A serial scanner's cable. */
  cable: PtyCable;
  /** The shop with its line up; a test may cut it. */
  line: Shop;
}

/** What `verify` says of a till. */
export interface TillCheck {
  ok: boolean;
  members: number;
  cards: number;
  ownOps: number;
  cursor: number;
  stateHash: string;
}

const MANAGER = { login: 'manager', pin: DEMO_PINS.manager, storeId: null };

/**
 * Runs one command of the command line.
 *
 * @returns The `data` of its answer.
 * @throws {Error} with the code of a refusal.
 */
export function cli(words: readonly string[]): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    execFile(NODE_PATH, [join(ROOT, 'out/cli/index.cjs'), ...words, '--json'], (_, stdout) => {
      const answer = JSON.parse(stdout || '{"ok":false,"code":"no_answer"}') as {
        ok: boolean;
        code?: string;
        data?: Record<string, unknown>;
      };
      if (answer.ok) resolve(answer.data ?? {});
      else reject(new Error(`${words[0]}: ${answer.code}`));
    });
  });
}

/** A one-time code for a new till, as a manager asks for it. */
export const askCode = async (url: string): Promise<string> => (await askEnrolCode(url, MANAGER)).code;

/** What a till holds, by its running core if there is one. */
export async function verify(tillFolder: string): Promise<TillCheck> {
  // Cast: the command line's own shape.
  return (await cli(['verify', '--data', tillFolder])) as unknown as TillCheck;
}

/** A centre's folder with the demo chain in it; made once a day for each build, since the demo ends yesterday. */
export async function seededFolder(): Promise<string> {
  const folder = join(ROOT, 'out/test/demo');
  const mark = join(folder, 'made-of');
  const today = dayAt(Date.now(), 'Asia/Singapore', 4);
  const source = `${readFileSync(join(ROOT, 'out/crm/.stamp'), 'utf8')} ${today}\n`;
  if (existsSync(mark) && readFileSync(mark, 'utf8') === source) return join(folder, 'crm');
  rmSync(folder, { recursive: true, force: true });
  await mkdir(join(folder, 'crm'), { recursive: true });
  const centre = await openCentre(join(folder, 'crm'), 0);
  await centre.end();
  writeFileSync(mark, source);
  return join(folder, 'crm');
}

async function openShop(dataFolder: string): Promise<Shop & { end(): Promise<void> }> {
  let centre: Centre | null = await openCentre(dataFolder, 0);
  const { url } = centre;
  const port = Number(new URL(url).port);
  const cut = async (): Promise<void> => {
    await centre?.end();
    centre = null;
  };
  return {
    url,
    cut,
    end: cut,
    enrol: async (tillFolder) => {
      const code = await askCode(url);
      await cli(['enrol', '--server', url, '--code', code, '--till-name', 'Till 1', '--data', tillFolder]);
    },
    mend: async () => {
      centre ??= await openCentre(dataFolder, port);
    },
  };
}

/** `test` with one demo shop for all tests of a worker, each test with tills of its own. */
export const test = base.extend<ShopFixtures, { shop: Shop }>({
  shop: [
    async ({}, use) => {
      const folder = await mkdtemp(join(tmpdir(), 'counterfoil-shop-'));
      await cp(await seededFolder(), folder, { recursive: true });
      const shop = await openShop(folder);
      await use(shop);
      await shop.end();
      await rm(folder, { recursive: true, force: true });
    },
    { scope: 'worker', timeout: 90_000 },
  ],
  line: async ({ shop }, use) => {
    await use(shop);
    await shop.mend();
  },
  cable: async ({}, use) => {
    const cable = await createPtyCable();
    await use(cable);
    await cable.dispose();
  },
  newTill: async ({ shop, newFolder }, use) => {
    await use(async () => {
      const folder = await newFolder();
      await shop.enrol(folder);
      return folder;
    });
  },
  launchEnrolled: async ({ newTill, launchTill }, use) => {
    await use(async (options = {}) =>
      launchTill({
        dataFolder: options.dataFolder ?? (await newTill()),
        env: { COUNTERFOIL_DEMO: '1', ...options.env },
      }),
    );
  },
});
