import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { ROOT } from '../../build/targets.mjs';
import { DEMO_PINS } from '../../crm/demo/chain.ts';
import type { CardTypeId } from '../../sync/base/ids.ts';
import { overHttp, TestTill } from '../unit/crm/test-till.ts';
import { seriousOn } from './axe.ts';
import { field, memberName, syncNow, tabAndPress, tabTo, type } from './counter.ts';
import { TABLET, test } from './office-shop.ts';
import { cli } from './shop.ts';

const FOLDER = join(ROOT, 'out/pictures-office');
const MOBILE = '+6598880777';

/** Nobody of the other tests: two profiles of one number, as tills make that do not hear of each other, and a third. */
async function makePeople(url: string): Promise<void> {
  const till = await TestTill.enrol(overHttp(url));
  till.cardTypeId = 'coffee' as CardTypeId;
  till.makeMember({ lastName: 'Peh', firstName: 'Ah Lian', mobile: MOBILE });
  till.makeMember({ lastName: 'Peh', firstName: 'Soo Khim', mobile: '+6598880778' });
  await till.sync();
  const other = await TestTill.enrol(overHttp(url));
  other.cardTypeId = till.cardTypeId;
  other.makeMember({ lastName: 'Peh', firstName: 'Lian', mobile: MOBILE });
  await other.sync();
}

async function signIn(page: Page): Promise<void> {
  await expect(field(page, 'login')).toBeFocused();
  await type(page, 'manager');
  await page.keyboard.press('Tab');
  await type(page, DEMO_PINS.manager);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('home')).toBeVisible();
}

type Look = (screen: string) => Promise<void>;

async function editsMember(page: Page, look: Look): Promise<void> {
  await type(page, '9888 0778');
  await page.keyboard.press('Enter');
  await expect(memberName(page)).toHaveText('Peh Soo Khim');
  await page.keyboard.press('F7');
  await tabTo(page, field(page, 'email'));
  await type(page, 'soo.khim@example.org');
  await look('edit');
  await page.keyboard.press('Enter');
  await expect(field(page, 'email')).toHaveCount(0);
  await page.keyboard.press('Control+i');
  await expect(page.getByTestId('about-member')).toContainText('soo.khim@example.org');
  await page.keyboard.press('Escape');
  await syncNow(page);
}

/** Two people with one phone: said so with a PIN, and not asked again. */
async function answersInbox(page: Page, look: Look): Promise<void> {
  await page.keyboard.press('Control+7');
  await expect(page.getByTestId('inbox')).toBeVisible();
  const item = page
    .locator('[data-testid="inbox-item"][data-kind="shared_mobile"]')
    .filter({ hasText: 'Peh' });
  await item.press('Enter');
  await expect(page.getByTestId('inbox-sheet')).toHaveAttribute('data-kind', 'shared_mobile');
  await look('inbox-item');
  await page.keyboard.press('F2');
  await expect(page.getByTestId('answer-form')).toBeVisible();
  await tabTo(page, field(page, 'pin'));
  await type(page, DEMO_PINS.manager);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('answer-form')).toHaveCount(0, { timeout: 30_000 });
  await expect(item).toHaveCount(0);
  await page.keyboard.press('Escape');
}

/** Two of the three who are called so. @returns the file as it was saved */
async function exportsMarked(page: Page, look: Look): Promise<string> {
  await page.keyboard.press('Control+1');
  const count = page.getByTestId('directory-count');
  await expect(count).toHaveAttribute('data-order', 'asked', { timeout: 30_000 });
  await page.getByTestId('directory-grid').focus();
  await page.keyboard.press('Control+F');
  await type(page, 'peh');
  await expect(page.locator('[data-at="0"] [data-column="name"]')).toContainText('Peh');
  await expect(count).toHaveAttribute('data-value', '3');
  await page.getByTestId('directory-grid').focus();
  for (const key of ['Home', 'Space', 'End', 'Space']) await page.keyboard.press(key);
  await page.keyboard.press('F8');
  await expect(page.getByRole('radio', { name: /marked/ })).toBeChecked();
  await look('export');
  const saving = page.waitForEvent('download');
  await tabTo(page, field(page, 'export-reason'));
  await type(page, 'asked for by the owner');
  await tabAndPress(page, page.getByTestId('export-begin'));
  const download = await saving;
  await expect(page.getByTestId('export-panel')).toHaveAttribute('data-status', 'done');
  expect(download.suggestedFilename()).toMatch(/\.csv$/);
  return readFile(await download.path(), 'utf8');
}

test('in a browser a manager edits a member, answers an inbox item and saves a file of those marked, by keys alone', async ({
  startOffice,
  newPage,
  newTill,
  line,
}) => {
  test.setTimeout(180_000);
  await makePeople(line.url);
  const { url } = await startOffice();
  const page = await newPage(url, TABLET);
  const found: string[] = [];
  const look: Look = async (screen) => {
    await mkdir(FOLDER, { recursive: true });
    const path = join(FOLDER, `desk-${screen}.png`);
    await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
    found.push(...(await seriousOn(page, screen)));
  };
  await signIn(page);
  await test.step('a member is edited, and a till hears of it', async () => {
    await editsMember(page, look);
    const till = await newTill();
    const known = await cli(['lookup', 'soo.khim@example.org', '--data', till]);
    expect(known).toMatchObject({ members: [{ name: 'Peh Soo Khim' }] });
    await page.keyboard.press('Escape');
  });
  await test.step('an inbox item is answered', () => answersInbox(page, look));
  await test.step('a file of those marked', async () => {
    const lines = (await exportsMarked(page, look)).trim().split('\r\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toContain('full_name');
    const rows = lines.slice(1).join('\n');
    expect(rows).toContain('Ah Lian');
    expect(rows).toContain('Soo Khim');
    expect(rows).toContain('98880778');
    expect(rows).not.toMatch(/Peh,? ?Lian\b/);
  });
  expect(found).toEqual([]);
});
