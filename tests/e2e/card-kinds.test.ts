import { join } from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import { ROOT } from '../../build/targets.mjs';
import { KNOWN_MEMBERS } from '../../crm/demo/known.ts';
import { seriousOn } from './axe.ts';
import { createCamera } from './camera.ts';
import {
  cardOf,
  chooseByArrows,
  chooseInMenu,
  expectBalance,
  field,
  memberName,
  newestEntry,
  openMember,
  pressAgain,
  signIn,
  syncNow,
  tabAndPress,
  tabTo,
  ticket,
  totalOn,
  type,
} from './counter.ts';
import { test } from './shop.ts';

const FOLDER = join(ROOT, 'out/pictures-card-kinds');
const DAY_MS = 86_400_000;

const preview = (page: Page): Locator => page.getByTestId('programme-preview');
const stubOf = (page: Page, name: string): Locator =>
  page.getByTestId('card-ticket').filter({ has: page.getByRole('heading', { name }) });

async function fill(page: Page, name: string, text: string): Promise<void> {
  await tabTo(page, field(page, name));
  await page.keyboard.press('Control+a');
  await type(page, text);
}

interface Made {
  /** As the menu of new ones names it. */
  readonly kind: string;
  readonly name: string;
  readonly fields: Readonly<Record<string, string>>;
  /** What the preview says of it before anything is saved. */
  readonly shows: readonly (string | RegExp)[];
  readonly isUnlimited?: boolean;
}

/** One of each kind, points and tiers aside: those are made in `programmes` and `desk-cards`. */
const KINDS: readonly Made[] = [
  {
    ...{
      kind: 'Stamp cards',
      name: 'Bagel stamps',
      fields: { goal: '5', earnPoints: '1', earnPerMinor: '10' },
    },
    shows: ['3 of 5 · 2 to go', 'earns 2 stamps'],
  },
  {
    ...{ kind: 'Visit passes', name: 'Ten swims', fields: { packs: '10, 20', validMonths: '6' } },
    shows: [/10\s*visits left/],
  },
  {
    ...{ kind: 'Visit passes', name: 'Swim all year', fields: { validMonths: '12' }, isUnlimited: true },
    shows: ['Unlimited visits'],
  },
  {
    ...{ kind: 'Credit', name: 'Purse', fields: { cashback: '5' } },
    shows: ['$25.00', 'earns $1.25'],
  },
  {
    ...{ kind: 'Discounts', name: 'Neighbours', fields: { discountPercent: '15' } },
    shows: ['15 %'],
  },
  {
    ...{ kind: 'Coupons', name: 'Three muffins', fields: { openingUnits: '3' } },
    shows: [/3\s*uses left/],
  },
];

async function makes(page: Page, { kind, name, fields, shows, isUnlimited }: Made): Promise<void> {
  await page.getByTestId('programme-add').focus();
  await page.keyboard.press('Enter');
  await chooseInMenu(page, kind);
  await expect(field(page, 'name')).toBeFocused();
  await type(page, name);
  if (isUnlimited === true)
    await tabAndPress(page, page.getByRole('checkbox', { name: 'Unlimited visits' }), 'Space');
  for (const [each, text] of Object.entries(fields)) await fill(page, each, text);
  await expect(preview(page).getByRole('heading', { name })).toBeVisible();
  for (const words of shows) await expect(preview(page)).toContainText(words);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('programme-saved')).toContainText(name);
}

/** Somebody of this test alone, who may use credit. */
async function enrols(page: Page): Promise<void> {
  await page.keyboard.press('F5');
  await expect(field(page, 'lastName')).toBeFocused();
  await page.keyboard.press('Shift+Tab');
  await chooseByArrows(page, 'Bagel stamps Stamps');
  await fill(page, 'lastName', 'Toh');
  await fill(page, 'firstName', 'Kim Seng');
  await fill(page, 'mobile', '8881 8810');
  await tabAndPress(page, page.getByRole('checkbox', { name: 'May buy and spend credit' }), 'Space');
  await tabTo(page, field(page, 'mobile'), 'back');
  await page.keyboard.press('Enter');
  await expect(memberName(page)).toHaveText('Toh Kim Seng');
}

/** Beside the others; it stands in front then. */
async function issues(page: Page, name: string, kind: string): Promise<Locator> {
  await page.keyboard.press('F6');
  await chooseByArrows(page, `${name} ${kind}`);
  // Two may be issued one right after the other.
  await pressAgain(page, 'Enter');
  const card = stubOf(page, name);
  await expect(card).toHaveAttribute('data-front', 'true');
  return card;
}

/** By a key or the name of a button: what is typed into its form, and what the card has then. */
async function does(page: Page, deed: string, typed: string): Promise<void> {
  const button = page.getByTestId(`deed-${deed}`);
  const key = await button.getAttribute('aria-keyshortcuts');
  if (key === null) await button.click();
  else await page.keyboard.press(key);
  if (typed === '') return;
  await expect(field(page, 'amount')).toBeVisible();
  await field(page, 'amount').focus();
  await page.keyboard.press('Control+a');
  await type(page, typed);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('panel')).toHaveCount(0);
}

/** F12: by a press and by a purchase; a full round is a reward that is due, and what is over stays on the card. */
async function stamps(page: Page): Promise<void> {
  const card = stubOf(page, 'Bagel stamps');
  await does(page, 'stamp-1', '');
  await expect.poll(() => totalOn(card)).toBe(1);
  await does(page, 'stamp-buy', '50.00');
  await expect.poll(() => totalOn(card)).toBe(6);
  await expect(card).toContainText('+1 full round');
}

/** F14: sold as a pack, one or more taken off; an unlimited pass has no number to take off. */
async function visits(page: Page): Promise<void> {
  const swims = await issues(page, 'Ten swims', 'Visits');
  await does(page, 'add-visits', '10');
  await expect.poll(() => totalOn(swims)).toBe(10);
  await does(page, 'visit-1', '');
  await expect.poll(() => totalOn(swims)).toBe(9);
  await does(page, 'visit-n', '3');
  await expect.poll(() => totalOn(swims)).toBe(6);
  const all = await issues(page, 'Swim all year', 'Visits');
  await expect(all).toContainText('Unlimited visits');
  await expect(all).toContainText('until');
}

/** F31: paid in, a share of a purchase back, and spent, never more than there is. */
async function credit(page: Page): Promise<void> {
  const purse = await issues(page, 'Purse', 'Credit');
  await does(page, 'top-up', '20.00');
  await expect.poll(() => totalOn(purse)).toBe(2_000);
  await does(page, 'earn', '30.00');
  await expect.poll(() => totalOn(purse)).toBe(2_150);
  await does(page, 'spend', '1.50');
  await expect.poll(() => totalOn(purse)).toBe(2_000);
  await expect(newestEntry(page)).toContainText('$1.50');
}

/** F15, F45: the cashier reads the percentage; a coupon with three uses is used once. */
async function discountAndCoupon(page: Page): Promise<void> {
  const neighbours = await issues(page, 'Neighbours', 'Discount');
  await expect(neighbours.getByTestId('balance-confirmed')).toHaveText('15 %');
  const muffins = await issues(page, 'Three muffins', 'Coupon');
  await expect.poll(() => totalOn(muffins)).toBe(3);
  await page.keyboard.press('F8');
  await expect(page.getByTestId('panel')).toContainText('Three muffins');
  await page.keyboard.press('Enter');
  await expect.poll(() => totalOn(muffins)).toBe(2);
}

test('a card type of each kind is made with its preview, then issued and worked with at the counter', async ({
  launchEnrolled,
}) => {
  test.setTimeout(240_000);
  const till = await launchEnrolled();
  const { page } = till;
  const take = createCamera(till, FOLDER);
  await signIn(page, 'manager');
  await page.keyboard.press('Control+3');
  await expect(preview(page)).toBeVisible();
  for (const made of KINDS) await test.step(`made: ${made.name}`, () => makes(page, made));
  await take('10-kinds');
  expect(await seriousOn(page, 'kinds')).toEqual([]);
  await page.keyboard.press('Escape');
  await test.step('somebody with a card of stamps', () => enrols(page));
  await test.step('stamps by a press and by a purchase', () => stamps(page));
  await test.step('a pack of visits, and an unlimited pass', () => visits(page));
  await test.step('credit paid in, given back and spent', () => credit(page));
  await test.step('a percentage to read, and a coupon with several uses', () => discountAndCoupon(page));
  await take('11-cards');
  expect(await seriousOn(page, 'cards of each kind')).toEqual([]);
});

test('a balance says of when it is: the hour of today, and with a colour and the day what is older (N6)', async ({
  launchEnrolled,
}) => {
  const till = await launchEnrolled();
  const { page } = till;
  const take = createCamera(till, FOLDER);
  const { cardNumber } = cardOf(KNOWN_MEMBERS.weiLing, 0);
  const asOf = ticket(page, cardNumber).getByTestId('balance-as-of');
  await signIn(page);
  await openMember(page, cardNumber, 'Tan Wei Ling');
  await expect(asOf).toHaveAttribute('data-age', 'fresh');
  await expect(asOf).toHaveText(/^as of \d\d:\d\d$/);
  const ink = await asOf.evaluate((element) => getComputedStyle(element).color);
  const nowMs = Date.now();
  const inks = new Set([ink]);
  for (const [days, age] of [
    [2, 'old'],
    [5, 'stale'],
  ] as const) {
    await page.keyboard.press('Escape');
    await expect(memberName(page)).toHaveCount(0);
    await page.clock.setFixedTime(nowMs + days * DAY_MS);
    await openMember(page, cardNumber, 'Tan Wei Ling');
    await expect(asOf).toHaveAttribute('data-age', age);
    await expect(asOf).toHaveText(/^as of (Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d\d:\d\d$/);
    inks.add(await asOf.evaluate((element) => getComputedStyle(element).color));
    await take(`20-${age}`);
    expect(await seriousOn(page, age)).toEqual([]);
  }
  expect(inks.size).toBe(3);
});

/** The points that everybody has, worth money from now on: one half of it alone says nothing yet. */
async function saysWorth(page: Page, take: (name: string) => Promise<void>): Promise<void> {
  const points = page.locator('[data-testid="programme"][data-id="points"]');
  await page.keyboard.press('Control+3');
  await tabAndPress(page, points);
  await expect(points).toHaveAttribute('aria-current', 'true');
  await expect(preview(page).getByTestId('balance-confirmed')).toBeVisible();
  await expect(preview(page).getByTestId('balance-worth')).toHaveCount(0);
  await fill(page, 'worthPoints', '100');
  await page.keyboard.press('Enter');
  await expect(field(page, 'worthMinor')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByTestId('programme-saved')).toHaveCount(0);
  await fill(page, 'worthMinor', '1.00');
  await expect(preview(page).getByTestId('balance-worth')).toHaveText('· $1.44');
  await take('30-worth');
  expect(await seriousOn(page, 'what points are worth')).toEqual([]);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('programme-saved')).toContainText('Points');
  await page.keyboard.press('Escape');
}

test('points are spent for money: what they are worth is seen beside them, and either figure fills in the other', async ({
  launchEnrolled,
}) => {
  test.slow();
  const till = await launchEnrolled();
  const { page } = till;
  const take = createCamera(till, FOLDER);
  const { cardNumber } = cardOf(KNOWN_MEMBERS.weiLing, 1);
  const card = ticket(page, cardNumber);
  const [points, money] = [field(page, 'amount'), field(page, 'money')];
  const says = page.getByTestId('preview');
  await signIn(page, 'manager');
  await test.step('a hundred points are worth a dollar', () => saysWorth(page, take));
  await openMember(page, cardNumber, 'Tan Wei Ling');
  await expect(card.getByTestId('balance-worth')).toHaveText('· $12.40');
  await page.keyboard.press('F4');
  await expect(points).toBeFocused();
  await type(page, '250');
  await expect(money).toHaveValue('2.50');
  await tabTo(page, money);
  // What was worked out is begun anew by fingers, not gone on with.
  const pad = page.getByRole('group', { name: 'Digits' });
  for (let sign = 0; sign < 2; sign += 1) await pad.getByRole('button', { name: '9' }).click();
  await expect(money).toHaveValue('99');
  await expect(points).toHaveValue('9900');
  await expect(says).toHaveText('Not enough: there are 1,240 points ($12.40)');
  await page.keyboard.press('Control+a');
  await type(page, '3.5');
  // Fingers go on where the keys were.
  await pad.getByRole('button', { name: '5' }).click();
  await expect(money).toHaveValue('3.55');
  await expect(says).toHaveText('Takes 355 points ($3.55) · then 885 points');
  await take('31-money');
  expect(await seriousOn(page, 'points as money')).toEqual([]);
  await page.keyboard.press('Enter');
  await expect(newestEntry(page)).toContainText('355');
  await expect.poll(() => totalOn(card)).toBe(885);
  await expect(card.getByTestId('balance-worth')).toHaveText('· $8.85');
  // The centre has taken in the rules, and by them the points.
  await syncNow(page);
  await expectBalance(page, cardNumber, [885, 0]);
  await expect(card.getByTestId('balance-worth')).toHaveText('· $8.85');
  await test.step('and in Chinese', async () => {
    await page.getByTestId('rail-settings').press('Enter');
    await page.getByText('简体中文').click();
    await page.keyboard.press('Escape');
    await openMember(page, cardNumber, 'Tan Wei Ling');
    await page.keyboard.press('F4');
    await type(page, '250');
    await expect(money).toHaveValue('2.50');
    await expect(says).toHaveText('扣减 250 积分（$2.50） · 之后 635 积分');
    await take('32-chinese');
    expect(await seriousOn(page, 'points as money in Chinese')).toEqual([]);
  });
});
