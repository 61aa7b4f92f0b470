import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { startChild } from '../../build/shop/child.mjs';
import { NODE_PATH } from '../../build/setup/house.mjs';
import { ROOT } from '../../build/targets.mjs';
import { DEMO_PINS } from '../../crm/demo/chain.ts';
import { cutOn, wrongOn } from './axe.ts';
import { field, tabAndPress, tabTo, type } from './counter.ts';
import { TABLET, test } from './office-shop.ts';

const FOLDER = join(ROOT, 'out/pictures-centre');

/** What is wrong with a page in both languages, light and dark, and with letters of twice the size. */
async function wrongWith(page: Page, url: string, name: string): Promise<string[]> {
  const found: string[] = [];
  await mkdir(FOLDER, { recursive: true });
  for (const [language, colorScheme] of [
    ['en', 'light'],
    ['zh', 'dark'],
  ] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.goto(`${url}?lang=${language}`);
    await page.screenshot({ path: join(FOLDER, `${name}-${language}.png`), fullPage: true });
    found.push(...(await wrongOn(page, `${name}, ${language}`)));
    found.push(...(await cutOn(page, `${name}, ${language}`)));
  }
  return found;
}

test('the centre’s own pages: nothing serious, no English in Chinese, no text cut', async ({
  line,
  newPage,
  newFolder,
}) => {
  const page = await newPage('about:blank', TABLET);
  expect(await wrongWith(page, line.url, 'status')).toEqual([]);
  expect(await wrongWith(page, `${line.url}/integrations`, 'integrations')).toEqual([]);
  expect(await wrongWith(page, `${line.url}/u/no-such-link`, 'no-more-news')).toEqual([]);
  const words = [join(ROOT, 'out/crm/index.cjs'), '--port', '0', '--data', await newFolder()];
  const empty = startChild(NODE_PATH, words, { name: 'crm', toWords: () => undefined });
  expect(await wrongWith(page, await empty.line('listening on '), 'set-up')).toEqual([]);
  await empty.end();
});

test('a manager makes a key for another system and ends it again, by keys alone', async ({
  line,
  newPage,
}) => {
  const page = await newPage(`${line.url}/integrations?lang=en`, TABLET);
  const signsIn = async (form: 'first' | 'last'): Promise<void> => {
    await tabTo(page, field(page, 'login')[form]());
    await page.keyboard.press('Control+a');
    await type(page, 'manager');
    await tabTo(page, field(page, 'pin')[form]());
    await type(page, DEMO_PINS.manager);
  };
  await tabTo(page, field(page, 'name'));
  await type(page, 'Web shop of the test');
  await tabAndPress(page, page.locator('input[value="read:ledger"]'), 'Space');
  await signsIn('first');
  await page.keyboard.press('Enter');
  await expect(page.locator('code')).toContainText('cfk_');
  const row = page.getByRole('row').filter({ hasText: 'Web shop of the test' });
  await expect(row).toHaveCount(1);
  expect(await wrongOn(page, 'the new key')).toEqual([]);
  const choice = page.getByRole('radio', { name: 'Web shop of the test' });
  for (let at = 0; at < 60 && (await page.locator('input[name="revoke"]:focus').count()) === 0; at += 1)
    await page.keyboard.press('Tab');
  for (let at = 0; at < 9 && !(await choice.isChecked()); at += 1) await page.keyboard.press('Space');
  await expect(choice).toBeChecked();
  await signsIn('last');
  await page.keyboard.press('Enter');
  await expect(row.getByRole('radio')).toHaveCount(0);
});
