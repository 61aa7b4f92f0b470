import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser, type Page } from '@playwright/test';
import { startChild, type Child } from '../../build/shop/child.mjs';
import { rootSwitches } from '../../build/shop/till.mjs';
import { NODE_PATH } from '../../build/setup/house.mjs';
import { ROOT } from '../../build/targets.mjs';
import { DEMO_PINS } from '../../crm/demo/chain.ts';
import { must } from '../../sync/base/must.ts';
import { cli, test as base } from './shop.ts';

export const DESKTOP = { width: 1440, height: 900 };
export const TABLET = { width: 1024, height: 768 };

export interface OfficeAtWork {
  url: string;
  folder: string;
  end(): Promise<void>;
}

interface OfficeFixtures {
  /** Starts an office of the shop; the same folder and port again for one that was ended. */
  startOffice(again?: { folder: string; url: string }): Promise<OfficeAtWork>;
  /** A page of a browser of its own, with nothing of any other. */
  newPage(url: string, size?: { width: number; height: number }): Promise<Page>;
}

/** The Chromium of this machine: the one that its packages brought. */
function findChromium(): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  const paths = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return must(paths.find(existsSync), 'there is a Chromium on the PATH: npm test installs it on Debian');
}

async function askOfficeCode(server: string, folder: string): Promise<string> {
  const manager = ['--as', 'manager', '--pin', DEMO_PINS.manager];
  const asked = ['enrol-code', '--server', server, '--kind', 'office', '--data', folder, ...manager];
  return String((await cli(asked))['code']);
}

/** `test` with offices beside the demo shop, and browsers to open them in. */
export const test = base.extend<OfficeFixtures, { chrome: Browser }>({
  chrome: [
    async ({}, use) => {
      const chrome = await chromium.launch({ executablePath: findChromium(), args: rootSwitches() });
      await use(chrome);
      await chrome.close();
    },
    { scope: 'worker' },
  ],
  startOffice: async ({ shop, newFolder }, use) => {
    const children: Child[] = [];
    await use(async (again) => {
      const folder = again?.folder ?? join(await newFolder(), 'office');
      const port = again === undefined ? '0' : new URL(again.url).port;
      const enrolment = again === undefined ? await askOfficeCode(shop.url, folder) : null;
      const own = enrolment === null ? [] : ['--server', shop.url, '--code', enrolment];
      const args = [join(ROOT, 'out/office/index.cjs'), '--data', folder, '--port', port, ...own];
      const env = { ...process.env, COUNTERFOIL_DEMO: '1' };
      const child = startChild(NODE_PATH, args, { name: 'office', env });
      children.push(child);
      return { url: await child.line('listening on '), folder, end: child.end };
    });
    for (const child of children) await child.end();
  },
  newPage: async ({ chrome }, use) => {
    const open: { close(): Promise<void> }[] = [];
    await use(async (url, viewport = DESKTOP) => {
      const context = await chrome.newContext({ viewport, reducedMotion: 'reduce' });
      open.push(context);
      const page = await context.newPage();
      await page.goto(url);
      return page;
    });
    for (const context of open) await context.close();
  },
});
