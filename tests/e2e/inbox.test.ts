import { join } from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import { ROOT } from '../../build/targets.mjs';
import { DEMO_PINS } from '../../crm/demo/chain.ts';
import type { CardTypeId } from '../../sync/base/ids.ts';
import { KNOWN_MEMBERS } from '../../crm/demo/known.ts';
import { seriousOn } from './axe.ts';
import { createCamera } from './camera.ts';
import { overHttp, TestTill, type CardRef } from '../unit/crm/test-till.ts';
import {
  cardOf,
  chip,
  field,
  memberName,
  openMember,
  openSettings,
  signIn,
  syncNow,
  tabAndPress,
  tabTo,
  type,
  typeKeys,
} from './counter.ts';
import { cli, test, type Shop } from './shop.ts';

/** Nobody of the other tests: they share a shop. */
const kenji = KNOWN_MEMBERS.replacedCard;
const FOLDER = join(ROOT, 'out/pictures-inbox');
const AS_MANAGER = ['--as', 'manager', '--pin', DEMO_PINS.manager];
const AS_CASHIER = ['--as', 'cashier', '--pin', DEMO_PINS.cashier];

const item = (page: Page, kind: string): Locator =>
  page.locator(`[data-testid="inbox-item"][data-kind="${kind}"]`);
const sheet = (page: Page): Locator => page.getByTestId('inbox-sheet');

/** By keys alone, as a manager without a mouse does. */
async function openInbox(page: Page): Promise<void> {
  await page.keyboard.press('F10');
  await page.getByRole('menuitem', { name: /^(Inbox|待办)$/ }).press('Enter');
  await expect(page.getByTestId('inbox')).toBeVisible();
}

/** Over what stands there: the PIN is kept while her inbox is open. */
async function givePin(page: Page, pin: string): Promise<void> {
  await tabTo(page, field(page, 'pin'));
  await page.keyboard.press('Control+a');
  await type(page, pin);
}

/** Chooses the item and says the answer that the key stands for, with the PIN. */
async function answer(page: Page, kind: string, key: string): Promise<void> {
  await item(page, kind).first().press('Enter');
  await expect(sheet(page)).toHaveAttribute('data-kind', kind);
  await page.keyboard.press(key);
  const form = page.getByTestId('answer-form');
  await expect(form).toBeVisible();
  await givePin(page, DEMO_PINS.manager);
  await page.keyboard.press('Enter');
  await expect(form).toHaveCount(0, { timeout: 30_000 });
}

/** A till that says what no till of this program would: points that are none, and more of them than there are. */
async function strangeTill(url: string): Promise<{ strange: TestTill; ref: CardRef }> {
  const strange = await TestTill.enrol(overHttp(url));
  strange.cardTypeId = 'points' as CardTypeId;
  const ref = strange.makeMember({ lastName: 'Koh', firstName: 'Ah Seng', mobile: '+6598880001' });
  await strange.sync();
  strange.make({
    kind: 'points.credited',
    ...ref,
    cardTypeVersion: 1,
    amountMinor: null,
    receiptNo: '',
    points: 0,
    reason: 'test',
  });
  strange.make({ kind: 'points.debited', ...ref, cardTypeVersion: 1, points: 9, reason: 'test' });
  await strange.sync();
  return { strange, ref };
}

type Take = (name: string) => Promise<void>;

/** Two tills that do not hear of each other change and enrol the same; a third one says what nobody can read. */
async function makeTrouble(url: string, [second, other]: readonly [string, string]): Promise<void> {
  const card = cardOf(kenji, 1).cardNumber;
  const meet = async (folder: string, email: string, name: string): Promise<void> => {
    const here = ['--data', folder, ...AS_MANAGER];
    await cli(['edit', card, '--email', email, ...here]);
    await cli(['add-member', '--name', name, '--mobile', '9777 0001', '--card-type', 'coffee', ...here]);
  };
  await meet(second, 'second@example.com', 'Goh Mei Hua');
  await meet(other, 'first@example.com', 'Goh May Hwa');
  await cli(['sync', '--data', other]);
  // More stamps in one go than a visit has, and no receipt: the close of that till's day tells of it.
  const unused = cardOf(KNOWN_MEMBERS.familyFirst, 0).cardNumber;
  await cli(['stamp', unused, '--count', '9', '--data', second, ...AS_CASHIER]);
  await cli(['close-day', '--data', second, ...AS_MANAGER]);
  await cli(['sync', '--data', second]);
  await strangeTill(url);
}

/** The item of this file: days that others close in the same shop have cards to look at too. */
const one = (page: Page, kind: string): Locator =>
  kind === 'own_card' ? item(page, kind).filter({ hasText: 'Lim Hui Min' }) : item(page, kind);

async function lookAround(page: Page, take: Take): Promise<void> {
  await openInbox(page);
  for (const kind of ['field_conflict', 'shared_mobile', 'held_op', 'overdrawn', 'own_card']) {
    await expect(one(page, kind)).toHaveCount(1);
    await one(page, kind).click();
    await expect(sheet(page)).toHaveAttribute('data-kind', kind);
    if (kind === 'held_op') await expect(page.getByTestId('held-op')).toBeVisible();
    await take(`80-${kind}`);
  }
  const lines = page.getByTestId('inbox-item');
  await expect(page.getByTestId('inbox-waiting')).toHaveText(String(await lines.count()));
  expect(await seriousOn(page, 'inbox')).toEqual([]);
  await lines.first().click();
  await page.keyboard.press('ArrowDown');
  await expect(lines.nth(1)).toBeFocused();
}

/** By keys alone: the item, the answer, why, the PIN. It stays under what was answered, with the reason. */
async function goAfterIt(page: Page): Promise<void> {
  await one(page, 'own_card').press('Enter');
  await page.keyboard.press('F3');
  await expect(field(page, 'reason')).toBeFocused();
  // Sign by sign: the listeners for keys and for a scanner stand between them and the field.
  await typeKeys(page, 'Nine stamps at once');
  await expect(field(page, 'reason')).toHaveValue('Nine stamps at once');
  await page.keyboard.press('Tab');
  await expect(field(page, 'pin')).toBeFocused();
  await typeKeys(page, DEMO_PINS.manager);
  await page.keyboard.press('Enter');
  await expect(one(page, 'own_card')).toHaveCount(0);
}

/** With a wrong PIN first: nothing is changed by that. */
async function takeOtherValue(page: Page, take: Take): Promise<string> {
  await item(page, 'field_conflict').press('Enter');
  await page.keyboard.press('F3');
  await givePin(page, '000000');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('failure')).toHaveAttribute('data-code', 'pin_wrong');
  await take('81-wrong-pin');
  const other = await page.getByTestId('value-other').locator('p').nth(1).textContent();
  await givePin(page, DEMO_PINS.manager);
  await page.keyboard.press('Enter');
  await expect(item(page, 'field_conflict')).toHaveCount(0);
  await syncNow(page);
  return other ?? '';
}

/** Without a line meanwhile: her parting waits to be sent, and the page says so. */
async function mergeAndPart(page: Page, line: Shop, take: Take): Promise<void> {
  await answer(page, 'shared_mobile', 'F3');
  await expect(item(page, 'shared_mobile')).toHaveCount(0);
  await page.getByTestId('inbox-tab').press('Enter');
  await item(page, 'shared_mobile').press('Enter');
  await expect(page.getByTestId('inbox-answered')).toBeVisible();
  await take('82-answered');
  await syncNow(page);
  await test.step('on her page a manager sees that she is two profiles, and takes them apart', async () => {
    await tabAndPress(page, page.getByTestId('inbox-open-member').first());
    await expect(page.getByTestId('merged-person')).toContainText('Goh M');
    await page.getByTestId('part').press('Enter');
    await expect(field(page, 'part-reason')).toBeFocused();
    await type(page, 'Sisters with one phone');
    await take('85-merged');
    await line.cut();
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('parting')).toBeVisible();
    await line.mend();
    await expect(chip(page)).toHaveAttribute('data-state', 'idle', { timeout: 30_000 });
    await syncNow(page);
    await expect(page.getByTestId('parting')).toHaveCount(0);
    await expect(page.getByTestId('merged-person')).toHaveCount(0);
  });
  await page.keyboard.press('Escape');
  await page.getByTestId('inbox-tab').press('Enter');
}

/** What no answer does is done on her page, and Esc comes back to the item. */
async function openHer(page: Page): Promise<void> {
  await item(page, 'overdrawn').press('Enter');
  await tabAndPress(page, page.getByTestId('inbox-open-member'));
  await expect(memberName(page)).toHaveText('Koh Ah Seng');
  await page.keyboard.press('Escape');
  await expect(sheet(page)).toHaveAttribute('data-kind', 'overdrawn');
}

async function repairHeld(page: Page): Promise<void> {
  await item(page, 'held_op').press('Enter');
  await tabTo(page, page.locator('input[name="held.points"]'));
  await page.keyboard.press('Control+a');
  await type(page, '5');
  await page.keyboard.press('F2');
  await expect(page.getByTestId('answer-form')).toBeVisible();
  await givePin(page, DEMO_PINS.manager);
  await page.keyboard.press('Enter');
  await expect(item(page, 'held_op')).toHaveCount(0);
  await syncNow(page);
  await page.keyboard.press('Escape');
}

test('a manager answers what waits: values, people, a held action; without a line she sees why not', async ({
  launchEnrolled,
  newTill,
  line,
}) => {
  test.setTimeout(300_000);
  const tills = [await newTill(), await newTill()] as const;
  const till = await launchEnrolled();
  const { page } = till;
  const take = createCamera(till, FOLDER);
  await signIn(page, 'manager');
  await test.step('what waits, each kind in front; arrows walk the list', async () => {
    await makeTrouble(line.url, tills);
    await syncNow(page);
    await lookAround(page, take);
  });
  await test.step('a card that somebody should look at is gone after', () => goAfterIt(page));
  await test.step('the other value comes back', async () => {
    const value = await takeOtherValue(page, take);
    expect((await cli(['lookup', value, '--data', till.dataFolder]))['members']).toHaveLength(1);
  });
  await test.step('two profiles become one person, and two again', () => mergeAndPart(page, line, take));
  await test.step('from an item to its member and back', () => openHer(page));
  await test.step('a held action is corrected and counts', async () => {
    await repairHeld(page);
    await openMember(page, '98880001', 'Koh Ah Seng');
  });
  await test.step('without a line nothing is decided, and in Chinese', async () => {
    await line.cut();
    await expect(chip(page)).toContainText('Offline', { timeout: 30_000 });
    await openInbox(page);
    await expect(page.getByTestId('inbox-offline')).toBeVisible();
    await take('83-offline');
    await line.mend();
    await page.keyboard.press('Escape');
    await openSettings(page);
    await page.getByText('简体中文').click();
    await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
    await expect(chip(page)).toHaveAttribute('data-state', 'idle', { timeout: 30_000 });
    await openInbox(page);
    await expect(page.getByTestId('inbox-item').first()).toBeVisible();
    await item(page, 'overdrawn').first().click();
    await take('84-chinese');
  });
});

test('a cashier has no inbox', async ({ launchEnrolled }) => {
  const { page } = await launchEnrolled();
  await signIn(page);
  await page.keyboard.press('F10');
  await expect(page.getByRole('menuitem', { name: 'Settings' })).toBeVisible();
  await expect(page.getByRole('menuitem', { name: 'Inbox' })).toHaveCount(0);
});
