import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import { ROOT } from '../../build/targets.mjs';
import { nodeScrypt } from '../../electron/core/crypto.ts';
import { DEMO_PINS } from '../../crm/demo/chain.ts';
import { WHOLE_CHAIN, type CardTypeId } from '../../sync/base/ids.ts';
import { hashPin } from '../../sync/base/pin.ts';
import { documentSum } from '../../sync/model/chain.ts';
import { overHttp, TestTill } from '../unit/crm/test-till.ts';
import { seriousOn } from './axe.ts';
import { createCamera } from './camera.ts';
import { enterPin, failure, field, openMember, syncNow, tabTo, totalOn, type } from './counter.ts';
import type { Till } from './launch.ts';
import { seededFolder, test } from './shop.ts';

const FOLDER = join(ROOT, 'out/pictures-two-managers');
const MOBILE = '+6598870666';

interface Manager {
  readonly name: string;
  readonly login: string;
  readonly pin: string;
}
const SEAH: Manager = { name: 'Mdm Seah', login: 'manager', pin: DEMO_PINS.manager };
const LIM: Manager = { name: 'Mdm Lim', login: 'lim', pin: '517394' };

const itemOf = (page: Page, kind: string): Locator =>
  page.locator(`[data-testid="inbox-item"][data-kind="${kind}"]`);

/** A second manager, two profiles of one number, and a version of a person over which another was saved. */
async function makeTrouble(url: string): Promise<void> {
  const first = await TestTill.enrol(overHttp(url));
  first.cardTypeId = 'points' as CardTypeId;
  const pinHash = await hashPin(LIM.pin, 'c2FsdA==', nodeScrypt);
  const lim = { staffId: 'lim', login: LIM.login, name: LIM.name, role: 'manager', pinHash, isGone: false };
  const ofStaff = { kind: 'document.saved', memberId: WHOLE_CHAIN, docKind: 'staff', id: 'lim' };
  const joined = { ...ofStaff, baseVersion: 0, baseSum: '', body: { ...lim, version: 1 } };
  first.make(joined);
  first.makeMember({ lastName: 'Chua', firstName: 'Mei Fang', mobile: MOBILE });
  first.makeMember({ lastName: 'Toh', firstName: 'Bee Hoon', mobile: '+6598870667' });
  await first.sync();
  const other = await TestTill.enrol(overHttp(url));
  other.cardTypeId = first.cardTypeId;
  other.makeMember({ lastName: 'Chua', firstName: 'M F', mobile: MOBILE });
  const baseSum = documentSum({ ...lim, version: 1 });
  for (const name of [LIM.name, 'Lim of before']) {
    const saved = { ...ofStaff, baseVersion: 1, baseSum, body: { ...lim, name, version: 2 } };
    other.make(saved);
  }
  await other.sync();
}

async function signIn(page: Page, { login, pin }: Manager): Promise<void> {
  await page.locator(`[data-login="${login}"]`).click();
  await expect(field(page, 'pin')).toBeFocused();
  await enterPin(page, pin);
  await expect(page.getByTestId('home')).toBeVisible();
}

/** The item in front, the answer behind the key asked for, and the PIN typed: one press is left. */
async function getsReady(page: Page, { pin }: Manager, key: string): Promise<void> {
  await page.keyboard.press('Control+7');
  await expect(page.getByTestId('inbox')).toBeVisible();
  await itemOf(page, 'shared_mobile').press('Enter');
  await expect(page.getByTestId('inbox-sheet')).toHaveAttribute('data-kind', 'shared_mobile');
  await page.keyboard.press(key);
  await expect(page.getByTestId('answer-form')).toBeVisible();
  await tabTo(page, field(page, 'pin'));
  await type(page, pin);
}

test('two managers answer one item at two tills at once: one decides, the other reads what and who', async ({
  startCentre,
  launchTill,
  newFolder,
}) => {
  test.setTimeout(240_000);
  const dataFolder = await newFolder();
  await cp(await seededFolder(), dataFolder, { recursive: true });
  const centre = await startCentre({ dataFolder });
  await makeTrouble(centre.url);
  const open = async (manager: Manager) => {
    const folder = await newFolder();
    await centre.enrol(folder);
    const till = await launchTill({ dataFolder: folder, env: { COUNTERFOIL_DEMO: '1' } });
    await signIn(till.page, manager);
    return { ...till, manager };
  };
  const [seah, lim] = [await open(SEAH), await open(LIM)] as const;
  await test.step('they say opposite things with one press each', async () => {
    await getsReady(seah.page, SEAH, 'F2');
    await getsReady(lim.page, LIM, 'F3');
    await Promise.all([seah, lim].map(({ page }) => page.keyboard.press('Enter')));
  });
  const told = ({ page }: typeof seah) => page.getByTestId('inbox-outrun');
  await test.step('one of them reads that the other was first, and what that was', async () => {
    await expect
      .poll(async () => (await told(seah).count()) + (await told(lim).count()), { timeout: 30_000 })
      .toBe(1);
    const isSeahFirst = (await told(lim).count()) === 1;
    const [winner, loser] = isSeahFirst ? [seah, lim] : [lim, seah];
    const decided = isSeahFirst ? 'They are two people' : 'One person: keep';
    await expect(told(loser)).toContainText(winner.manager.name);
    await expect(told(loser)).toContainText(decided);
    await expect(told(loser)).toContainText('Your answer changed nothing');
    for (const { page } of [winner, loser]) {
      await expect(page.getByTestId('answer-form')).toHaveCount(0);
      await expect(itemOf(page, 'shared_mobile')).toHaveCount(0);
    }
    await createCamera(loser, FOLDER)('90-second-answer');
    expect(await seriousOn(loser.page, 'second answer')).toEqual([]);
    await loser.page.getByTestId('inbox-tab').press('Enter');
    await itemOf(loser.page, 'shared_mobile').press('Enter');
    await expect(loser.page.getByTestId('inbox-answered')).toContainText(winner.manager.name);
    await expect(loser.page.getByTestId('inbox-answered')).toContainText(decided);
    await loser.page.getByTestId('inbox-tab').press('Enter');
  });
  await test.step('of a person’s late version from elsewhere she is offered what works, and told why', async () => {
    await itemOf(seah.page, 'held_op').press('Enter');
    await expect(seah.page.getByTestId('held-hopeless')).toContainText('Another version of this person');
    await expect(seah.page.getByTestId('answer-dismiss')).toBeVisible();
    await expect(seah.page.getByTestId('answer-apply')).toHaveCount(0);
    await createCamera(seah, FOLDER)('91-late-person');
    await seah.page.keyboard.press('Escape');
  });
  await test.step('points beyond a day of hers take the other’s PIN, and count at both tills', () =>
    giveTogether(seah, lim.page));
});

/** The lowest screen that a till has. Every place of a manager's desk stands on it without scrolling. */
async function makeLow({ app, page }: Till): Promise<void> {
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(1024, 768));
  await page.waitForFunction(() => window.innerWidth === 1024);
  const rail = page.locator('nav').filter({ has: page.getByTestId('rail-inbox') });
  await expect(rail.getByRole('button')).toHaveCount(13);
  expect(await rail.evaluate((nav) => nav.scrollHeight - nav.clientHeight)).toBe(0);
  const heights = await rail
    .getByRole('button')
    .evaluateAll((all) => all.map((each) => each.getBoundingClientRect().height));
  expect(Math.min(...heights)).toBeGreaterThanOrEqual(44);
}

/** Beyond her limit of a day she is told so, and another manager adds her PIN; a wrong one gives nothing. */
async function giveTogether(till: Till, elsewhere: Page): Promise<void> {
  const { page } = till;
  await makeLow(till);
  await openMember(page, '98870667', 'Toh Bee Hoon');
  await page.getByTestId('deed-by-hand').press('Enter');
  await tabTo(page, field(page, 'amount'));
  await type(page, '6000');
  await tabTo(page, field(page, 'reason'));
  await type(page, 'anniversary');
  await page.keyboard.press('Enter');
  await expect(failure(page)).toHaveAttribute('data-code', 'hand_limit');
  const second = page.getByTestId('second-person');
  await expect(second).toContainText('another manager');
  // As soon as it is asked for, all that it takes stands before the eye.
  for (const part of [field(page, 'second-pin'), page.getByTestId('panel-submit')])
    await expect(part).toBeInViewport({ ratio: 1 });
  await tabTo(page, second.getByRole('combobox', { name: 'Who' }), 'back');
  await expect(second.locator('option')).toHaveText(['Choose…', LIM.name], { useInnerText: true });
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Tab');
  await type(page, '111111');
  await page.keyboard.press('Enter');
  await expect(failure(page)).toHaveAttribute('data-code', 'pin_wrong');
  await createCamera(till, FOLDER)('92-second-manager');
  expect(await seriousOn(page, 'second manager')).toEqual([]);
  const card = page.getByTestId('card-ticket').first();
  expect(await totalOn(card)).toBe(0);
  await tabTo(page, field(page, 'second-pin'), 'back');
  await type(page, LIM.pin);
  await page.keyboard.press('Enter');
  await expect.poll(() => totalOn(card)).toBe(6_000);
  await syncNow(page);
  await elsewhere.keyboard.press('Escape');
  await syncNow(elsewhere);
  await openMember(elsewhere, '98870667', 'Toh Bee Hoon');
  const there = elsewhere.getByTestId('card-ticket').first();
  await expect(there.getByTestId('balance-confirmed')).toHaveAttribute('data-value', '6000');
}
