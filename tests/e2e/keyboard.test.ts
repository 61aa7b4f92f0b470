import { expect, type Page } from '@playwright/test';
import { DEMO_PINS } from '../../crm/demo/chain.ts';
import { KNOWN_MEMBERS } from '../../crm/demo/known.ts';
import {
  choosePersonByKeys,
  expectBalance,
  field,
  memberName,
  newestEntry,
  pressAgain,
  ticket,
  theBox,
  typeKeys,
  cardOf,
} from './counter.ts';
import { test } from './shop.ts';

const { weiLing, chenWei, familyFirst, familySecond } = KNOWN_MEMBERS;

async function enterPin(page: Page, pin: string): Promise<void> {
  await typeKeys(page, pin);
  await page.keyboard.press('Enter');
}

async function lookUp(page: Page, text: string): Promise<void> {
  await expect(theBox(page)).toBeFocused();
  await typeKeys(page, text);
  await page.keyboard.press('Enter');
}

/** A member page is left by one Esc for each step: the last press said what it did, then the page itself. */
async function backHome(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('home')).toBeVisible();
}

/** How many lines stand in the list of results in the frame after it came. */
const linesAtOnce = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      new Promise((done) => {
        const list = (): Element | null => document.querySelector('[data-testid="results"] [role="listbox"]');
        const watch = new MutationObserver(() => {
          if (list() === null) return;
          watch.disconnect();
          requestAnimationFrame(() => done(list()?.querySelectorAll('[role="option"]').length ?? 0));
        });
        watch.observe(document.body, { childList: true, subtree: true });
      }),
  );

test('hands never leave the keys: sign in, look up by whatever is known, choose', async ({
  launchEnrolled,
}) => {
  const { page } = await launchEnrolled();
  await choosePersonByKeys(page, 'cashier');
  await enterPin(page, DEMO_PINS.cashier);

  for (const phone of ['91110001', '+65 9111 0001', '9111-0001', '0065 91110001', '(65) 9111 0001']) {
    await test.step(`phone typed as ${phone}`, async () => {
      await lookUp(page, phone);
      await expect(memberName(page)).toHaveText('Tan Wei Ling');
      await backHome(page);
    });
  }
  await test.step('a phone that is pasted: whose it is stands there at once, not with the next event', async () => {
    const lines = linesAtOnce(page);
    await page.keyboard.insertText('9111 0001');
    expect(await lines).toBe(1);
    await page.keyboard.press('Escape');
    await expect(theBox(page)).toHaveValue('');
  });
  await test.step('look-up ID', async () => {
    await lookUp(page, weiLing.lookupId);
    await expect(memberName(page)).toHaveText('Tan Wei Ling');
    await backHome(page);
  });
  for (const [text, name] of [
    ['0001', 'Tan Wei Ling'],
    ['wei ling tan', 'Tan Wei Ling'],
  ] as const) {
    await test.step(`"${text}" lists ${name}`, async () => {
      await typeKeys(page, text);
      const option = page.getByRole('option').filter({ hasText: name });
      await expect(option.first()).toBeVisible();
      await page.keyboard.press('Escape');
      await expect(theBox(page)).toHaveValue('');
    });
  }
  await test.step('a Chinese name of two signs, by both and by the given name alone', async () => {
    await theBox(page).fill(`${chenWei.lastName}${chenWei.firstName}`);
    const option = page.getByRole('option').filter({ hasText: '•002' });
    await expect(option).toBeVisible();
    await theBox(page).fill(chenWei.firstName);
    await expect(page.getByRole('option').first()).toContainText(chenWei.firstName);
    await page.keyboard.press('Escape');
  });
  await test.step('two members behind one number: arrows choose, Enter takes', async () => {
    await typeKeys(page, '6222 0100');
    await expect(page.getByRole('option')).toHaveCount(2);
    const names = await page.getByRole('option').allInnerTexts();
    await page.keyboard.press('ArrowDown');
    await expect(page.getByRole('option').nth(1)).toHaveAttribute('aria-selected', 'true');
    await page.keyboard.press('ArrowUp');
    await expect(page.getByRole('option').nth(0)).toHaveAttribute('aria-selected', 'true');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const second = names[1]?.includes(familyFirst.firstName) ? familyFirst : familySecond;
    await expect(memberName(page)).toHaveText(`${second.lastName} ${second.firstName}`);
  });
});

test('hands never leave the keys: stamp, take it back, the list of keys, one step back', async ({
  launchEnrolled,
}) => {
  const { page } = await launchEnrolled();
  await choosePersonByKeys(page, 'cashier');
  await enterPin(page, DEMO_PINS.cashier);
  await test.step('stamp, and take it back by a counter-entry', async () => {
    await lookUp(page, '91110007');
    const { cardNumber } = cardOf(familyFirst, 0);
    await expect(memberName(page)).toHaveText('Lim Hui Min');
    const confirmed = ticket(page, cardNumber).getByTestId('balance-confirmed');
    const before = Number(await confirmed.getAttribute('data-value'));
    await page.keyboard.press('F2');
    await expect(page.getByTestId('outcome')).toContainText('+1 stamp');
    await page.keyboard.press('Control+z');
    await expect(newestEntry(page)).toContainText('Counter-entry');
    await expect(page.locator('[data-corrected="true"]')).toHaveCount(1);
    await pressAgain(page, 'F3');
    await expect(page.getByTestId('outcome')).toContainText('+2 stamps');
    await expect(newestEntry(page)).toHaveAttribute('data-sync', 'synced');
    await expectBalance(page, cardNumber, [before + 2, 0]);
  });
  await test.step('F1 lists the keys of this screen, Esc closes the list', async () => {
    await page.keyboard.press('F1');
    const sheet = page.getByTestId('key-sheet');
    for (const key of ['F2', 'F3', 'F4', 'F5', 'F6', 'F7', 'F9', 'Esc']) {
      await expect(sheet.getByText(key, { exact: true })).toBeVisible();
    }
    await expect(sheet).toContainText('+1 stamp');
    await page.keyboard.press('Escape');
    await expect(sheet).toHaveCount(0);
    await expect(theBox(page)).toBeFocused();
  });
  await test.step('Esc goes back one step at a time and typing starts a new look-up', async () => {
    await page.keyboard.press('F4');
    await expect(page.getByTestId('panel')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('panel')).toHaveCount(0);
    await expect(memberName(page)).toBeVisible();
    await backHome(page);
    await lookUp(page, '91110001');
    await expect(memberName(page)).toHaveText('Tan Wei Ling');
  });
});

test('Esc at the sign-in goes back to the people', async ({ launchEnrolled }) => {
  const { page } = await launchEnrolled();
  await choosePersonByKeys(page, 'cashier');
  await page.keyboard.press('Escape');
  await expect(field(page, 'pin')).toHaveCount(0);
});

test('the sign-in begins on the first person, a letter goes to a name, and the person already chosen can be pressed again', async ({
  launchEnrolled,
}) => {
  const { page } = await launchEnrolled();
  const tiles = page.locator('[data-login]');
  await expect(tiles.first()).toBeFocused();
  // A name of ideographs is no key of a keyboard; a login is.
  await page.keyboard.press('m');
  await expect(page.locator('[data-login]:focus')).toHaveAttribute('data-login', /^m/);
  await page.keyboard.press('Enter');
  await expect(field(page, 'pin')).toBeFocused();
  const chosen = page.locator('[data-login][aria-pressed="true"]');
  await chosen.click();
  await expect(field(page, 'pin')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(field(page, 'pin')).toHaveCount(0);
  await expect(page.locator('[data-login]:focus')).toHaveCount(1);
});
