import { join } from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import { ROOT } from '../../build/targets.mjs';
import { DEMO_PINS } from '../../crm/demo/chain.ts';
import { KNOWN_MEMBERS } from '../../crm/demo/known.ts';
import { seriousOn } from './axe.ts';
import { createCamera, resize } from './camera.ts';
import {
  chip,
  chooseInMenu,
  choosePersonByKeys,
  enterPin,
  failure,
  field,
  memberName,
  tabAndChoose,
  tabAndPress,
  tabTo,
  theBox,
  type,
} from './counter.ts';
import { test } from './shop.ts';

const FOLDER = join(ROOT, 'out/pictures-chain');
const OLD_PIN = '482913';
const NEW_PIN = '905173';

/** Hands never leave the keys in this file. */
async function openChain(page: Page): Promise<void> {
  await tabAndPress(page, page.getByTestId('rail-chain'));
  await expect(page.getByTestId('chain')).toBeVisible();
}

async function signInByKeys(page: Page, login: 'manager' | 'cashier'): Promise<void> {
  await choosePersonByKeys(page, login);
  await enterPin(page, DEMO_PINS[login]);
  await expect(page.getByTestId('home')).toBeVisible();
}

async function syncByKeys(page: Page): Promise<void> {
  await tabAndPress(page, chip(page));
  const now = page.getByRole('button', { name: 'Send and fetch now' });
  // The save itself has begun a sync: as long as it runs there is nothing to press.
  await expect(now).toBeEnabled();
  await tabAndPress(page, now);
  await page.keyboard.press('Escape');
  await expect(chip(page)).toHaveAttribute('data-state', 'idle');
  await expect(chip(page)).toHaveAttribute('data-outstanding', '0');
}

/** Over what stands in the field already. */
async function write(page: Page, name: string, text: string): Promise<void> {
  await tabTo(page, field(page, name));
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await type(page, text);
}

async function choose(page: Page, name: string, option: string): Promise<void> {
  const list = page.locator(`select[name="${name}"]`);
  await tabTo(page, list);
  // A list takes the letters of what is wanted.
  await type(page, option);
  await expect(list.locator('option:checked')).toHaveText(option);
}

async function save(page: Page): Promise<void> {
  await tabAndPress(page, page.getByTestId('chain-save'));
  await expect(page.getByTestId('chain-saved')).toBeVisible();
}

const person = (page: Page, name: string): Locator =>
  page.getByTestId('chain-person').filter({ hasText: name });
const zora = (page: Page): Locator => page.locator('[data-login="zora"]');

async function addZora(page: Page): Promise<void> {
  await tabAndPress(page, page.getByTestId('person-add'));
  await expect(field(page, 'person-name')).toBeFocused();
  await type(page, 'Zora');
  await write(page, 'person-login', 'zora');
  await choose(page, 'person-role', 'Supervisor');
  await choose(page, 'person-shop', 'Tiong Bahru');
  await write(page, 'person-pin', '123456');
  await write(page, 'person-pinAgain', '123456');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('chain-form').getByRole('alert')).toBeVisible();
  await expect(page.getByTestId('chain-form')).toContainText('no run such as 123456');
  // Not right after the other word: a list takes letters that follow at once as one word.
  await choose(page, 'person-role', 'Cashier');
  await write(page, 'person-pin', OLD_PIN);
  await write(page, 'person-pinAgain', OLD_PIN);
}

async function signInAsZora(page: Page, pin: string): Promise<void> {
  await expect(zora(page)).toBeVisible({ timeout: 30_000 });
  await tabAndPress(page, zora(page));
  await expect(field(page, 'pin')).toBeFocused();
  await enterPin(page, pin);
}

async function signOut(page: Page): Promise<void> {
  await page.keyboard.press('F10');
  await chooseInMenu(page, 'Switch user');
  await expect(zora(page)).toBeVisible();
}

test('a manager adds a cashier, who signs in at another till; her old PIN is refused after a reset', async ({
  newTill,
  launchEnrolled,
}) => {
  test.setTimeout(240_000);
  const otherFolder = await newTill();
  const till = await launchEnrolled();
  const { page } = till;
  const take = createCamera(till, FOLDER);
  await signInByKeys(page, 'manager');
  await openChain(page);
  await addZora(page);
  await take('01-new-person');
  expect(await seriousOn(page, 'new person')).toEqual([]);
  await save(page);
  await syncByKeys(page);
  await expect(person(page, 'Zora')).not.toContainText('Not sent yet');

  // Enrolled before anybody knew of her: she comes with its next sync.
  const other = await launchEnrolled({ dataFolder: otherFolder });
  await signInAsZora(other.page, OLD_PIN);
  await expect(other.page.getByTestId('home')).toBeVisible();
  await expect(other.page.getByTestId('rail-chain')).toHaveCount(0);

  await test.step('the PIN is reset', async () => {
    await tabAndPress(page, person(page, 'Zora'));
    await write(page, 'person-pin', NEW_PIN);
    await write(page, 'person-pinAgain', NEW_PIN);
    await save(page);
    await expect(field(page, 'person-pin')).toHaveValue('');
    await syncByKeys(page);
    await syncByKeys(other.page);
    await signOut(other.page);
    await signInAsZora(other.page, OLD_PIN);
    await expect(failure(other.page)).toHaveAttribute('data-code', 'pin_wrong');
    await enterPin(other.page, NEW_PIN);
    await expect(other.page.getByTestId('home')).toBeVisible();
  });
  await test.step('the last manager stays, and Zora leaves', async () => {
    await tabAndPress(page, person(page, 'Mdm Seah'));
    await tabAndPress(page, page.getByRole('checkbox', { name: /Has left/ }), 'Space');
    await tabAndPress(page, page.getByTestId('chain-save'));
    await expect(failure(page)).toHaveAttribute('data-code', 'last_manager');
    await take('02-last-manager');
    await tabAndPress(page, person(page, 'Zora'));
    await tabAndPress(page, page.getByRole('checkbox', { name: /Has left/ }), 'Space');
    await save(page);
    await expect(person(page, 'Zora')).toContainText('Has left');
    await syncByKeys(page);
  });
});

test('a manager adds a shop and closes it again', async ({ launchEnrolled }) => {
  test.setTimeout(120_000);
  const till = await launchEnrolled();
  const { page } = till;
  const take = createCamera(till, FOLDER);
  const pasir = page.getByTestId('chain-shop').filter({ hasText: 'Pasir Ris' });
  await signInByKeys(page, 'manager');
  await openChain(page);
  await tabAndChoose(page, 'What to look at', 'Shops');
  await tabAndPress(page, page.getByTestId('shop-add'));
  await expect(field(page, 'shop-name')).toBeFocused();
  await type(page, 'Pasir Ris');
  await choose(page, 'shop-zone', 'Asia/Kuala Lumpur');
  await choose(page, 'shop-cut-off', '03:00');
  await save(page);
  await expect(pasir).toContainText('Asia/Kuala Lumpur · 03:00');
  await take('03-shop');
  expect(await seriousOn(page, 'shops')).toEqual([]);
  await tabAndPress(page, page.getByRole('checkbox', { name: /Closed for good/ }), 'Space');
  await save(page);
  await expect(pasir).toContainText('Closed');
  await syncByKeys(page);
});

test('a manager sets where links begin, and a member’s page has both links, to copy and as a QR code', async ({
  launchEnrolled,
}) => {
  test.setTimeout(180_000);
  const till = await launchEnrolled();
  const { page } = till;
  const take = createCamera(till, FOLDER);
  const setLinkBase = async (text: string): Promise<void> => {
    await openChain(page);
    await tabAndChoose(page, 'What to look at', 'Settings of the chain');
    await write(page, 'chain-link', text);
  };
  await signInByKeys(page, 'manager');
  await setLinkBase('http://kopi.example');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('chain-form')).toContainText('An address that begins with https://');
  await write(page, 'chain-link', 'https://kopi.example/new');
  await expect(page.getByTestId('link-preview')).toContainText('https://kopi.example/new/i/ABCD-1234');
  await take('04-settings');
  expect(await seriousOn(page, 'settings of the chain')).toEqual([]);
  await save(page);
  await test.step('her page has them', async () => {
    await tabTo(page, theBox(page));
    await type(page, KNOWN_MEMBERS.weiLing.lookupId);
    await page.keyboard.press('Enter');
    await expect(memberName(page)).toHaveText('Tan Wei Ling');
    await page.keyboard.press('Control+i');
    const about = page.getByTestId('about-member');
    for (const [kind, name] of [
      ['install', 'Install the card'],
      ['referral', 'Bring a friend'],
    ] as const) {
      await expect(about.getByRole('img', { name })).toBeVisible();
      await tabAndPress(page, page.getByTestId(`copy-${kind}`));
      await expect(page.getByTestId(`copy-${kind}`)).toHaveText('Copied');
      const copied = await till.app.evaluate(({ clipboard }) => clipboard.readText());
      expect(copied).toMatch(new RegExp(`^https://kopi\\.example/new/${kind.charAt(0)}/[0-9A-Z-]+$`));
      await expect(about).toContainText(copied);
    }
    await page.getByTestId('copy-install').scrollIntoViewIfNeeded();
    await take('05-links');
    expect(await seriousOn(page, 'links')).toEqual([]);
    await page.keyboard.press('Escape');
  });
  // The other files of this shop find it as it was.
  await setLinkBase('https://kopi.example/club');
  await save(page);
  await syncByKeys(page);
  await test.step('the page in Chinese', async () => {
    await page.keyboard.press('F10');
    await chooseInMenu(page, 'Settings');
    await tabAndPress(page, page.getByRole('radio', { name: 'English' }), 'ArrowDown');
    await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
    await openChain(page);
    await take('06-settings-chinese');
    await tabAndChoose(page, '查看内容', '人员');
    await tabAndPress(page, person(page, 'Siti'));
    await take('07-people-chinese');
  });
});

const POLICY = [
  'We keep your number <img src="x" onerror="window.fell = true"> to find your card.',
  '<script>window.fell = true</script> & nothing else. 我们保留您的号码。',
  ...Array.from({ length: 60 }, (_, at) => `${at + 1}. One more line of what is agreed to.`),
].join('\n');

/** Over what stands in the large field already, as pasted. */
async function paste(page: Page, text: string): Promise<void> {
  await tabTo(page, page.locator('textarea[name="chain-policy-text"]'));
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  if (text !== '') await page.keyboard.insertText(text);
}

/** Chosen by keys in the dialog of the program around the page. */
async function takeFile(page: Page, name: string, text: string): Promise<void> {
  const asked = page.waitForEvent('filechooser');
  await tabAndPress(page, page.getByTestId('policy-file'));
  await (await asked).setFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(text) });
}

async function setPolicy(page: Page, version: string, text: string): Promise<void> {
  await openChain(page);
  await tabAndChoose(page, 'What to look at', 'Settings of the chain');
  await write(page, 'chain-policy', version);
  await paste(page, text);
}

async function signOutTo(page: Page, login: 'manager' | 'cashier'): Promise<void> {
  await page.keyboard.press('F10');
  await chooseInMenu(page, 'Switch user');
  await signInByKeys(page, login);
}

/** Opened, read on and put away and put away by keys: a text and nothing else. */
async function readPolicy(page: Page): Promise<void> {
  const button = page.getByTestId('read-policy');
  await tabAndPress(page, button);
  const words = page.getByRole('dialog').getByTestId('policy-words');
  await expect(page.getByRole('dialog')).toContainText('Privacy policy, version e2e-2');
  await expect(page.getByRole('dialog')).toBeFocused();
  expect(await words.textContent()).toBe(POLICY);
  await expect(page.locator('img[src="x"]')).toHaveCount(0);
  expect(await page.evaluate(() => 'fell' in window)).toBe(false);
  const top = (): Promise<number> => words.evaluate((text) => text.getBoundingClientRect().top);
  const before = await top();
  await page.keyboard.press('PageDown');
  await expect.poll(top).toBeLessThan(before - 100);
  await expect(page.getByRole('dialog').getByRole('button', { name: 'Close' })).toBeInViewport();
}
async function putAway(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByTestId('read-policy')).toBeFocused();
}

const edgeOf = (page: Page, testId: string, edge: 'top' | 'bottom'): Promise<number> =>
  page.getByTestId(testId).evaluate((each, name) => each.getBoundingClientRect()[name], edge);

test('a manager writes the policy; a cashier reads it where consent is asked, and the consent names its version', async ({
  launchEnrolled,
}) => {
  test.setTimeout(180_000);
  const till = await launchEnrolled();
  const { page } = till;
  const take = createCamera(till, FOLDER);
  await signInByKeys(page, 'manager');
  await setPolicy(page, 'e2e-1', 'x'.repeat(20_001));
  await page.keyboard.press('Tab');
  await tabAndPress(page, page.getByTestId('chain-save'));
  await expect(page.getByTestId('chain-form')).toContainText('At most 20,000 characters.');
  await takeFile(page, 'policy.html', '<p>The first text.</p>');
  await expect(page.getByTestId('chain-form')).toContainText('This is no plain text file');
  await takeFile(page, 'policy.txt', 'The first text.\r\n');
  await expect(page.locator('textarea[name="chain-policy-text"]')).toHaveValue('The first text.');
  await save(page);
  await paste(page, POLICY);
  await tabAndPress(page, page.getByTestId('chain-save'));
  await expect(page.getByTestId('chain-form')).toContainText('Consents name this version');
  await page.locator('textarea[name="chain-policy-text"]').scrollIntoViewIfNeeded();
  await take('08-policy');
  expect(await seriousOn(page, 'policy')).toEqual([]);
  await write(page, 'chain-policy', 'e2e-2');
  await save(page);
  await test.step('the name of a version that stood before is refused for another text', async () => {
    await write(page, 'chain-policy', 'e2e-1');
    await tabAndPress(page, page.getByTestId('chain-save'));
    await expect(page.getByTestId('chain-form')).toContainText('a version that was never used');
    await write(page, 'chain-policy', 'e2e-2');
  });
  await syncByKeys(page);

  await signOutTo(page, 'cashier');
  await test.step('on joining', async () => {
    await page.keyboard.press('F5');
    await expect(page.getByTestId('enrolment')).toBeVisible();
    await write(page, 'lastName', 'Reader');
    await write(page, 'mobile', '9345 1123');
    await resize(till, 1024, 768);
    // Beside what is agreed to, in sight with all the demo's card types and nothing scrolled.
    expect(await edgeOf(page, 'read-policy', 'bottom')).toBeLessThan(await edgeOf(page, 'join', 'top'));
    await readPolicy(page);
    await take('09-policy-read');
    expect(await seriousOn(page, 'policy read')).toEqual([]);
    await putAway(page);
    await take('10-policy-enrolment');
    await expect(field(page, 'lastName')).toHaveValue('Reader');
    await tabAndPress(page, page.getByTestId('join'));
    await expect(memberName(page)).toHaveText('Reader');
  });
  await test.step('on her page', async () => {
    await readPolicy(page);
    await putAway(page);
    await take('11-policy-member');
    await tabAndPress(page, page.getByTestId('marketing-consent'));
    await page.keyboard.press('Control+i');
    const words = page.getByTestId('consents').getByRole('listitem');
    await expect(words).toHaveCount(2);
    for (const word of await words.all()) await expect(word).toContainText('e2e-2');
    await page.keyboard.press('Escape');
  });
  // The other files of this shop find it as it was.
  await signOutTo(page, 'manager');
  await setPolicy(page, 'pdpa-1', '');
  await save(page);
  await syncByKeys(page);
});
