import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { startTill } from '../../build/shop/till.mjs';
import { resolveElectron } from '../../build/setup/electron.mjs';
import { test, type Till } from './launch.ts';

interface PagePort {
  onMessage(listener: (message: unknown) => void): () => void;
}
declare global {
  interface Window {
    counterfoil: PagePort;
    coreStates: string[];
  }
}

/** Loads the page again and collects, before its own code runs, what main says of the core. */
async function watchCore(page: Page): Promise<() => Promise<string[]>> {
  await page.addInitScript(() => {
    window.coreStates = [];
    window.counterfoil.onMessage((message) => {
      const { t, state } = message as { t: string; state?: string };
      if (t === 'core' && state) window.coreStates.push(state);
    });
  });
  await page.reload();
  return () => page.evaluate(() => window.coreStates);
}

/** A core that still starts when the page loads says `restarting` first. */
const untilReady = (states: () => Promise<string[]>): Promise<void> =>
  expect.poll(async () => (await states()).at(-1)).toBe('ready');

async function killCore(till: Till): Promise<void> {
  await expect.poll(till.corePid).toBeDefined();
  const pid = await till.corePid();
  if (pid !== undefined) process.kill(pid, 'SIGKILL');
  await expect.poll(till.corePid).not.toBe(pid);
}

test('a page gets its port and nothing else', async ({ launchTill }) => {
  const { page } = await launchTill();
  const found = await page.evaluate(async () => {
    const global = window as unknown as Record<string, unknown>;
    // In a task of its own: the debugger lifts the policy for what it calls itself.
    const fails = (act: () => unknown) =>
      new Promise((resolve) => setTimeout(resolve)).then(act).then(
        () => false,
        () => true,
      );
    return {
      port: Object.keys(window.counterfoil).toSorted(),
      node: ['require', 'process', 'module', 'Buffer'].filter((word) => global[word] !== undefined),
      evalFails: await fails(() => (global['eval'] as (text: string) => unknown)('1')),
      fetchFails: await fails(() => fetch('http://127.0.0.1:9/')),
      inlineHtmlFails: await fails(() => (document.createElement('div').innerHTML = '<b>x</b>')),
      opened: window.open('https://example.com/'),
      address: location.href,
    };
  });
  expect(found).toEqual({
    port: ['onMessage', 'post', 'savePdf'],
    node: [],
    evalFails: true,
    fetchFails: true,
    inlineHtmlFails: true,
    opened: null,
    address: 'app://till/index.html',
  });
});

test('a page starts without breaking its own policy or complaining', async ({ launchTill }) => {
  const { page } = await launchTill();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (cause) => complaints.push(cause.message));
  await untilReady(await watchCore(page));
  await expect(page.getByRole('heading').first()).toBeVisible();
  expect(complaints).toEqual([]);
});

test('only files of the page are served', async ({ launchTill }) => {
  const { app } = await launchTill();
  const statuses = await app.evaluate(async ({ session }) => {
    const paths = ['index.html', '.stamp2', '../main/index.cjs', '%2e%2e/main/index.cjs', 'assets/'];
    const answers = paths.map((path) => session.defaultSession.fetch(`app://till/${path}`));
    return (await Promise.all(answers)).map(({ status }) => status);
  });
  expect(statuses).toEqual([200, 404, 404, 404, 404]);
});

const RESTARTS_MAX = 5;

test('a file that the page made can be saved, and nothing else can', async ({ launchTill, newFolder }) => {
  const { app, page } = await launchTill();
  const path = join(await newFolder(), 'list.csv');
  await app.evaluate(({ session }, savePath) => {
    // In the place of the dialog.
    session.defaultSession.on('will-download', (event, item) => {
      item.setSavePath(savePath);
      const kept = globalThis as { refused?: boolean[] };
      kept.refused = [...(kept.refused ?? []), event.defaultPrevented];
    });
  }, path);
  const refused = (): Promise<boolean[]> =>
    app.evaluate(() => (globalThis as { refused?: boolean[] }).refused ?? []);
  const offer = (href: string): Promise<void> =>
    page.evaluate((url) => {
      const link = document.createElement('a');
      link.href = url === '' ? URL.createObjectURL(new Blob(['a,b\n'], { type: 'text/csv' })) : url;
      link.download = 'list.csv';
      link.click();
    }, href);
  await offer('data:text/plain,stolen');
  await expect.poll(refused).toEqual([true]);
  await offer('');
  await expect.poll(refused).toEqual([true, false]);
  await expect.poll(() => (existsSync(path) ? readFileSync(path, 'utf8') : '')).toBe('a,b\n');
});

test('a core that dies is forked again, five times a minute, and the page hears of each', async ({
  launchTill,
}) => {
  const till = await launchTill();
  const states = await watchCore(till.page);
  const countReady = async () => (await states()).filter((state) => state === 'ready').length;
  await expect.poll(countReady).toBe(1);
  for (let round = 1; round <= RESTARTS_MAX; round += 1) {
    await killCore(till);
    await expect.poll(countReady).toBe(round + 1);
  }
  await killCore(till);
  await expect.poll(async () => (await states()).at(-1)).toBe('failed');
});

test('a page that loads again hears at once that its core is ready', async ({ launchTill }) => {
  const { page } = await launchTill();
  const states = await watchCore(page);
  await untilReady(states);
  await page.reload();
  await expect.poll(states).toEqual(['ready']);
});

test('what the core says while a page opens its port is heard once', async ({ launchTill }) => {
  const { app, page } = await launchTill();
  const states = await watchCore(page);
  await untilReady(states);
  await app.evaluate(({ BrowserWindow, ipcMain }) => {
    // A core that gets ready between the page's asking and the answer.
    const word = { t: 'core', state: 'ready', message: '' };
    ipcMain.prependListener('port-open', () =>
      BrowserWindow.getAllWindows()[0]?.webContents.send('port', word),
    );
  });
  await page.reload();
  await expect(page.getByRole('heading').first()).toBeVisible();
  expect(await states()).toEqual(['ready']);
});

test('a second start of the same till says so and leaves the first one alone', async ({
  launchTill,
  display,
}) => {
  const till = await launchTill();
  const env = { COUNTERFOIL_DATA: till.dataFolder, DISPLAY: display };
  const second = startTill(await resolveElectron(), env);
  expect(await second.line('This till is open already')).toContain(till.dataFolder);
  await second.ended;
  expect(await till.corePid()).toBeDefined();
});

test('a till told to end closes its core first', async ({ launchTill }) => {
  const till = await launchTill();
  await expect.poll(till.corePid).toBeDefined();
  const pid = Number(await till.corePid());
  const gone = once(till.app.process(), 'exit');
  till.app.process().kill('SIGTERM');
  await gone;
  expect(() => process.kill(pid, 0)).toThrow();
});
