import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { ROOT } from '../../build/targets.mjs';
import { seriousOn } from './axe.ts';
import { createCamera } from './camera.ts';
import {
  chooseInMenu,
  field,
  memberName,
  signIn,
  syncNow,
  tabAndChoose,
  tabTo,
  theBox,
  type,
} from './counter.ts';
import { test } from './shop.ts';

const FOLDER = join(ROOT, 'out/pictures-member');
/** Nobody of the other tests: they share a shop. */
const [RIGHT, WRONG] = ['9666 0001', '9666 0002'] as const;

/** Somebody new, by keys: name and number, the card that is offered. */
async function enrol(page: Page, lastName: string, mobile: string): Promise<void> {
  await page.keyboard.press('F5');
  await expect(field(page, 'lastName')).toBeFocused();
  await type(page, lastName);
  await page.keyboard.press('Tab');
  await type(page, 'Siew Ling');
  await page.keyboard.press('Tab');
  await type(page, mobile);
  await page.keyboard.press('Enter');
  await expect(memberName(page)).toHaveText(`${lastName} Siew Ling`);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
}

async function look(page: Page, text: string): Promise<void> {
  await expect(theBox(page)).toBeFocused();
  await type(page, text);
  await page.keyboard.press('Enter');
}

async function openMenu(page: Page, name: string): Promise<void> {
  await page.keyboard.press('F9');
  await chooseInMenu(page, name);
}

test('a second profile under a wrong number becomes one with the first, and can be parted again; by keys alone', async ({
  launchEnrolled,
}) => {
  test.slow();
  const till = await launchEnrolled();
  const { page } = till;
  const take = createCamera(till, FOLDER);
  await signIn(page, 'manager');
  await enrol(page, 'Quek', RIGHT);
  await enrol(page, 'Quekk', WRONG);
  await look(page, RIGHT);
  await expect(memberName(page)).toHaveText('Quek Siew Ling');
  await openMenu(page, 'Same person as…');
  await expect(page.getByTestId('merge-find')).toBeVisible();
  await look(page, RIGHT);
  await expect(page.getByTestId('merge-same')).toBeVisible();
  expect(await seriousOn(page, 'find the other one')).toEqual([]);
  await look(page, WRONG);
  await expect(page.getByTestId('inbox-person')).toHaveCount(2);
  await expect(page.getByTestId('merge-consequences')).toContainText('keeps its balance');
  await tabAndChoose(page, 'Mobile', /9666 0002/);
  await tabTo(page, field(page, 'merge-reason'));
  await type(page, 'new phone');
  await take('98-merge-two');
  expect(await seriousOn(page, 'two profiles')).toEqual([]);
  await page.keyboard.press('Enter');
  await expect(memberName(page)).toHaveText('Quek Siew Ling');
  await expect(page.getByTestId('scan-notice')).toContainText('one person');
  await syncNow(page);
  await expect(page.getByTestId('merged-person')).toContainText('Quekk Siew Ling');
  await expect(page.getByTestId('card-ticket')).toHaveCount(2);
  await expect(page.getByTestId('member-page')).toContainText('9666 0002');
  await take('99-merged');
  await page.getByTestId('part').press('Enter');
  await type(page, 'two people');
  await page.keyboard.press('Enter');
  await syncNow(page);
  await expect(page.getByTestId('card-ticket')).toHaveCount(1);
});

test('title, kind of customer and tier are chosen in the form of the profile; by keys alone', async ({
  launchEnrolled,
}) => {
  test.slow();
  const till = await launchEnrolled();
  const { page } = till;
  const take = createCamera(till, FOLDER);
  await signIn(page, 'manager');
  await enrol(page, 'Sim', '9666 0003');
  await look(page, '9666 0003');
  await expect(memberName(page)).toHaveText('Sim Siew Ling');
  await page.keyboard.press('F7');
  await tabTo(page, field(page, 'prefix'));
  await type(page, 'Dr');
  await tabAndChoose(page, 'Kind of customer', /customer/i);
  await expect(page.locator('select[name="tier"]')).toBeVisible();
  await take('97-edit-profile');
  expect(await seriousOn(page, 'edit the profile')).toEqual([]);
  await tabTo(page, field(page, 'prefix'));
  await page.keyboard.press('Enter');
  await expect(memberName(page)).toHaveText('Dr Sim Siew Ling');
});
