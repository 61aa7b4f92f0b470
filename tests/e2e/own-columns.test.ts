import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { ROOT } from '../../build/targets.mjs';
import { DEMO_PINS } from '../../crm/demo/chain.ts';
import { KNOWN_MEMBERS } from '../../crm/demo/known.ts';
import type { StaffRole } from '../../sync/model/chain.ts';
import { seriousOn } from './axe.ts';
import { createCamera } from './camera.ts';
import {
  cardOf,
  chooseInMenu,
  choosePersonByKeys,
  enterPin,
  field,
  syncNow,
  tabAndChoose,
  tabAndPress,
  tabTo,
  ticket,
  type,
} from './counter.ts';
import { test } from './shop.ts';

const FOLDER = join(ROOT, 'out/pictures-own-columns');
const { cardNumber } = cardOf(KNOWN_MEMBERS.familySecond, 0);

async function signInByKeys(page: Page, role: StaffRole): Promise<void> {
  await choosePersonByKeys(page, role);
  await enterPin(page, DEMO_PINS[role]);
  await expect(page.getByTestId('home')).toBeVisible();
}

async function changePerson(page: Page, role: StaffRole): Promise<void> {
  await page.keyboard.press('F10');
  await chooseInMenu(page, 'Switch user');
  await signInByKeys(page, role);
}

async function openColumns(page: Page): Promise<void> {
  await page.keyboard.press('Control+1');
  await expect(page.getByTestId('directory-grid')).toBeFocused();
  await page.keyboard.press('F4');
  await expect(page.getByTestId('own-columns')).toBeVisible();
}

interface NewColumn {
  readonly name: string;
  /** So many types stand before its own in the list of types. */
  readonly step: number;
  readonly choices?: readonly string[];
}

/** Fills in the form; whose column it is was chosen above. */
async function addColumn(page: Page, { name, step, choices = [] }: NewColumn): Promise<void> {
  await tabTo(page, field(page, 'own-column.name'));
  await type(page, name);
  await tabTo(page, page.locator('select[name="own-column.type"]'));
  for (let at = 0; at < step; at += 1) await page.keyboard.press('ArrowDown');
  if (choices.length > 0) await tabTo(page, page.locator('textarea[name="own-column.choices"]'));
  for (const choice of choices) {
    await type(page, choice);
    await page.keyboard.press('Enter');
  }
}

async function saveColumn(page: Page, name: string): Promise<void> {
  await tabAndPress(page, page.getByRole('button', { name: 'Add the column' }));
  await expect(page.getByTestId('own-column').filter({ hasText: name })).toBeVisible();
}

async function retire(page: Page, name: string): Promise<void> {
  await tabAndPress(page, page.getByRole('button', { name: `Retire ${name}` }));
  await tabAndPress(page, page.getByTestId('own-column-retire'));
  await expect(page.getByTestId('retired-column').filter({ hasText: name })).toBeVisible();
}

type Take = (name: string) => Promise<void>;
const locker = (page: Page) => field(page, 'custom-locker');

/** What the field does not take is marked there, and put right there. */
async function putRight(page: Page, name: string, take: Take): Promise<void> {
  await expect(locker(page)).toHaveAttribute('aria-invalid', 'true');
  await expect(locker(page)).toBeFocused();
  await expect(page.getByText('Digits, with a dot')).toBeVisible();
  await take(name);
  expect(await seriousOn(page, name)).toEqual([]);
  await page.keyboard.press('Control+a');
}

async function fillOnCardsPage(page: Page, take: Take): Promise<void> {
  await page.keyboard.press('Control+2');
  await tabTo(page, field(page, 'card-search'));
  await type(page, cardNumber);
  await expect(page.getByTestId('card-row')).toHaveCount(1);
  await tabAndPress(page, page.getByTestId('card-edit'));
  await tabTo(page, locker(page));
  await type(page, 'big');
  await page.keyboard.press('Enter');
  await putRight(page, '02-cards-page-refused', take);
  await type(page, '12');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('card-done')).toBeVisible();
  await expect(ticket(page, cardNumber)).toContainText('Locker12');
  await take('03-cards-page');
}

async function fillOnMemberPage(page: Page, take: Take): Promise<void> {
  await tabAndPress(page, page.getByTestId('card-open'));
  await expect(page.getByTestId('member-page')).toBeVisible();
  await expect(ticket(page, cardNumber)).toContainText('Locker12');
  await page.keyboard.press('F9');
  await chooseInMenu(page, 'Card data');
  await expect(page.locator('select[name="custom-blend"]')).toBeFocused();
  await page.keyboard.press('d');
  await tabTo(page, locker(page));
  await page.keyboard.press('Control+a');
  await type(page, '1,5');
  await page.keyboard.press('Enter');
  await putRight(page, '04-member-refused', take);
  await type(page, '15');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('outcome')).toContainText('Card data saved');
  await expect(ticket(page, cardNumber)).toContainText('Blenddecaf');
  await expect(ticket(page, cardNumber)).toContainText('Locker15');
  await take('05-member');
  expect(await seriousOn(page, 'member with card data')).toEqual([]);
}

/** Both conditions at once: the one card of which both are true, and its list again without them (F37, F40, F42). */
async function findByOwnFields(page: Page, take: Take): Promise<void> {
  await page.keyboard.press('Control+2');
  const list = page.getByTestId('cards');
  const rows = page.getByTestId('card-row');
  await tabTo(page, field(page, 'card-search'));
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await expect(rows.nth(1)).toBeVisible();
  await tabAndPress(page, page.getByTestId('card-conditions'));
  await tabTo(page, page.locator('select[name="own-blend"]'));
  await page.keyboard.press('d');
  await expect(rows).toHaveCount(1);
  await tabTo(page, field(page, 'own-locker-from'), 'back');
  await type(page, '16');
  await expect(page.getByText('No card fits.')).toBeVisible();
  await page.keyboard.press('Backspace');
  await type(page, '5');
  await expect(rows).toHaveCount(1);
  await expect(rows).toHaveAttribute('data-card-number', cardNumber);
  await tabTo(page, page.getByRole('button', { name: 'Not on a phone' }), 'back');
  await page.keyboard.press('Space');
  await expect(list).toHaveAttribute('data-reading', 'false');
  await expect(rows).toHaveCount(1);
  await take('07-found');
  expect(await seriousOn(page, 'cards by their fields')).toEqual([]);
  await tabTo(page, page.getByRole('button', { name: 'On the member' }), 'back');
  await page.keyboard.press('Space');
  await expect(rows).toHaveCount(0);
  await tabTo(page, page.getByTestId('card-clear'), 'back');
  await page.keyboard.press('Enter');
  await expect(field(page, 'own-locker-from')).toHaveValue('');
  await expect(rows.nth(1)).toBeVisible();
}

test('fields of cards are set up, filled in on both pages and marked where wrong, by keys alone (F40)', async ({
  launchEnrolled,
}) => {
  test.setTimeout(180_000);
  const till = await launchEnrolled();
  const { page } = till;
  const take = createCamera(till, FOLDER);
  await signInByKeys(page, 'manager');
  await openColumns(page);
  await tabAndChoose(page, 'Columns of', 'Cards');
  await addColumn(page, { name: 'Locker', step: 1 });
  await saveColumn(page, 'Locker');
  await addColumn(page, { name: 'Blend', step: 4, choices: ['house', 'decaf'] });
  await saveColumn(page, 'Blend');
  await page.getByTestId('own-columns').scrollIntoViewIfNeeded();
  await take('01-card-columns');
  expect(await seriousOn(page, 'columns of cards')).toEqual([]);
  await page.keyboard.press('Escape');
  await fillOnCardsPage(page, take);
  await fillOnMemberPage(page, take);
  await findByOwnFields(page, take);
  await openColumns(page);
  await tabAndChoose(page, 'Columns of', 'Cards');
  await retire(page, 'Locker');
  await retire(page, 'Blend');
  await take('06-retired');
  await syncNow(page);
});

test('a sensitive value in an unfinished enrolment is named to the cashier who goes on with it, and kept', async ({
  launchEnrolled,
}) => {
  test.setTimeout(180_000);
  const till = await launchEnrolled();
  const { page } = till;
  const take = createCamera(till, FOLDER);
  await signInByKeys(page, 'manager');
  await openColumns(page);
  await tabAndChoose(page, 'Columns of', 'Members');
  await addColumn(page, { name: 'Passport', step: 0 });
  await tabAndPress(page, page.getByRole('checkbox', { name: 'Asked for when somebody joins' }), 'Space');
  await tabAndPress(page, page.getByRole('checkbox', { name: 'Sensitive' }), 'Space');
  await saveColumn(page, 'Passport');
  await page.keyboard.press('F5');
  await tabTo(page, field(page, 'custom-passport'));
  await type(page, 'K1234567');
  await changePerson(page, 'cashier');
  await page.keyboard.press('F5');
  await expect(page.getByTestId('held-back')).toContainText('Passport');
  await expect(field(page, 'custom-passport')).toHaveCount(0);
  await take('08-held-back');
  expect(await seriousOn(page, 'held back')).toEqual([]);
  await changePerson(page, 'manager');
  await page.keyboard.press('F5');
  await expect(field(page, 'custom-passport')).toHaveValue('K1234567');
  await expect(page.getByTestId('held-back')).toHaveCount(0);
  await tabAndPress(page, page.getByRole('button', { name: 'Throw away' }));
  await openColumns(page);
  await retire(page, 'Passport');
  await syncNow(page);
});
