import { join } from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import { ROOT } from '../../build/targets.mjs';
import { DEMO_PINS } from '../../crm/demo/chain.ts';
import { addDays, addMonths } from '../../sync/base/business-day.ts';
import { createFormats } from '../../renderer/lib/format.ts';
import { seriousOn } from './axe.ts';
import { createCamera } from './camera.ts';
import {
  chooseByArrows,
  chooseInMenu,
  choosePersonByKeys,
  enterPin,
  field,
  memberName,
  newestEntry,
  signIn,
  syncNow,
  tabAndChoose,
  tabAndPress,
  tabTo,
  totalOn,
  type,
  typeDay,
} from './counter.ts';
import { test } from './shop.ts';

const FOLDER = join(ROOT, 'out/pictures-programmes');
const { day: words } = createFormats('en', null);
type Take = (name: string) => Promise<void>;

const stubOf = (page: Page, name: string): Locator =>
  page.getByTestId('card-ticket').filter({ has: page.getByRole('heading', { name }) });
const preview = (page: Page): Locator => page.getByTestId('programme-preview');
const saved = (page: Page): Locator => page.getByTestId('programme-saved');

async function fill(page: Page, name: string, text: string): Promise<void> {
  await tabTo(page, field(page, name));
  await page.keyboard.press('Control+a');
  await type(page, text);
}

async function begins(page: Page, kind: string, name: string): Promise<void> {
  await page.getByTestId('programme-add').focus();
  await page.keyboard.press('Enter');
  await chooseInMenu(page, kind);
  await expect(field(page, 'name')).toBeFocused();
  await type(page, name);
  await expect(preview(page).getByRole('heading', { name })).toBeVisible();
}

/** Three points for a dollar, for a year; a pot of tea for fifty. Each word of it stands on the preview at once. */
async function makesCardType(page: Page, take: Take): Promise<void> {
  await begins(page, 'Points', 'Tea club');
  await fill(page, 'nameZh', '茶会');
  await tabAndChoose(page, 'Ink', 'Plum');
  await fill(page, 'earnPoints', '3');
  await expect(page.getByTestId('programme-earns')).toContainText('75 points');
  await fill(page, 'expiresAfterMonths', '12');
  await tabAndPress(page, page.getByTestId('reward-add'));
  await expect(page.getByLabel('Reward', { exact: true })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(saved(page)).toHaveCount(0);
  await page.getByLabel('Reward', { exact: true }).focus();
  await type(page, 'Pot of tea');
  await tabTo(page, page.getByLabel('Costs'));
  await type(page, '50');
  await expect(preview(page)).toContainText('Pot of tea');
  await take('10-card-type');
  expect(await seriousOn(page, 'a new card type')).toEqual([]);
  await page.keyboard.press('Enter');
  await expect(saved(page)).toContainText('Tea club');
}

/** It is good for what it is called, unless somebody says otherwise. */
async function makesCoupon(page: Page, take: Take): Promise<void> {
  await begins(page, 'Coupons', 'Scone with jam');
  await fill(page, 'validMonths', '2');
  await take('11-coupon');
  expect(await seriousOn(page, 'a new coupon')).toEqual([]);
  await page.keyboard.press('Enter');
  await expect(saved(page)).toContainText('Scone with jam');
}

async function enrols(page: Page): Promise<void> {
  await page.keyboard.press('F5');
  await expect(field(page, 'lastName')).toBeFocused();
  await page.keyboard.press('Shift+Tab');
  await chooseByArrows(page, 'Tea club Points');
  await tabTo(page, field(page, 'lastName'));
  await type(page, 'Lim');
  await page.keyboard.press('Tab');
  await type(page, 'Siew Tea');
  await page.keyboard.press('Tab');
  await type(page, '8881 8803');
  await page.keyboard.press('Enter');
  await expect(memberName(page)).toHaveText('Lim Siew Tea');
}

async function earnsAndRedeems(page: Page, take: Take): Promise<void> {
  const card = stubOf(page, 'Tea club');
  await page.keyboard.press('F2');
  await type(page, '20.00');
  await expect(page.getByTestId('preview')).toContainText('60');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('outcome')).toContainText('+60');
  await expect.poll(() => totalOn(card)).toBe(60);
  await take('12-earned');
  await page.keyboard.press('F8');
  await expect(page.getByTestId('panel')).toContainText('Pot of tea');
  await page.keyboard.press('Enter');
  await expect(newestEntry(page)).toContainText('Pot of tea');
  await expect.poll(() => totalOn(card)).toBe(10);
}

/** From her details, where the shop's coupons stand; then it is used up at the counter. */
async function givesAndRedeemsCoupon(page: Page, take: Take): Promise<void> {
  const coupon = stubOf(page, 'Scone with jam');
  await page.keyboard.press('Control+i');
  await tabAndPress(page, page.getByRole('button', { name: 'Give Scone with jam' }));
  await expect(coupon).toBeVisible();
  await page.keyboard.press('Control+i');
  await expect(page.getByTestId('about-member')).toHaveCount(0);
  for (let at = 0; at < 4 && (await coupon.getAttribute('data-front')) !== 'true'; at += 1) {
    await page.keyboard.press('ArrowRight');
  }
  await expect(coupon).toHaveAttribute('data-front', 'true');
  await page.keyboard.press('F8');
  await expect(page.getByTestId('panel')).toContainText('Scone with jam');
  await page.keyboard.press('Enter');
  await expect.poll(() => totalOn(coupon)).toBe(0);
  await take('13-coupon-used');
}

/** What is left of the sixty ends a year from today, and the page says so; nothing ends today. */
async function seesWhatEnds(page: Page, day: string, take: Take): Promise<void> {
  await page.keyboard.press('Control+i');
  const ends = page.getByTestId('overview').locator('dl > div').filter({ hasText: 'Ends on' });
  await expect(ends).toContainText('10 points · Tea club');
  await expect(ends).toContainText(words(addMonths(day, 12)));
  // Given, of use and used: all that has become of her one coupon (F61).
  await expect(page.getByTestId('overview')).toContainText('1 given · 0 to be used · 1 used');
  await take('14-what-ends');
  expect(await seriousOn(page, 'what ends')).toEqual([]);
}

test('a manager makes a card type with its preview, a reward and a coupon; another till issues, earns, redeems and says what ends', async ({
  launchEnrolled,
}) => {
  test.setTimeout(240_000);
  const desk = await launchEnrolled();
  const { page: office } = desk;
  const takeDesk = createCamera(desk, FOLDER);
  await signIn(office, 'manager');
  await office.keyboard.press('Control+3');
  await expect(preview(office)).toBeVisible();
  await test.step('a card type of points', () => makesCardType(office, takeDesk));
  const day = await field(office, 'validFrom').inputValue();
  await test.step('a coupon', () => makesCoupon(office, takeDesk));
  await syncNow(office);
  await desk.close();

  const till = await launchEnrolled();
  const { page } = till;
  const take = createCamera(till, FOLDER);
  await choosePersonByKeys(page, 'cashier');
  await enterPin(page, DEMO_PINS.cashier);
  await expect(page.getByTestId('home')).toBeVisible();
  await test.step('a member with the new card', () => enrols(page));
  await test.step('a purchase earns and its points are spent', () => earnsAndRedeems(page, take));
  await test.step('the coupon is given and used up', () => givesAndRedeemsCoupon(page, take));
  await test.step('what is left ends on its day', () => seesWhatEnds(page, day, take));
});

test('rules are tried on a past day before they go live; what they would give counts from their first day, not before', async ({
  launchEnrolled,
}) => {
  test.slow();
  const till = await launchEnrolled();
  const { page } = till;
  const take = createCamera(till, FOLDER);
  await signIn(page, 'manager');
  await page.keyboard.press('Control+3');
  const typeOf = (id: string): Locator => page.locator(`[data-testid="programme"][data-id="${id}"]`);
  await tabAndPress(page, typeOf('coffee'));
  await expect(typeOf('coffee')).toHaveAttribute('aria-current', 'true');
  const today = await field(page, 'validFrom').inputValue();
  await tabTo(page, typeOf('points'), 'back');
  await page.keyboard.press('Enter');
  const result = page.getByTestId('trial-result');
  const given = async (): Promise<number> =>
    Number(await page.getByTestId('trial-new').getAttribute('data-value'));
  await fill(page, 'earnPoints', '1');
  await tabAndPress(page, page.getByTestId('trial-run'));
  await expect(result).toBeVisible();
  const now = await given();
  expect(now).toBeGreaterThan(0);
  await tabTo(page, field(page, 'earnPoints'), 'back');
  await page.keyboard.press('Control+a');
  await type(page, '4');
  // What was tried is another content by now.
  await expect(result).toHaveCount(0);
  await tabAndPress(page, page.getByTestId('trial-run'));
  await expect(result).toContainText('differ');
  expect(await given()).toBe(4 * now);
  await take('20-tried');
  expect(await seriousOn(page, 'rules tried')).toEqual([]);
  const from = field(page, 'validFrom');
  await tabTo(page, field(page, 'earnPoints'), 'back');
  await tabTo(page, from);
  await typeDay(page, addDays(today, 1));
  await expect(from).toHaveValue(addDays(today, 1));
  await tabAndPress(page, page.getByTestId('programme-save'));
  await expect(saved(page)).toContainText(`It counts from ${words(addDays(today, 1))}`);
  await page.keyboard.press('Escape');
  await type(page, '9111 0001');
  await page.keyboard.press('Enter');
  const card = stubOf(page, 'Points').first();
  for (let at = 0; at < 4 && (await card.getAttribute('data-front')) !== 'true'; at += 1) {
    await page.keyboard.press('ArrowRight');
  }
  await page.keyboard.press('F2');
  await type(page, '5.00');
  await expect(page.getByTestId('preview')).toContainText(/Gives 5 points/);
  await page.keyboard.press('Escape');
});
