import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { ROOT } from '../../build/targets.mjs';
import { seriousOn } from './axe.ts';
import { createCamera } from './camera.ts';
import { signIn } from './counter.ts';
import { test } from './shop.ts';

const FOLDER = join(ROOT, 'out/pictures-imports');

const FILE = [
  'full_name,mobile_number,email,locker number,date_of_birth',
  '"Quek, Mei Fen",81234001,mei@example.org,38,17/03/1990',
  'Rahim,81234002,,41,',
  'Soh,6.59E+09,,40,',
  ',81234004,,40,',
].join('\n');

async function choose(page: Page): Promise<void> {
  const asked = page.waitForEvent('filechooser');
  await page.getByTestId('import-choose').press('Enter');
  const chooser = await asked;
  await chooser.setFiles({ name: 'members.csv', mimeType: 'text/csv', buffer: Buffer.from(FILE) });
}

const state = (page: Page, wanted: string) =>
  expect(page.getByTestId('import-run')).toHaveAttribute('data-state', wanted, { timeout: 30_000 });

test('a manager imports a file by keys alone: maps, checks, rehearses, runs, and takes it back', async ({
  launchEnrolled,
}) => {
  const till = await launchEnrolled();
  const { page } = till;
  await signIn(page, 'manager');
  const take = createCamera(till, FOLDER);
  await page.getByTestId('rail-imports').press('Enter');
  await expect(page.getByTestId('imports')).toBeVisible();
  expect(await seriousOn(page, 'imports')).toEqual([]);
  await take('choose');
  await choose(page);
  await expect(page.getByTestId('import-check')).toBeDisabled();
  await take('map');
  expect(await seriousOn(page, 'map')).toEqual([]);
  await page.locator('tr[data-unknown="true"] select').selectOption('-');
  await page.getByTestId('import-check').press('Enter');
  await state(page, 'checked');
  await expect(page.getByTestId('import-count-create')).toHaveAttribute('data-value', '2');
  await expect(page.locator('[data-code="PHONE_EXPONENT"]')).toBeVisible();
  await expect(page.locator('[data-code="NAME_MISSING"]')).toBeVisible();
  await take('rehearse');
  expect(await seriousOn(page, 'rehearse')).toEqual([]);
  await page.getByTestId('import-start').press('Enter');
  await state(page, 'done');
  await take('done');
  await page.getByTestId('import-undo').press('Enter');
  await page.getByTestId('import-undo-yes').press('Enter');
  await state(page, 'undone');
  await page.getByTestId('import-another').press('Enter');
  await expect(page.getByTestId('import-history')).toContainText('members.csv');
  await take('history');
});
