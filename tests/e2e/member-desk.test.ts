import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { ROOT } from '../../build/targets.mjs';
import { KNOWN_MEMBERS } from '../../crm/demo/known.ts';
import { seriousOn } from './axe.ts';
import { createCamera } from './camera.ts';
import { cardOf, signIn, type } from './counter.ts';
import { test } from './shop.ts';

const FOLDER = join(ROOT, 'out/pictures-member');

/** Her page and its details, by keys. */
async function openDetails(page: Page, card = cardOf(KNOWN_MEMBERS.replacedCard, 1)): Promise<void> {
  await type(page, card.cardNumber);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('member-page')).toBeVisible();
  await page.keyboard.press('Control+i');
}

test('a manager tags, fills in, removes with the consequences said first, and takes back; by keys alone', async ({
  launchEnrolled,
}) => {
  test.slow();
  const till = await launchEnrolled();
  const { page } = till;
  const take = createCamera(till, FOLDER);
  await signIn(page, 'manager');
  await openDetails(page);
  await expect(page.getByTestId('about-member')).toBeVisible();
  await page.locator('input[name="new-tag"]').focus();
  await type(page, 'regular');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('outcome')).toContainText('Details saved');
  await page.locator('input[name="custom-fax"]').focus();
  await type(page, '6000 1111');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('save-custom')).toBeDisabled();
  await take('90-member-details');
  expect(await seriousOn(page, 'details')).toEqual([]);
  await page.keyboard.press('F9');
  await page.getByRole('menuitem', { name: 'Remove the member' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('consequences')).toContainText('of no use');
  await take('91-member-remove');
  expect(await seriousOn(page, 'remove')).toEqual([]);
  await page.locator('input[name="reason"]').focus();
  await type(page, 'moved away');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('state-notice')).toContainText('Removed');
  await take('92-member-removed');
  await page.keyboard.press('F9');
  await page.getByRole('menuitem', { name: 'Take the member back' }).focus();
  await page.keyboard.press('Enter');
  await page.locator('input[name="reason"]').focus();
  await type(page, 'came back');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('state-notice')).toBeHidden();
});

test('a manager sees and changes from the profile which segments a member is in (F70)', async ({
  launchEnrolled,
}) => {
  test.slow();
  const till = await launchEnrolled();
  const { page } = till;
  const take = createCamera(till, FOLDER);
  await signIn(page, 'manager');
  await page.keyboard.press('Control+5');
  await page.getByTestId('segment-new').press('Enter');
  await type(page, 'Best of all');
  await page
    .getByRole('button', { name: /^Champions$/ })
    .last()
    .press('Enter');
  await page.getByTestId('segment-save').press('Enter');
  await expect(page.getByTestId('segment-choice').filter({ hasText: 'Best of all' })).toHaveCount(1);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await openDetails(page);
  const segment = page.getByTestId('segment-ticks').getByRole('listitem').filter({ hasText: 'Best of all' });
  await expect(segment).toHaveAttribute('data-in', 'false');
  await segment.getByRole('combobox').selectOption('in');
  await expect(segment).toHaveAttribute('data-in', 'true');
  await expect(page.getByTestId('about-member')).not.toContainText('in:');
  await take('93-member-segments');
  expect(await seriousOn(page, 'segments of a member')).toEqual([]);
  await segment.getByRole('combobox').selectOption('rules');
  await expect(segment).toHaveAttribute('data-in', 'false');
});

test('a receipt is added by hand and verified by a manager, by keys alone (F19)', async ({
  launchEnrolled,
}) => {
  test.slow();
  const till = await launchEnrolled();
  const { page } = till;
  const take = createCamera(till, FOLDER);
  await signIn(page, 'manager');
  await openDetails(page);
  await expect(page.getByTestId('overview')).toContainText('this shop');
  await page.getByTestId('add-receipt').focus();
  await page.keyboard.press('Enter');
  await type(page, 'R-2044');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('receipts')).toContainText('An amount is needed.');
  await take('94-member-receipt-form');
  expect(await seriousOn(page, 'receipt form')).toEqual([]);
  await page.locator('input[name="hand-amount"]').focus();
  await type(page, '12.50');
  await page.keyboard.press('Enter');
  const receipt = page.getByTestId('hand-receipt').filter({ hasText: 'R-2044' });
  await expect(receipt).toContainText('Added by hand by');
  await expect(receipt).toHaveAttribute('data-checked', 'false');
  await receipt.getByRole('checkbox').focus();
  await page.keyboard.press('Space');
  await expect(receipt).toHaveAttribute('data-checked', 'true');
  await take('95-member-receipt');
  expect(await seriousOn(page, 'receipts')).toEqual([]);
});

test('a receipt typed wrongly is taken back with its points, old and new said first, by keys alone (F19, D11)', async ({
  launchEnrolled,
}) => {
  test.slow();
  const till = await launchEnrolled();
  const { page } = till;
  const take = createCamera(till, FOLDER);
  await signIn(page, 'manager');
  await openDetails(page, cardOf(KNOWN_MEMBERS.familySecond, 0));
  await expect(page.getByTestId('about-member')).toBeVisible();
  await page.keyboard.press('F2');
  await page.locator('input[name="amount"]').focus();
  await type(page, '30.00');
  await page.locator('input[name="receipt"]').focus();
  await type(page, 'R-5081');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('outcome')).toContainText('+30');
  await page.getByTestId('add-receipt').focus();
  await page.keyboard.press('Enter');
  await type(page, 'R-5081');
  await page.locator('input[name="hand-amount"]').focus();
  await type(page, '30.00');
  await page.keyboard.press('Enter');
  const receipt = page.getByTestId('hand-receipt').filter({ hasText: 'R-5081' });
  await expect(receipt).toHaveAttribute('data-taken-back', 'false');
  await receipt.getByTestId('take-back-receipt').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('receipt-in-hand')).toContainText('R-5081');
  await expect(page.getByTestId('booked')).toContainText('30 points → 0 points');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('panel')).toContainText('Say why');
  await take('96-member-receipt-back');
  expect(await seriousOn(page, 'taking a receipt back')).toEqual([]);
  await page.locator('input[name="reason"]').focus();
  await type(page, 'of somebody else');
  await page.keyboard.press('Enter');
  await expect(receipt).toHaveAttribute('data-taken-back', 'true');
  await expect(receipt).toContainText('of somebody else');
  await expect(page.getByTestId('history-row').filter({ hasText: 'R-5081' }).first()).toHaveAttribute(
    'data-corrected',
    'true',
  );
  await expect(receipt.getByRole('checkbox')).toHaveCount(0);
  await take('97-member-receipt-taken-back');
  expect(await seriousOn(page, 'a receipt taken back')).toEqual([]);
});
