import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { ROOT } from '../../build/targets.mjs';
import { writeXlsx } from '../../electron/core/imports/sheet/xlsx-writer.ts';
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

async function choose(
  page: Page,
  name = 'members.csv',
  buffer: Uint8Array = Buffer.from(FILE),
): Promise<void> {
  const asked = page.waitForEvent('filechooser');
  await page.getByTestId('import-choose').press('Enter');
  const chooser = await asked;
  await chooser.setFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(buffer) });
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

/** What the page offers for saving: kept beside, as bytes. */
async function keepOffered(page: Page): Promise<void> {
  await page.evaluate(() => {
    const offered: { bytes: Promise<number[]> }[] = [];
    Object.assign(window, { offered });
    const make = URL.createObjectURL.bind(URL);
    URL.createObjectURL = (file: Blob | MediaSource): string => {
      if (file instanceof Blob)
        offered.push({ bytes: file.arrayBuffer().then((buffer) => [...new Uint8Array(buffer)]) });
      return make(file);
    };
  });
}

/** The file that a press offers. */
async function offeredBy(page: Page, testId: string): Promise<Buffer> {
  const count = () => page.evaluate(() => (window as unknown as { offered: unknown[] }).offered.length);
  const before = await count();
  await page.getByTestId(testId).press('Enter');
  await expect.poll(count).toBe(before + 1);
  return Buffer.from(
    await page.evaluate(
      (at) => (window as unknown as { offered: { bytes: Promise<number[]> }[] }).offered[at]?.bytes ?? [],
      before,
    ),
  );
}

test('templates come down, a workbook goes in, its failed rows come down with reasons, and what was only checked is cancelled', async ({
  launchEnrolled,
}) => {
  test.setTimeout(120_000);
  const till = await launchEnrolled();
  const { page } = till;
  await signIn(page, 'manager');
  await page.getByTestId('rail-imports').press('Enter');
  await expect(page.getByTestId('imports')).toBeVisible();
  await keepOffered(page);
  await test.step('templates', async () => {
    const csv = (await offeredBy(page, 'template-csv')).toString('utf8');
    expect(csv).toContain('full_name');
    expect(csv).toContain('marketing_materials_consent');
    expect((await offeredBy(page, 'template-tags')).toString('utf8')).toContain('tags');
    // Read back, it says of every column what it holds.
    await choose(page, 'template.xlsx', await offeredBy(page, 'template-xlsx'));
    await expect(page.getByTestId('import-check')).toBeEnabled();
    await expect(page.locator('tr[data-unknown="true"]')).toHaveCount(0);
    await page.getByTestId('import-another').press('Enter');
  });
  await test.step('a workbook, and the rows of it that failed', async () => {
    const rows = [
      ['full_name', 'mobile_number', 'date_of_birth'],
      ['Quek Ah Moy', '81234011', '17/03/1990'],
      ['Soh', 'no number', ''],
      ['Rahim', '81234012', '31/02/1990'],
    ];
    await choose(page, 'members.xlsx', writeXlsx(rows));
    await page.getByTestId('import-check').press('Enter');
    await state(page, 'checked');
    await expect(page.getByTestId('import-count-invalid')).toHaveAttribute('data-value', '2');
    const failed = (await offeredBy(page, 'import-failed')).toString('utf8');
    expect(failed.trim().split('\r\n')).toHaveLength(3);
    expect(failed).toContain('MOBILE_FORMAT');
    expect(failed).toContain('DOB_FORMAT');
    expect(failed).not.toContain('Quek');
  });
  await test.step('cancelled at the check it has changed nothing', async () => {
    await page.getByTestId('import-cancel').press('Enter');
    await state(page, 'cancelled');
    await expect(page.getByTestId('import-state')).toContainText('nothing was changed');
    await page.getByTestId('import-another').press('Enter');
    await expect(page.getByTestId('import-history')).toContainText('members.xlsx');
  });
});

/** More rows than are checked in a moment. */
const MANY = 60_000;
const longFile = (): Buffer => {
  const rows = Array.from({ length: MANY }, (_, at) => `Many ${at},${87_000_000 + at}`);
  return Buffer.from(['full_name,mobile_number', ...rows].join('\n'));
};

test('long work says how far it is and ends when it is told to; the history tells who, what and how many, and opens', async ({
  launchEnrolled,
}) => {
  test.setTimeout(120_000);
  const till = await launchEnrolled();
  const { page } = till;
  const take = createCamera(till, FOLDER);
  await signIn(page, 'manager');
  await page.getByTestId('rail-imports').press('Enter');
  await test.step('a check is cancelled in its midst', async () => {
    await choose(page, 'many.csv', longFile());
    await expect(page.getByTestId('import-check')).toBeEnabled({ timeout: 30_000 });
    await page.getByTestId('import-check').press('Enter');
    await expect(page.getByTestId('import-progress')).toHaveAttribute('aria-valuetext', /^\d+%$/);
    await take('progress');
    await page.getByTestId('import-cancel').press('Enter');
    await state(page, 'cancelled');
    await page.getByTestId('import-another').press('Enter');
  });
  await test.step('a file with what another system knows: its total, and the four figures of the list (F66, F81)', async () => {
    const lines = ['full_name,mobile_number,rating,reviews', 'Koh,81234021,4.5,12', 'Rahim,none,,'];
    await choose(page, 'reviews.csv', Buffer.from(lines.join('\n')));
    await page.getByTestId('import-check').press('Enter');
    await state(page, 'checked');
    await page.getByTestId('import-start').press('Enter');
    await state(page, 'done');
    await expect(page.getByTestId('import-state')).toContainText('Import complete');
    await expect(page.getByTestId('import-count-create')).toHaveAttribute('data-value', '1');
    await page.keyboard.press('Control+1');
    const tile = (name: string) => page.getByTestId(`tile-${name}`);
    await expect(tile('reviews')).toHaveAttribute('data-value', '12', { timeout: 30_000 });
    await expect(tile('rating')).toHaveAttribute('data-value', '4.5');
    for (const name of ['members', 'transactions'])
      await expect(tile(name)).toHaveAttribute('data-value', /^[1-9]\d*$/);
    await take('four-figures');
  });
  await test.step('the history, and a run out of it (F83)', async () => {
    await page.getByTestId('rail-imports').press('Enter');
    await page.getByTestId('import-another').press('Enter');
    const runs = page.getByTestId('import-history').locator('tbody tr');
    const cells = (at: number) => runs.nth(at).locator('td');
    await expect(cells(0).nth(0)).toHaveText(/\d/);
    await expect(cells(0)).toHaveText([/./, 'reviews.csv', /./, 'Import complete', '1', '1']);
    await expect(cells(1)).toHaveText([/./, 'many.csv', /./, 'Cancelled: nothing was changed', '0', '0']);
    const operator = await cells(0).nth(2).textContent();
    await expect(page.getByTestId('person-menu')).toContainText(operator ?? '-');
    await runs.nth(0).getByTestId('import-show').press('Enter');
    await state(page, 'done');
    await expect(page.getByTestId('import-row')).toHaveCount(2);
    await page.getByTestId('import-count-invalid').press('Enter');
    await expect(page.getByTestId('import-row')).toHaveCount(1);
    await expect(page.locator('[data-code="MOBILE_FORMAT"]')).toBeVisible();
    await page.getByTestId('import-undo').press('Enter');
    await page.getByTestId('import-undo-yes').press('Enter');
    await state(page, 'undone');
  });
});
