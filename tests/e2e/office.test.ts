import { readdirSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { NODE_PATH } from '../../build/setup/house.mjs';
import { startChild } from '../../build/shop/child.mjs';
import { ROOT } from '../../build/targets.mjs';
import { DEMO_PINS } from '../../crm/demo/chain.ts';
import { KNOWN_MEMBERS } from '../../crm/demo/known.ts';
import type { StaffRole } from '../../sync/model/chain.ts';
import { expectOpenToAll } from './axe.ts';
import {
  cardOf,
  chip,
  field,
  memberName,
  newestEntry,
  tabAndPress,
  theBox,
  ticket,
  totalOn,
  type,
  typeKeys,
} from './counter.ts';
import { DESKTOP, TABLET, test } from './office-shop.ts';
import { cli, seededFolder, verify } from './shop.ts';

const FOLDER = join(ROOT, 'out/pictures-office');
/** Nobody of the other tests: they share a shop. */
const member = KNOWN_MEMBERS.accents;

/** By keys alone: the name has the focus, then the PIN. */
async function signIn(page: Page, role: StaffRole): Promise<void> {
  await expect(field(page, 'login')).toBeFocused();
  await typeKeys(page, role);
  await page.keyboard.press('Tab');
  await typeKeys(page, DEMO_PINS[role]);
  await page.keyboard.press('Enter');
}

const atHome = (page: Page): Promise<void> => expect(page.getByTestId('home')).toBeVisible();

async function take(page: Page, name: string): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  await page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled', caret: 'hide' });
  await expectOpenToAll(page, name);
}

test.describe('the office in a real Chromium', () => {
  for (const [name, size] of [
    ['desktop', DESKTOP],
    ['tablet', TABLET],
  ] as const) {
    test(`${name}: sign in, look up, stamp, inbox, sign out, by keys alone; axe finds nothing serious`, async ({
      startOffice,
      newPage,
    }) => {
      const { url, folder } = await startOffice();
      const page = await newPage(url, size);
      const look = (screen: string): Promise<void> => take(page, `${name}-${screen}`);
      await expect(field(page, 'login')).toBeFocused();
      await expect(page.locator('[data-login]')).toHaveCount(0);
      await look('sign-in');
      await signIn(page, 'manager');
      await atHome(page);
      await expect(page.getByTestId('scanner-chip')).toHaveCount(0);
      await look('home');

      const { cardNumber } = cardOf(KNOWN_MEMBERS.weiLing, 0);
      await type(page, cardNumber);
      await page.keyboard.press('Enter');
      await expect(memberName(page)).toHaveText('Tan Wei Ling');
      const before = await totalOn(ticket(page, cardNumber));
      await page.keyboard.press('F2');
      await expect(newestEntry(page)).toBeVisible();
      await look('member');
      await expect.poll(() => totalOn(ticket(page, cardNumber))).toBe(before + 1);
      await page.keyboard.press('Control+z');
      await expect.poll(() => totalOn(ticket(page, cardNumber))).toBe(before);
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
      await atHome(page);

      await page.keyboard.press('F10');
      await page.getByRole('menuitem', { name: 'Inbox' }).press('Enter');
      await expect(page.getByTestId('inbox')).toBeVisible();
      await look('inbox');
      await page.keyboard.press('Escape');
      await page.keyboard.press('F10');
      await expect(page.getByRole('menuitem', { name: 'Scanners' })).toHaveCount(0);
      await page.getByRole('menuitem').first().press('Enter');
      await expect(field(page, 'login')).toBeVisible();
      expect((await verify(folder)).ok).toBe(true);
    });
  }
});

test('a page that is loaded again goes on; the other page of the same person is asked about, and told', async ({
  startOffice,
  newPage,
}) => {
  const { url } = await startOffice();
  const first = await newPage(url);
  await signIn(first, 'manager');
  await atHome(first);
  await first.reload();
  await atHome(first);

  const second = await newPage(url, TABLET);
  await signIn(second, 'manager');
  await expect(second.getByTestId('failure')).toHaveAttribute('data-code', 'signed_in_elsewhere');
  await take(second, 'tablet-elsewhere');
  await second.keyboard.press('Tab');
  await expect(second.getByTestId('take-over')).toBeFocused();
  await second.keyboard.press('Enter');
  await atHome(second);
  await expect(first.getByTestId('session-ended')).toBeVisible();
  await take(first, 'desktop-ended');
  await expect(field(first, 'login')).toBeFocused();
});

test('the office goes away and comes back: the page says so calmly, and asks for a sign-in', async ({
  startOffice,
  newPage,
}) => {
  const office = await startOffice();
  const page = await newPage(office.url);
  await signIn(page, 'cashier');
  await atHome(page);
  await theBox(page).fill(cardOf(member, 0).cardNumber);
  await office.end();
  await expect(page.getByTestId('restarting')).toContainText('The line to the office is away');
  await take(page, 'desktop-away');
  await startOffice(office);
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await expect(field(page, 'login')).toBeVisible();
});

test('a cashier has no desk in the office, a manager has; without the line to the centre both go on', async ({
  startOffice,
  newPage,
  line,
}) => {
  test.setTimeout(120_000);
  const { url, folder } = await startOffice();
  const [counter, desk] = [await newPage(url, TABLET), await newPage(url)] as const;
  await signIn(counter, 'cashier');
  await atHome(counter);
  await expect(counter.locator('[data-testid^="rail-"]')).toHaveCount(0);
  await counter.keyboard.press('Control+1');
  await expect(counter.getByTestId('directory')).toHaveCount(0);
  await signIn(desk, 'manager');
  await atHome(desk);
  await line.cut();
  const { cardNumber } = cardOf(KNOWN_MEMBERS.weiLing, 0);
  await type(counter, cardNumber);
  await counter.keyboard.press('Enter');
  await expect(memberName(counter)).toHaveText('Tan Wei Ling');
  const before = await totalOn(ticket(counter, cardNumber));
  await counter.keyboard.press('F2');
  await expect(newestEntry(counter)).toHaveAttribute('data-sync', 'saved');
  await expect(chip(counter)).toHaveText('Offline · 1 waiting');
  await desk.keyboard.press('Control+1');
  await expect(desk.getByTestId('directory-count')).toHaveAttribute('data-order', 'asked', {
    timeout: 30_000,
  });
  await expect(desk.locator('[data-at="0"] [data-column="name"]')).not.toBeEmpty();
  await tabAndPress(desk, chip(desk));
  await expect(desk.getByTestId('sync-problem')).toContainText('This till tries again by itself');
  await desk.keyboard.press('Escape');
  await line.mend();
  await expect(newestEntry(counter)).toHaveAttribute('data-sync', 'synced', { timeout: 30_000 });
  await expect.poll(() => totalOn(ticket(counter, cardNumber))).toBe(before + 1);
  await counter.keyboard.press('Control+z');
  await expect.poll(() => totalOn(ticket(counter, cardNumber))).toBe(before);
  expect((await verify(folder)).ok).toBe(true);
});

test('one command opens an office beside the demo, again as the same one, and leaves nothing behind', async ({
  newFolder,
}) => {
  const demo = await newFolder();
  await cp(await seededFolder(), join(demo, 'crm'), { recursive: true });
  const words = [join(ROOT, 'build/office.mjs'), '--port', '0'];
  const env = { ...process.env, COUNTERFOIL_DEMO_DIR: demo };
  const ids: unknown[] = [];
  for (let start = 0; start < 2; start += 1) {
    const office = startChild(NODE_PATH, words, { name: 'npm run office', env });
    const url = await office.line('listening on ');
    expect((await fetch(url)).status).toBe(200);
    ids.push((await cli(['doctor', '--data', join(demo, 'office')]))['tillId']);
    await office.end();
    expect(readdirSync(demo).filter((name) => name.endsWith('.running'))).toEqual([]);
  }
  expect([ids[0], typeof ids[0]]).toEqual([ids[1], 'string']);
});

test('nothing of the page is refused by its own policy, and a file can be saved', async ({
  startOffice,
  newPage,
}) => {
  const { url } = await startOffice();
  const page = await newPage('about:blank');
  const said: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', ({ message }) => said.push(message));
  await page.goto(url);
  await signIn(page, 'manager');
  await atHome(page);
  expect(said).toEqual([]);
  const saving = page.waitForEvent('download');
  await page.evaluate(() => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob(['a,b\n'], { type: 'text/csv' }));
    link.download = 'list.csv';
    link.click();
  });
  expect((await saving).suggestedFilename()).toBe('list.csv');
});
