import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DeviceError } from '../../../../../drivers/types.ts';
import { holdDevice } from '../../../../../drivers/transports/device-lock.ts';
import { must } from '../../../../../sync/base/must.ts';
import { startDeviceTill, type DeviceTill } from '../../../../parts/device-till.ts';
import { reportA } from '../../../../parts/fake-hid.ts';

const CARD = '6035550000001230';
/** A known maker's scanner on a line; it can be asked for a tone. */
const LINE_SCANNER = { vendorId: 0x0c_2e, productId: 0x09_0a, serialNumber: 'L1', model: '1900' };

/** A loaded machine is slow; how slow decides nothing. */
const PATIENCE = { timeout: 30_000 };

let shop: DeviceTill;
beforeEach(async () => {
  shop = await startDeviceTill();
});
afterEach(() => shop.end());

const untilReady = (count: number) =>
  shop.until((devices) => devices.filter(({ state }) => state === 'ready').length === count);

describe('what is plugged in', () => {
  test('a HID POS scanner is taken by itself, and its scans are told as of HID', async () => {
    const scanner = shop.bus.add();
    const [device] = await untilReady(1);
    expect(device).toMatchObject({
      kind: 'hid-pos',
      maker: 'Honeywell',
      model: 'Xenon',
      isAssigned: true,
      reason: null,
      profile: 'hidpos auto',
      canTone: true,
    });
    const told = await shop.nextScan(() => scanner.report(reportA(CARD)));
    expect([told.source, told.result.kind]).toEqual(['hid', 'unknown-card']);
  });

  test('scanner on a line, HID scanner and stripe reader work side by side', async () => {
    const port = shop.ports.add(LINE_SCANNER);
    port.plug('/dev/ttyACM0');
    await shop.till.client['scanner.set']({ path: '/dev/ttyACM0', profile: 'cr' });
    const scanner = shop.bus.add();
    const reader = shop.bus.add({
      vendorId: 0x08_01,
      productId: 2,
      serialNumber: 'M1',
      page: 0xff_00,
      usage: 1,
    });
    await untilReady(3);
    const swipe = new Uint8Array(337);
    const track = Buffer.from(`;${CARD}=49121010000000000?`, 'latin1');
    swipe[4] = track.length;
    swipe.set(track, 117);
    const sources = [
      (await shop.nextScan(() => port.send(`${CARD}\r`))).source,
      (await shop.nextScan(() => scanner.report(reportA(CARD)))).source,
      (await shop.nextScan(() => reader.report(swipe))).source,
    ];
    expect(sources).toEqual(['serial', 'hid', 'magnetic']);
  });

  test('a port on a plug waits for a person; a scanner that types is shown and never opened', async () => {
    shop.ports.add(LINE_SCANNER).plug('/dev/ttyACM0');
    const typing = shop.bus.add({ serialNumber: 'K1', page: 1, usage: 6, productId: 0x0b_61 });
    shop.bus.add({ vendorId: 0x04_6d, serialNumber: 'K2', page: 1, usage: 6 });
    const devices = await shop.until(({ length }) => length === 2);
    expect(devices.map(({ kind, reason, state }) => [kind, reason, state])).toEqual([
      ['serial', 'not-chosen', 'off'],
      ['keyboard-mode', 'keyboard-mode', 'off'],
    ]);
    const [, keys] = devices;
    const deviceId = must(keys, 'the typing one is listed').deviceId;
    await expect(shop.till.client['devices.assign']({ deviceId })).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(typing.openCount()).toBe(0);
  });

  test('without the way to HID the till says so, and its serial ports work', async () => {
    shop.bus.fail(new DeviceError('no-hid', 'HID devices can not be used on this PC'));
    const port = shop.ports.add(LINE_SCANNER);
    port.plug('/dev/ttyACM0');
    await shop.till.client['scanner.set']({ path: '/dev/ttyACM0', profile: 'cr' });
    const { hasHid, hidMessage, devices } = await shop.list();
    expect([hasHid, hidMessage, devices[0]?.state]).toEqual([
      false,
      'HID devices can not be used on this PC',
      'ready',
    ]);
  });
});

describe('the same device again', () => {
  test('a HID scanner is found under another path, under the same id', async () => {
    const scanner = shop.bus.add();
    const [before] = await untilReady(1);
    scanner.unplug();
    await shop.until(([device]) => device?.state === 'gone' && !device.isPlugged);
    scanner.plug('elsewhere');
    const [after] = await untilReady(1);
    expect([after?.deviceId, after?.path]).toEqual([before?.deviceId, 'elsewhere']);
    expect((await shop.nextScan(() => scanner.report(reportA(CARD)))).source).toBe('hid');
  });

  test('a port by hand is followed to its new path, and another device at the old one is not taken', async () => {
    const port = shop.ports.add(LINE_SCANNER);
    port.plug('/dev/ttyACM0');
    await shop.till.client['scanner.set']({ path: '/dev/ttyACM0', profile: 'cr' });
    await untilReady(1);
    port.unplug();
    await shop.until(([device]) => device?.state === 'gone');
    shop.ports.add({ vendorId: 0x04_b8, productId: 1, serialNumber: 'P' }).plug('/dev/ttyACM0');
    port.plug('/dev/ttyACM1');
    await shop.until((devices) =>
      devices.some(({ path, state }) => path === '/dev/ttyACM1' && state === 'ready'),
    );
    expect((await shop.nextScan(() => port.send(`${CARD}\r`))).source).toBe('serial');
  });

  test('a port by hand stays its own device’s, also when another one was at its path meanwhile', async () => {
    const port = shop.ports.add(LINE_SCANNER);
    port.plug('/dev/ttyACM0');
    await shop.till.client['scanner.set']({ path: '/dev/ttyACM0', profile: 'cr' });
    await untilReady(1);
    port.unplug();
    await shop.until(([device]) => device?.state === 'gone');
    const scale = shop.ports.add({ vendorId: 0x04_b8, productId: 1, serialNumber: 'P' });
    scale.plug('/dev/ttyACM0');
    await untilReady(1);
    scale.unplug();
    await shop.until(([device]) => device?.state === 'gone');
    port.plug('/dev/ttyACM1');
    await shop.until((devices) =>
      devices.some(({ path, state }) => path === '/dev/ttyACM1' && state === 'ready'),
    );
    expect((await shop.nextScan(() => port.send(`${CARD}\r`))).source).toBe('serial');
  });

  test('after a restart it has its slot and its setting', async () => {
    shop.bus.add();
    const [device] = await untilReady(1);
    const { deviceId } = must(device, 'listed');
    await shop.till.client['devices.assign']({ deviceId, profile: 'hidpos A', tone: 'none' });
    await shop.restart();
    const [again] = await untilReady(1);
    expect([again?.deviceId, again?.profile, again?.canTone]).toEqual([deviceId, 'hidpos A', false]);
  });

  test('a scan that comes over two cables of one scanner is one scan', async () => {
    const port = shop.ports.add({ vendorId: 0x0c_2e, productId: 0x0b_01, serialNumber: 'S1' });
    port.plug('/dev/ttyACM0');
    await shop.till.client['scanner.set']({ path: '/dev/ttyACM0', profile: 'cr' });
    const scanner = shop.bus.add();
    await untilReady(2);
    await shop.nextScan(() => {
      scanner.report(reportA(CARD));
      port.send(`${CARD}\r`);
    });
    await shop.list();
    expect(shop.till.events.filter(({ name }) => name === 'scan.resolved').length).toBe(1);
  });
});

describe('who has it', () => {
  test('what another till holds is busy, and ready once that one lets go', async () => {
    const release = await holdDevice('taken');
    const scanner = shop.bus.add();
    scanner.unplug();
    scanner.plug('taken');
    const devices = await shop.until(([device]) => device?.state === 'busy');
    expect(devices[0]).toMatchObject({ problem: 'busy', message: 'Another program is using this port' });
    expect(scanner.openCount()).toBe(0);
    await release();
    await untilReady(1);
  });

  test('what was forgotten is not taken again, not even after a restart, until it is assigned', async () => {
    const scanner = shop.bus.add();
    const [device] = await untilReady(1);
    const { deviceId } = must(device, 'listed');
    await shop.till.client['devices.forget']({ deviceId });
    await shop.restart();
    const { devices } = await shop.list();
    expect(devices.map(({ reason, isAssigned }) => [reason, isAssigned])).toEqual([['forgotten', false]]);
    expect(scanner.openCount()).toBe(1);
    await shop.till.client['devices.assign']({ deviceId });
    await untilReady(1);
  });

  test('of two that look the same none is opened before a scan says which; that scan counts for nothing', async () => {
    const twin = { serialNumber: '' };
    const left = shop.bus.add(twin);
    const right = shop.bus.add(twin);
    const tied = await shop.until(({ length }) => length === 2);
    expect(tied.map(({ reason, state }) => [reason, state])).toEqual([
      ['tie', 'off'],
      ['tie', 'off'],
    ]);
    expect(left.openCount()).toBe(0);
    await shop.till.client['devices.identify']({});
    await shop.until((devices) => devices.every(({ isIdentifying }) => isIdentifying));
    right.report(reportA(CARD));
    const devices = await shop.until((all) => all.some(({ state }) => state === 'ready'));
    expect(devices.map(({ path, reason }) => [path, reason])).toEqual([
      [right.entry.path, null],
      [left.entry.path, 'same-as-another'],
    ]);
    expect(shop.till.events.filter(({ name }) => name === 'scan.resolved')).toEqual([]);
    expect((await shop.nextScan(() => right.report(reportA(CARD)))).source).toBe('hid');
    expect(left.report(reportA(CARD))).toBe(false);
  });

  test('a profile of another kind is refused and changes nothing', async () => {
    shop.bus.add();
    const [device] = await untilReady(1);
    const deviceId = must(device, 'listed').deviceId;
    const asked = shop.till.client['devices.assign']({ deviceId, profile: 'cr' });
    await expect(asked).rejects.toMatchObject({ code: 'bad_request' });
    expect((await shop.list()).devices[0]).toMatchObject({ profile: 'hidpos auto', state: 'ready' });
  });
});

test('scanners that share one number of their cheap maker have ids of their own, and each press means one', async () => {
  const twins = [shop.bus.add(), shop.bus.add()];
  const tied = await shop.until(({ length }) => length === 2);
  expect(new Set(tied.map(({ deviceId }) => deviceId)).size).toBe(2);
  await shop.till.client['devices.identify']({});
  twins[1]?.report(reportA(CARD));
  const devices = await shop.until((all) => all.some(({ state }) => state === 'ready'));
  expect(new Set(devices.map(({ deviceId }) => deviceId)).size).toBe(2);
  expect(devices.map(({ path, isAssigned }) => [path, isAssigned])).toEqual([
    [twins[1]?.entry.path, true],
    [twins[0]?.entry.path, false],
  ]);
  // Who has it on the screen goes on looking at it.
  const shown = tied.find(({ path }) => path === twins[1]?.entry.path);
  expect(devices[0]?.deviceId).toBe(shown?.deviceId);
  const other = must(devices[1], 'listed').deviceId;
  await shop.till.client['devices.assign']({ deviceId: other });
  const both = await untilReady(2);
  expect(new Set(both.map(({ deviceId }) => deviceId)).size).toBe(2);
  await shop.till.client['devices.forget']({ deviceId: other });
  const left = await untilReady(1);
  expect(left.find(({ isAssigned }) => isAssigned)?.path).toBe(twins[1]?.entry.path);
});

describe('tones', () => {
  test('the scanner is asked for the good tone after its scan was judged, for the bad one after a refusal', async () => {
    const scanner = shop.bus.add();
    await untilReady(1);
    const beep = [0xfd, 3, 0x16, 0x07, 0x0d];
    await shop.nextScan(() => scanner.report(reportA(CARD)));
    await expect.poll(() => scanner.written.map((bytes) => [...bytes]), PATIENCE).toEqual([beep]);
    await shop.nextScan(() => scanner.report(reportA('4111111111111111')));
    await expect.poll(() => scanner.written.length, PATIENCE).toBe(4);
    await shop.nextScan(() => scanner.report(reportA('6035550000001231')));
    await expect.poll(() => scanner.written.length, PATIENCE).toBe(7);
  });

  test('a person can ask for a tone; a device that knows none says so', async () => {
    const port = shop.ports.add(LINE_SCANNER);
    port.plug('/dev/ttyACM0');
    const [found] = await shop.until(({ length }) => length === 1);
    const { deviceId } = must(found, 'listed');
    expect(await shop.till.client['devices.tone']({ deviceId, tone: 'good' })).toEqual({ isAsked: false });
    await shop.till.client['devices.assign']({ deviceId });
    expect(await shop.till.client['devices.tone']({ deviceId, tone: 'bad' })).toEqual({ isAsked: true });
    expect(port.written).toEqual(Array.from({ length: 3 }, () => '\u0016\u0007\r'));
  });
});
