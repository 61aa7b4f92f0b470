import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { ROOT } from '../../build/targets.mjs';
import { KNOWN_MEMBERS } from '../../crm/demo/known.ts';
import { seriousOn } from './axe.ts';
import { createCamera } from './camera.ts';
import { cardOf, chooseInMenu, signIn, tabAndPress, tabTo, ticket, type } from './counter.ts';
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

test('her ids and last visit are on her page, and each word about marketing with who, where, when and which text (F20, F21, N20)', async ({
  launchEnrolled,
}) => {
  const till = await launchEnrolled();
  const { page } = till;
  await signIn(page);
  await openDetails(page, cardOf(KNOWN_MEMBERS.weiLing, 0));
  await expect(page.getByTestId('member-page')).toContainText(/last visit \S/);
  const about = page.getByTestId('about-member');
  await expect(about).toContainText(/Support ID[0-9A-Z]{4}-[0-9A-Z]{4}/);
  await expect(about).toContainText(/Member ID[0-9a-f]{8}-[0-9a-f]{4}-/);
  const consent = page.getByTestId('marketing-consent');
  const words = page.getByTestId('consents').getByRole('listitem');
  await expect(page.getByTestId('consents')).toContainText('All that the head office has.');
  const before = await words.count();
  for (const [at, [pressed, header, word]] of (
    [
      ['false', 'Marketing no', 'Withdrew'],
      ['true', 'Marketing yes', 'Agreed'],
    ] as const
  ).entries()) {
    await tabTo(page, consent, 'back');
    await page.keyboard.press('Enter');
    await expect(consent).toHaveAttribute('aria-pressed', pressed);
    await expect(consent).toHaveText(header);
    await expect(words).toHaveCount(before + at + 1);
    await expect(words.first()).toContainText(word);
    await expect(words.first()).toContainText(/today \d\d:\d\d/);
    await expect(words.first()).toContainText(/ · this till · at the counter · \S+/);
  }
  await expect(words.nth(1)).toContainText('Withdrew');
  await createCamera(till, FOLDER)('98-member-consents');
  expect(await seriousOn(page, 'words about marketing')).toEqual([]);
});

test('a card that is on a phone is named before its member is removed; by keys alone (F42, F53, D10)', async ({
  launchEnrolled,
}) => {
  const till = await launchEnrolled();
  const { page } = till;
  await signIn(page, 'manager');
  const card = cardOf(KNOWN_MEMBERS.chenWei, 0);
  await type(page, card.cardNumber);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('member-page')).toBeVisible();
  const consequences = page.getByTestId('consequences');
  const opens = async (entry: string): Promise<void> => {
    await page.keyboard.press('F9');
    await chooseInMenu(page, entry);
    await expect(page.getByTestId('panel')).toBeVisible();
  };
  const line = consequences.getByRole('listitem').filter({ hasText: card.cardNumber.slice(-4) });
  await opens('Remove the member');
  await expect(line).not.toContainText('phone');
  await page.keyboard.press('Escape');
  await opens('Card data');
  await tabAndPress(page, page.getByRole('checkbox', { name: 'On the member' }), 'Space');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('outcome')).toContainText('Card data saved');
  await expect(ticket(page, card.cardNumber)).toContainText('on the phone');
  await opens('Remove the member');
  await expect(line).toContainText('on a phone: it stays there and no longer works');
  await expect(consequences).toContainText('is free for another member');
  await createCamera(till, FOLDER)('99-member-installed');
  expect(await seriousOn(page, 'removal with an installed card')).toEqual([]);
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
