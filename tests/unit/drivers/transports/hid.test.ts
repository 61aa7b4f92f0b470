import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findMaker, makerIds } from '../../../../drivers/profiles/makers.ts';
import { serialProfiles } from '../../../../drivers/profiles/serial.ts';
import { usualOf } from '../../../../drivers/profiles/usual.ts';
import { createScanner } from '../../../../drivers/scanner.ts';
import { toneWrites } from '../../../../drivers/tones.ts';
import { holdDevice } from '../../../../drivers/transports/device-lock.ts';
import { createNodeHidBinding } from '../../../../drivers/transports/hid-binding.ts';
import { createHidTransport } from '../../../../drivers/transports/hid.ts';
import { createReplay } from '../../../../drivers/transports/replay.ts';
import { listLinuxPorts } from '../../../../drivers/transports/serial-list.ts';
import { must } from '../../../../sync/base/must.ts';
import { createFakeHid } from '../../../parts/fake-hid.ts';

const { line } = serialProfiles.auto;
const sink = { onChunk: () => undefined, onGone: () => undefined };

test('the real binding loads and lists under this Node', async () => {
  expect(await createNodeHidBinding().list()).toBeInstanceOf(Array);
});

describe('HID transport', () => {
  test('collections of one path are one device', async () => {
    const bus = createFakeHid();
    const device = bus.add();
    const { binding } = bus;
    const twice = async () => [...(await binding.list()), { ...device.entry, page: 1, usage: 6 }];
    const seen = await createHidTransport({ ...binding, list: twice }).list();
    expect(seen.map(({ usages }) => usages)).toEqual([
      [
        { page: 0x8c, usage: 2 },
        { page: 1, usage: 6 },
      ],
    ]);
  });

  test.each([
    ['keyboard', 1, 6],
    ['mouse', 1, 2],
    ['maker’s own page of somebody else', 0xff_00, 1],
  ])('a %s is never opened', async (_name, page, usage) => {
    const bus = createFakeHid();
    const device = bus.add({ page, usage, vendorId: 0x04_6d });
    const opening = createHidTransport(bus.binding).open({ path: device.entry.path, line }, sink);
    await expect(opening).rejects.toMatchObject({ name: 'DeviceError', code: 'not-a-port' });
    expect(device.openCount()).toBe(0);
  });

  test('one that does not open lets its lock go', async () => {
    const bus = createFakeHid();
    const device = bus.add();
    const broken = { ...bus.binding, open: () => Promise.reject(new Error('no')) };
    const opening = createHidTransport(broken).open({ path: device.entry.path, line }, sink);
    await expect(opening).rejects.toMatchObject({ code: 'failed' });
    await (
      await holdDevice(device.entry.path)
    )();
  });
});

test.each([
  [{ page: 0x8c, usage: 2, vendorId: 0x12_34 }, 'hid-pos'],
  [{ page: 0x8e, usage: 1, vendorId: 0x12_34 }, 'magnetic'],
  [{ page: 0xff_00, usage: 1, vendorId: 0x08_01 }, 'magnetic'],
  [{ page: 0xff_00, usage: 1, vendorId: 0x0a_cd }, 'magnetic'],
  [{ page: 1, usage: 6, vendorId: 0x05_e0 }, 'keyboard-mode'],
  [{ page: 1, usage: 6, vendorId: 0x12_34 }, undefined],
  [{ page: 0xff_00, usage: 1, vendorId: 0x12_34 }, undefined],
])('%j is %s', async (facts, kind) => {
  const bus = createFakeHid();
  bus.add(facts);
  const [seen] = await createHidTransport(bus.binding).list();
  expect(usualOf(must(seen, 'listed'))?.kind).toBe(kind);
});

describe('lock', () => {
  test('of two programs one has the device, by whatever name', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'counterfoil-lock-'));
    const path = join(folder, 'node');
    await writeFile(path, '');
    await symlink(path, join(folder, 'link'));
    const release = await holdDevice(path);
    await expect(holdDevice(join(folder, 'link'))).rejects.toMatchObject({ code: 'busy' });
    await release();
    await (
      await holdDevice(join(folder, 'link'))
    )();
    await rm(folder, { recursive: true });
  });
});

test('a tone is one beep or three, in the maker’s own words for its cable', () => {
  const told = (...given: Parameters<typeof toneWrites>) =>
    toneWrites(...given).map((bytes) => Buffer.from(bytes).toString('hex'));
  expect([
    told('bel', 'good', 'serial'),
    told('honeywell', 'good', 'serial'),
    told('honeywell', 'bad', 'hid'),
    told('bel', 'good', 'hid'),
    told('none', 'bad', 'serial'),
  ]).toEqual([['07'], ['16070d'], ['fd0316070d', 'fd0316070d', 'fd0316070d'], [], []]);
});

test('in ACK/NAK mode each code is answered at once: 06 for what came whole, 15 for what the way has spoilt', async () => {
  const { transport, device } = createReplay();
  const scanner = createScanner({ path: 'x', profile: 'stx-etx ack', ownPrefixes: ['603555'], transport });
  await scanner.open();
  device.feed(Buffer.from('\u00026035550000001230\u0003', 'latin1'));
  // Sent again, a wrong check digit would be as wrong.
  device.feed(Buffer.from('\u00026035550000001231\u0003', 'latin1'));
  device.feed(Buffer.from(`\u0002${'7'.repeat(9_000)}\u0003`, 'latin1'));
  expect(device.written.map((bytes) => [...bytes])).toEqual([[6], [6], [0x15]]);
  await scanner.close();
});

describe('ports of Linux', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'counterfoil-sys-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('come with what USB says of them; the PC’s own are left out', async () => {
    const usb = join(folder, 'devices/usb1/1-4');
    await mkdir(join(usb, '1-4:1.0'), { recursive: true });
    const facts = { idVendor: '0c2e\n', idProduct: '090a\n', serial: 'L1\n', manufacturer: 'Honeywell\n' };
    for (const [name, text] of Object.entries(facts)) await writeFile(join(usb, name), text);
    for (const [name, target] of [
      ['ttyACM0', join(usb, '1-4:1.0')],
      ['ttyS0', join(folder, 'devices')],
    ] as const) {
      await mkdir(join(folder, 'tty', name), { recursive: true });
      await symlink(target, join(folder, 'tty', name, 'device'));
    }
    expect(await listLinuxPorts(join(folder, 'tty'))).toEqual([
      {
        ...{ transport: 'serial', path: '/dev/ttyACM0', vendorId: 0x0c_2e, productId: 0x09_0a },
        ...{ serialNumber: 'L1', maker: 'Honeywell', model: '', usages: [], socket: '1-4' },
      },
    ]);
  });

  test('without such a folder there are none', async () => {
    expect(await listLinuxPorts(join(folder, 'none'))).toEqual([]);
  });
});

test('the rules for Linux name every maker that we know, and nobody else', () => {
  const rules = readFileSync(
    new URL('../../../../build/linux/60-counterfoil.rules', import.meta.url),
    'utf8',
  );
  const named = [...rules.matchAll(/^SUBSYSTEM=="hidraw", ATTRS\{idVendor\}=="([0-9a-f]{4})"/gm)];
  const ids = named.map(([, id = '']) => Number.parseInt(id, 16));
  expect(new Set(ids)).toEqual(new Set(makerIds));
  expect(ids.map((id) => findMaker(id))).not.toContain(null);
});
