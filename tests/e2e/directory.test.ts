import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { ROOT } from '../../build/targets.mjs';
import { createCamera } from './camera.ts';
import { memberName, signIn, type } from './counter.ts';
import { seriousOn } from './axe.ts';
import { test } from './shop.ts';

const FOLDER = join(ROOT, 'out/pictures-directory');
const rows = (page: Page) => page.getByTestId('directory-row');
const count = (page: Page) => page.getByTestId('directory-count');
const nameOf = (page: Page, at: number) => page.locator(`[data-at="${at}"] [data-column="name"]`);

type Take = ReturnType<typeof createCamera>;

async function searches(page: Page): Promise<void> {
  await page.keyboard.press('Control+F');
  await type(page, 'wei ling');
  await expect(nameOf(page, 0)).toContainText(/Wei Ling/);
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Delete');
}

async function choosesColumns(page: Page, take: Take): Promise<void> {
  await page.keyboard.press('F4');
  await page.getByRole('checkbox', { name: 'E-mail' }).press('Space');
  await expect(page.getByTestId('head-email')).toBeVisible();
  await take('92-columns');
  expect(await seriousOn(page, 'columns')).toEqual([]);
  await page.keyboard.press('Escape');
}

async function exportsMarked(page: Page, take: Take): Promise<void> {
  await page.getByTestId('directory-grid').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await page.keyboard.press('F8');
  await take('93-export');
  expect(await seriousOn(page, 'export')).toEqual([]);
  await page.getByTestId('export-begin').press('Enter');
  await expect(page.getByTestId('export-panel')).toHaveAttribute('data-status', 'done', {
    timeout: 20_000,
  });
  await page.keyboard.press('Escape');
}

test('a manager walks all members by keys alone: opens, sorts, filters, marks, chooses columns, exports', async ({
  launchEnrolled,
}) => {
  test.setTimeout(180_000);
  const till = await launchEnrolled();
  const { page } = till;
  const take = createCamera(till, FOLDER);
  await signIn(page, 'manager');
  await test.step('the rail opens the list, which is whole soon', async () => {
    await page.keyboard.press('Control+1');
    await expect(page.getByTestId('directory')).toBeVisible();
    await expect(count(page)).toHaveAttribute('data-order', 'asked', { timeout: 30_000 });
    await expect(rows(page).first()).toContainText(/\S/);
    await expect(page.getByTestId('tile-members')).not.toHaveAttribute('data-value', '');
    await take('90-list');
    expect(await seriousOn(page, 'list')).toEqual([]);
  });
  await test.step('arrows and End walk it, Enter opens a member, Esc comes back to the same row', async () => {
    await page.getByTestId('directory-grid').focus();
    await page.keyboard.press('End');
    const last = Number(await count(page).getAttribute('data-value')) - 1;
    await expect(page.locator(`[data-at="${last}"]`)).toBeVisible();
    await page.keyboard.press('ArrowUp');
    const name = await nameOf(page, last - 1).textContent();
    await page.keyboard.press('Enter');
    await expect(memberName(page)).toHaveText(name ?? '');
    await page.keyboard.press('Escape');
    await expect(nameOf(page, last - 1)).toHaveText(name ?? '');
  });
  await test.step('a head sorts, and again the other way', async () => {
    await page.getByTestId('directory-grid').focus();
    await page.keyboard.press('Home');
    const first = await nameOf(page, 0).textContent();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect(nameOf(page, 0)).not.toHaveText(first ?? '');
    await page.keyboard.press('Enter');
    await expect(nameOf(page, 0)).toHaveText(first ?? '');
  });
  await test.step('a filter by state, found by Tab and set by keys', async () => {
    const all = Number(await count(page).getAttribute('data-value'));
    await page.keyboard.press('F3');
    await expect(page.getByTestId('filter-panel')).toBeVisible();
    await page
      .getByRole('group', { name: 'Values' })
      .getByRole('button', { name: /Locked/ })
      .press('Enter');
    await expect.poll(async () => Number(await count(page).getAttribute('data-value'))).toBeLessThan(all);
    await take('91-filter');
    expect(await seriousOn(page, 'filter')).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('filter-panel')).toHaveCount(0);
    await page.getByRole('button', { name: /^Remove 1 condition/ }).press('Enter');
    await expect(count(page)).toHaveAttribute('data-value', String(all));
  });
  await test.step('a search by a part of a name', () => searches(page));
  await test.step('columns are chosen and kept', () => choosesColumns(page, take));
  await test.step('members are marked and exported', () => exportsMarked(page, take));
});

test('a cashier has no rail and no list', async ({ launchEnrolled }) => {
  const { page } = await launchEnrolled();
  await signIn(page);
  await expect(page.getByTestId('home')).toBeVisible();
  await expect(page.getByTestId('rail-directory')).toHaveCount(0);
  await page.keyboard.press('Control+1');
  await expect(page.getByTestId('directory')).toHaveCount(0);
});
