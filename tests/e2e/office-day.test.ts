import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { ROOT } from '../../build/targets.mjs';
import { DEMO_PINS } from '../../crm/demo/chain.ts';
import { KNOWN_MEMBERS } from '../../crm/demo/known.ts';
import { wrongOn } from './axe.ts';
import { cardOf, field, memberName, tabAndChoose, theBox, ticket, totalOn, type } from './counter.ts';
import { DESKTOP, TABLET, test } from './office-shop.ts';
import { askCode, cli } from './shop.ts';

const FOLDER = join(ROOT, 'out/pictures-office');
const { weiLing } = KNOWN_MEMBERS;

async function signIn(page: Page): Promise<void> {
  await expect(field(page, 'login')).toBeFocused();
  await type(page, 'manager');
  await page.keyboard.press('Tab');
  await type(page, DEMO_PINS.manager);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('home')).toBeVisible();
}

/** By keys alone, as somebody without a mouse does. */
async function open(page: Page, name: RegExp): Promise<void> {
  await page.keyboard.press('F10');
  await page.getByRole('menuitem', { name }).press('Enter');
}

/** A stamp, and taken back: the next test of the shop finds the card as it was. */
async function stampAndUndo(page: Page): Promise<void> {
  const { cardNumber } = cardOf(weiLing, 0);
  await type(page, cardNumber);
  await page.keyboard.press('Enter');
  await expect(memberName(page)).toHaveText('Tan Wei Ling');
  const before = await totalOn(ticket(page, cardNumber));
  await page.keyboard.press('F2');
  await expect.poll(() => totalOn(ticket(page, cardNumber))).toBe(before + 1);
  await page.keyboard.press('Control+z');
  await expect.poll(() => totalOn(ticket(page, cardNumber))).toBe(before);
}

for (const [name, size] of [
  ['desktop', DESKTOP],
  ['tablet', TABLET],
] as const) {
  test(`${name}: the day of a shop over all of its tills, up to when each is in it, on paper too`, async ({
    startOffice,
    newPage,
  }) => {
    const { url } = await startOffice();
    const page = await newPage(url, size);
    const found: string[] = [];
    const look = async (screen: string): Promise<void> => {
      await mkdir(FOLDER, { recursive: true });
      const path = join(FOLDER, `${name}-${screen}.png`);
      await page.screenshot({ path, animations: 'disabled', caret: 'hide', fullPage: true });
      found.push(...(await wrongOn(page, `${name}, ${screen}`)));
    };
    await signIn(page);
    await stampAndUndo(page);
    await open(page, /shop.s day/);
    const sheet = page.getByTestId('shop-day-sheet');
    await expect(sheet).toBeVisible();
    await look('shop-day');
    await expect(page.getByTestId('shop-day-totals')).toBeVisible();
    await page.getByTestId('day-before').press('Enter');
    await expect(page.getByTestId('day-today')).toBeVisible();
    await expect(page.getByTestId('shop-day-totals')).toBeVisible();
    await look('shop-day-before');
    await page.emulateMedia({ media: 'print' });
    await expect(theBox(page)).toBeHidden();
    await expect(page.getByTestId('day-before')).toBeHidden();
    await expect(sheet).toBeVisible();
    await page.emulateMedia({ media: null });
    await page.getByTestId('day-today').press('Enter');
    await expect(page.getByTestId('day-today')).toHaveCount(0);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Log' }).press('Enter');
    await expect(page.locator('[data-testid=log-entry][data-kind="stamp.added"]').first()).toBeVisible();
    await look('log');
    await tabAndChoose(page, 'Part', 'Anonymised members');
    await expect(page.getByText(/Nobody was anonymised|confirmed/).first()).toBeVisible();
    await look('erasures');
    await tabAndChoose(page, 'Part', 'Sign-ins');
    await expect(page.locator('[data-testid=sign-in][data-outcome=right]').first()).toBeVisible();
    await look('sign-ins');
    expect(found).toEqual([]);
  });
}

test('a manager gives up a till that does not come back: once, with her PIN, and it is told so', async ({
  shop,
  startOffice,
  newFolder,
  newPage,
}) => {
  const folder = join(await newFolder(), 'left in a taxi');
  const code = await askCode(shop.url);
  await cli(['enrol', '--server', shop.url, '--code', code, '--till-name', 'Taxi', '--data', folder]);
  const { url } = await startOffice();
  const page = await newPage(url, TABLET);
  await signIn(page);
  await open(page, /shop.s day/);
  const line = page.locator('[data-testid=shop-till][data-till=Taxi]');
  await line.getByRole('button', { name: 'Report as lost: Taxi' }).press('Enter');
  const form = page.getByTestId('lost-till');
  await expect(field(page, 'pin')).toBeFocused();
  await type(page, '000111');
  await page.keyboard.press('Enter');
  await expect(form.getByTestId('failure')).toHaveAttribute('data-code', 'pin_wrong');
  await expect(field(page, 'pin')).toBeFocused();
  await mkdir(FOLDER, { recursive: true });
  await page.screenshot({ path: join(FOLDER, 'tablet-lost-till.png'), animations: 'disabled' });
  expect(await wrongOn(page, 'tablet, lost-till')).toEqual([]);
  await type(page, DEMO_PINS.manager);
  await page.keyboard.press('Enter');
  await expect(form).toBeHidden();
  await expect(line).toContainText('given up as lost');
  await expect(line.getByRole('button')).toHaveCount(0);
  await page.screenshot({ path: join(FOLDER, 'tablet-till-given-up.png'), animations: 'disabled' });
  const sync = cli(['sync', '--data', folder, '--as', 'manager', '--pin', DEMO_PINS.manager]);
  await expect(sync).rejects.toThrow('till_lost');
});
