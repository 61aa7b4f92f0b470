import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { ROOT } from '../../build/targets.mjs';
import { seriousOn } from './axe.ts';
import { overHttp, TestTill } from '../unit/crm/test-till.ts';
import { WHOLE_CHAIN } from '../../sync/base/ids.ts';
import { createCamera } from './camera.ts';
import { field, openSettings, signIn, syncNow } from './counter.ts';
import { test } from './shop.ts';

const FOLDER = join(ROOT, 'out/pictures-messages');

/** By keys alone. */
async function writeTemplate(page: Page): Promise<void> {
  await page.getByText('Prepared messages', { exact: true }).click();
  await page.getByTestId('template-new').press('Enter');
  await field(page, 'template-name').fill('Birthday treat');
  await field(page, 'template-subject').fill('A coffee for you, {{firstName}}');
  await page
    .locator('textarea[name="template-body"]')
    .fill('Dear {{name}},\n\ncome by this week: the next coffee is ours.\n\n{{chain}}');
}

/** Everybody who agreed to news, saved at another till. */
async function saveSegment(url: string): Promise<void> {
  const other = await TestTill.enrol(overHttp(url));
  const rule = { test: 'oneOf', field: 'marketing', values: ['yes'] };
  const body = { segmentId: 'agreed', version: 1, name: 'Agreed to news', match: 'all', conditions: [rule] };
  const document = { docKind: 'segment', id: 'agreed', baseVersion: 0, baseSum: '', body };
  other.make({ kind: 'document.saved', memberId: WHOLE_CHAIN, ...document });
  await other.sync();
}

test('a manager prepares a message, sees who gets it, sends it, and looks at what went out', async ({
  launchEnrolled,
  line,
}) => {
  test.setTimeout(240_000);
  const till = await launchEnrolled();
  const { page } = till;
  const take = createCamera(till, FOLDER);
  await saveSegment(line.url);
  await signIn(page, 'manager');
  await page.getByTestId('rail-messages').click();
  await expect(page.getByTestId('messages')).toBeVisible();
  await take('90-empty');
  await writeTemplate(page);
  await expect(page.getByTestId('message-preview')).toContainText('Dear Wei Ling Tan,');
  await take('91-template');
  expect(await seriousOn(page, 'template')).toEqual([]);
  await page.getByTestId('template-save').press('Enter');
  await expect(page.getByTestId('message-saved')).toBeVisible();
  await take('92-templates');
  await syncNow(page);
  await page.getByText('Send', { exact: true }).first().click();
  await page.getByRole('radio', { name: 'Agreed to news' }).press('Space');
  await page.getByRole('radio', { name: /Birthday treat/ }).press('Space');
  await expect(page.getByTestId('message-preview')).toBeVisible();
  await expect(page.getByTestId('message-count')).toContainText(/members get it/, { timeout: 30_000 });
  await take('93-send');
  expect(await seriousOn(page, 'send')).toEqual([]);
  await expect(page.getByTestId('message-send')).toHaveText(/^Send to [\d,]+ members?$/);
  await page.getByTestId('message-send').press('Enter');
  await expect(page.getByTestId('message-asked')).toBeVisible();
  await syncNow(page);
  await page.getByText('What went out', { exact: true }).click();
  // This shop's centre has no mail server, and says so instead of keeping silent.
  await expect(async () => {
    await page.getByTestId('messages-refresh').click();
    await expect(page.getByTestId('sent-message')).toContainText('The centre has no way to send this', {
      timeout: 1_000,
    });
  }).toPass({ timeout: 30_000 });
  await take('94-sent');
  expect(await seriousOn(page, 'sent')).toEqual([]);
  await page.keyboard.press('Escape');
  await openSettings(page);
  await page.getByText('简体中文').click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await page.getByTestId('rail-messages').click();
  await page.getByText('预备消息', { exact: true }).click();
  await take('95-chinese');
});
