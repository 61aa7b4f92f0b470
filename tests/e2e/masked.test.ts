import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { ROOT } from '../../build/targets.mjs';
import { KNOWN_MEMBERS } from '../../crm/demo/known.ts';
import { seriousOn } from './axe.ts';
import { createCamera } from './camera.ts';
import { field, memberName, openMember, signIn, theBox } from './counter.ts';
import { test } from './shop.ts';

const FOLDER = join(ROOT, 'out/pictures-masked');
const MASKED = '+65 9••• •001';
const WHOLE = '+65 9111 0001';
const header = (page: Page) => page.locator('header', { has: memberName(page) });

/** She is found by her whole phone, whoever looks. */
const open = (page: Page): Promise<void> => openMember(page, '9111 0001', 'Tan Wei Ling');

async function changePerson(page: Page, role: 'supervisor' | 'manager'): Promise<void> {
  await page.keyboard.press('F10');
  await page.getByRole('menuitem', { name: 'Switch user' }).press('Enter');
  await signIn(page, role);
}

test('a cashier sees a member in part and changes her all the same; a supervisor says why and sees her whole', async ({
  launchEnrolled,
}) => {
  test.slow();
  const till = await launchEnrolled();
  const { page } = till;
  const take = createCamera(till, FOLDER);
  expect(KNOWN_MEMBERS.weiLing.mobile).toBe('+6591110001');
  await signIn(page);
  await open(page);
  await expect(header(page)).toContainText(MASKED);
  await expect(page.getByTestId('reveal')).toHaveCount(0);
  await page.keyboard.press('F7');
  await expect(field(page, 'mobile')).toHaveValue(MASKED);
  await take('00-cashier-edits');
  expect(await seriousOn(page, 'edit in part')).toEqual([]);
  await field(page, 'email').fill('wei.ling@example.com');
  await page.keyboard.press('Enter');
  await expect(header(page)).toContainText('w•••@e•••.com');
  // What was not touched is as it was.
  await expect(header(page)).toContainText(MASKED);
  expect(await page.content()).not.toMatch(/9111 ?0001|wei\.ling@/);

  await changePerson(page, 'supervisor');
  await open(page);
  await expect(header(page)).toContainText(MASKED);
  await take('01-supervisor-in-part');
  await page.getByTestId('reveal').press('Enter');
  await expect(page.getByRole('menu', { name: 'Show in full, because' })).toBeVisible();
  await take('02-supervisor-says-why');
  expect(await seriousOn(page, 'why')).toEqual([]);
  await expect(header(page)).toContainText(MASKED);
  await page.getByRole('menuitem', { name: 'To reach the member' }).press('Enter');
  await expect(header(page)).toContainText(WHOLE);
  await expect(header(page)).toContainText('wei.ling@example.com');
  await expect(page.getByTestId('reveal')).toHaveCount(0);
  await take('03-supervisor-sees');
  // A form that was left does not outlive the look: what was typed stays, the rest is as the page shows it.
  await page.keyboard.press('F7');
  await expect(field(page, 'mobile')).toHaveValue(/9111/);
  await field(page, 'notes').fill('tea');
  await openMember(page, KNOWN_MEMBERS.chenWei.mobile, '陈伟');
  await open(page);
  await expect(header(page)).toContainText(MASKED);
  await page.keyboard.press('F7');
  await expect(field(page, 'notes')).toHaveValue('tea');
  await expect(field(page, 'mobile')).toHaveValue(MASKED);
  expect(await page.content()).not.toMatch(/9111 ?0001|wei\.ling@/);
  await page.keyboard.press('Escape');

  await changePerson(page, 'manager');
  await open(page);
  await expect(header(page)).toContainText(WHOLE);
  await theBox(page).fill('');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Log' }).press('Enter');
  await page.getByText('Seen in full').click();
  const looks = page.getByTestId('sign-in');
  await expect(looks).toHaveCount(2);
  await expect(looks.first()).toContainText('opened by a manager');
  await expect(looks.last()).toContainText('To reach the member');
  await expect(looks.last()).toContainText('Tan Wei Ling');
  await take('04-looks');
  expect(await seriousOn(page, 'looks')).toEqual([]);
});
