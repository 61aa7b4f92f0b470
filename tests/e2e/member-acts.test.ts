import { join } from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import { DEMO_PINS } from '../../crm/demo/chain.ts';
import { KNOWN_MEMBERS } from '../../crm/demo/known.ts';
import { ROOT } from '../../build/targets.mjs';
import { seriousOn } from './axe.ts';
import { createCamera } from './camera.ts';
import {
  cardOf,
  failure,
  field,
  memberName,
  pressAgain,
  scanNotice,
  signIn,
  tabAndChoose,
  tabAndPress,
  tabTo,
  theBox,
  type,
} from './counter.ts';
import { typeAsScanner } from './scanner-keys.ts';
import { test } from './shop.ts';

const FOLDER = join(ROOT, 'out/pictures-member');
type Take = ReturnType<typeof createCamera>;

/** Somebody of this test alone, with a points card. */
async function enrols(page: Page): Promise<void> {
  await page.keyboard.press('F5');
  await expect(field(page, 'lastName')).toBeFocused();
  await type(page, 'Quek');
  await page.keyboard.press('Tab');
  await type(page, 'Siew Lan');
  await page.keyboard.press('Tab');
  await type(page, '8881 7701');
  await page.getByText('Points', { exact: true }).first().click();
  await page.getByTestId('join').click();
  await expect(memberName(page)).toHaveText('Quek Siew Lan');
}

/** What stands on her card: sure, and this till's own on top, whether the centre has it yet or not. */
const holds = (page: Page, units: number) =>
  expect
    .poll(async () => {
      const card = page.getByTestId('card-ticket').first();
      const parts = await card
        .locator('[data-testid="balance-confirmed"], [data-testid="balance-pending"]')
        .evaluateAll((all) => all.map((each) => Number(each.getAttribute('data-value'))));
      return parts.reduce((sum, each) => sum + each, 0);
    })
    .toBe(units);
const outcome = (page: Page) => page.getByTestId('outcome');

/** F59, D11: nothing is saved before old and new points were read. */
async function editsAmount(page: Page, take: Take): Promise<void> {
  await page.keyboard.press('F2');
  await field(page, 'amount').focus();
  await type(page, '30.00');
  await page.keyboard.press('Enter');
  await expect(outcome(page)).toContainText('+30');
  const edit = page.getByTestId('history-row').first().getByTestId('edit-amount');
  // Ten seconds long the whole press can be undone instead.
  await expect(edit).toBeVisible({ timeout: 30_000 });
  await edit.press('Enter');
  await field(page, 'amount').focus();
  await page.keyboard.press('Control+A');
  await type(page, '20.00');
  const said = page.getByTestId('consequences');
  await expect(said).toContainText('30 points → 20 points');
  await holds(page, 30);
  await field(page, 'reason').focus();
  await type(page, 'typed wrongly');
  await take('80-edit-amount');
  expect(await seriousOn(page, 'edit amount')).toEqual([]);
  await page.keyboard.press('Enter');
  await expect(outcome(page)).toContainText('Amount put right');
  await holds(page, 20);
}

/** F16. */
async function movesPointsByHand(page: Page): Promise<void> {
  await page.getByTestId('deed-by-hand').press('Enter');
  await field(page, 'amount').focus();
  await type(page, '5');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('panel')).toContainText('Say why');
  await field(page, 'reason').focus();
  await type(page, 'goodwill');
  // Beyond her limit of a day another manager would have to stand by it.
  await field(page, 'amount').fill('5001');
  await expect(page.getByTestId('second-person')).toHaveCount(0);
  await page.keyboard.press('Enter');
  await expect(failure(page)).toHaveAttribute('data-code', 'hand_limit');
  await expect(page.getByTestId('second-person')).toContainText('another manager');
  await field(page, 'amount').fill('5');
  await pressAgain(page, 'Enter');
  await holds(page, 25);
  await page.getByTestId('deed-debit').press('Enter');
  await field(page, 'amount').focus();
  await type(page, '3');
  await page.keyboard.press('Enter');
  await holds(page, 22);
}

/** Two cards: the same one again at once is one scan. */
const SCANNED = {
  'export-member': [KNOWN_MEMBERS.weiLing, 'Tan Wei Ling'],
  'export-card-type': [KNOWN_MEMBERS.chenWei, '陈伟'],
} as const;

/** In the middle of the reason: neither the scan nor a form that is opened over it takes the words away. */
async function scansSomebodyElse(page: Page, which: keyof typeof SCANNED): Promise<void> {
  const [known, name] = SCANNED[which];
  await typeAsScanner(page, cardOf(known, 0).cardNumber);
  await expect(scanNotice(page)).toContainText(`You scanned the card of ${name}`);
  await expect(memberName(page)).toHaveText('Quek Siew Lan');
  await page.keyboard.press('F6');
  await expect(page.getByTestId('panel')).toBeVisible();
  await expect(page.getByTestId('history-export')).toBeHidden();
  // One step back each: what the scan had to say, then the form, after which the box has the focus.
  await page.keyboard.press('Escape');
  await expect(scanNotice(page)).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(theBox(page)).toBeFocused();
  await expect(field(page, 'export-reason')).toBeVisible();
  await expect(field(page, 'export-reason')).toHaveValue('She asked for it');
  await field(page, 'export-reason').focus();
}

/** F54, F55, F18, F60: on her details. */
async function worksOnDetails(page: Page, take: Take): Promise<void> {
  await page.keyboard.press('Control+i');
  const mark = page.getByTestId('about-member').getByRole('checkbox', { name: 'Mobile is verified' });
  await mark.press('Space');
  await expect(mark).toBeChecked();
  await expect(page.getByTestId('overview')).toContainText('Verifiedmobile');
  await mark.press('Space');
  await expect(mark).not.toBeChecked();
  const give = page.getByTestId('coupons').getByTestId('give-coupon');
  const lacking = await give.count();
  await give.first().press('Enter');
  await expect(give).toHaveCount(lacking - 1);
  await take('81-member-acts');
  expect(await seriousOn(page, 'verified and coupons')).toEqual([]);
  const files = page.getByTestId('history-export');
  for (const which of ['export-member', 'export-card-type'] as const) {
    await files.getByTestId(which).press('Enter');
    await expect(field(page, 'export-reason')).toBeFocused();
    await expect(page.getByTestId('export-begin')).toBeInViewport({ ratio: 1 });
    await page.keyboard.press('Enter');
    await expect(files).toContainText('Say why, in a few words. Nothing went out.');
    await take(`82-${which}`);
    expect(await seriousOn(page, which)).toEqual([]);
    await type(page, 'She asked for it');
    await scansSomebodyElse(page, which);
    await page.keyboard.press('Enter');
    await expect(files).toContainText('The file is ready.');
    await expect(files.getByTestId(which)).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(field(page, 'export-reason')).toHaveValue('');
    await page.keyboard.press('Escape');
    await expect(files.getByTestId(which)).toBeFocused();
  }
}

async function choosesState(page: Page, title: string): Promise<void> {
  await page.keyboard.press('F9');
  await page.getByRole('menuitem', { name: title, exact: true }).press('Enter');
  await field(page, 'reason').focus();
  await type(page, 'asked for');
  await page.keyboard.press('Enter');
}

/** F47–F49: each says what it does, and is taken back. */
async function changesStates(page: Page): Promise<void> {
  const state = page.getByTestId('member-state');
  for (const [title, after] of [
    ['Lock the member', 'Locked'],
    ['Unlock the member', 'Active'],
    ['Block the member', 'Blocked'],
    ['Unblock the member', 'Active'],
  ] as const) {
    await choosesState(page, title);
    await expect(state).toHaveText(after);
    await expect(page.getByTestId('deed-redeem')).toHaveCount(after === 'Active' ? 1 : 0);
  }
}

/** Not alone: a supervisor stands by it with her own PIN, and a wrong one is typed anew. By keys alone. */
async function isBackedBySecond(page: Page, take: Take): Promise<void> {
  const second = page.getByTestId('second-person');
  await expect(second).toContainText('Somebody else chooses her name');
  await page.keyboard.press('Tab');
  const who = second.getByRole('combobox', { name: 'Who' });
  await expect(who).toBeFocused();
  // Nobody stands by herself, and no cashier by anybody.
  await expect(who.locator('option')).toHaveText(['Choose…', 'Hafiz', 'Priya', 'Siti'], {
    useInnerText: true,
  });
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Tab');
  await expect(field(page, 'second-pin')).toBeFocused();
  await type(page, '111111');
  await page.keyboard.press('Enter');
  await expect(failure(page)).toHaveAttribute('data-code', 'pin_wrong');
  await expect(field(page, 'second-pin')).toHaveValue('');
  await take('83-second-person');
  expect(await seriousOn(page, 'second person')).toEqual([]);
  await tabTo(page, field(page, 'second-pin'));
  await type(page, DEMO_PINS.supervisor);
  await page.keyboard.press('Enter');
}

/** 5.14: what becomes of a balance that is left is the owner's to say, once for all shops. */
async function setsRule(page: Page, take: Take): Promise<void> {
  await tabAndPress(page, page.getByTestId('rail-chain'));
  await tabAndChoose(page, 'What to look at', 'Settings of the chain');
  const rule = page.locator('select[name="chain-left"]');
  await tabTo(page, rule);
  await type(page, 'Paid');
  await expect(rule.locator('option:checked')).toHaveText('Paid out');
  await expect(page.getByTestId('chain-form')).toContainText('stamps, visits and coupons are forfeited');
  await take('84-left-rule');
  expect(await seriousOn(page, 'rule of balances')).toEqual([]);
  await tabAndPress(page, page.getByTestId('chain-save'));
  await expect(page.getByTestId('chain-saved')).toBeVisible();
}

async function opensAnonymise(page: Page): Promise<Locator> {
  await page.keyboard.press('F9');
  await page.getByRole('menuitem', { name: 'Anonymise for good', exact: true }).press('Enter');
  await expect(page.getByTestId('panel')).toContainText('This can not be undone');
  return page.getByTestId('consequences');
}

/** Somebody with stamps and credit: looked at, and left as he is. */
async function readsWhatIsLeft(page: Page, take: Take): Promise<void> {
  await typeAsScanner(page, cardOf(KNOWN_MEMBERS.chenWei, 0).cardNumber);
  await expect(memberName(page)).toHaveText('陈伟');
  const said = await opensAnonymise(page);
  await expect(said).toContainText(/Forfeited with it: \d+ stamps?\./);
  await expect(said).toContainText(/Paid out: \$\d+\.\d\d\. Hand it over\./);
  await take('85-left-balances');
  expect(await seriousOn(page, 'what is left')).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('panel')).toHaveCount(0);
}

/** F50: what goes for good is said before the press. */
async function anonymises(page: Page, take: Take): Promise<void> {
  const said = await opensAnonymise(page);
  await expect(said).toContainText('is free for another member');
  await expect(said).toContainText('Forfeited with it: 22 points');
  await take('82-anonymise');
  expect(await seriousOn(page, 'anonymise')).toEqual([]);
  await field(page, 'reason').focus();
  await type(page, 'asked for it');
  await page.keyboard.press('Enter');
  await isBackedBySecond(page, take);
  await expect(page.getByTestId('member-state')).toHaveText('Anonymised');
  await expect(page.getByTestId('member-page')).not.toContainText('Quek');
  await holds(page, 0);
  await expect(page.getByTestId('history-row').filter({ hasText: '22 points' }).first()).toContainText(
    'Forfeited when anonymised',
  );
}

test('a manager puts an amount right, moves points, verifies, gives a coupon, exports, locks, blocks and anonymises', async ({
  launchEnrolled,
}) => {
  test.setTimeout(240_000);
  const till = await launchEnrolled();
  const { page } = till;
  const take = createCamera(till, FOLDER);
  await signIn(page, 'manager');
  await test.step('what becomes of a balance that is left (5.14)', async () => {
    await setsRule(page, take);
    await readsWhatIsLeft(page, take);
  });
  await enrols(page);
  await test.step('the amount of the last purchase (F59)', () => editsAmount(page, take));
  await test.step('points by hand (F16)', () => movesPointsByHand(page));
  await test.step('verified marks, a coupon, both histories (F54, F55, F18, F60)', () =>
    worksOnDetails(page, take));
  await test.step('locked, blocked and back (F47–F49)', () => changesStates(page));
  await test.step('anonymised, with what it takes away said first (F50)', () => anonymises(page, take));
});
