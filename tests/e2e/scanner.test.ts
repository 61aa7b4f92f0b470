import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { DEMO_PINS } from '../../crm/demo/chain.ts';
import { KNOWN_MEMBERS } from '../../crm/demo/known.ts';
import {
  choosePerson,
  enterPin,
  field,
  memberName,
  openMember,
  openSettings,
  scanNotice,
  signIn,
  theBox,
  ticket,
  untilScannerReady,
  cardOf,
} from './counter.ts';
import { typeAsScanner } from './scanner-keys.ts';
import { test } from './shop.ts';

const { weiLing, familyFirst, chenWei } = KNOWN_MEMBERS;
const UNKNOWN_CARD = '6035558888888875';
/** A number that card schemes publish for tests. */
const PAYMENT_CARD = '4242424242424242';

/** All that the page holds, texts and field values alike. */
const everythingOn = (page: Page): Promise<string> =>
  page.evaluate(
    () =>
      document.documentElement.outerHTML +
      [...document.querySelectorAll('input, textarea')]
        .map((each) => (each as HTMLInputElement).value)
        .join(' '),
  );

async function logsOf(dataFolder: string): Promise<string> {
  const folder = join(dataFolder, 'logs');
  const names = await readdir(folder);
  return (await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))).join('\n');
}

test('a scanner that is unplugged and plugged in again is said to be so, and its next scan counts', async ({
  launchEnrolled,
  cable,
}) => {
  const { page } = await launchEnrolled({ env: { COUNTERFOIL_SCANNER: `${cable.path},auto` } });
  await signIn(page);
  await untilScannerReady(page);
  await openSettings(page);
  await cable.unplug();
  await expect(page.getByTestId('scanner-state')).toHaveText('Unplugged');
  await cable.plug();
  await expect(page.getByTestId('scanner-state')).toHaveText('Ready');
  cable.send(`${cardOf(weiLing, 0).cardNumber}\r`);
  await expect(memberName(page)).toHaveText('Tan Wei Ling');

  await test.step('an unknown card offers to enrol with it', async () => {
    cable.send(`${UNKNOWN_CARD}\r`);
    await expect(scanNotice(page)).toContainText('Card …8875 belongs to nobody yet');
    await scanNotice(page).getByRole('button', { name: 'Enrol a member with it' }).click();
    await expect(field(page, 'card-number')).toHaveValue(UNKNOWN_CARD);
    await page.keyboard.press('Escape');
  });
});

test('a payment card is refused and none of its digits are kept', async ({ launchEnrolled, cable }) => {
  const { page, dataFolder } = await launchEnrolled({
    env: { COUNTERFOIL_SCANNER: `${cable.path},auto` },
  });
  await signIn(page);
  await untilScannerReady(page);
  for (const bytes of [`${PAYMENT_CARD}\r`, `%B${PAYMENT_CARD}^DOE/JANE^29121010000000000000?\r`]) {
    cable.send(bytes);
    await expect(scanNotice(page)).toContainText('That is a payment card');
    await expect(scanNotice(page)).toContainText('Nothing of it was kept.');
    expect(await everythingOn(page)).not.toContain('4242');
    await page.keyboard.press('Escape');
    await expect(scanNotice(page)).toHaveCount(0);
  }
  expect(await logsOf(dataFolder)).not.toContain('4242');
});

test('a scanner that types like a keyboard is taken as a scan, and the field gets its text back', async ({
  launchEnrolled,
}) => {
  const { page } = await launchEnrolled();
  await signIn(page);
  await expect(theBox(page)).toBeFocused();

  await test.step('into the box', async () => {
    await typeAsScanner(page, cardOf(weiLing, 1).cardNumber);
    await expect(memberName(page)).toHaveText('Tan Wei Ling');
    await expect(ticket(page, cardOf(weiLing, 1).cardNumber)).toHaveAttribute('data-front', 'true');
    await expect(theBox(page)).toHaveValue('');
  });
  await test.step('into a form: what was typed stands, the member is offered', async () => {
    await page.keyboard.press('F5');
    await field(page, 'lastName').fill('Half typed');
    await typeAsScanner(page, cardOf(familyFirst, 0).cardNumber);
    await expect(scanNotice(page)).toContainText('You scanned the card of Lim Hui Min');
    await expect(field(page, 'lastName')).toHaveValue('Half typed');
    await typeAsScanner(page, UNKNOWN_CARD);
    await expect(field(page, 'card-number')).toHaveValue(UNKNOWN_CARD);
    await expect(field(page, 'lastName')).toHaveValue('Half typed');
  });
  await test.step('a payment card typed by a wedge leaves nothing', async () => {
    await typeAsScanner(page, PAYMENT_CARD);
    await expect(scanNotice(page)).toContainText('That is a payment card');
    await expect(field(page, 'lastName')).toHaveValue('Half typed');
    expect(await everythingOn(page)).not.toContain('4242');
  });
});

test('a card that a wedge types at the sign-in is no PIN: it waits, and opens right after the sign-in', async ({
  launchEnrolled,
}) => {
  const { page } = await launchEnrolled();
  await choosePerson(page, 'cashier');
  await typeAsScanner(page, cardOf(weiLing, 1).cardNumber);
  await expect(page.getByTestId('scan-waits')).toContainText('A card was scanned');
  await expect(field(page, 'pin')).toHaveValue('');
  expect(await everythingOn(page)).not.toContain('Tan Wei Ling');
  await enterPin(page, DEMO_PINS.cashier);
  await expect(memberName(page)).toHaveText('Tan Wei Ling');
  await expect(ticket(page, cardOf(weiLing, 1).cardNumber)).toHaveAttribute('data-front', 'true');
});

test('a card of the serial scanner before the sign-in waits, and opens right after it', async ({
  launchEnrolled,
  cable,
}) => {
  const { page } = await launchEnrolled({ env: { COUNTERFOIL_SCANNER: `${cable.path},auto` } });
  await signIn(page);
  await untilScannerReady(page);
  await page.keyboard.press('F10');
  await page.getByRole('menuitem').first().click();
  await choosePerson(page, 'cashier');
  cable.send(`${cardOf(weiLing, 0).cardNumber}\r`);
  await expect(page.getByTestId('scan-waits')).toBeVisible();
  expect(await everythingOn(page)).not.toContain('Tan Wei Ling');
  await enterPin(page, DEMO_PINS.cashier);
  await expect(memberName(page)).toHaveText('Tan Wei Ling');
});

test('what is no member’s card is said by what it is, and a sheet or a menu makes way for a scan', async ({
  launchEnrolled,
}) => {
  const { page } = await launchEnrolled();
  await signIn(page);
  const scan = async (text: string): Promise<void> => {
    await typeAsScanner(page, text);
  };
  await test.step('a product, and a code that nobody knows', async () => {
    await scan('4006381333931');
    await expect(scanNotice(page)).toContainText('That is the barcode of a product, not a card');
    await scan('PROMO-77-XY');
    await expect(scanNotice(page)).toContainText('That code is none of ours');
    await expect(scanNotice(page)).toContainText('PROMO-77-XY');
    await expect(theBox(page)).toHaveValue('');
    await scanNotice(page).getByRole('button', { name: 'Look for it' }).click();
    await expect(theBox(page)).toHaveValue('PROMO-77-XY');
    await page.keyboard.press('Escape');
  });
  await test.step('a card that came through damaged', async () => {
    await scan('6035558888888874');
    await expect(scanNotice(page)).toContainText('The scan came through damaged');
  });
  await test.step('a coupon of somebody else says what it is worth, and where it is redeemed', async () => {
    await page.keyboard.press('F1');
    await expect(page.getByTestId('key-sheet')).toBeVisible();
    await scan('9821234152508');
    await expect(page.getByTestId('key-sheet')).toHaveCount(0);
    await expect(page.getByTestId('coupon')).toContainText('2.50 EUR');
    await expect(page.getByTestId('coupon')).toContainText('can not redeem it');
  });
  await test.step('the next member opens over it, and over a menu', async () => {
    await scan(cardOf(weiLing, 0).cardNumber);
    await expect(memberName(page)).toHaveText('Tan Wei Ling');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await page.keyboard.press('F10');
    await expect(page.getByRole('menu')).toBeVisible();
    await scan(cardOf(familyFirst, 0).cardNumber);
    await expect(memberName(page)).toHaveText('Lim Hui Min');
    await expect(page.getByRole('menu')).toHaveCount(0);
  });
  await test.step('what is typed into a form stays, and the member is one press away', async () => {
    await openMember(page, cardOf(weiLing, 1).cardNumber, 'Tan Wei Ling');
    await page.keyboard.press('F2');
    await field(page, 'amount').fill('12.50');
    await scan(cardOf(chenWei, 0).cardNumber);
    await expect(scanNotice(page)).toContainText('You scanned the card of 陈伟');
    await expect(field(page, 'amount')).toHaveValue('12.50');
  });
});

test('before a till is one of the shop, a scanned one-time code is typed, and a payment card leaves nothing', async ({
  launchTill,
}) => {
  const { page } = await launchTill();
  await field(page, 'code').focus();
  await typeAsScanner(page, 'K7QP-33XA');
  await expect(field(page, 'code')).toHaveValue('K7QP-33XA');
  await typeAsScanner(page, PAYMENT_CARD);
  await expect(scanNotice(page)).toContainText('That is a payment card');
  await expect(field(page, 'code')).toHaveValue('K7QP-33XA');
  expect(await everythingOn(page)).not.toContain('4242');
});
