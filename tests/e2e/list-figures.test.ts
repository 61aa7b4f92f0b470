import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { ROOT } from '../../build/targets.mjs';
import { DEMO_PINS } from '../../crm/demo/chain.ts';
import { seriousOn } from './axe.ts';
import { createCamera } from './camera.ts';
import { choosePersonByKeys, enterPin, chooseInMenu, signIn, tabAndPress, type } from './counter.ts';
import { cli, test } from './shop.ts';

const FOLDER = join(ROOT, 'out/pictures-list-figures');
const tile = (page: Page, name: string) => page.getByTestId(`tile-${name}`);

/** What only another system knows of members, as a file brings it. */
async function bringFigures(dataFolder: string): Promise<void> {
  const file = join(dataFolder, 'figures.csv');
  const lines = [
    'full_name,mobile_number,rating,reviews,device,utm',
    'Goh Rating,88819901,4.5,3,iPhone,spring',
    'Goh Rated,88819902,2.5,1,Pixel,',
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  const who = ['--as', 'manager', '--pin', DEMO_PINS.manager, '--data', dataFolder];
  const { created } = await cli(['import', file, '--mode', 'create-and-update', '--run', ...who]);
  expect(created).toBe(2);
}

async function openList(page: Page): Promise<void> {
  await page.keyboard.press('Control+1');
  await expect(page.getByTestId('directory-count')).toHaveAttribute('data-order', 'asked', {
    timeout: 30_000,
  });
}

async function seesWhoseColumns(page: Page): Promise<void> {
  await page.keyboard.press('Control+F');
  await type(page, 'goh rating');
  const row = page.getByTestId('directory-row').first();
  await expect(row.locator('[data-column="name"]')).toHaveText('Goh Rating');
  await expect(row.locator('[data-column="custom:rating"]')).toHaveText('4.5');
  await expect(row.locator('[data-column="custom:device"]')).toHaveText('iPhone');
  await expect(row.locator('[data-column="custom:utm"]')).toHaveText('spring');
}

test('four figures of all members, and what other systems know as columns that each person chooses and finds again (F27, F66)', async ({
  newTill,
  launchEnrolled,
}) => {
  test.slow();
  const dataFolder = await newTill();
  await bringFigures(dataFolder);
  const till = await launchEnrolled({ dataFolder });
  const { page } = till;
  const take = createCamera(till, FOLDER);
  await signIn(page, 'manager');
  await openList(page);
  await expect(tile(page, 'reviews')).toHaveAttribute('data-value', '4');
  await expect(tile(page, 'rating')).toHaveAttribute('data-value', '4');
  const all = await page.getByTestId('directory-count').getAttribute('data-value');
  await expect(tile(page, 'members')).toHaveAttribute('data-value', all ?? '');
  await expect
    .poll(async () => Number(await tile(page, 'transactions').getAttribute('data-value')))
    .toBeGreaterThan(0);
  await page.keyboard.press('F4');
  for (const column of ['Rating', 'Device', 'UTM', 'Birthdate'])
    await tabAndPress(page, page.getByRole('checkbox', { name: column, exact: true }), 'Space');
  await page.keyboard.press('Escape');
  await seesWhoseColumns(page);
  await take('10-figures');
  expect(await seriousOn(page, 'figures')).toEqual([]);
  await test.step('somebody else has columns of her own', async () => {
    await page.keyboard.press('F10');
    await chooseInMenu(page, 'Switch user');
    await choosePersonByKeys(page, 'supervisor');
    await enterPin(page, DEMO_PINS.supervisor);
    await expect(page.getByTestId('home')).toBeVisible();
    await openList(page);
    await expect(page.getByTestId('head-name')).toBeVisible();
    await expect(page.getByTestId('head-custom:device')).toHaveCount(0);
  });
  await test.step('the next day they are there again', async () => {
    await till.close();
    const again = await launchEnrolled({ dataFolder });
    await signIn(again.page, 'manager');
    await openList(again.page);
    await expect(again.page.getByTestId('head-dateOfBirth')).toBeVisible();
    await seesWhoseColumns(again.page);
  });
});
