import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { ROOT } from '../../build/targets.mjs';
import { seriousOn } from './axe.ts';
import type { CardTypeId } from '../../sync/base/ids.ts';
import { overHttp, TestTill } from '../unit/crm/test-till.ts';
import { WHOLE_CHAIN } from '../../sync/base/ids.ts';
import { createCamera } from './camera.ts';
import { chooseInMenu, field, memberName, openMember, openSettings, signIn, syncNow } from './counter.ts';
import { tabAndChoose, tabAndPress, tabTo, type } from './counter.ts';
import { test } from './shop.ts';

const FOLDER = join(ROOT, 'out/pictures-messages');

/** By keys alone. */
async function writeTemplate(page: Page): Promise<void> {
  await tabAndChoose(page, 'Show', 'Prepared messages');
  await tabAndPress(page, page.getByTestId('template-new'));
  await expect(field(page, 'template-name')).toBeFocused();
  await type(page, 'Birthday treat');
  await tabTo(page, field(page, 'template-subject'));
  await type(page, 'A coffee for you, {{firstName}}');
  await tabTo(page, page.locator('textarea[name="template-body"]'));
  await type(page, 'Dear {{name}},\n\ncome by this week: the next coffee is ours.\n\n{{chain}}');
}

/** Everybody who agreed to news, saved at another till; and as a filter of the list, who goes by one name. */
async function saveTargets(url: string): Promise<void> {
  const other = await TestTill.enrol(overHttp(url));
  other.cardTypeId = 'coffee' as CardTypeId;
  const rule = { test: 'oneOf', field: 'marketing', values: ['yes'] };
  const body = { segmentId: 'agreed', version: 1, name: 'Agreed to news', match: 'all', conditions: [rule] };
  const document = { docKind: 'segment', id: 'agreed', baseVersion: 0, baseSum: '', body };
  other.make({ kind: 'document.saved', memberId: WHOLE_CHAIN, ...document });
  const filterId = '0192d7a0-0000-7000-8000-00000000e2e1';
  const rules = [{ column: 'name', op: 'contains', text: 'Wei Ling' }];
  const filter = { filterId, version: 1, name: 'Called Wei Ling', search: '', isRetired: false };
  other.make({
    ...{ kind: 'document.saved', memberId: WHOLE_CHAIN, docKind: 'filter', id: filterId },
    ...{ baseVersion: 0, baseSum: '', body: { ...filter, filter: { match: 'any', rules } } },
  });
  await other.sync();
}

/** What went out goes on to name it. */
async function retiresTemplate(page: Page, take: ReturnType<typeof createCamera>): Promise<void> {
  await tabAndChoose(page, 'Show', 'Prepared messages');
  const card = page.getByTestId('template-card').filter({ hasText: 'Birthday treat' });
  // This shop's centre has no mail server: said where it is prepared, not only when it failed.
  await expect(card.getByTestId('message-no-way-email')).toBeVisible();
  await tabAndPress(page, card.getByTestId('template-retire'));
  await take('96-put-away');
  expect(await seriousOn(page, 'put away')).toEqual([]);
  await tabAndPress(page, card.getByTestId('template-retire-yes'));
  await expect(card).toHaveCount(0);
  await tabAndChoose(page, 'Show', 'What went out');
  await expect(page.getByTestId('sent-message').first()).toContainText('Birthday treat');
}

test('a manager prepares a message, sees who gets it, sends it, and looks at what went out', async ({
  launchEnrolled,
  line,
}) => {
  test.setTimeout(240_000);
  const till = await launchEnrolled();
  const { page } = till;
  const take = createCamera(till, FOLDER);
  await saveTargets(line.url);
  await signIn(page, 'manager');
  await tabAndPress(page, page.getByTestId('rail-messages'));
  await expect(page.getByTestId('messages')).toBeVisible();
  await take('90-empty');
  await writeTemplate(page);
  await expect(page.getByTestId('message-preview')).toContainText('Dear Wei Ling Tan,');
  await take('91-template');
  expect(await seriousOn(page, 'template')).toEqual([]);
  await tabAndPress(page, page.getByTestId('template-save'));
  await expect(page.getByTestId('message-saved')).toBeVisible();
  await take('92-templates');
  await syncNow(page);
  await tabAndChoose(page, 'Show', 'Send');
  await tabAndChoose(page, 'To a segment', 'Agreed to news');
  await tabAndChoose(page, 'Which message', /Birthday treat/);
  await expect(page.getByTestId('message-preview')).toBeVisible();
  await expect(page.getByTestId('message-count')).toContainText(/members get it/, { timeout: 30_000 });
  const all = await page.getByTestId('message-send').textContent();
  await tabAndChoose(page, 'To a saved filter', 'Called Wei Ling');
  await expect(page.getByTestId('message-count')).toContainText(/members? gets? it/, { timeout: 30_000 });
  await expect(page.getByTestId('message-send')).not.toHaveText(all ?? '');
  await take('93-send');
  expect(await seriousOn(page, 'send')).toEqual([]);
  await expect(page.getByTestId('message-send')).toHaveText(/^Send to [\d,]+ members?$/);
  await tabAndPress(page, page.getByTestId('message-send'));
  await expect(page.getByTestId('message-asked')).toBeVisible();
  await syncNow(page);
  await tabAndChoose(page, 'Show', 'What went out');
  await tabTo(page, page.getByTestId('messages-refresh'));
  // This shop's centre has no mail server, and says so instead of keeping silent.
  await expect(async () => {
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('sent-message')).toContainText('The centre has no way to send this', {
      timeout: 1_000,
    });
  }).toPass({ timeout: 30_000 });
  await take('94-sent');
  expect(await seriousOn(page, 'sent')).toEqual([]);
  await retiresTemplate(page, take);
  await page.keyboard.press('Escape');
  await openSettings(page);
  await page.getByText('简体中文').click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await page.getByTestId('rail-messages').click();
  await page.getByText('预备消息', { exact: true }).click();
  await take('95-chinese');
});

/** A prepared message of another till. */
async function saveTemplate(url: string): Promise<void> {
  const other = await TestTill.enrol(overHttp(url));
  const text = {
    name: 'Your question',
    channel: 'email',
    purpose: 'service',
    subject: 'Hello',
    body: 'Dear {{name}}',
  };
  other.make({
    ...{ kind: 'document.saved', memberId: WHOLE_CHAIN, docKind: 'template', id: 'answer' },
    ...{ baseVersion: 0, baseSum: '', body: { templateId: 'answer', version: 1, ...text, isRetired: false } },
  });
  await other.sync();
}

test('one person is written to from her row in the list and from her page, and Esc leads back to each (F57)', async ({
  launchEnrolled,
  line,
}) => {
  test.setTimeout(120_000);
  await saveTemplate(line.url);
  const till = await launchEnrolled();
  const { page } = till;
  await signIn(page, 'manager');
  const form = page.getByTestId('send-form');
  await test.step('from the row', async () => {
    await page.keyboard.press('Control+1');
    await expect(page.getByTestId('directory-count')).toHaveAttribute('data-order', 'asked', {
      timeout: 30_000,
    });
    await page.keyboard.press('Control+F');
    await type(page, '91110001');
    await expect(page.locator('[data-at="0"] [data-column="name"]')).toContainText('Wei Ling');
    await page.getByTestId('directory-grid').focus();
    await page.keyboard.press('Home');
    await tabAndPress(page, page.getByTestId('row-message'));
    await expect(form).toContainText(/^To .*Wei Ling/);
    await tabAndChoose(page, 'Which message', /Your question/);
    await expect(page.getByTestId('message-count')).toContainText(/member/, { timeout: 30_000 });
    await createCamera(till, FOLDER)('97-one-person');
    expect(await seriousOn(page, 'one person')).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('directory')).toBeVisible();
    await page.keyboard.press('Escape');
  });
  await test.step('from her page', async () => {
    await openMember(page, '9111 0001', 'Tan Wei Ling');
    await page.keyboard.press('F9');
    await chooseInMenu(page, 'Send a message');
    await expect(form).toContainText(/^To Tan Wei Ling/);
    await page.keyboard.press('Escape');
    await expect(memberName(page)).toHaveText('Tan Wei Ling');
  });
});
