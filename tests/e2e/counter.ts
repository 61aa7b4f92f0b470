import { expect, type Locator, type Page } from '@playwright/test';
import { DEMO_PINS } from '../../crm/demo/chain.ts';
import type { KnownCard, KnownMember } from '../../crm/demo/known.ts';
import { must } from '../../sync/base/must.ts';
import type { StaffRole } from '../../sync/model/chain.ts';

/** A person's pause between two keys; a wedge scanner's is far shorter. */
const TYPING_DELAY_MS = 55;
/** Longer than a bounce of the switch, so that it counts as a second press. */
const PRESS_AGAIN_MS = 130;

/** Types as a person does, key by key, into whatever has the focus. */
export const typeKeys = (page: Page, text: string): Promise<void> =>
  page.keyboard.type(text, { delay: TYPING_DELAY_MS });

/** Whether the focus is in a field of text. A day is put in by its parts, a choice searched by its first letters. */
const isInText = (page: Page): Promise<boolean> =>
  page.evaluate(() => {
    const { activeElement: field } = document;
    if (field instanceof HTMLTextAreaElement) return true;
    const kinds = ['text', 'search', 'tel', 'email', 'url', 'number', 'password'];
    return field instanceof HTMLInputElement && kinds.includes(field.type);
  });

/** Puts a text into whatever has the focus: whole, as an input method does, where it is text; by its keys elsewhere. */
export async function type(page: Page, text: string): Promise<void> {
  if (await isInText(page)) await page.keyboard.insertText(text);
  else await typeKeys(page, text);
}

/** A card that a known member of the demo has. */
export const cardOf = ({ cards }: KnownMember, at: number): KnownCard =>
  must(cards[at], 'the demo gives the member that many cards');

export const theBox = (page: Page): Locator => page.getByTestId('the-box');
export const memberName = (page: Page): Locator => page.getByTestId('member-name');
export const failure = (page: Page): Locator => page.getByTestId('failure');
export const scanNotice = (page: Page): Locator => page.getByTestId('scan-notice');
export const chip = (page: Page): Locator => page.getByTestId('sync-chip');
export const newestEntry = (page: Page): Locator => page.getByTestId('history-row').first();
/** A text field by its name, in whatever language the till speaks. */
export const field = (page: Page, name: string): Locator => page.locator(`input[name="${name}"]`);
export const ticket = (page: Page, cardNumber: string): Locator =>
  page.locator(`[data-testid="card-ticket"][data-card-number="${cardNumber}"]`);

const tileOf = (page: Page, role: StaffRole): Locator => page.locator(`[data-login="${role}"]`);

/** Chooses the person whose name in the demo is that of the role. */
export async function choosePerson(page: Page, role: StaffRole): Promise<void> {
  await tileOf(page, role).click();
  await expect(field(page, 'pin')).toBeFocused();
}

/** The same without the mouse: the first one has the focus, Tab until the person has the focus. */
export async function choosePersonByKeys(page: Page, role: StaffRole): Promise<void> {
  await expect(tileOf(page, role)).toBeVisible();
  const tiles = await page.locator('[data-login]').count();
  for (let at = 0; at < tiles; at += 1) {
    if (await tileOf(page, role).evaluate((tile) => tile === document.activeElement)) break;
    await page.keyboard.press('Tab');
  }
  await expect(tileOf(page, role)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(field(page, 'pin')).toBeFocused();
}

export async function enterPin(page: Page, pin: string): Promise<void> {
  await type(page, pin);
  await page.keyboard.press('Enter');
}

export async function signIn(page: Page, role: StaffRole = 'cashier'): Promise<void> {
  await choosePerson(page, role);
  await enterPin(page, DEMO_PINS[role]);
  await expect(page.getByTestId('home')).toBeVisible();
}

/** Looks somebody up by what fits one member. */
export async function openMember(page: Page, text: string, name: string): Promise<void> {
  await theBox(page).fill(text);
  await page.keyboard.press('Enter');
  await expect(memberName(page)).toHaveText(name);
}

/** What stands on a card: sure, and this till's own on top. */
export async function expectBalance(
  page: Page,
  cardNumber: string,
  [confirmed, pending]: readonly [number, number],
): Promise<void> {
  const card = ticket(page, cardNumber);
  await expect(card.getByTestId('balance-confirmed')).toHaveAttribute('data-value', String(confirmed));
  if (pending === 0) await expect(card.getByTestId('balance-pending')).toHaveCount(0);
  else await expect(card.getByTestId('balance-pending')).toHaveAttribute('data-value', String(pending));
}

/** Sure and pending together, as one number: what the cashier has done, whatever the line has done with it. */
export async function totalOn(card: Locator): Promise<number> {
  return card.evaluate((element) =>
    [...element.querySelectorAll('[data-value]')].reduce(
      (sum, figure) => sum + Number(figure.getAttribute('data-value')),
      0,
    ),
  );
}

/** Opens the settings by keys. */
export async function openSettings(page: Page): Promise<void> {
  await page.keyboard.press('F10');
  await page.getByRole('menuitem').nth(1).click();
  await expect(page.getByTestId('settings')).toBeVisible();
}

/** Waits until the serial scanner is there, as a person sees it, and goes back. */
export async function untilScannerReady(page: Page): Promise<void> {
  await openSettings(page);
  await expect(page.getByTestId('scanner-state')).toHaveText('Ready');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('settings')).toHaveCount(0);
}

/** Sends and fetches now, by the chip; resolves when nothing is waiting. */
export async function syncNow(page: Page): Promise<void> {
  await chip(page).click();
  await page.getByRole('button', { name: 'Send and fetch now' }).click();
  await page.keyboard.press('Escape');
  await expect(chip(page)).toHaveAttribute('data-state', 'idle');
  await expect(chip(page)).toHaveAttribute('data-outstanding', '0');
}

/** Waits until the same key is a press of its own and no bounce of the last one. */
export const untilPressCounts = (page: Page): Promise<unknown> =>
  page.evaluate((ms) => new Promise((done) => setTimeout(done, ms)), PRESS_AGAIN_MS);

export async function pressAgain(page: Page, key: string): Promise<void> {
  await untilPressCounts(page);
  await page.keyboard.press(key);
}

/** More stops than any screen has. */
const TAB_STOPS_MAX = 150;

/** Whether it has the focus just now. */
export const isFocused = (wanted: Locator): Promise<boolean> =>
  wanted.evaluate((element) => element === document.activeElement);

/** Goes there by the Tab key alone, as somebody without a mouse does; by Shift+Tab with `back`. */
export async function tabTo(page: Page, wanted: Locator, way: 'on' | 'back' = 'on'): Promise<void> {
  await expect(wanted).toBeVisible();
  for (let at = 0; at < TAB_STOPS_MAX && !(await isFocused(wanted)); at += 1) {
    await page.keyboard.press(way === 'on' ? 'Tab' : 'Shift+Tab');
  }
  await expect(wanted).toBeFocused();
}

export async function tabAndPress(page: Page, wanted: Locator, key = 'Enter'): Promise<void> {
  await tabTo(page, wanted);
  await page.keyboard.press(key);
}

/**
 * Walks a group of choices, one of which has the focus, to that one. By the focus, which an arrow moves at once: what
 * is chosen is shown when the till has answered.
 */
async function arrowTo(page: Page, wanted: Locator, choices: number): Promise<void> {
  for (let at = 0; at < choices && !(await isFocused(wanted)); at += 1) {
    await page.keyboard.press('ArrowDown');
  }
  if (!(await wanted.isChecked())) await page.keyboard.press('Space');
  await expect(wanted).toBeChecked();
}

/** Walks the only group of choices, one of which has the focus, to the one of that name. */
export async function chooseByArrows(page: Page, name: string): Promise<void> {
  await expect(page.locator('input[type="radio"]:focus')).toHaveCount(1);
  const choices = await page.getByRole('radio').count();
  await arrowTo(page, page.getByRole('radio', { name, exact: true }), choices);
}

/** Goes to a group of choices and walks it to the one of that name. */
export async function tabAndChoose(page: Page, group: string, name: string | RegExp): Promise<void> {
  const radios = page.getByRole('radiogroup', { name: group }).getByRole('radio');
  const inGroup = page.getByRole('radiogroup', { name: group }).locator('input:focus');
  const wanted = page.getByRole('radiogroup', { name: group }).getByRole('radio', { name });
  await expect(wanted).toBeVisible();
  for (let at = 0; at < TAB_STOPS_MAX && (await inGroup.count()) === 0; at += 1) {
    await page.keyboard.press('Tab');
  }
  await arrowTo(page, wanted, await radios.count());
}

/** Walks the menu that has just been opened to the line of that name, and presses it. */
export async function chooseInMenu(page: Page, name: string): Promise<void> {
  const entry = page.getByRole('menuitem', { name });
  await expect(entry).toBeVisible();
  for (let at = 0; at < 12 && !(await isFocused(entry)); at += 1) await page.keyboard.press('ArrowDown');
  await expect(entry).toBeFocused();
  await page.keyboard.press('Enter');
}

/** Types a day, as YYYY-MM-DD, into its field: the parts stand in the order in which this machine writes days. */
export async function typeDay(page: Page, day: string): Promise<void> {
  const order = await page.evaluate(() =>
    new Intl.DateTimeFormat(navigator.language).formatToParts().map((part) => part.type),
  );
  const [year = '', month = '', date = ''] = day.split('-');
  for (const part of order) {
    if (part === 'month') await type(page, month);
    if (part === 'day') await type(page, date);
    if (part === 'year') await type(page, year);
    // A year may have more digits: the field waits for them.
    if (part === 'year' && order.at(-1) !== 'year') await page.keyboard.press('ArrowRight');
  }
}
