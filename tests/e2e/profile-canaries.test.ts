import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { DEMO_PINS } from '../../crm/demo/chain.ts';
import { CANARY_WORD, filesWithCanaries, hasCanary } from '../parts/canary-words.ts';
import { field, memberName, openMember, signIn, theBox, type } from './counter.ts';
import type { Till } from './launch.ts';
import { test } from './shop.ts';

const MOBILE = '8666 0001';
const FIRST_NAME = 'Mei';
const NAME = `${CANARY_WORD} ${FIRST_NAME}`;
/** Typed where a PIN goes, by somebody who mixes them up. */
const WRONG_PIN = '86660077';
const REASON = `${CANARY_WORD} asked for it`;

/** The folders of a till and of what its programs write aside, each of this test alone. */
function foldersIn(base: string) {
  const [temp, saved] = [join(base, 'temp'), join(base, 'saved')];
  for (const folder of [temp, saved]) mkdirSync(folder);
  return { temp, saved };
}

/** What the page offers goes there, in place of the person who is asked. */
const putFilesInto = ({ app }: Till, folder: string): Promise<void> =>
  app.evaluate(({ session }, to) => {
    session.defaultSession.on('will-download', (_event, item) =>
      item.setSavePath(`${to}/${item.getFilename()}`),
    );
  }, folder);

/** Waits until a file is there that says the canary: it really went out. */
async function untilSaved(folder: string, start: string): Promise<void> {
  const isThere = (): boolean => {
    const name = readdirSync(folder).find((each) => each.startsWith(start) && each.endsWith('.csv'));
    return name !== undefined && hasCanary(readFileSync(join(folder, name), 'utf8'));
  };
  await expect.poll(isThere, { timeout: 20_000 }).toBe(true);
}

/** Enrols her at the counter. @returns Her card's number. */
async function enrols(page: Page): Promise<string> {
  await page.keyboard.press('F5');
  await field(page, 'lastName').fill(CANARY_WORD);
  await field(page, 'firstName').fill(FIRST_NAME);
  await field(page, 'mobile').fill(MOBILE);
  await field(page, 'mobile').press('Enter');
  await expect(memberName(page)).toHaveText(NAME);
  const card = page.getByTestId('card-ticket').first();
  await page.keyboard.press('F2');
  await expect(page.getByTestId('history-row').first()).toBeVisible();
  return (await card.getAttribute('data-card-number')) ?? '';
}

/** All the ways in which the page comes to show her. */
async function looks(page: Page, cardNumber: string): Promise<void> {
  for (const text of [NAME, MOBILE, cardNumber]) {
    await page.keyboard.press('Escape');
    await openMember(page, text, NAME);
  }
  await page.keyboard.press('Control+I');
  await page.keyboard.press('Control+I');
  await theBox(page).fill(CANARY_WORD);
  await expect(page.getByTestId('results')).toContainText(CANARY_WORD);
  await page.keyboard.press('Escape');
  await openMember(page, MOBILE, NAME);
}

async function takesOut(page: Page, saved: string): Promise<void> {
  const begin = page.getByTestId('export-begin');
  await page.getByTestId('export-member').press('Enter');
  await type(page, REASON);
  await page.keyboard.press('Enter');
  await untilSaved(saved, 'history-');
  await page.keyboard.press('Control+1');
  await expect(page.getByTestId('directory-count')).toHaveAttribute('data-order', 'asked', {
    timeout: 30_000,
  });
  await page.keyboard.press('F8');
  await field(page, 'export-reason').fill(REASON);
  await begin.press('Enter');
  await untilSaved(saved, 'members-');
  await page.keyboard.press('Escape');
}

async function imports(page: Page, saved: string): Promise<void> {
  await page.getByTestId('rail-imports').press('Enter');
  const asked = page.waitForEvent('filechooser');
  await page.getByTestId('import-choose').press('Enter');
  const chooser = await asked;
  const buffer = Buffer.from(`full_name,mobile_number\n${CANARY_WORD} B,86660002\n${CANARY_WORD} C,12\n`);
  await chooser.setFiles({ name: `${CANARY_WORD}.csv`, mimeType: 'text/csv', buffer });
  await page.getByTestId('import-check').press('Enter');
  await expect(page.getByTestId('import-run')).toHaveAttribute('data-state', 'checked', { timeout: 30_000 });
  await page.getByTestId('import-failed').press('Enter');
  await untilSaved(saved, 'failed-');
}

test('after a day with a member nothing in the till’s folder, the window’s profile or a temporary file says who she is (R-E4, R-F3)', async ({
  launchEnrolled,
  newTill,
  newFolder,
}) => {
  test.setTimeout(180_000);
  const dataFolder = await newTill();
  const { temp, saved } = foldersIn(await newFolder());
  const till = await launchEnrolled({ dataFolder, env: { TMPDIR: temp } });
  const { page } = till;
  await putFilesInto(till, saved);
  await page.locator('[data-login="manager"]').click();
  await field(page, 'pin').fill(WRONG_PIN);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('failure')).toBeVisible();
  await page.keyboard.press('Escape');
  await signIn(page, 'manager');
  const cardNumber = await enrols(page);
  await looks(page, cardNumber);
  await takesOut(page, saved);
  await imports(page, saved);
  await till.close();
  expect(existsSync(join(dataFolder, 'window', 'Preferences'))).toBe(true);
  const also = [cardNumber, cardNumber.replace(/(....)(?=.)/g, '$1 '), DEMO_PINS.manager];
  expect([...filesWithCanaries(dataFolder, also), ...filesWithCanaries(temp, also)]).toEqual([]);
});

/** Leaves a word of her in each place where a page can keep something. @returns Those that took it. */
const plant = (page: Page, word: string): Promise<string[]> =>
  page.evaluate(async (name) => {
    const taken: string[] = [];
    const trying = async (place: string, put: () => unknown): Promise<void> => {
      try {
        await put();
        taken.push(place);
      } catch {
        // This place takes nothing of such a page.
      }
    };
    await trying('Local Storage', () => localStorage.setItem('who', name));
    await trying('Session Storage', () => sessionStorage.setItem('who', name));
    await trying('IndexedDB', async () => {
      const opening = indexedDB.open('people', 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore('people');
      const db = await new Promise<IDBDatabase>((resolve, reject) => {
        opening.onsuccess = () => resolve(opening.result);
        opening.onerror = () => reject(opening.error ?? new Error('refused'));
      });
      const change = db.transaction('people', 'readwrite');
      change.objectStore('people').put(name, 'who');
      await new Promise((resolve) => (change.oncomplete = resolve));
      db.close();
    });
    await trying('CacheStorage', async () => {
      const cache = await caches.open('people');
      await cache.put('/who', new Response(name));
    });
    return taken;
  }, word);

for (const [what, word] of [
  ['a name', NAME],
  ['a phone as it is typed and shown', MOBILE],
] as const)
  test(`${what} that a page would leave in any of its stores is found by that look`, async ({
    launchEnrolled,
    newTill,
  }) => {
    const dataFolder = await newTill();
    const till = await launchEnrolled({ dataFolder });
    await signIn(till.page);
    const taken = await plant(till.page, word);
    await till.close();
    expect(taken).toEqual(expect.arrayContaining(['Local Storage', 'Session Storage', 'IndexedDB']));
    const found = filesWithCanaries(dataFolder);
    const isSeen = (place: string): boolean =>
      found.some((path) => path.startsWith(join('window', place)) || path.includes(`/${place}/`));
    expect(taken.filter((place) => !isSeen(place))).toEqual([]);
  });
