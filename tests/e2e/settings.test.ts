import { expect } from '@playwright/test';
import { field, openSettings, signIn } from './counter.ts';
import { test } from './shop.ts';

const CRLF = 'Ends with Enter and a new line (CR LF)';

test('language, light and scanner are kept over a new start', async ({ launchEnrolled }) => {
  const first = await launchEnrolled();
  const { page, dataFolder } = first;
  await signIn(page, 'supervisor');
  await openSettings(page);

  await test.step('Chinese and back', async () => {
    await page.getByText('简体中文').click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('设置');
    await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
    await page.getByText('English').click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Settings');
  });
  await test.step('dark', async () => {
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await ground();
    await page.getByText('Dark', { exact: true }).click();
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
    await expect.poll(ground).not.toBe(light);
  });
  await test.step('a scanner that is not there yet', async () => {
    await field(page, 'port').fill('/dev/no-such-scanner');
    await page.getByText(CRLF, { exact: true }).click();
    await page.getByRole('button', { name: 'Save the scanner' }).click();
    await expect(page.getByText('Saved', { exact: true })).toBeVisible();
    await expect(page.getByTestId('scanner-state')).toHaveText('Not there');
  });
  await first.close();

  const { page: again } = await launchEnrolled({ dataFolder });
  await expect(again.locator('html')).toHaveAttribute('data-theme', 'dark');
  await signIn(again, 'supervisor');
  await openSettings(again);
  await expect(field(again, 'port')).toHaveValue('/dev/no-such-scanner');
  await expect(again.getByRole('radio', { name: CRLF, exact: true })).toBeChecked();
});

test('another person takes over: the next entry is theirs', async ({ launchEnrolled }) => {
  const { page } = await launchEnrolled();
  await signIn(page);
  await page.keyboard.press('F10');
  await page.getByRole('menuitem', { name: 'Switch user' }).click();
  await signIn(page, 'manager');
  await expect(page.getByTestId('person-menu')).toContainText('Mdm Seah');
});
