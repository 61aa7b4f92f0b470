import { expect, type Page } from '@playwright/test';
import { KNOWN_MEMBERS } from '../../crm/demo/known.ts';
import { cardOf, field, memberName, openSettings, scanNotice, signIn, theBox } from './counter.ts';
import { CASHIER_GAP_MS, keysInto, type OutsideKeys, SCANNER_GAP_MS, test } from './outside-keys.ts';

const { weiLing, familyFirst, chenWei } = KNOWN_MEMBERS;
const cardTextOf = (member: Parameters<typeof cardOf>[0]): string => cardOf(member, 0).cardNumber;

/** A page groups keys into steps as it likes. */
const UNDO_STEPS_MAX = 8;

/** As a scanner types that is set up as a keyboard: fast, Enter at the end. */
const scan = (keys: OutsideKeys, text: string): Promise<void> => keys.type(`${text}\n`, SCANNER_GAP_MS);

/** With the text cursor behind so many signs. */
async function putCursor(page: Page, name: string, at: number): Promise<void> {
  await field(page, name).evaluate((input, to) => (input as HTMLInputElement).setSelectionRange(to, to), at);
}

test('a scanner that is a keyboard opens the member from any screen, Caps Lock on or off', async ({
  launchEnrolled,
  display,
}) => {
  const till = await launchEnrolled();
  const { page } = till;
  await signIn(page);
  const keys = await keysInto(till, display);
  await test.step('from the box, which stays empty', async () => {
    await expect(theBox(page)).toBeFocused();
    await scan(keys, cardTextOf(weiLing));
    await expect(memberName(page)).toHaveText('Tan Wei Ling');
    await expect(theBox(page)).toHaveValue('');
  });
  await test.step('from another member', async () => {
    await scan(keys, cardTextOf(familyFirst));
    await expect(memberName(page)).toHaveText('Lim Hui Min');
  });
  await test.step('from the settings', async () => {
    await page.keyboard.press('Escape');
    await openSettings(page);
    await scan(keys, cardTextOf(weiLing));
    await expect(memberName(page)).toHaveText('Tan Wei Ling');
  });
  await test.step('with Caps Lock on: letters as they are printed, identifier and all', async () => {
    await keys.press('Caps_Lock');
    await scan(keys, 'Promo-77-xY');
    await expect(scanNotice(page)).toContainText('Promo-77-xY');
    await scan(keys, `]C0${cardTextOf(chenWei)}`);
    await expect(memberName(page)).toHaveText(/陈/);
    await keys.press('Caps_Lock');
  });
});

test('a scan into a half-filled form leaves the field as it was, cursor and all', async ({
  launchEnrolled,
  display,
}) => {
  const till = await launchEnrolled();
  const { page } = till;
  await signIn(page);
  const keys = await keysInto(till, display);
  await page.keyboard.press('F5');
  await field(page, 'lastName').fill('Half typed');
  await putCursor(page, 'lastName', 4);
  await scan(keys, cardTextOf(familyFirst));
  await expect(scanNotice(page)).toContainText('You scanned the card of Lim Hui Min');
  await expect(field(page, 'lastName')).toHaveValue('Half typed');
  await expect(field(page, 'lastName')).toBeFocused();
  // The next key goes where the cursor was, or somebody's name is garbled by every scan.
  await keys.type('-', CASHIER_GAP_MS);
  await expect(field(page, 'lastName')).toHaveValue('Half- typed');

  await test.step('what was typed before the scan can still be undone', async () => {
    await field(page, 'firstName').focus();
    await keys.type('Mei', CASHIER_GAP_MS);
    await expect(field(page, 'firstName')).toHaveValue('Mei');
    // A scan in the middle of the text; the arrow also says that what follows is no part of the typing.
    await page.keyboard.press('ArrowLeft');
    await scan(keys, cardTextOf(weiLing));
    await expect(scanNotice(page)).toContainText('You scanned the card of Tan Wei Ling');
    await expect(field(page, 'firstName')).toHaveValue('Mei');
    await expect(field(page, 'firstName')).toBeFocused();
    for (let count = 0; count < UNDO_STEPS_MAX; count += 1) await keys.press('ctrl+z');
    await expect(field(page, 'firstName')).toHaveValue('');
  });
});

test('what a cashier types at a hundred words a minute stays what she typed', async ({
  launchEnrolled,
  display,
}) => {
  const till = await launchEnrolled();
  const { page } = till;
  await signIn(page);
  const keys = await keysInto(till, display);
  await test.step('a card number typed by hand is looked up, not scanned', async () => {
    await keys.type(cardTextOf(weiLing), CASHIER_GAP_MS);
    await expect(theBox(page)).toHaveValue(cardTextOf(weiLing));
    await expect(memberName(page)).toHaveCount(0);
    await keys.type('\n', CASHIER_GAP_MS);
    await expect(memberName(page)).toHaveText('Tan Wei Ling');
  });
  await test.step('a name in a form', async () => {
    await page.keyboard.press('F5');
    await field(page, 'lastName').focus();
    await keys.type('Von Neumann', CASHIER_GAP_MS);
    await expect(field(page, 'lastName')).toHaveValue('Von Neumann');
    await expect(scanNotice(page)).toHaveCount(0);
  });
});
