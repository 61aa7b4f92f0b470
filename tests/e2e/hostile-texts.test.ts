import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { startChild } from '../../build/shop/child.mjs';
import { NODE_PATH } from '../../build/setup/house.mjs';
import { ROOT } from '../../build/targets.mjs';
import { DEMO_PINS } from '../../crm/demo/chain.ts';
import { askEnrolCode } from '../../electron/core/enrol-code.ts';
import { startPostgres } from '../parts/postgres.ts';
import { harmlessOf } from './careless-page.ts';
import { choosePerson, enterPin, field, scanNotice, untilScannerReady } from './counter.ts';
import { fillShop, openHostileShop, TILES, type HostileShop } from './hostile-fill.ts';
import { fit, HOSTILE_TEXTS as TEXTS } from './hostile-texts.ts';
import {
  opened,
  readDirectory,
  walkBox,
  walkChosen,
  walkDay,
  walkImport,
  walkMembers,
  walkPlaces,
} from './hostile-walk.ts';
import { NONE, watch, type Watch } from './hostile-watch.ts';
import type { Till } from './launch.ts';
import { test as base } from './office-shop.ts';
import { cli } from './shop.ts';

/** Tries with a wrong PIN or token: more are not answered. */
const FEW = 4;
const MANAGER = { login: 'manager', pin: DEMO_PINS.manager };
/** Columns of members that hold words, and some of the chain's own. */
const COLUMNS = [
  ...['name', 'tags', 'groups', 'tier', 'cards', 'notes', 'lookupId', 'prefix', 'street1', 'street2'],
  ...['postalCode', 'city', 'region', 'country', 'store', 'custom:x0', 'custom:x1', 'custom:x2'],
];

/** One shop that is full of them, for the tests of this file. */
const test = base.extend<object, { full: HostileShop }>({
  full: [
    async ({}, use) => {
      const folder = await mkdtemp(join(tmpdir(), 'counterfoil-hostile-'));
      const postgres = await startPostgres();
      const databaseUrl = await postgres.createDatabase();
      const shop = await openHostileShop({ folder, databaseUrl }, TEXTS);
      await fillShop(shop, TEXTS);
      await use(shop);
      await shop.cut();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
    { scope: 'worker', timeout: 300_000 },
  ],
});

/** One call as the page itself makes it, over its own port. */
async function call(page: Page, method: string, input: object): Promise<void> {
  const isDone = await page.evaluate(
    ({ id, name, given }) =>
      new Promise((done) => {
        const { counterfoil } = window as unknown as {
          counterfoil: { post(message: object): void; onMessage(listener: (message: object) => void): void };
        };
        counterfoil.onMessage((message) => {
          if ('id' in message && message.id === id) done('ok' in message && message.ok);
        });
        counterfoil.post({ t: 'request', id, method: name, input: given });
      }),
    { id: `own-${method}`, name: method, given: input },
  );
  expect(isDone).toBe(true);
}

async function enrol(shop: HostileShop, folder: string): Promise<void> {
  const { code } = await askEnrolCode(shop.url, { ...MANAGER, storeId: null });
  const tillName = fit(TEXTS[2] ?? '', 40);
  await cli(['enrol', '--server', shop.url, '--code', code, '--till-name', tillName, '--data', folder]);
}

/** A scan that nobody knows is shown as what it is. */
async function scanAll(page: Page, send: (text: string) => void, { glance }: Watch): Promise<void> {
  await untilScannerReady(page);
  for (const text of TEXTS.filter((each) => /^[ -~]+$/.test(each))) {
    send(`${text}\r`);
    await expect(scanNotice(page)).toBeVisible();
    await glance('scans');
    await page.keyboard.press('Escape');
  }
}

async function savePdf({ app, page, dataFolder }: Till): Promise<void> {
  const path = join(dataFolder, 'day.pdf');
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath });
  }, path);
  await page.getByTestId('rail-close-day').click();
  await page.getByTestId('save-pdf').click();
  await expect(page.getByTestId('pdf-saved')).toBeVisible();
  const pdf = (await readFile(path)).toString('latin1');
  expect(pdf.slice(0, 5)).toBe('%PDF-');
  expect(pdf).not.toMatch(/\/(?:JavaScript|JS|Launch|URI|EmbeddedFile)\b/);
}

/** Of a file's rows, which are looked through a hundred at a time: the walk does not turn that page. */
const ROWS_SHOWN = 90;

/** Texts stand on a screen whole: were one missing, nothing would have been shown. */
function expectShown({ missingOn }: Watch, screens: Readonly<Record<string, number>>): void {
  for (const [screen, max] of Object.entries(screens))
    expect(
      missingOn(
        screen,
        TEXTS.map((text) => fit(text, max)),
      ),
      screen,
    ).toEqual([]);
}

test('each of the hostile texts runs or fetches in a page that is careless', async ({ newPage }) => {
  test.setTimeout(240_000);
  expect(new Set(TEXTS).size).toBeGreaterThanOrEqual(150);
  const page = await newPage('about:blank');
  expect(await harmlessOf(page, TEXTS)).toEqual([]);
});

test('a till shows hostile texts in every field as what they are, and nothing of them runs (R-E1)', async ({
  full,
  launchTill,
  newFolder,
  cable,
}) => {
  test.setTimeout(900_000);
  const dataFolder = await newFolder();
  await enrol(full, dataFolder);
  const env = { COUNTERFOIL_DEMO: '1', COUNTERFOIL_SCANNER: `${cable.path},auto` };
  const till = await launchTill({ dataFolder, env });
  const { page } = till;
  await expect(page.locator('[data-login="manager"]')).toBeVisible();
  const watching = await watch(page, 'app://till/');
  await watching.look('sign-in');
  await choosePerson(page, 'manager');
  await enterPin(page, MANAGER.pin);
  await expect(page.getByTestId('home')).toBeVisible();
  const sort = { column: 'name', direction: 'up' };
  await call(page, 'directory.keepLayout', { columns: COLUMNS, sort });
  await walkPlaces(page, watching);
  await readDirectory(page, TEXTS, watching);
  await walkChosen(page, watching);
  await walkMembers(page, TEXTS, watching);
  await walkBox(page, TEXTS, watching);
  await scanAll(page, cable.send, watching);
  await walkImport(page, TEXTS, watching);
  await walkDay(page, watching);
  await savePdf(till);
  expect(await watching.misdeeds()).toEqual(NONE);
  const tiles = TEXTS.slice(0, TILES).map((text) => fit(text, 60));
  expect(watching.missingOn('sign-in', tiles)).toEqual([]);
  expectShown(watching, { 'rail-cards': 60, programme: 60 });
  expectShown(watching, { 'rail-segments': 60, 'rail-messages': 60, 'rail-inbox': 80, 'rail-chain': 60 });
  expect(watching.missingOn('member', opened(TEXTS))).toEqual([]);
  expectShown(watching, { columns: 60, 'import-map': 60 });
  // An import makes one plain space of whatever stands between words.
  const asRead = (text: string): string => text.replaceAll('\u3000', ' ');
  const rows = TEXTS.slice(0, ROWS_SHOWN).map((text) => fit(text, 80));
  const missing = watching.missingOn('import-rows', rows);
  expect(watching.missingOn('import-rows', missing.map(asRead))).toEqual([]);
});

/** Looks at a page of the centre, which has no script of its own, and at the next that a form leads to. */
async function lookAtFront(page: Page, url: string, texts: readonly string[]): Promise<void> {
  await page.goto(url);
  const watching = await watch(page, new URL(url).origin);
  await watching.look('front');
  expect(watching.missingOn('front', texts)).toEqual([]);
  expect(await watching.misdeeds()).toEqual(NONE);
}

test('the pages of the centre say hostile texts as they are, typed ones too (R-E1)', async ({
  full,
  newPage,
  newFolder,
}) => {
  test.setTimeout(240_000);
  const page = await newPage('about:blank');
  await lookAtFront(page, full.url, [...TEXTS.map((text) => fit(text, 60)), fit(TEXTS[1] ?? '', 40)]);
  await page.goto(`${full.url}/integrations`);
  const dialogs: string[] = [];
  page.on('dialog', (dialog) => dialogs.push(dialog.message()));
  for (const name of TEXTS.slice(0, FEW)) {
    await page.locator('input[name="name"]').fill(fit(name, 60));
    await page.locator('input[name="login"]').first().fill(name);
    await page.locator('input[name="pin"]').first().fill('86661234');
    await page.locator('button').first().click();
    await expect(page.getByRole('alert')).toBeVisible();
    await expect(page.locator('input[name="login"]').first()).toHaveValue(name);
    const watching = await watch(page, full.url);
    await watching.look('integrations');
    expect(await watching.misdeeds()).toEqual(NONE);
  }
  expect(dialogs).toEqual([]);
  const data = await newFolder();
  const words = [join(ROOT, 'out/crm/index.cjs'), '--port', '0', '--data', data];
  const empty = startChild(NODE_PATH, words, { name: 'crm', toWords: () => undefined });
  const url = await empty.line('listening on ');
  for (const text of TEXTS.slice(0, FEW)) {
    const body = new URLSearchParams({ chainName: text, storeName: text, managerName: text, token: text });
    const answer = await fetch(`${url}/setup`, { method: 'POST', body, headers: { origin: url } });
    expect(answer.status).toBe(401);
    const shown = await answer.text();
    expect(shown).toContain('alert(1)');
    expect(shown).not.toContain(text);
  }
  await empty.end();
});

test('an office in a browser shows hostile texts as what they are, and nothing of them runs (R-E1)', async ({
  full,
  newPage,
  newFolder,
}) => {
  test.setTimeout(240_000);
  const folder = join(await newFolder(), 'office');
  const asked = ['enrol-code', '--server', full.url, '--kind', 'office', '--data', folder];
  const { code } = await cli([...asked, '--as', MANAGER.login, '--pin', MANAGER.pin]);
  const words = [join(ROOT, 'out/office/index.cjs'), '--data', folder, '--port', '0'];
  const env = { ...process.env, COUNTERFOIL_DEMO: '1' };
  const own = [...words, '--server', full.url, '--code', String(code)];
  const office = startChild(NODE_PATH, own, { name: 'office', env });
  const url = await office.line('listening on ');
  const page = await newPage(url);
  await expect(field(page, 'login')).toBeFocused();
  const watching = await watch(page, new URL(url).origin);
  await field(page, 'login').fill(MANAGER.login);
  await field(page, 'pin').fill(MANAGER.pin);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('home')).toBeVisible();
  await walkPlaces(page, watching);
  await readDirectory(page, TEXTS, watching);
  await walkMembers(page, TEXTS.slice(0, 40), watching);
  expect(await watching.misdeeds()).toEqual(NONE);
  expectShown(watching, { 'rail-messages': 60, 'rail-chain': 60, 'rail-programmes': 60 });
  await office.end();
});
