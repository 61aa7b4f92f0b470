import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { ROOT } from '../../build/targets.mjs';
import { DEMO_PINS } from '../../crm/demo/chain.ts';
import { KNOWN_MEMBERS } from '../../crm/demo/known.ts';
import { createCamera } from './camera.ts';
import {
  chip,
  choosePerson,
  enterPin,
  failure,
  field,
  memberName,
  openMember,
  openSettings,
  scanNotice,
  theBox,
  cardOf,
} from './counter.ts';
import type { Till } from './launch.ts';
import { typeAsScanner } from './scanner-keys.ts';
import { test } from './shop.ts';

const { weiLing, chenWei, locked, blocked, lostCard, familyFirst } = KNOWN_MEMBERS;
const FOLDER = join(ROOT, 'out/pictures');

test.beforeAll(async () => {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
});

async function picturePeople(page: Page, take: (name: string) => Promise<void>): Promise<void> {
  await take('10-sign-in');
  await choosePerson(page, 'cashier');
  await take('11-sign-in-pin');
  await enterPin(page, '111111');
  await expect(failure(page)).toBeVisible();
  await take('12-sign-in-wrong-pin');
  await typeAsScanner(page, cardOf(weiLing, 0).cardNumber);
  await expect(page.getByTestId('scan-waits')).toBeVisible();
  await take('13-sign-in-scan-waits');
  await enterPin(page, DEMO_PINS.cashier);
  await expect(memberName(page)).toHaveText('Tan Wei Ling');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('home')).toBeVisible();
}

async function pictureSearch(page: Page, take: (name: string) => Promise<void>): Promise<void> {
  await take('20-home');
  await theBox(page).fill('tan');
  await expect(page.getByRole('option').first()).toBeVisible();
  await take('21-results');
  await theBox(page).fill('62220100');
  await expect(page.getByRole('option')).toHaveCount(2);
  await take('22-shared-phone');
  await theBox(page).fill('Zzyzx');
  await expect(page.getByText('Nobody found')).toBeVisible();
  await take('23-nobody');
  await page.keyboard.press('Escape');
}

async function pictureMembers(page: Page, take: (name: string) => Promise<void>): Promise<void> {
  await openMember(page, cardOf(weiLing, 0).cardNumber, 'Tan Wei Ling');
  await take('30-member');
  await page.keyboard.press('F2');
  await expect(page.getByTestId('outcome')).toBeVisible();
  await take('31-stamped');
  await page.keyboard.press('F8');
  await expect(page.getByTestId('panel')).toBeVisible();
  await take('32-redeem');
  await page.keyboard.press('Escape');
  await openMember(page, cardOf(weiLing, 1).cardNumber, 'Tan Wei Ling');
  await page.keyboard.press('F2');
  await field(page, 'amount').fill('12.50');
  await field(page, 'receipt').fill('8812');
  await take('33-credit');
  await page.keyboard.press('Escape');
  await page.keyboard.press('F6');
  await expect(page.getByTestId('panel')).toBeVisible();
  await take('34-issue');
  await page.keyboard.press('Escape');
  await page.keyboard.press('F9');
  await expect(page.getByRole('menu')).toBeVisible();
  await take('35-more');
  await page.keyboard.press('Escape');
  await page.keyboard.press('F1');
  await expect(page.getByTestId('key-sheet')).toBeVisible();
  await take('36-keys');
  await page.keyboard.press('Escape');
  for (const [name, member] of [
    ['37-locked', locked],
    ['38-blocked', blocked],
    ['39-lost-card', lostCard],
  ] as const) {
    await openMember(page, cardOf(member, 0).cardNumber, `${member.lastName} ${member.firstName}`);
    await take(name);
  }
  await openMember(page, cardOf(chenWei, 1).cardNumber, '陈伟');
  await page.keyboard.press('F2');
  await field(page, 'amount').fill('99');
  await page.keyboard.press('Enter');
  await expect(failure(page)).toBeVisible();
  await take('40-not-enough');
  await page.keyboard.press('Escape');
  await page.keyboard.press('F7');
  await expect(page.getByTestId('edit-member')).toBeVisible();
  await take('41-edit');
  await page.keyboard.press('Escape');
}

/** A refusal that comes when the cashier is with somebody else. */
async function pictureLate({ page, corePid }: Till, take: (name: string) => Promise<void>): Promise<void> {
  await page.keyboard.press('F2');
  await field(page, 'amount').fill('99');
  const pid = Number(await corePid());
  process.kill(pid, 'SIGSTOP');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  process.kill(pid, 'SIGCONT');
  await expect(page.getByTestId('late-failure')).toBeVisible();
  await openMember(page, cardOf(familyFirst, 0).cardNumber, 'Lim Hui Min');
  await take('42-late-failure');
  await page.getByTestId('late-failure').getByRole('button', { name: 'Close' }).click();
}

async function pictureEnrolment(page: Page, take: (name: string) => Promise<void>): Promise<void> {
  await page.keyboard.press('F5');
  await take('50-enrolment');
  await field(page, 'lastName').fill('Tan');
  await field(page, 'firstName').fill('Wei Ling');
  await field(page, 'mobile').fill('91110001');
  await field(page, 'dateOfBirth').fill('31/02/1990');
  await expect(page.getByTestId('duplicates')).toBeVisible();
  await page.getByTestId('join').click();
  await take('51-enrolment-refused');
  await page.getByRole('button', { name: 'Throw away' }).click();
}

test('every screen, in two sizes, light and dark', async ({ launchEnrolled, line }) => {
  const till = await launchEnrolled();
  const { page } = till;
  const take = createCamera(till, FOLDER);
  await expect(page.locator('[data-login]').first()).toBeVisible();
  await picturePeople(page, take);
  await pictureSearch(page, take);
  await pictureMembers(page, take);
  await pictureLate(till, take);
  await pictureEnrolment(page, take);

  await typeAsScanner(page, '6035556666666612');
  await expect(scanNotice(page)).toBeVisible();
  await take('60-unknown-card');
  await page.keyboard.press('Escape');
  await typeAsScanner(page, '4006381333931');
  await expect(scanNotice(page)).toContainText('product');
  await take('67-product');
  await typeAsScanner(page, '9821234152508');
  await expect(page.getByTestId('coupon')).toBeVisible();
  await take('68-coupon');
  await page.keyboard.press('Escape');
  await openSettings(page);
  await take('61-settings');
  await page.keyboard.press('Escape');
  await chip(page).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await take('62-sync');
  await page.keyboard.press('Escape');

  await line.cut();
  await openMember(page, cardOf(familyFirst, 0).cardNumber, 'Lim Hui Min');
  await page.keyboard.press('F3');
  await expect(chip(page)).toContainText('Offline · 1 waiting');
  await take('63-offline');
  await openSettings(page);
  await page.getByText('简体中文').click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await take('64-settings-chinese');
  await page.keyboard.press('Escape');
  await expect(memberName(page)).toBeVisible();
  await take('65-member-chinese');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('home')).toBeVisible();
  await take('66-home-chinese');
  await chip(page).press('Enter');
  await expect(page.getByTestId('sync-problem')).toContainText('本机会自动重试');
  await take('69-sync-chinese');
});

test('the screens before a till is one of the shop', async ({ launchTill }) => {
  const till = await launchTill();
  await expect(till.page.getByRole('heading', { name: 'Set up this till' })).toBeVisible();
  await createCamera(till, FOLDER)('01-set-up');
});
