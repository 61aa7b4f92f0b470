import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cp, rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { startChild } from '../../build/shop/child.mjs';
import { coreHostEnv, rootSwitches, startTill } from '../../build/shop/till.mjs';
import { resolveElectron } from '../../build/setup/electron.mjs';
import { ROOT } from '../../build/targets.mjs';
import { KNOWN_MEMBERS } from '../../crm/demo/known.ts';
import { damageTable } from '../parts/damage.ts';
import { expectOpenToAll, seriousOn } from './axe.ts';
import { createCamera } from './camera.ts';
import {
  chip,
  expectBalance,
  failure,
  field,
  memberName,
  openMember,
  signIn,
  theBox,
  cardOf,
} from './counter.ts';
import { askCode, test, verify } from './shop.ts';

const { familyFirst } = KNOWN_MEMBERS;

test('a new till is set up with a one-time code, which works once', async ({ launchTill, shop }) => {
  const till = await launchTill();
  const { page } = till;
  await expect(page.getByRole('heading', { name: 'Set up this till' })).toBeVisible();
  const setUp = page.getByRole('button', { name: 'Set up this till' });

  await test.step('a wrong address and a short code are said at their fields', async () => {
    await field(page, 'server').fill('not an address');
    await field(page, 'code').fill('123');
    await setUp.click();
    await expect(page.getByText('That is no address.')).toBeVisible();
    await expect(page.getByText('A code has at least 8 signs.')).toBeVisible();
  });
  await test.step('nobody there', async () => {
    await field(page, 'server').fill('http://127.0.0.1:9');
    await field(page, 'code').fill('AAAAA-AAAAA');
    await setUp.click();
    await expect(failure(page)).toContainText('The centre does not answer');
  });
  await test.step('a code that the centre never gave', async () => {
    await field(page, 'server').fill(shop.url);
    await setUp.click();
    await expect(failure(page)).toContainText('The centre said no');
  });
  await test.step('the right one', async () => {
    await field(page, 'code').fill(await askCode(shop.url));
    await field(page, 'till-name').fill('Till 9');
    await setUp.click();
    await expect(page.getByRole('heading', { name: 'Who is at the till?' })).toBeVisible({ timeout: 20_000 });
    await signIn(page);
    await openMember(page, '91110001', 'Tan Wei Ling');
    await expect(page.getByRole('banner')).toContainText('Till 9');
  });
});

test('a till whose key is missing refuses, makes no new key and touches nothing', async ({
  launchTill,
  newTill,
}) => {
  const dataFolder = await newTill();
  const before = await verify(dataFolder);
  const key = join(dataFolder, 'till.key');
  await rename(key, `${key}.away`);
  const till = await launchTill({ dataFolder });
  const refused = till.page.getByTestId('refused');
  await expect(refused).toHaveAttribute('data-code', 'key_missing');
  await expect(till.page.getByRole('heading', { level: 1 })).toContainText('key');
  await expect(refused).toContainText('No new key was made');
  await expectOpenToAll(till.page, 'refused');
  expect(existsSync(key)).toBe(false);
  await till.close();
  expect(readdirSync(dataFolder).filter((name) => name.endsWith('.key'))).toEqual([]);
  await rename(`${key}.away`, key);
  expect(await verify(dataFolder)).toEqual(before);
});

test('a second start of a till that sells leaves the first one and its cashier alone', async ({
  launchEnrolled,
  display,
}) => {
  const { page, dataFolder } = await launchEnrolled();
  await signIn(page);
  const second = startTill(await resolveElectron(), { COUNTERFOIL_DATA: dataFolder, DISPLAY: display });
  expect(await second.line('This till is open already')).toContain(dataFolder);
  await second.ended;
  await openMember(page, '91110001', 'Tan Wei Ling');
});

test('with the centre down from the start a till signs in, looks up and stamps, and sends later', async ({
  newTill,
  launchEnrolled,
  line,
}) => {
  const dataFolder = await newTill();
  await line.cut();
  const { page } = await launchEnrolled({ dataFolder });
  await signIn(page);
  await expect(chip(page)).toHaveAttribute('data-state', 'offline');
  await openMember(page, '91110007', 'Lim Hui Min');
  const confirmed = page.getByTestId('balance-confirmed').first();
  const before = Number(await confirmed.getAttribute('data-value'));
  await page.keyboard.press('F2');
  await expect(page.getByTestId('outcome')).toContainText('Saved on this till.');
  await expectBalance(page, cardOf(familyFirst, 0).cardNumber, [before, 1]);
  await expect(chip(page)).toContainText('Offline · 1 waiting');
  await line.mend();
  await expect(chip(page)).toContainText('All sent', { timeout: 40_000 });
  await expectBalance(page, cardOf(familyFirst, 0).cardNumber, [before + 1, 0]);
  await expect(memberName(page)).toHaveText('Lim Hui Min');
  await expect(theBox(page)).toBeFocused();
});

test('a till whose own file was damaged says so, and goes on with every entry', async ({
  newTill,
  launchTill,
  launchEnrolled,
}) => {
  test.setTimeout(120_000);
  const dataFolder = await newTill();
  const before = await launchEnrolled({ dataFolder });
  await signIn(before.page);
  await openMember(before.page, '91110007', 'Lim Hui Min');
  const had = Number(await before.page.getByTestId('balance-confirmed').first().getAttribute('data-value'));
  await before.page.keyboard.press('F2');
  await expect(before.page.getByTestId('outcome')).toContainText('Saved on this till.');
  await before.close();
  const keyHex = readFileSync(join(dataFolder, 'till.key'), 'utf8').trim();
  damageTable({ path: join(dataFolder, 'till.db'), keyHex }, 'ops');
  const till = await launchTill({ dataFolder });
  const { page } = till;
  await signIn(page);
  const said = page.getByTestId('mended');
  await expect(said).toContainText('own file was damaged');
  // Once: what came back out of the spill file is part of that.
  await expect(page.getByTestId('rescued')).toHaveCount(0);
  expect(await seriousOn(page, 'mended')).toEqual([]);
  await createCamera(till, join(ROOT, 'out/pictures-start'))('90-mended');
  await expect(chip(page)).toContainText('All sent', { timeout: 40_000 });
  await openMember(page, '91110007', 'Lim Hui Min');
  await expectBalance(page, cardOf(familyFirst, 0).cardNumber, [had + 1, 0]);
  await page.keyboard.press('F2');
  await expect(page.getByTestId('outcome')).toContainText('Saved on this till.');
});

test('a till that lacks its page says so in words and ends with an exit code, its core before it', async ({
  newFolder,
  display,
}) => {
  const [folder, dataFolder] = [await newFolder(), await newFolder()];
  for (const part of ['package.json', 'out/main', 'out/core', 'out/preload'])
    await cp(join(ROOT, part), join(folder, part), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const electron = await resolveElectron();
  const said: string[] = [];
  const till = startChild(electron.executablePath, [...rootSwitches(), folder], {
    name: 'till',
    env: { ...process.env, ...coreHostEnv(electron), COUNTERFOIL_DATA: dataFolder, DISPLAY: display },
    toWords: (line) => void said.push(line),
  });
  expect(await till.ended).toEqual({ isGood: false, words: 'ended with exit code 1' });
  const words = said.join('\n');
  expect(words).toContain('The till could not open its window: ');
  expect(words).toContain('What was confirmed before is safe.');
  expect(words).not.toContain('till core ended');
});
