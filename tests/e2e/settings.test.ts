import { join } from 'node:path';
import { expect } from '@playwright/test';
import { ROOT } from '../../build/targets.mjs';
import { DEMO_PINS } from '../../crm/demo/chain.ts';
import { createCamera } from './camera.ts';
import {
  choosePerson,
  enterPin,
  failure,
  field,
  openSettings,
  signIn,
  tabAndChoose,
  tabAndPress,
  tabTo,
  type,
} from './counter.ts';
import { test } from './shop.ts';

const CRLF = 'Ends with Enter and a new line (CR LF)';
const FOLDER = join(ROOT, 'out/pictures-settings');

test('language, light and scanner are chosen by keys alone and kept over a new start', async ({
  launchEnrolled,
}) => {
  const first = await launchEnrolled();
  const { page, dataFolder } = first;
  await signIn(page, 'supervisor');
  await openSettings(page);

  await test.step('Chinese and back', async () => {
    await tabAndPress(page, page.getByRole('radio', { name: 'English' }), 'ArrowDown');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('设置');
    await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
    await page.keyboard.press('ArrowUp');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Settings');
  });
  await test.step('dark', async () => {
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await ground();
    await tabAndChoose(page, 'Light', 'Dark');
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
    await expect.poll(ground).not.toBe(light);
  });
  await test.step('a scanner that is not there yet', async () => {
    await tabTo(page, field(page, 'port'), 'back');
    await page.keyboard.press('Control+a');
    await type(page, '/dev/no-such-scanner');
    await tabAndChoose(page, 'How the scanner ends a scan', CRLF);
    await tabAndPress(page, page.getByRole('button', { name: 'Save the scanner' }));
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

test('after wrong PINs the sentence says how many seconds to wait, in Chinese too', async ({
  launchEnrolled,
}) => {
  const till = await launchEnrolled();
  const { page } = till;
  await signIn(page);
  await openSettings(page);
  await tabAndPress(page, page.getByRole('radio', { name: 'English' }), 'ArrowDown');
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await page.keyboard.press('F10');
  await page.getByRole('menuitem', { name: '切换人员' }).click();
  await choosePerson(page, 'supervisor');
  for (let wrong = 0; wrong < 4; wrong += 1) {
    await enterPin(page, '111111');
    await expect(failure(page)).toHaveAttribute('data-code', 'pin_wrong');
    await expect(field(page, 'pin')).toHaveValue('');
  }
  await enterPin(page, DEMO_PINS.supervisor);
  await expect(failure(page)).toHaveAttribute('data-code', 'pin_locked');
  await expect(failure(page)).toContainText(/请等待 \d+秒/);
  await expect(failure(page)).not.toContainText('Wait');
  await createCamera(till, FOLDER)('01-pin-wait-chinese');
});

test('another person takes over: the next entry is theirs', async ({ launchEnrolled }) => {
  const { page } = await launchEnrolled();
  await signIn(page);
  await page.keyboard.press('F10');
  await page.getByRole('menuitem', { name: 'Switch user' }).click();
  await signIn(page, 'manager');
  await expect(page.getByTestId('person-menu')).toContainText('Mdm Seah');
});
