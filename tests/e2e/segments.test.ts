import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { ROOT } from '../../build/targets.mjs';
import { KNOWN_MEMBERS } from '../../crm/demo/known.ts';
import { seriousOn } from './axe.ts';
import { createCamera } from './camera.ts';
import { cardOf, field, openMember, openSettings, signIn, tabAndChoose, type } from './counter.ts';
import { test } from './shop.ts';

const FOLDER = join(ROOT, 'out/pictures-segments');

/** Tab until the element with this test id has the focus. */
async function tabTo(page: Page, testId: string): Promise<void> {
  const target = page.getByTestId(testId).first();
  for (let presses = 0; presses < 150; presses += 1) {
    if (await target.evaluate((element) => element.contains(document.activeElement))) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`no way to ${testId} by keys`);
}

test('a segment is written, counted and opened by keys alone; the plot opens its people', async ({
  launchEnrolled,
}) => {
  const till = await launchEnrolled();
  const { page } = till;
  const take = createCamera(till, FOLDER);
  await signIn(page, 'manager');
  await test.step('the plot', async () => {
    await tabTo(page, 'rail-segments');
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('rfm-champions')).toBeVisible();
    expect(await seriousOn(page, 'segments')).toEqual([]);
    await take('90-rfm-plot');
    await tabTo(page, 'rfm-loyal');
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('segment-members')).toBeVisible();
    await take('91-rfm-people');
  });
  await test.step('a segment', async () => {
    await tabTo(page, 'segment-new');
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('segment-editor')).toBeVisible();
    // Slower than a scanner that types.
    await type(page, 'Champions of ours');
    await page.keyboard.press('Tab');
    const word = page.getByRole('button', { name: /^Champions$/ }).last();
    for (let presses = 0; presses < 40; presses += 1) {
      if (await word.evaluate((element) => element === document.activeElement)) break;
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('segment-found')).not.toHaveText('…');
    expect(await seriousOn(page, 'segments')).toEqual([]);
    await take('92-segment-editor');
    await tabTo(page, 'segment-save');
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('segment-total')).toBeVisible();
    await expect(page.getByTestId('segment-choice').filter({ hasText: 'Champions of ours' })).toHaveCount(1);
    expect(await seriousOn(page, 'segments')).toEqual([]);
    await take('93-segment');
  });
  await test.step('its people as a list of members: as many, to a file, and back', () =>
    opensAsList(page, take));
  await test.step('a message to it', async () => {
    await tabTo(page, 'segment-write');
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('send-form').getByRole('radio', { name: NAME })).toBeChecked();
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('segments')).toBeVisible();
  });
  await test.step('it gets another name, in both languages, and is put away', () => renamesAndRetires(page));
  await test.step('a part of the plot is kept as a segment', async () => {
    await tabTo(page, 'rfm-loyal');
    await page.keyboard.press('Enter');
    await tabTo(page, 'segment-keep');
    await page.keyboard.press('Enter');
    await expect(field(page, 'segment-name')).toHaveValue('Loyal');
    await expect(page.getByTestId('segment-found')).not.toHaveText('…');
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('segment-editor')).toHaveCount(0);
  });
});

const NAME = 'Champions of ours';
type Take = ReturnType<typeof createCamera>;
const figure = (text: string | null): number => Number((text ?? '').replace(/\D/g, ''));

async function opensAsList(page: Page, take: Take): Promise<void> {
  const members = figure(await page.getByTestId('segment-total').textContent());
  await tabTo(page, 'segment-list');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('directory-within')).toContainText(NAME);
  const count = page.getByTestId('directory-count');
  await expect(count).toHaveAttribute('data-order', 'asked', { timeout: 30_000 });
  await expect(count).toHaveAttribute('data-value', String(members));
  await take('94-segment-as-list');
  expect(await seriousOn(page, 'segment as a list')).toEqual([]);
  await page.keyboard.press('F8');
  await field(page, 'export-reason').fill('asked for by the owner');
  await page.getByTestId('export-begin').press('Enter');
  await expect(page.getByTestId('export-panel')).toHaveAttribute('data-status', 'done', { timeout: 20_000 });
  await expect(page.getByTestId('export-line').first()).toContainText(`${members.toLocaleString('en')} row`);
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('export-panel')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('segment-total')).toBeVisible();
}

async function renamesAndRetires(page: Page): Promise<void> {
  const ours = page.getByTestId('segment-choice');
  await tabTo(page, 'segment-edit');
  await page.keyboard.press('Enter');
  await expect(field(page, 'segment-name')).toHaveValue(NAME);
  await field(page, 'segment-name').fill('The best of ours');
  await field(page, 'segment-name-zh').fill('我们的常客');
  // One half of a trial, said to be one wherever it is chosen.
  const found = page.getByTestId('segment-found');
  await expect(found).toHaveText(/\d/);
  const all = figure(await found.textContent());
  expect(all).toBeGreaterThan(1);
  await tabAndChoose(page, 'Part of them', 'Half A of a trial');
  // While it counts it says no number: that is no answer.
  await expect.poll(async () => figure(await found.textContent()) || all).toBeLessThan(all);
  const trial = page.getByRole('checkbox', { name: 'For trying out: marked as a trial everywhere' });
  await trial.press('Space');
  await expect(trial).toBeChecked();
  await tabTo(page, 'segment-save');
  await page.keyboard.press('Enter');
  await expect(ours.filter({ hasText: 'The best of ours' })).toContainText('Trial');
  await page.getByRole('button', { name: 'Put away', exact: true }).first().press('Enter');
  await page.getByRole('button', { name: 'Put it away' }).press('Enter');
  await expect(ours.filter({ hasText: 'The best of ours' })).toHaveCount(0);
}

test('a group is made, renamed in both languages and put away by keys', async ({ launchEnrolled }) => {
  const till = await launchEnrolled();
  const { page } = till;
  await signIn(page, 'manager');
  await tabTo(page, 'rail-segments');
  await page.keyboard.press('Enter');
  const ours = page.getByTestId('group-row').filter({ hasText: /Early birds|Night owls/ });
  await field(page, 'new-group').focus();
  await type(page, 'Early birds');
  await page.keyboard.press('Enter');
  await expect(ours).toContainText('Early birds');
  await ours.getByTestId('group-rename').press('Enter');
  await expect(field(page, 'group-name')).toHaveValue('Early birds');
  await field(page, 'group-name').fill('Night owls');
  await field(page, 'group-name-zh').fill('夜猫子');
  await page.keyboard.press('Enter');
  await expect(ours).toContainText('Night owls');
  await createCamera(till, FOLDER)('95-groups');
  expect(await seriousOn(page, 'groups')).toEqual([]);
  await ours.getByRole('button', { name: 'Put away: Night owls' }).press('Enter');
  await expect(ours).toHaveCount(0);
});

test('a cashier without a line reads in which part of the plot a member is, and why, in her language (F69, N19)', async ({
  launchEnrolled,
  line,
}) => {
  test.setTimeout(120_000);
  const till = await launchEnrolled();
  const { page } = till;
  await signIn(page);
  await line.cut();
  const why = page.getByTestId('member-segments');
  // The first one whom this till is asked about: nobody books on a locked member, whatever else is tried in this shop.
  await openMember(page, cardOf(KNOWN_MEMBERS.locked, 0).cardNumber, 'binte Ahmad Nur Aisyah');
  await expect(why).toContainText(/\d+ days? since the last visit/);
  await createCamera(till, FOLDER)('96-on-the-till');
  expect(await seriousOn(page, 'segments on the till')).toEqual([]);
  await openSettings(page);
  await page.getByText('简体中文').click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await page.keyboard.press('Escape');
  await expect(why).toContainText(/距上次到店 \d+ 天/);
  // What happens here counts at once.
  await openMember(page, cardOf(KNOWN_MEMBERS.familyFirst, 0).cardNumber, 'Lim Hui Min');
  await page.keyboard.press('F2');
  await expect(why).toContainText('今天来过');
  await line.mend();
});
