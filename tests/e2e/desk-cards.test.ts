import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import { ROOT } from '../../build/targets.mjs';
import { KNOWN_MEMBERS } from '../../crm/demo/known.ts';
import { seriousOn } from './axe.ts';
import { createCamera } from './camera.ts';
import { cardOf, field, memberName, signIn, tabAndPress, tabTo, type, typeDay } from './counter.ts';
import { test } from './shop.ts';

const FOLDER = join(ROOT, 'out/pictures-cards');
const coffee = cardOf(KNOWN_MEMBERS.replacedCard, 1).cardNumber;

/** The list is one stop: the arrows walk it, each card comes to the side, and the next Tab leaves it. */
async function walksTheRows(page: Page): Promise<void> {
  const rows = page.getByTestId('card-row');
  const at = (index: number): Locator => rows.nth(index).getByRole('button');
  await tabTo(page, at(0));
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(at(2)).toBeFocused();
  await expect(at(2)).toHaveAttribute('aria-current', 'true');
  const number = (await rows.nth(2).getAttribute('data-card-number')) ?? '';
  await expect(page.getByTestId('card-sheet').getByTestId('card-ticket')).toHaveAttribute(
    'data-card-number',
    number,
  );
  await page.keyboard.press('Tab');
  await expect(page.locator('[data-testid="card-row"] :focus')).toHaveCount(0);
}

test('a manager finds a card, sees what it allows, replaces and prints it; by keys alone', async ({
  launchEnrolled,
}) => {
  test.slow();
  const till = await launchEnrolled();
  const { page } = till;
  const take = createCamera(till, FOLDER);
  await signIn(page, 'manager');
  await tabAndPress(page, page.getByTestId('rail-cards'));
  await expect(page.getByTestId('card-row').first()).toBeVisible();
  await expect(page.getByTestId('card-sheet')).toBeVisible();
  await take('80-cards');
  expect(await seriousOn(page, 'cards')).toEqual([]);
  await walksTheRows(page);
  await tabTo(page, field(page, 'card-search'), 'back');
  await type(page, coffee);
  const row = page.locator(`[data-testid="card-row"][data-card-number="${coffee}"]`);
  await expect(row).toBeVisible();
  await expect(page.getByTestId('card-row')).toHaveCount(1);
  await expect(page.getByTestId('card-allows')).toContainText('Active');
  await tabAndPress(page, page.getByTestId('card-edit'));
  await tabAndPress(page, page.getByRole('checkbox'), 'Space');
  await take('81-card-data');
  expect(await seriousOn(page, 'card data')).toEqual([]);
  await tabAndPress(page, page.getByTestId('card-do'));
  await expect(page.getByTestId('card-installed')).toBeVisible();
  await tabAndPress(page, page.getByTestId('card-replace'));
  await expect(page.getByTestId('card-form')).toBeVisible();
  await take('81-card-replace');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('card-done')).toContainText('replaced');
  await expect(page.getByTestId('card-allows')).toContainText('newer card');
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByTestId('paper-card')).toBeVisible();
  await expect(page.getByTestId('card-row')).toHaveCount(1);
  await expect(page.getByTestId('card-row')).toBeHidden();
  await writeFile(join(FOLDER, '82-card-paper.png'), await page.screenshot({ fullPage: true }));
  await page.emulateMedia({ media: 'screen' });
  await tabTo(page, page.getByTestId('card-clear'), 'back');
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByTestId('card-conditions'), 'back');
  await page.keyboard.press('Enter');
  await tabAndPress(page, page.getByRole('button', { name: 'Lost', exact: true }), 'Space');
  await expect(page.getByTestId('cards')).toHaveAttribute('data-reading', 'false');
  await expect(page.getByTestId('card-allows')).toContainText('Replace it');
  await take('83-cards-lost');
  expect(await seriousOn(page, 'conditions')).toEqual([]);
  await tabAndPress(page, page.getByTestId('card-open'));
  await expect(page.getByTestId('member-page')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('cards')).toBeVisible();
});

test('a manager edits a card type with the card in sight, tries it on a past day and saves it for tomorrow', async ({
  launchEnrolled,
}) => {
  test.slow();
  const till = await launchEnrolled();
  const { page } = till;
  const take = createCamera(till, FOLDER);
  await signIn(page, 'manager');
  await tabAndPress(page, page.getByTestId('rail-programmes'));
  await expect(page.getByTestId('programme-preview')).toBeVisible();
  await take('84-programmes');
  await tabAndPress(page, page.locator('[data-testid="programme"][data-id="points"]'));
  await expect(page.getByTestId('programme-earns')).toContainText('25 points');
  const earns = field(page, 'earnPoints');
  await tabTo(page, earns);
  await page.keyboard.press('Control+a');
  await type(page, '2');
  await expect(page.getByTestId('programme-earns')).toContainText('50 points');
  await tabAndPress(page, page.getByTestId('trial-run'));
  await expect(page.getByTestId('trial')).toContainText(/purchases|no purchases/);
  await take('85-programme-points');
  expect(await seriousOn(page, 'programme')).toEqual([]);
  const from = page.locator('input[name="validFrom"]');
  const today = await from.inputValue();
  const tomorrow = new Date(Date.parse(`${today}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
  await tabTo(page, from);
  await typeDay(page, tomorrow);
  await expect(from).toHaveValue(tomorrow);
  await tabTo(page, earns, 'back');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('programme-saved')).toContainText('every till');
  await tabAndPress(page, page.getByTestId('expiry-count'));
  await expect(page.getByTestId('expiry-result')).toBeVisible();
  await tabTo(page, page.getByTestId('programme-add'), 'back');
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Tier' }).press('Enter');
  await expect(page.getByTestId('tier-form')).toBeVisible();
  await type(page, 'Platinum');
  await tabTo(page, page.getByLabel(/Reached by spending/));
  await type(page, '500');
  await expect(page.getByTestId('tier-reached-by')).toContainText('$500.00 within 12 months');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('programme-saved')).toContainText('Platinum');
  await expect(page.getByTestId('tier').filter({ hasText: 'Platinum' })).toContainText('reached at');
  await take('86-tier');
  expect(await seriousOn(page, 'tier')).toEqual([]);
});

/** Somebody of this test alone, with ten stamps on a coffee card. @returns its number */
async function enrolsWithStamps(page: Page): Promise<string> {
  await page.keyboard.press('F5');
  await expect(field(page, 'lastName')).toBeFocused();
  await type(page, 'Chua');
  await page.keyboard.press('Tab');
  await type(page, 'Kok Beng');
  await page.keyboard.press('Tab');
  await type(page, '8881 7702');
  await page.getByText('Coffee card', { exact: true }).first().click();
  await page.getByTestId('join').click();
  await expect(memberName(page)).toHaveText('Chua Kok Beng');
  await page.keyboard.press('F4');
  await field(page, 'amount').focus();
  await type(page, '10');
  await page.keyboard.press('Enter');
  const card = page.getByTestId('card-ticket').first();
  await expect(page.getByTestId('outcome')).toContainText('+10');
  return (await card.getAttribute('data-card-number')) ?? '';
}

test('from the list of cards a coupon and a reward are given, a card is reported lost, replaced and closed (F17, F38, F46)', async ({
  launchEnrolled,
}) => {
  test.slow();
  const till = await launchEnrolled();
  const { page } = till;
  const take = createCamera(till, FOLDER);
  await signIn(page, 'manager');
  const number = await enrolsWithStamps(page);
  await page.getByTestId('rail-cards').click();
  await field(page, 'card-search').fill(number);
  const row = page.locator(`[data-testid="card-row"][data-card-number="${number}"]`);
  await row.getByRole('button').click();
  const does = async (deed: 'coupon' | 'reward' | 'lost' | 'replace' | 'close', told: string) => {
    await page.getByTestId(`card-${deed}`).press('Enter');
    await expect(page.getByTestId('card-form')).toBeVisible();
    await page.getByTestId('card-do').press('Enter');
    await expect(page.getByTestId('card-done')).toContainText(told);
  };
  await does('coupon', 'The coupon is issued');
  await does('reward', 'The reward is given');
  await does('lost', 'reported lost');
  await expect(page.getByTestId('card-allows')).toContainText('Replace it');
  await take('87-card-lost');
  expect(await seriousOn(page, 'card lost')).toEqual([]);
  await does('replace', 'is replaced');
  await expect(page.getByTestId('card-allows')).toContainText('newer card');
  await field(page, 'card-search').fill('8881 7702');
  const coffees = page.getByTestId('card-row').filter({ hasText: 'Coffee card' });
  await coffees.filter({ hasText: 'Active' }).getByRole('button').click();
  await does('close', 'The card is closed');
  await expect(page.getByTestId('card-allows')).toContainText('of no use any more');
});
