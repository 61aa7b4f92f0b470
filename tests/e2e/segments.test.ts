import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { ROOT } from '../../build/targets.mjs';
import { seriousOn } from './axe.ts';
import { createCamera } from './camera.ts';
import { signIn, type } from './counter.ts';
import { test } from './shop.ts';

const FOLDER = join(ROOT, 'out/pictures-segments');

/** Tab until the element with this test id has the focus. */
async function tabTo(page: Page, testId: string): Promise<void> {
  const target = page.getByTestId(testId).first();
  for (let presses = 0; presses < 80; presses += 1) {
    if (await target.evaluate((element) => element.contains(document.activeElement))) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`no way to ${testId} by keys`);
}

test('a segment is written, counted and opened by keys alone; the plot opens its people', async ({
  launchEnrolled,
}) => {
  const till = await launchEnrolled();
  const { page } = till;
  const take = createCamera(till, FOLDER);
  await signIn(page, 'manager');
  await test.step('the plot', async () => {
    await tabTo(page, 'rail-segments');
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('rfm-champions')).toBeVisible();
    expect(await seriousOn(page, 'segments')).toEqual([]);
    await take('90-rfm-plot');
    await tabTo(page, 'rfm-loyal');
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('segment-members')).toBeVisible();
    await take('91-rfm-people');
  });
  await test.step('a segment', async () => {
    await tabTo(page, 'segment-new');
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('segment-editor')).toBeVisible();
    // Slower than a scanner that types.
    await type(page, 'Champions of ours');
    await page.keyboard.press('Tab');
    const word = page.getByRole('button', { name: /^Champions$/ }).last();
    for (let presses = 0; presses < 40; presses += 1) {
      if (await word.evaluate((element) => element === document.activeElement)) break;
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('segment-found')).not.toHaveText('…');
    expect(await seriousOn(page, 'segments')).toEqual([]);
    await take('92-segment-editor');
    await tabTo(page, 'segment-save');
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('segment-total')).toBeVisible();
    await expect(page.getByTestId('segment-choice').filter({ hasText: 'Champions of ours' })).toHaveCount(1);
    expect(await seriousOn(page, 'segments')).toEqual([]);
    await take('93-segment');
  });
});
