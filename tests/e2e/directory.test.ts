import { join } from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import { ROOT } from '../../build/targets.mjs';
import { createCamera } from './camera.ts';
import { field, memberName, signIn, type } from './counter.ts';
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

/** F17: her page stays closed; the card stands in her row afterwards. */
async function givesCoupon(page: Page, take: Take): Promise<void> {
  const cards = page.locator('[data-at="1"] [data-column="cards"]');
  await page.getByTestId('directory-grid').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await expect(cards).not.toContainText('Welcome drink');
  await page.keyboard.press('F6');
  await expect(page.getByTestId('coupon-give').first()).toBeFocused();
  await take('95-coupon');
  // The row below it changes: the panel stays with whom it was opened for.
  const whose = (await page.getByTestId('coupon-panel').getAttribute('aria-label')) ?? '';
  expect(whose).toMatch(/\+65 \d/);
  await page.getByTestId('directory-grid').focus();
  await page.keyboard.press('ArrowUp');
  await expect(page.getByTestId('directory-grid')).toHaveAttribute(
    'aria-activedescendant',
    'directory-row-0',
  );
  await expect(page.getByTestId('coupon-panel')).toHaveAttribute('aria-label', whose);
  // Other walks in this shop make coupons of their own.
  await page.getByTestId('coupon-give').filter({ hasText: 'Welcome drink' }).focus();
  expect(await seriousOn(page, 'coupon')).toEqual([]);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('coupon-panel')).toHaveAttribute('data-status', 'done');
  await page.keyboard.press('Escape');
  await expect(cards).toContainText('Welcome drink');
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
  const begin = page.getByTestId('export-begin');
  await expect(begin).toBeInViewport({ ratio: 1 });
  await begin.press('Enter');
  await expect(page.getByText('Say why, in a few words. Nothing went out.')).toBeVisible();
  await take('93-export-why');
  await field(page, 'export-reason').focus();
  await type(page, 'Invitations to the tasting');
  await page.keyboard.press('F4');
  await expect(page.getByTestId('export-panel')).toHaveCount(0);
  await page.keyboard.press('F8');
  await expect(field(page, 'export-reason')).toHaveValue('Invitations to the tasting');
  await field(page, 'export-reason').press('Enter');
  await expect(page.getByTestId('export-panel')).toHaveAttribute('data-status', 'done', {
    timeout: 20_000,
  });
  const last = page.getByTestId('export-line').first();
  await expect(last).toHaveAttribute('data-what', 'chosen');
  await expect(last).toHaveAttribute('data-stage', 'whole');
  await expect(last).toContainText('2 rows');
  await expect(last).toContainText('Invitations to the tasting');
  await take('98-export-log');
  expect(await seriousOn(page, 'who exported what')).toEqual([]);
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
  await test.step('scrolled far down by the bar, another order begins at its first rows', async () => {
    await page.getByTestId('directory-grid').evaluate((grid) => (grid.scrollTop = grid.scrollHeight));
    await expect(page.locator('[data-at="0"]')).toHaveCount(0);
    await page.getByTestId('head-createdAt').press('Enter');
    await expect(nameOf(page, 0)).toContainText(/\S/);
    await page.getByTestId('head-name').press('Enter');
    await expect(
      page.getByTestId('directory-grid').getByRole('columnheader', { name: 'Name' }),
    ).toHaveAttribute('aria-sort', 'ascending');
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
  await test.step('a coupon is given from the row', () => givesCoupon(page, take));
  await test.step('columns are chosen and kept', () => choosesColumns(page, take));
  await test.step('members are marked and exported', () => exportsMarked(page, take));
});

const numberOf = async (page: Page): Promise<number> => Number(await count(page).getAttribute('data-value'));

/** The condition at a place becomes: the state is that one. @returns how many have it, as the button says */
async function asksForState(rule: Locator, state: string): Promise<number> {
  await rule.getByRole('combobox', { name: 'Column' }).selectOption('state');
  const button = rule.getByRole('button', { name: new RegExp(`^${state}`) });
  await button.press('Enter');
  return Number((await button.textContent())?.replace(/\D/g, ''));
}

test('conditions stand in groups, of which all or any hold; a saved filter brings them back', async ({
  launchEnrolled,
}) => {
  test.setTimeout(120_000);
  const till = await launchEnrolled();
  const { page } = till;
  await signIn(page, 'manager');
  await page.keyboard.press('Control+1');
  await expect(count(page)).toHaveAttribute('data-order', 'asked', { timeout: 30_000 });
  const all = await numberOf(page);
  await page.keyboard.press('F3');
  await page.getByTestId('add-group').press('Enter');
  const group = page.getByTestId('filter-group');
  await expect(group.getByRole('combobox').first()).toHaveValue('any');
  const locked = await asksForState(group.getByTestId('filter-rule').first(), 'Locked');
  await group.getByTestId('add-rule-to-group').press('Enter');
  const blocked = await asksForState(group.getByTestId('filter-rule').nth(1), 'Blocked');
  await expect(count(page)).toHaveAttribute('data-value', String(locked + blocked));
  await test.step('a condition beside the group must hold as well', async () => {
    const beside = page.getByTestId('filter-panel').getByTestId('filter-rule').first();
    const active = await asksForState(beside, 'Active');
    await expect(count(page)).toHaveAttribute('data-value', '0');
    await page.getByTestId('filter-panel').getByRole('combobox').first().selectOption('any');
    await expect(count(page)).toHaveAttribute('data-value', String(active + locked + blocked));
  });
  const chosen = await numberOf(page);
  await createCamera(till, FOLDER)('94-groups');
  expect(await seriousOn(page, 'groups')).toEqual([]);
  await page.locator('input[name="filter.name"]').focus();
  await type(page, 'Everybody with a state');
  await page.keyboard.press('Enter');
  const saved = (name: string) => page.getByRole('button', { name, exact: true });
  await expect(saved('Everybody with a state')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^Remove 3 conditions/ }).press('Enter');
  await expect(count(page)).toHaveAttribute('data-value', String(all));
  await page.keyboard.press('F3');
  await expect(page.getByTestId('filter-group')).toHaveCount(0);
  await saved('Everybody with a state').press('Enter');
  await expect(page.getByTestId('filter-group').getByTestId('filter-rule')).toHaveCount(2);
  await expect(count(page)).toHaveAttribute('data-value', String(chosen));
  await test.step('it gets another name, and is put away', async () => {
    await page.getByRole('button', { name: 'Rename: Everybody with a state' }).press('Enter');
    await expect(field(page, 'filter.name')).toBeFocused();
    await field(page, 'filter.name').fill('Whoever has a state');
    await page.keyboard.press('Enter');
    await expect(saved('Whoever has a state')).toBeVisible();
    await expect(saved('Everybody with a state')).toHaveCount(0);
    await page.getByRole('button', { name: 'Put away: Whoever has a state' }).press('Enter');
    await createCamera(till, FOLDER)('99-filter-away');
    expect(await seriousOn(page, 'filter put away')).toEqual([]);
    await page.getByTestId('filter-retire-yes').press('Enter');
    await expect(saved('Whoever has a state')).toHaveCount(0);
  });
});

/** One press retires nothing, and what was retired comes back as it was. */
async function retiresAndTakesBack(page: Page, take: Take): Promise<void> {
  await page.getByRole('button', { name: 'Retire Shoe size' }).press('Enter');
  await page.getByTestId('own-column-asking').scrollIntoViewIfNeeded();
  await take('97-retire');
  expect(await seriousOn(page, 'retire')).toEqual([]);
  await page.getByTestId('own-column-retire').press('Enter');
  await expect(page.getByTestId('retired-column')).toContainText('Shoe size');
  await page.getByRole('button', { name: 'Take back: Shoe size' }).press('Enter');
  await expect(page.getByTestId('own-column')).toContainText('Shoe size');
}

test('a column of the chain’s own is added by a manager, filled in at a member, and sorts as a number', async ({
  launchEnrolled,
}) => {
  test.setTimeout(120_000);
  const till = await launchEnrolled();
  const { page } = till;
  const take = createCamera(till, FOLDER);
  await signIn(page, 'manager');
  await page.keyboard.press('Control+1');
  await expect(count(page)).toHaveAttribute('data-order', 'asked', { timeout: 30_000 });
  await page.keyboard.press('F4');
  await page.locator('input[name="own-column.name"]').focus();
  await type(page, 'Shoe size');
  await page.locator('select[name="own-column.type"]').selectOption('number');
  await page.locator('input[name="own-column.name"]').press('Enter');
  await expect(page.getByTestId('own-column')).toContainText('Shoe size');
  await retiresAndTakesBack(page, take);
  await page.getByTestId('own-columns').scrollIntoViewIfNeeded();
  await take('96-own-column');
  expect(await seriousOn(page, 'own column')).toEqual([]);
  await page.getByRole('checkbox', { name: 'Shoe size' }).press('Space');
  await page.keyboard.press('Escape');
  const names: string[] = [];
  for (const [step, size] of ['9', '41', '10.5'].entries()) {
    await page.getByTestId('directory-grid').focus();
    await page.keyboard.press('Home');
    for (let down = 0; down < step; down += 1) await page.keyboard.press('ArrowDown');
    names.push((await nameOf(page, step).textContent()) ?? '');
    await page.keyboard.press('Enter');
    await expect(memberName(page)).toBeVisible();
    if (step === 0) await page.keyboard.press('Control+i');
    await page.locator('input[name="custom-shoeSize"]').fill(size);
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('save-custom')).toBeDisabled();
    // One step back each: what was said of the save, then her page.
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('outcome')).toBeHidden();
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('directory')).toBeVisible();
  }
  const sizes = page.locator('[data-column="custom:shoeSize"]');
  const head = page.getByTestId('head-custom:shoeSize');
  await head.press('Enter');
  await expect.poll(async () => (await sizes.allTextContents()).slice(0, 4)).toEqual(['9', '10.5', '41', '']);
  await head.press('Enter');
  await expect.poll(async () => (await sizes.allTextContents()).slice(0, 4)).toEqual(['41', '10.5', '9', '']);
  await expect(nameOf(page, 0)).toHaveText(names[1] ?? '');
});

test('a cashier has no rail and no list', async ({ launchEnrolled }) => {
  const { page } = await launchEnrolled();
  await signIn(page);
  await expect(page.getByTestId('home')).toBeVisible();
  await expect(page.getByTestId('rail-directory')).toHaveCount(0);
  await page.keyboard.press('Control+1');
  await expect(page.getByTestId('directory')).toHaveCount(0);
});
