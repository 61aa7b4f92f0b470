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
  openSettings,
  scanNotice,
  signIn,
  theBox,
  ticket,
  untilScannerReady,
  cardOf,
} from './counter.ts';
import { test } from './shop.ts';

const { weiLing, familyFirst } = KNOWN_MEMBERS;
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
    await page.keyboard.type(cardOf(weiLing, 1).cardNumber);
    await page.keyboard.press('Enter');
    await expect(memberName(page)).toHaveText('Tan Wei Ling');
    await expect(ticket(page, cardOf(weiLing, 1).cardNumber)).toHaveAttribute('data-front', 'true');
    await expect(theBox(page)).toHaveValue('');
  });
  await test.step('into a form: what was typed stands, the member is offered', async () => {
    await page.keyboard.press('F5');
    await field(page, 'lastName').fill('Half typed');
    await page.keyboard.type(cardOf(familyFirst, 0).cardNumber);
    await page.keyboard.press('Enter');
    await expect(scanNotice(page)).toContainText('You scanned the card of Lim Hui Min');
    await expect(field(page, 'lastName')).toHaveValue('Half typed');
    await page.keyboard.type(UNKNOWN_CARD);
    await page.keyboard.press('Enter');
    await expect(field(page, 'card-number')).toHaveValue(UNKNOWN_CARD);
    await expect(field(page, 'lastName')).toHaveValue('Half typed');
  });
  await test.step('a payment card typed by a wedge leaves nothing', async () => {
    await page.keyboard.type(PAYMENT_CARD);
    await page.keyboard.press('Enter');
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
  await page.keyboard.type(cardOf(weiLing, 1).cardNumber);
  await page.keyboard.press('Enter');
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
