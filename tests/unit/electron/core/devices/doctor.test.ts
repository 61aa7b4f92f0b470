import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { must } from '../../../../../sync/base/must.ts';
import { startDeviceTill, type DeviceTill } from '../../../../parts/device-till.ts';
import { reportA } from '../../../../parts/fake-hid.ts';

const TEXT = 'aA1-%&;=?@"';
const CARD = '6035550000001230';

/** A loaded machine is slow; how slow decides nothing. */
const PATIENCE = { timeout: 30_000 };

let shop: DeviceTill;
beforeEach(async () => {
  shop = await startDeviceTill();
});
afterEach(() => shop.end());

const pluggedScanner = async () => {
  const scanner = shop.bus.add();
  const [device] = await shop.until(([first]) => first?.state === 'ready');
  return { scanner, deviceId: must(device, 'listed').deviceId };
};

describe('lesson', () => {
  test('three scans of the shown code tell how a HID scanner speaks; the till hears none of them', async () => {
    const { scanner, deviceId } = await pluggedScanner();
    expect(await shop.till.client['devices.learn.start']({ deviceId, text: TEXT })).toEqual({
      isStarted: true,
    });
    for (let count = 0; count < 3; count += 1) scanner.report(reportA(TEXT));
    await expect
      .poll(() => shop.lessons().map(({ state }) => state), PATIENCE)
      .toEqual(['listening', 'heard', 'heard', 'done']);
    expect(shop.lessons().at(-1)).toEqual({
      deviceId,
      state: 'done',
      goodCount: 3,
      line: null,
      found: { prefix: '', suffix: '', identifiers: 'none', layout: 'A', line: null, profile: 'hidpos A' },
    });
    expect(shop.till.events.filter(({ name }) => name === 'scan.resolved')).toEqual([]);
    await shop.until(([device]) => device?.state === 'ready');
    expect((await shop.nextScan(() => scanner.report(reportA(CARD)))).source).toBe('hid');
  });

  test('what is no scanner, or is not there, begins no lesson', async () => {
    const { scanner, deviceId } = await pluggedScanner();
    scanner.unplug();
    const asked = { deviceId, text: TEXT };
    expect(await shop.till.client['devices.learn.start'](asked)).toEqual({ isStarted: false });
    expect(await shop.till.client['devices.learn.start']({ ...asked, deviceId: 'none' })).toEqual({
      isStarted: false,
    });
    scanner.plug();
    await shop.until(([device]) => device?.state === 'ready');
  });

  test('a number that is longer than the shown code teaches nothing, and nothing of it is told', async () => {
    const { scanner, deviceId } = await pluggedScanner();
    await shop.till.client['devices.learn.start']({ deviceId, text: '411111' });
    for (let count = 0; count < 3; count += 1) scanner.report(reportA('4111111111111111'));
    await expect.poll(() => shop.lessons().length, PATIENCE).toBeGreaterThan(1);
    expect(JSON.stringify(shop.lessons())).not.toContain('1111');
    await shop.till.client['devices.learn.stop']({});
  });

  test('stopped, the device reads for the till again', async () => {
    const { scanner, deviceId } = await pluggedScanner();
    await shop.till.client['devices.learn.start']({ deviceId, text: TEXT });
    await shop.till.client['devices.learn.stop']({});
    await shop.until(([device]) => device?.state === 'ready');
    expect((await shop.nextScan(() => scanner.report(reportA(CARD)))).source).toBe('hid');
  });
});

test('a diagnosis says what happened and nothing that was scanned, no serial number either', async () => {
  const { scanner } = await pluggedScanner();
  await shop.nextScan(() => scanner.report(reportA(CARD)));
  await shop.nextScan(() => scanner.report(reportA('6035550000001231')));
  const told = await shop.till.client['devices.diagnosis']({});
  expect(told['devices']).toMatchObject([
    {
      kind: 'hid-pos',
      usb: '0c2e:0b01',
      state: 'ready',
      hasSerialNumber: true,
      counters: { scans: 1, losses: { luhn: 1 }, states: { opening: 1, ready: 1 } },
    },
  ]);
  expect(JSON.stringify(told)).not.toMatch(/603555|S1/);
  expect(JSON.stringify(await shop.till.client['till.diagnose']({}))).toContain('"usb":"0c2e:0b01"');
});

describe('roles', () => {
  test('a cashier looks, tells scanners apart and tries a tone; what changes how a scan is read is refused', async () => {
    const { deviceId } = await pluggedScanner();
    const { client, signIn } = shop.till;
    await signIn('cashier');
    await client['devices.list']({});
    await client['devices.identify']({});
    expect(await client['devices.tone']({ deviceId, tone: 'good' })).toEqual({ isAsked: true });
    const before = (await shop.list()).devices;
    const refused = [
      client['devices.assign']({ deviceId, tone: 'none' }),
      client['devices.forget']({ deviceId }),
      client['devices.learn.start']({ deviceId, text: TEXT }),
      client['devices.setRules'](await client['devices.getRules']({})),
      client['scanner.set']({ path: '/dev/ttyS0', profile: 'cr' }),
    ];
    for (const asked of refused) await expect(asked).rejects.toMatchObject({ code: 'not_allowed' });
    expect((await shop.list()).devices).toEqual(before);
    expect((await client['scanner.get']({})).path).toBe('');
  });
});

describe('a chain’s own rules', () => {
  const rules = {
    walletPrefixes: ['TW1.'],
    tenantRules: [{ symbologies: [], pattern: 'CPN-\\d+', kind: 'coupon' as const }],
    wedge: { prefix: { code: 'F9', hasCtrl: false }, layout: 'us' as const, identifiers: 'none' as const },
  };

  test('are kept, are told, and count for the next scan of every device', async () => {
    const { scanner } = await pluggedScanner();
    expect((await shop.nextScan(() => scanner.report(reportA('CPN-12')))).result).toMatchObject({
      what: 'unknown',
    });
    expect(await shop.till.client['devices.setRules'](rules)).toEqual(rules);
    expect(shop.till.events.findLast(({ name }) => name === 'devices.rulesChanged')?.data).toEqual(rules);
    await shop.until(([device]) => device?.state === 'ready');
    expect((await shop.nextScan(() => scanner.report(reportA('CPN-13')))).result.kind).toBe('coupon');
    const typed = () => void shop.till.client['scans.resolve']({ text: 'CPN-14' });
    expect((await shop.nextScan(typed)).result.kind).toBe('coupon');
    await shop.restart();
    expect(await shop.till.client['devices.getRules']({})).toEqual(rules);
  });

  test.each(['(', '(a+)+b', '(a|a)*b', '(a{2,})+', '.*.*.*x', '(a)\\1'])(
    'a pattern like %s is refused, and nothing is changed',
    async (pattern) => {
      const before = await shop.till.client['devices.getRules']({});
      const wrong = { ...rules, tenantRules: [{ symbologies: [], pattern, kind: 'coupon' as const }] };
      await expect(shop.till.client['devices.setRules'](wrong)).rejects.toMatchObject({
        code: 'bad_request',
      });
      expect(await shop.till.client['devices.getRules']({})).toEqual(before);
    },
  );
});

test('the page may hand over as much as one scan can hold, and no more', async () => {
  const resolve = shop.till.client['scans.resolve'];
  await expect(resolve({ text: 'x'.repeat(8192) })).resolves.toEqual({});
  await expect(resolve({ text: 'x'.repeat(8193) })).rejects.toMatchObject({ code: 'bad_request' });
});

test('devices are told by themselves when one comes', async () => {
  await pluggedScanner();
  await expect
    .poll(() => shop.till.events.findLast(({ name }) => name === 'devices.changed')?.data, PATIENCE)
    .toMatchObject({ devices: [{ kind: 'hid-pos', state: 'ready' }] });
});
