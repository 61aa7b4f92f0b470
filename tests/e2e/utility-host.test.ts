import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { RESTARTS_MAX } from '../../electron/main/restart-budget.ts';
import { createPtyCable, type PtyCable } from '../parts/pty.ts';
import { makeEchoApp } from './echo/app.ts';
import type { EchoPage } from './echo/page/main.ts';
import { test as base, type Till } from './launch.ts';

interface EchoFixtures {
  /** A till whose core only echoes, in a utility process. */
  till: Till;
  cable: PtyCable;
}

const test = base.extend<EchoFixtures, { appFolder: string }>({
  appFolder: [
    async ({}, use) => {
      const folder = await mkdtemp(join(tmpdir(), 'counterfoil-echo-'));
      await makeEchoApp(folder);
      await use(folder);
      await rm(folder, { recursive: true, force: true });
    },
    { scope: 'worker' },
  ],
  till: async ({ appFolder, launchTill }, use) => {
    const till = await launchTill({ appFolder });
    await till.page.waitForFunction(() => 'echo' in globalThis);
    await use(till);
  },
  cable: async ({}, use) => {
    const cable = await createPtyCable();
    await use(cable);
    await cable.dispose();
  },
});

declare const echo: EchoPage;

const diagnose = (page: Page) => page.evaluate(() => echo.calls['till.diagnose']({}));
const pidOf = async (page: Page): Promise<number> => Number((await diagnose(page))['pid']);
const livesOf = (page: Page): Promise<string[]> => page.evaluate(() => echo.lives);

/** Name and parent of a process; undefined when there is none, or only what its parent has yet to bury. */
async function lookAt(pid: number): Promise<{ words: string; parentPid: number } | undefined> {
  const [words, stat] = await Promise.all(
    ['cmdline', 'stat'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')),
  );
  const [state, parent] = (stat ?? '').slice((stat ?? '').lastIndexOf(')') + 2).split(' ');
  return words && state !== 'Z' ? { words, parentPid: Number(parent) } : undefined;
}

test('an Electron that is new enough runs the core in a utility process of its own, and calls come back', async ({
  till: { page, app, dataFolder },
}) => {
  const found = await diagnose(page);
  expect(found).toEqual({
    pid: expect.any(Number),
    isUtility: true,
    dataFolder,
    bootId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  const told = await lookAt(Number(found['pid']));
  expect(told?.words).toContain('--type=utility');
  expect(told?.words).toContain('node.mojom.NodeService');
  expect(Number(found['pid'])).not.toBe(app.process().pid);
  const preferences = await page.evaluate(() => echo.calls['preferences.set']({ language: 'zh' }));
  expect(preferences).toEqual({ language: 'zh', theme: 'system', isSoundOn: true });
  const refusal = await page.evaluate(() =>
    echo.calls['till.get']({}).then(
      () => 'none',
      (cause: unknown) => (cause as { code: string }).code,
    ),
  );
  expect(refusal).toBe('not_enrolled');
});

test('many calls at once are each answered with their own answer', async ({ till: { page } }) => {
  const themes = await page.evaluate(() =>
    Promise.all(
      Array.from({ length: 300 }, async (_, at) => {
        const theme = (['system', 'light', 'dark'] as const)[at % 3] ?? 'system';
        return (await echo.calls['preferences.set']({ theme })).theme === theme;
      }),
    ),
  );
  expect(themes).toEqual(Array.from({ length: 300 }, () => true));
});

test('what a page that loads again has missed is told to it, and it is served', async ({
  till: { page },
}) => {
  const pid = await pidOf(page);
  await page.reload();
  await page.waitForFunction(() => 'echo' in globalThis);
  expect(await pidOf(page)).toBe(pid);
  expect((await livesOf(page)).at(-1)).toBe('ready');
});

test('the serial driver loads in a utility process, and a scan reaches the page as an event', async ({
  till: { page },
  cable,
}) => {
  await page.evaluate((path) => echo.calls['scanner.set']({ path, profile: 'cr' }), cable.path);
  await expect
    .poll(() => page.evaluate(async () => await echo.calls['scanner.get']({})))
    .toMatchObject({ state: 'ready', message: '' });
  cable.send('HELLO 42\r');
  await expect.poll(() => page.evaluate(() => echo.scans)).toEqual(['HELLO 42']);
  await cable.unplug();
  await expect
    .poll(() => page.evaluate(async () => await echo.calls['scanner.get']({})))
    .not.toMatchObject({ state: 'ready', message: '' });
});

test('a utility process that is killed is forked again, and the calls open at that moment are answered', async ({
  till: { page },
}) => {
  const before = await diagnose(page);
  const pid = Number(before['pid']);
  // It can not answer any more, but is not dead yet: what is asked now is open when it dies.
  process.kill(pid, 'SIGSTOP');
  await page.evaluate(() => {
    const { calls } = echo;
    Object.assign(globalThis, {
      open: Promise.all([calls['till.diagnose']({}), calls['preferences.set']({ theme: 'dark' })]),
      openSync: calls['sync.run']({}).catch((cause: { code: string }) => cause.code),
    });
  });
  process.kill(pid, 'SIGKILL');
  const answers = await page.evaluate(() => {
    const { open, openSync } = globalThis as unknown as {
      open: Promise<[Record<string, unknown>, { theme: string }]>;
      openSync: Promise<string>;
    };
    return Promise.all([open, openSync]);
  });
  const [[after, { theme }], sync] = answers;
  expect(after).toEqual({ ...before, pid: expect.any(Number) });
  expect(after['pid']).not.toBe(pid);
  expect(theme).toBe('dark');
  // An act without an op id is not sent twice.
  expect(sync).toBe('core_restarted');
  expect((await livesOf(page)).slice(-3)).toEqual(['ready', 'restarting', 'ready']);
  expect(await lookAt(pid)).toBeUndefined();
});

test('a utility process that dies again and again is given up, and the page is told', async ({
  till: { page },
}) => {
  for (let kill = 0; kill <= RESTARTS_MAX; kill += 1) process.kill(await pidOf(page), 'SIGKILL');
  await expect.poll(() => livesOf(page)).toContain('failed');
  const lives = await livesOf(page);
  expect(lives.filter((life) => life === 'restarting')).toHaveLength(RESTARTS_MAX);
  expect(lives.at(-1)).toBe('failed');
});

test('a till that is closed lets its utility process finish', async ({ till: { app, page, dataFolder } }) => {
  const pid = await pidOf(page);
  await app.close();
  expect(await lookAt(pid)).toBeUndefined();
  expect(existsSync(join(dataFolder, 'finished'))).toBe(true);
});

test('a till that is closed kills a utility process that hangs', async ({ till: { app, page } }) => {
  const pid = await pidOf(page);
  process.kill(pid, 'SIGSTOP');
  await app.close();
  await expect.poll(() => lookAt(pid)).toBeUndefined();
});

test('when main is killed, its utility process goes with it', async ({ till: { app, page } }) => {
  const pid = await pidOf(page);
  const main = app.process();
  const gone = once(main, 'exit');
  main.kill('SIGKILL');
  await gone;
  await expect.poll(() => lookAt(pid)).toBeUndefined();
});
