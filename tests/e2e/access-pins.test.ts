import { join } from 'node:path';
import { expect } from '@playwright/test';
import { ROOT } from '../../build/targets.mjs';
import { seriousOn } from './axe.ts';
import { createCamera } from './camera.ts';
import { chooseInMenu, enterPin, field, signIn, type } from './counter.ts';
import { test } from './shop.ts';

const FOLDER = join(ROOT, 'out/pictures-member');
const NEW_PIN = '905173';

test('a supervisor gives a cashier who forgot her PIN another one, and finds nothing else of the chain', async ({
  launchEnrolled,
}) => {
  test.setTimeout(120_000);
  const till = await launchEnrolled();
  const { page } = till;
  const take = createCamera(till, FOLDER);
  await signIn(page, 'supervisor');
  await page.getByTestId('rail-chain').press('Enter');
  const people = page.getByTestId('chain-person');
  await expect(people.filter({ hasText: 'Arun' })).toBeVisible();
  // No manager, no supervisor, not herself; no shops, no settings, nobody new.
  for (const name of ['Mdm Seah', 'Hafiz', 'Siti'])
    await expect(people.filter({ hasText: name })).toHaveCount(0);
  await expect(page.getByTestId('person-add')).toHaveCount(0);
  await expect(page.getByTestId('chain').getByRole('radio')).toHaveCount(0);
  await people.filter({ hasText: 'Arun' }).press('Enter');
  await expect(field(page, 'person-name')).toHaveCount(0);
  await field(page, 'person-pin').focus();
  await type(page, NEW_PIN);
  await page.keyboard.press('Tab');
  await type(page, NEW_PIN);
  await take('84-pin-by-supervisor');
  expect(await seriousOn(page, 'PIN by a supervisor')).toEqual([]);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('chain-saved')).toBeVisible();
  await page.keyboard.press('F10');
  await chooseInMenu(page, 'Switch user');
  await page.locator('[data-login="arun"]').click();
  await enterPin(page, NEW_PIN);
  await expect(page.getByTestId('home')).toBeVisible();
});
