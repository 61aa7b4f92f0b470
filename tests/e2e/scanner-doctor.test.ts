import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import axe from 'axe-core';
import { ROOT } from '../../build/targets.mjs';
import type { DeviceView } from '../../electron/contract/devices.ts';
import type { EventName, EventOf } from '../../electron/contract/events.ts';
import { KNOWN_KEYS, KNOWN_TEXT } from '../../renderer/lib/known-code.ts';
import { makeDevice } from '../unit/renderer/features/scanners/made-devices.ts';
import { createCamera } from './camera.ts';
import { signIn, tabAndPress, theBox } from './counter.ts';
import type { Till } from './launch.ts';
import { typeAsScanner } from './scanner-keys.ts';
import { test } from './shop.ts';

const FOLDER = join(ROOT, 'out/pictures');
const free = { isAssigned: false, state: 'off' } as const;

/** One of each kind of trouble, as a core with such devices tells it. */
const SHOP_OF_TROUBLES: readonly DeviceView[] = [
  makeDevice({ deviceId: 'ready', lastScanAtMs: Date.now() }),
  makeDevice({ deviceId: 'gone', model: 'DS9308', state: 'gone', problem: 'gone', path: '' }),
  makeDevice({
    deviceId: 'denied',
    kind: 'hid-pos',
    maker: 'Honeywell',
    model: 'Voyager 1470g',
    vendorId: 0x0c2e,
    path: '/dev/hidraw2',
    state: 'denied',
    problem: 'denied',
    profile: 'hidpos auto',
    line: null,
    tone: 'honeywell',
    rulesFile: '70-counterfoil-scanners.rules',
  }),
  makeDevice({
    ...free,
    deviceId: 'wedge',
    kind: 'keyboard-mode',
    maker: 'Honeywell',
    model: 'Xenon 1950',
    vendorId: 0x0c2e,
    reason: 'keyboard-mode',
    profile: null,
    line: null,
  }),
  makeDevice({ ...free, deviceId: 'port', maker: '', model: '', path: '/dev/ttyUSB0', reason: 'not-chosen' }),
];

/** What the core of this till would say, in its place. */
const tell = <Name extends EventName>({ app }: Till, name: Name, data: EventOf<Name>): Promise<void> =>
  app.evaluate(
    ({ BrowserWindow }, message) => BrowserWindow.getAllWindows()[0]?.webContents.send('port', message),
    { t: 'event', name, data },
  );

/** In place of the person who is asked where it goes. */
const putNextFile = ({ app }: Till, path: string): Promise<void> =>
  app.evaluate(({ session }, to) => {
    session.defaultSession.once('will-download', (_event, item) => item.setSavePath(to));
  }, path);

const chip = (page: Page): Locator => page.getByTestId('scanner-chip');
const device = (page: Page, state: string): Locator =>
  page.locator(`[data-testid="device"][data-state="${state}"]`);

async function openDoctor(page: Page): Promise<void> {
  await page.keyboard.press('F10');
  await page.getByRole('menuitem', { name: 'Scanner doctor' }).press('Enter');
  await expect(page.getByTestId('doctor')).toBeVisible();
}

async function seriousOn(page: Page): Promise<unknown[]> {
  const found = await page.evaluate(async () => {
    const { violations } = await (
      window as unknown as { axe: { run(): Promise<{ violations: { id: string; impact: string }[] }> } }
    ).axe.run();
    return violations;
  });
  return found.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id);
}

test('a scanner that types is learned by three scans, and no key of them lands anywhere', async ({
  launchEnrolled,
}) => {
  const till = await launchEnrolled();
  const { page } = till;
  await signIn(page, 'supervisor');
  await chip(page).click();
  await expect(page.getByTestId('doctor')).toBeVisible();
  await page.getByTestId('typing-device').click();
  await page.getByTestId('learn-keys').click();
  await expect(page.getByTestId('barcode').first()).toBeVisible();
  await createCamera(till, FOLDER)('72-doctor-learning');
  const steps = page.getByTestId('learn-steps');
  for (const count of ['1', '2']) {
    await typeAsScanner(page, KNOWN_KEYS);
    await expect(steps).toHaveAttribute('data-good', count);
  }
  await typeAsScanner(page, '4242424242424242');
  await expect(page.getByTestId('learning')).toHaveAttribute('data-state', 'wrong');
  expect(await page.content()).not.toContain('4242');
  await typeAsScanner(page, KNOWN_KEYS);
  await expect(page.getByTestId('learning')).toHaveAttribute('data-state', 'done');
  await createCamera(till, FOLDER)('73-doctor-learned');
  await page.getByTestId('apply').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('learning')).toHaveCount(0);
  await expect(page.getByTestId('wedge-facts')).toContainText('by its speed');
  // The button is gone with its press: the next Tab goes on from there, not from the top of the page.
  await page.keyboard.press('Tab');
  await expect(page.getByTestId('learn-keys')).toBeFocused();
  await expect(theBox(page)).toHaveValue('');
  await test.step('barcodes that belong together come one after the other', async () => {
    await page.getByText('Newland', { exact: true }).click();
    await expect(page.getByTestId('barcode')).toHaveAttribute('data-code', '^FNC3@SETUPE1');
    for (const code of ['^FNC3@INTERF8', '^FNC3@SETUPE0', '^FNC3@SETUPE1']) {
      await page.getByTestId('mode-step').press('Enter');
      await expect(page.getByTestId('barcode')).toHaveAttribute('data-code', code);
    }
    await createCamera(till, FOLDER)('77-doctor-modes');
  });
});

test('each device stands with its state and what to do, by keys alone, and axe finds nothing serious', async ({
  launchEnrolled,
}) => {
  const till = await launchEnrolled();
  const { page } = till;
  const take = createCamera(till, FOLDER);
  await signIn(page, 'manager');
  await openDoctor(page);
  await tell(till, 'devices.changed', { devices: [...SHOP_OF_TROUBLES], hasHid: true, hidMessage: '' });
  await expect(chip(page)).toHaveAttribute('data-state', 'denied');
  await expect(page.getByTestId('device')).toHaveCount(SHOP_OF_TROUBLES.length);
  await take('70-doctor');

  await test.step('by keys: a device that the system keeps from us, with the file that lets us in', async () => {
    await device(page, 'denied').focus();
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('device-sheet')).toContainText('70-counterfoil-scanners.rules');
  });
  await test.step('found, but in keyboard mode: its maker’s barcodes', async () => {
    await device(page, 'keyboard-mode').press('Enter');
    await expect(page.getByTestId('device-state')).toHaveText('Found, but in keyboard mode');
    // One at a time: of two side by side a scanner reads either.
    await expect(page.getByTestId('barcode')).toHaveAttribute('data-code', 'PAP131.^FNC3');
    await page.getByText('USB Serial', { exact: true }).click();
    await expect(page.getByTestId('barcode')).toHaveAttribute('data-code', 'TRMUSB130.^FNC3');
    await take('71-doctor-keyboard-mode');
  });
  await test.step('nothing serious, light or dark', async () => {
    await page.evaluate(axe.source);
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      expect(await seriousOn(page)).toEqual([]);
    }
  });
  await test.step('a tone that can not be asked for is said', async () => {
    await device(page, 'ready').press('Enter');
    await tabAndPress(page, page.getByTestId('tone-good'));
    await expect(page.getByTestId('device-sheet')).toContainText('The scanner could not be asked');
  });
  await test.step('the diagnosis can be copied and saved, and Esc goes back step by step', async () => {
    await page.getByTestId('diagnose').press('Enter');
    await expect(page.getByTestId('diagnosis')).toHaveValue(/\{/);
    await tabAndPress(page, page.getByTestId('copy'));
    await expect(page.getByRole('dialog')).toContainText('Copied');
    const path = join(till.dataFolder, 'for-support.json');
    await putNextFile(till, path);
    await tabAndPress(page, page.getByTestId('save-diagnosis'));
    await expect.poll(() => readFile(path, 'utf8').catch(() => '')).toContain('"devices"');
    await take('75-doctor-diagnosis');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('doctor')).toHaveCount(0);
  });
});

test('the chip leads to the device in trouble; a cashier looks and tries, a supervisor changes', async ({
  launchEnrolled,
}) => {
  const till = await launchEnrolled();
  const { page } = till;
  await signIn(page);
  await tell(till, 'devices.changed', { devices: [...SHOP_OF_TROUBLES], hasHid: true, hidMessage: '' });
  await expect(chip(page)).toHaveText('Needs permission');
  await chip(page).click();
  await tell(till, 'devices.changed', { devices: [...SHOP_OF_TROUBLES], hasHid: true, hidMessage: '' });
  await expect(page.getByTestId('device-sheet')).toContainText('Voyager 1470g');
  await expect(page.getByTestId('device-state')).toHaveText('Needs permission');
  await expect(page.getByTestId('device-sheet')).toContainText('is for a supervisor');
  await expect(page.getByTestId('tone-good')).toBeVisible();
  for (const testId of ['forget', 'learn', 'assign']) await expect(page.getByTestId(testId)).toHaveCount(0);
  await device(page, 'not-chosen').click();
  await expect(page.getByTestId('assign')).toHaveCount(0);
  await createCamera(till, FOLDER)('76-doctor-cashier');
});

test('the doctor speaks Chinese', async ({ launchEnrolled }) => {
  const till = await launchEnrolled();
  const { page } = till;
  await signIn(page, 'manager');
  await page.keyboard.press('F10');
  await page.getByRole('menuitem', { name: 'Settings' }).click();
  await page.getByText('简体中文').click();
  await page.getByTestId('open-doctor').click();
  await tell(till, 'devices.changed', { devices: [...SHOP_OF_TROUBLES], hasHid: true, hidMessage: '' });
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('扫描器诊断');
  await device(page, 'keyboard-mode').click();
  await expect(page.getByTestId('device-state')).toHaveText('已找到，但处于键盘模式');
  await createCamera(till, FOLDER)('74-doctor-chinese');
});

test('a serial scanner is learned by three scans: what it puts at the end, and how fast its line is', async ({
  launchEnrolled,
  cable,
}) => {
  const { page } = await launchEnrolled({ env: { COUNTERFOIL_SCANNER: `${cable.path},auto` } });
  await signIn(page, 'manager');
  await openDoctor(page);
  await expect(page.getByTestId('device-state')).toHaveText('Ready');
  await tabAndPress(page, page.getByTestId('learn'));
  const learning = page.getByTestId('learning');
  await expect(learning).toHaveAttribute('data-state', 'listening');
  for (const count of ['1', '2']) {
    cable.send(`${KNOWN_TEXT}\r`);
    await expect(page.getByTestId('learn-steps')).toHaveAttribute('data-good', count);
  }
  cable.send(`${KNOWN_TEXT}\r`);
  await expect(learning).toHaveAttribute('data-state', 'done');
  await expect(page.getByTestId('found')).toContainText('<CR>');
  await tabAndPress(page, page.getByTestId('apply'));
  await expect(learning).toHaveCount(0);
  await expect(page.getByTestId('device-sheet')).toContainText('Ends with Enter (CR)');
});
