import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPtyCable, type PtyCable } from '../../../../parts/pty.ts';
import { makeFolder, openTestTill, seedFolder, type TestTill } from '../../../../parts/till.ts';

const PATIENCE = { timeout: 30_000 };

let cable: PtyCable;
let till: TestTill;
beforeEach(async () => {
  cable = await createPtyCable();
  const dir = makeFolder();
  await seedFolder(dir);
  till = openTestTill(dir, { scanner: `${cable.path},cr` });
  await till.signIn('cashier');
  till.core.start();
});
afterEach(async () => {
  await till.close();
  await cable.dispose();
  rmSync(till.dir, { recursive: true, force: true });
});

const state = async () => (await till.client['scanner.get']({})).state;
const scans = () => till.events.filter(({ name }) => name === 'scan.resolved').length;

test('the port of the environment, by a link that leads elsewhere after each plug, is one device that comes back', async () => {
  await expect.poll(state, PATIENCE).toBe('ready');
  for (let round = 1; round <= 3; round += 1) {
    cable.send('6035550000001230\r');
    await expect.poll(scans, PATIENCE).toBe(round);
    await cable.unplug();
    await expect.poll(state, PATIENCE).toBe('gone');
    await cable.plug();
    await expect.poll(state, PATIENCE).toBe('ready');
  }
  const { devices } = await till.client['devices.list']({});
  expect(devices.map(({ deviceId, path, isPortSetting }) => [deviceId, path, isPortSetting])).toEqual([
    ['port', cable.path, true],
  ]);
});
