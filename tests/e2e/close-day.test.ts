import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { ROOT } from '../../build/targets.mjs';
import { KNOWN_MEMBERS } from '../../crm/demo/known.ts';
import { createCamera } from './camera.ts';
import {
  cardOf,
  chip,
  field,
  openMember,
  openSettings,
  pressAgain,
  signIn,
  syncNow,
  tabAndPress,
  tabTo,
  type,
} from './counter.ts';
import type { Till } from './launch.ts';
import { test, type Shop } from './shop.ts';

const { lostCard: priya, replacedCard: kenji } = KNOWN_MEMBERS;
/** Nobody of the main job: tests share a shop. */
const points = cardOf(priya, 1).cardNumber;
const coffee = cardOf(kenji, 1).cardNumber;
const FOLDER = join(ROOT, 'out/pictures-close');

const proof = (page: Page) => page.getByTestId('proof');

/** By keys alone, as a manager without a mouse does. */
async function openCloseDay(page: Page): Promise<void> {
  await page.keyboard.press('F10');
  await page.getByRole('menuitem', { name: /Close of the day|日结/ }).press('Enter');
  await expect(page.getByTestId('certificate')).toBeVisible();
}

/** Points for a purchase and some for none, and three presses of stamps, the last of them without a line. */
async function sellUntilOffline(page: Page, line: Shop): Promise<void> {
  await openMember(page, points, 'Nair Priya');
  await page.keyboard.press('F2');
  await field(page, 'amount').fill('12.50');
  await field(page, 'receipt').fill('8812');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('outcome')).toBeVisible();
  await page.getByTestId('deed-by-hand').press('Enter');
  await tabTo(page, field(page, 'amount'));
  await type(page, '300');
  await tabTo(page, field(page, 'reason'));
  await type(page, 'goodwill');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('outcome')).toContainText('+300');
  await openMember(page, coffee, 'Yamamoto Kenji');
  await page.keyboard.press('F2');
  await expect(page.getByTestId('outcome')).toBeVisible();
  await pressAgain(page, 'F2');
  await syncNow(page);
  await line.cut();
  await pressAgain(page, 'F3');
  await expect(chip(page)).toContainText('Offline · 1 waiting');
}

/** Each bar of a plot: its name and its number, as they stand beside it. */
const barsOf = (page: Page, title: string): Promise<string[][]> =>
  page
    .getByTestId('day-report')
    .getByRole('img', { name: title })
    .locator('g')
    .evaluateAll((bars) =>
      bars.map((bar) => [...bar.querySelectorAll('text')].map((text) => text.textContent ?? '')),
    );

/** Who, on what, when; and where a manager looks before she signs, without anybody being asked for it (N16). */
async function readReport(page: Page): Promise<void> {
  expect(await barsOf(page, 'Actions by cashier')).toEqual([['Mdm Seah', '5']]);
  expect(await barsOf(page, 'Actions by programme')).toEqual([
    ['Coffee card', '3'],
    ['Points', '2'],
  ]);
  const heights = await page
    .getByTestId('day-report')
    .getByRole('img', { name: 'Actions by hour' })
    .locator('rect')
    .evaluateAll((hours) => hours.map((hour) => Number(hour.getAttribute('height'))));
  expect([heights.length, heights.some((height) => height > 0)]).toEqual([24, true]);
  // Other tills of this shop sell on this day too: the one that this till's work asks for is among them.
  const words = 'Mdm Seah gave 300 to Nair Priya in 1 go without amount or receipt';
  const watched = page.getByTestId('watch-item').filter({ hasText: words });
  await expect(watched).toHaveCount(1);
  await expect(watched).toHaveAttribute('data-reason', 'noSale');
}

/** Asked once, not yet; then closed. */
async function closeDay(page: Page, take: (name: string) => Promise<void>): Promise<void> {
  await tabAndPress(page, page.getByTestId('close-now'));
  await expect(page.getByTestId('close-ask')).toBeVisible();
  await take('71-day-ask');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('close-ask')).toHaveCount(0);
  await expect(page.getByTestId('certificate')).toBeVisible();
  await tabAndPress(page, page.getByTestId('close-now'));
  await tabAndPress(page, page.getByTestId('close-yes'));
  await expect(proof(page)).toHaveText('Closed, proof pending');
}

/** On paper there is the certificate and nothing else; the button asks the system to print. */
async function print(page: Page): Promise<void> {
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByTestId('the-box')).toBeHidden();
  await expect(page.getByTestId('certificate')).toBeVisible();
  await writeFile(join(FOLDER, '74-day-paper.png'), await page.screenshot({ fullPage: true }));
  // Not `screen`: that would keep the PDF from being what stands on paper.
  await page.emulateMedia({ media: null });
  await page.evaluate(() => {
    window.print = () => {
      document.documentElement.dataset['printed'] = 'yes';
    };
  });
  await tabAndPress(page, page.getByTestId('print'));
  await expect(page.locator('html')).toHaveAttribute('data-printed', 'yes');
}

/** What the person chooses in the system's dialog, which no test can press. */
const choosePlace = (till: Till, filePath: string): Promise<void> =>
  till.app.evaluate(({ dialog }, path) => {
    dialog.showSaveDialog = async () => ({ canceled: path === '', filePath: path });
  }, filePath);

/** A file of the certificate and the report; given up, none and no word about it. */
async function savePdf(till: Till): Promise<void> {
  const { page, dataFolder } = till;
  await choosePlace(till, '');
  await page.getByTestId('save-pdf').press('Enter');
  await expect(page.getByTestId('save-pdf')).toBeEnabled();
  await expect(page.getByTestId('pdf-saved')).toHaveCount(0);
  const path = join(dataFolder, 'day.pdf');
  await choosePlace(till, path);
  await page.getByTestId('save-pdf').press('Enter');
  await expect(page.getByTestId('pdf-saved')).toBeVisible();
  const pdf = await readFile(path);
  expect(pdf.subarray(0, 5).toString('latin1')).toBe('%PDF-');
  expect(pdf.toString('latin1')).toMatch(/\/Type\s*\/Page\b/);
  await copyFile(path, join(FOLDER, '74-day.pdf'));
  await choosePlace(till, join(dataFolder, 'no-such-folder', 'day.pdf'));
  await page.getByTestId('save-pdf').press('Enter');
  await expect(page.getByTestId('pdf-failed')).toBeVisible();
}

test('a shop closes without a line, sells on, and the proof completes by itself', async ({
  launchEnrolled,
  line,
}) => {
  const till = await launchEnrolled();
  const { page } = till;
  const take = createCamera(till, FOLDER);
  await signIn(page, 'manager');
  await sellUntilOffline(page, line);

  await test.step('the day so far, and what is outstanding', async () => {
    await openCloseDay(page);
    await expect(proof(page)).toHaveText('Open');
    await expect(page.locator('[data-kind="stamp.added"] td').first()).toHaveText('34 stamps');
    await expect(page.getByTestId('unsent')).toBeVisible();
    await readReport(page);
    await take('70-day-open');
  });
  await test.step('closed without the line', async () => {
    await closeDay(page, take);
    await take('72-day-pending');
  });
  await test.step('the next day sells', async () => {
    await openMember(page, coffee, 'Yamamoto Kenji');
    await page.keyboard.press('F2');
    await expect(page.getByTestId('outcome')).toBeVisible();
  });
  await test.step('the line is back: proven, on screen and on paper', async () => {
    await line.mend();
    await openCloseDay(page);
    await syncNow(page);
    await expect(proof(page)).toHaveText(/^Proven at \d\d:\d\d$/);
    await take('73-day-proven');
    await print(page);
    await savePdf(till);
  });
  await test.step('in Chinese', async () => {
    await openSettings(page);
    await page.getByText('简体中文').click();
    await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
    await openCloseDay(page);
    await take('75-day-chinese');
  });
});

test('a cashier has no close of the day', async ({ launchEnrolled }) => {
  const { page } = await launchEnrolled();
  await signIn(page);
  await page.keyboard.press('F10');
  await expect(page.getByRole('menuitem', { name: 'Settings' })).toBeVisible();
  await expect(page.getByRole('menuitem', { name: 'Close of the day' })).toHaveCount(0);
});
