import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { ROOT } from '../../build/targets.mjs';
import { seriousOn } from './axe.ts';
import { createCamera } from './camera.ts';
import { field, memberName, openMember, signIn, syncNow, tabAndChoose, tabTo, type } from './counter.ts';
import { test } from './shop.ts';

const FOLDER = join(ROOT, 'out/pictures-tags');
type Take = (name: string) => Promise<void>;

/** Nobody of the other tests. */
const PEOPLE = ['full_name,mobile_number', 'Oar One,88817101', 'Oar Two,88817102', 'Oar Three,88817103'];
/** Two of them, and a number that is nobody's. */
const TAGS = [
  'lookup_id,mobile_number,email,tags',
  ...[',88817101,,rower', ',88817102,,rower;early', ',88817199,,rower'],
];

async function choose(page: Page, name: string, lines: readonly string[]): Promise<void> {
  const asked = page.waitForEvent('filechooser');
  await page.getByTestId('import-choose').press('Enter');
  const chooser = await asked;
  await chooser.setFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(lines.join('\n')) });
  await expect(page.getByTestId('import-check')).toBeEnabled();
}

const state = (page: Page, wanted: string): Promise<void> =>
  expect(page.getByTestId('import-run')).toHaveAttribute('data-state', wanted, { timeout: 30_000 });

async function runImport(page: Page): Promise<void> {
  await page.getByTestId('import-start').press('Enter');
  await state(page, 'done');
  await page.getByTestId('import-another').press('Enter');
}

/** Members first, then one tag for several of them at once (F71). */
async function importsTags(page: Page, take: Take): Promise<void> {
  await page.keyboard.press('Control+4');
  await expect(page.getByTestId('imports')).toBeVisible();
  await choose(page, 'rowers.csv', PEOPLE);
  await page.getByTestId('import-check').press('Enter');
  await state(page, 'checked');
  await expect(page.getByTestId('import-count-create')).toHaveAttribute('data-value', '3');
  await runImport(page);
  await choose(page, 'tags.csv', TAGS);
  await tabAndChoose(page, 'What to do', 'Update only');
  await page.getByTestId('import-check').press('Enter');
  await state(page, 'checked');
  await expect(page.getByTestId('import-count-update')).toHaveAttribute('data-value', '2');
  await expect(page.locator('[data-code="MEMBER_UNKNOWN"]')).toBeVisible();
  await take('10-tags-checked');
  expect(await seriousOn(page, 'tags checked')).toEqual([]);
  await runImport(page);
}

/** Whoever is tagged so, under a name. */
async function writesSegment(page: Page): Promise<void> {
  await page.keyboard.press('Control+5');
  await page.getByTestId('segment-new').press('Enter');
  await type(page, 'Rowers of ours');
  const condition = page.getByTestId('condition');
  await tabTo(page, condition.getByLabel('What'));
  await condition.getByLabel('What').selectOption('tags');
  await condition.getByRole('button', { name: 'rower', exact: true }).press('Enter');
  await expect(page.getByTestId('segment-found')).toContainText('2');
  await page.getByTestId('segment-save').press('Enter');
  await expect(page.getByTestId('segment-choice').filter({ hasText: 'Rowers of ours' })).toHaveCount(1);
}

/** A rule that puts a tag on them, made and tried on the page. */
async function makesRule(page: Page, take: Take): Promise<void> {
  await tabAndChoose(page, 'On members of', 'Rowers of ours');
  await tabTo(page, field(page, 'rule-tag'));
  await type(page, 'on the water');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('rule-row').filter({ hasText: 'on the water' })).toBeVisible();
  await page.getByTestId('rules-run').press('Enter');
  await expect(page.getByTestId('labels')).toContainText('2 tags put on, 0 taken off.');
  await take('11-rule');
  expect(await seriousOn(page, 'a rule for a tag')).toEqual([]);
}

/** The list of all members, narrowed to a tag. */
async function findsByTag(page: Page, tag: string): Promise<void> {
  await page.keyboard.press('Control+1');
  const count = page.getByTestId('directory-count');
  await expect(count).toHaveAttribute('data-order', 'asked', { timeout: 30_000 });
  await page.getByTestId('directory-grid').focus();
  await page.keyboard.press('F3');
  const rule = page.getByTestId('filter-rule').first();
  await rule.getByLabel('Column').selectOption('tags');
  await rule.getByRole('button', { name: new RegExp(`^${tag}`) }).press('Enter');
}

test('members are tagged by a file, a rule tags whoever is in a segment, and every till finds them (F71, F72)', async ({
  launchEnrolled,
}) => {
  test.setTimeout(240_000);
  const desk = await launchEnrolled();
  const { page } = desk;
  const take = createCamera(desk, FOLDER);
  await signIn(page, 'manager');
  await test.step('a file tags two of three', () => importsTags(page, take));
  await syncNow(page);
  await test.step('a segment of them', () => writesSegment(page));
  await test.step('a rule', () => makesRule(page, take));
  await syncNow(page);

  const other = await launchEnrolled();
  const { page: counter } = other;
  await signIn(counter, 'supervisor');
  await test.step('another till finds them by the tag', async () => {
    await findsByTag(counter, 'on the water');
    await expect(counter.getByTestId('directory-count')).toHaveAttribute('data-value', '2');
    await createCamera(other, FOLDER)('12-found-by-tag');
    expect(await seriousOn(counter, 'found by a tag')).toEqual([]);
    await counter.keyboard.press('Escape');
    await counter.keyboard.press('Escape');
    await openMember(counter, '8881 7102', 'Oar Two');
    await counter.keyboard.press('Control+i');
    await expect(counter.getByTestId('about-member')).toContainText('on the water');
    await expect(counter.getByTestId('about-member')).toContainText('early');
  });
  await test.step('who leaves the segment loses the tag with the next run', async () => {
    await counter.getByRole('button', { name: 'Take the tag rower away' }).press('Enter');
    await expect(counter.getByTestId('outcome')).toContainText('Details saved');
    await syncNow(counter);
    await syncNow(page);
    await page.getByTestId('rules-run').press('Enter');
    await expect(page.getByTestId('labels')).toContainText('0 tags put on, 1 taken off.');
    await syncNow(page);
    await syncNow(counter);
    await expect(memberName(counter)).toHaveText('Oar Two');
    await expect(counter.getByTestId('about-member')).not.toContainText('on the water');
  });
  await test.step('the rule and the segment are put away', async () => {
    await page.getByRole('button', { name: 'Put away: on the water' }).press('Enter');
    await expect(page.getByTestId('rule-row').filter({ hasText: 'on the water' })).toHaveCount(0);
    await page.getByRole('button', { name: 'Put away', exact: true }).first().press('Enter');
    await page.getByRole('button', { name: 'Put it away' }).press('Enter');
    await expect(page.getByTestId('segment-choice').filter({ hasText: 'Rowers of ours' })).toHaveCount(0);
    await syncNow(page);
  });
});
