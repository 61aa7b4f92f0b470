import { expect, type Locator, type Page } from '@playwright/test';
import { chip, field, memberName, syncNow, theBox } from './counter.ts';
import { mobileOf, TWIN } from './hostile-fill.ts';
import { fit } from './hostile-texts.ts';
import type { Watch } from './hostile-watch.ts';

/** A place shows all texts in its list; what opens one at a time is opened for each third. */
const EVERY = 3;

/** Presses one after the other, and looks at what each opens. */
async function lookAtEach(list: Locator, screen: string, { glance }: Watch): Promise<void> {
  await expect(list.first()).toBeVisible();
  const count = await list.count();
  for (let at = 0; at < count; at += EVERY) {
    await list.nth(at).click();
    await glance(screen);
  }
}

/** Every part of a place that shows one of several, by its choices. */
async function lookAtParts(page: Page, screen: string, watch: Watch): Promise<void> {
  const parts = await page.locator('main').getByRole('radiogroup').first().locator('label').all();
  for (const part of parts) {
    await part.click();
    await watch.look(screen);
  }
}

/** The list asks for its rows while it is rolled: read until each name has stood there. */
export async function readDirectory(page: Page, texts: readonly string[], watch: Watch): Promise<void> {
  await page.getByTestId('rail-directory').click();
  const names = texts.map((text) => fit(text, 40));
  await expect(async () => {
    await watch.look('directory');
    expect(watch.missingOn('directory', names)).toEqual([]);
  }).toPass({ timeout: 60_000 });
}

/** Every place of the desk by the rail, each with its parts. */
export async function walkPlaces(page: Page, watch: Watch): Promise<void> {
  const rail = page.locator('[data-testid^="rail-"]');
  const names = await rail.evaluateAll((buttons) => buttons.map((button) => button.dataset['testid'] ?? ''));
  expect(names.length).toBeGreaterThan(8);
  for (const name of names) {
    await page.getByTestId(name).click();
    await expect(page.locator('main :is(h1, h2)').first()).toBeVisible();
    await watch.look(name);
    if (['rail-messages', 'rail-chain'].includes(name)) await lookAtParts(page, name, watch);
  }
}

/** What opens only when something is chosen. */
export async function walkChosen(page: Page, watch: Watch): Promise<void> {
  await page.getByTestId('rail-cards').click();
  for (const next = page.getByTestId('cards-next'); ; await next.click()) {
    await expect(page.getByTestId('cards')).toHaveAttribute('data-reading', 'false');
    await watch.look('rail-cards');
    if ((await next.count()) === 0 || !(await next.isEnabled())) break;
  }
  await page.getByTestId('card-conditions').click();
  await watch.look('rail-cards');
  await page.getByTestId('rail-programmes').click();
  await lookAtEach(page.getByTestId('programme'), 'programme', watch);
  await page.getByTestId('rail-segments').click();
  await page.getByTestId('segment-choice').first().click();
  await expect(page.getByTestId('segment-total')).toBeVisible();
  await watch.look('rail-segments');
  await page.getByTestId('segment-edit').click();
  await watch.look('rail-segments');
  await page.getByTestId('rail-inbox').click();
  await expect(page.getByTestId('inbox-item').first()).toBeVisible();
  const more = page.getByTestId('inbox-more');
  // The button moves down with each page, and goes with the last.
  await expect(async () => {
    if ((await more.count()) > 0) await more.click({ timeout: 1_000 });
    await expect(more).toHaveCount(0, { timeout: 500 });
  }).toPass();
  await lookAtEach(page.getByTestId('inbox-item'), 'rail-inbox', watch);
  await page.getByTestId('rail-directory').click();
  await expect(page.getByTestId('directory-grid')).toBeFocused();
  await page.keyboard.press('F4');
  await expect(page.getByTestId('own-columns')).toBeVisible();
  await watch.look('columns');
  await page.keyboard.press('Escape');
  await page.getByTestId('directory-filter').click();
  await expect(page.getByTestId('filter-panel')).toBeVisible();
  await watch.look('filters');
  await page.keyboard.press('Escape');
}

/** Those whose member's page is opened. */
export const opened = <Item>(items: readonly Item[]): Item[] => items.filter((_, at) => at % EVERY === 0);

/** The pages of members with their details, and the forms of some. */
export async function walkMembers(page: Page, texts: readonly string[], watch: Watch): Promise<void> {
  for (const [at, text] of opened([...texts.entries()])) {
    await theBox(page).fill(mobileOf(at));
    const first = page.getByTestId('results').getByRole('option').filter({ hasNotText: TWIN }).first();
    await expect(first).toBeVisible();
    await watch.glance('results');
    await first.click();
    await expect(memberName(page)).toContainText(fit(text, 80).replaceAll(/\s+/g, ' '));
    if (at === 0) await page.keyboard.press('Control+i');
    await expect(page.getByTestId('about-member')).toBeVisible();
    await watch.glance('member');
    if (at % (4 * EVERY) !== 0) continue;
    await page.keyboard.press('F7');
    await expect(page.getByTestId('edit-member')).toBeVisible();
    await watch.glance('edit');
    await page.keyboard.press('Escape');
  }
}

/** What was typed or scanned comes back in words. */
export async function walkBox(page: Page, texts: readonly string[], watch: Watch): Promise<void> {
  await page.keyboard.press('Escape');
  for (const text of texts) {
    await theBox(page).fill(text.slice(0, 100));
    await watch.glance('box');
  }
  await theBox(page).fill('');
  await page.keyboard.press('F5');
  await expect(page.getByTestId('enrolment')).toBeVisible();
  await watch.look('enrolment');
  await field(page, 'mobile').fill(mobileOf(1));
  await expect(page.getByTestId('duplicates')).toBeVisible();
  await watch.look('enrolment');
  await page.keyboard.press('Escape');
}

/** A file whose name, headers and cells are all hostile: each header asks, each row says what it would do. */
export async function walkImport(page: Page, texts: readonly string[], watch: Watch): Promise<void> {
  const cell = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  // No column of the chain's own is called so.
  const asks = texts.map((text) => `? ${text}`);
  const head = ['full_name', 'mobile_number', ...asks].map(cell).join();
  const rows = texts.map((text, at) =>
    [text, `8234${String(at).padStart(4, '0')}`, ...texts].map(cell).join(),
  );
  await page.getByTestId('rail-imports').click();
  const asked = page.waitForEvent('filechooser');
  await page.getByTestId('import-choose').click();
  const buffer = Buffer.from([head, ...rows].join('\n'));
  await (
    await asked
  ).setFiles({ name: `${texts[0]}.csv`.replaceAll('/', '∕'), mimeType: 'text/csv', buffer });
  const unknown = page.locator('tr[data-unknown="true"] select');
  await expect(unknown.first()).toBeVisible({ timeout: 30_000 });
  await watch.look('import-map');
  while ((await unknown.count()) > 0) await unknown.first().selectOption('-');
  await page.getByTestId('import-check').click();
  const run = page.getByTestId('import-run');
  await expect(run).toHaveAttribute('data-state', 'checked', { timeout: 30_000 });
  await watch.look('import-rows');
  await page.getByTestId('import-start').click();
  await expect(run).toHaveAttribute('data-state', 'done', { timeout: 30_000 });
  await watch.look('import-rows');
  await page.getByTestId('import-another').click();
  await expect(page.getByTestId('import-history')).toBeVisible();
  await watch.look('import-history');
}

/** The day is closed; what goes on paper is drawn as paper. */
export async function walkDay(page: Page, watch: Watch): Promise<void> {
  await page.getByTestId('rail-close-day').click();
  await page.getByTestId('close-now').click();
  await page.getByTestId('close-yes').click();
  await expect(page.getByTestId('certificate')).toBeVisible();
  await watch.look('day');
  await page.emulateMedia({ media: 'print' });
  await watch.look('paper');
  await page.emulateMedia({ media: null });
  await syncNow(page);
  await expect(chip(page)).toHaveAttribute('data-state', 'idle');
}
