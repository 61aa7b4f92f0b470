/** Runs in the machine: virtual devices, the kernel's HID core, hidraw, the product. */
import { readdirSync, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { serialProfiles } from '../../../drivers/profiles/serial.ts';
import { usualOf } from '../../../drivers/profiles/usual.ts';
import { createHidTransport } from '../../../drivers/transports/hid.ts';
import { DeviceError } from '../../../drivers/types.ts';
import { posReport, swipeReport } from '../../vectors/vector.ts';
import type { HidCheck } from './checks.ts';
import {
  IDTECH_READER_DESCRIPTOR,
  KEYBOARD_DESCRIPTOR,
  SCANNER_DESCRIPTOR,
  STANDARD_READER_DESCRIPTOR,
  VENDOR_READER_DESCRIPTOR,
} from './descriptors.ts';
import { findDevice, listenTo, toldOf, untilState, type Ear } from './ear.ts';
import { check, runProgram, same, sayFigure, until } from './telling.ts';
import { plugVirtual, type VirtualDevice } from './uhid.ts';

const showThat = (name: HidCheck, act: () => Promise<void>): Promise<void> => check(name, act);
const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');

const EAN = '4006381333931';
const CARD = '6035550000001230';
const TRACK = `;${CARD}=4912?`;
const PAYMENT_TRACKS = [
  '%B4111111111111111^DOE/JANE^2912101000000000?',
  ';4111111111111111=29121010000000000?',
];
const ANY_LINE = serialProfiles.auto.line;
const UNPLUGS = 20;
const FLOOD = 10_000;
/** The kernel keeps 63 reports for a program that does not read. */
const BURST = 32;

const plugScanner = (serial: string): VirtualDevice =>
  plugVirtual({ name: 'Scanner', vendor: 0x0c2e, product: 0x0b61, serial, descriptor: SCANNER_DESCRIPTOR });
const plugReader = (serial: string, vendor: number, descriptor: Uint8Array): VirtualDevice =>
  plugVirtual({ name: 'Reader', vendor, product: 0x0002, serial, descriptor });

async function checkLayouts(): Promise<void> {
  const forms = [
    ['layout A brings a product with its identifier', 'hidpos A', posReport(EAN, { aim: ']E0' })],
    [
      'layout A one byte further on brings the same',
      "hidpos A'",
      posReport(EAN, { aim: ']E0', layout: "A'" }),
    ],
    ['layout B without identifier brings the same', 'hidpos B', posReport(EAN, { layout: 'B' })],
  ] as const;
  for (const [name, profile, report] of forms) {
    await showThat(name, async () => {
      const device = plugScanner(profile);
      const ear = await listenTo('hid', profile, profile);
      same(await toldOf(ear, 1, () => device.input(bytes(report))), [`product ${EAN}`]);
      await ear.scanner.close();
      device.unplug();
    });
  }
}

async function checkReports(device: VirtualDevice, ear: Ear): Promise<void> {
  const scan = bytes(posReport(CARD, { aim: ']C0' }));
  const other = bytes(posReport(EAN, { aim: ']E0' }));
  await showThat('a long code comes in continued reports and is one scan', async () => {
    const code = `K${'0123456789'.repeat(15)}`;
    const told = await toldOf(ear, 1, () => {
      for (let from = 0; from < code.length; from += 56) {
        const isContinued = from + 56 < code.length;
        device.input(bytes(posReport(code.slice(from, from + 56), { aim: ']Q1', isContinued })));
      }
    });
    same(told, [`unknown ${code}`]);
  });
  await showThat('reports that are too short or of an unknown kind are nothing', async () => {
    device.input(Buffer.from([2, 255]));
    device.input(Buffer.from([9, 1, 2, 3]));
    device.input(Buffer.alloc(0));
    same(await toldOf(ear, 1, () => device.input(other)), [`product ${EAN}`]);
  });
  await showThat('a flood of 10,000 reports makes nothing up and the next scan counts', async () => {
    const from = ear.told.length;
    const report = bytes(posReport('K00000', { aim: ']C0' }));
    for (let at = 0; at < FLOOD; at += 1) {
      report.write(String(at).padStart(5, '0'), 6);
      device.input(report);
      if (at % BURST === BURST - 1) await pause(1);
    }
    device.input(scan);
    await until(() => ear.told.at(-1) === `member-card ${CARD}`, 'the scan after the flood');
    const numbers = ear.told.slice(from, -1).map((words) => Number(/^unknown K(\d+)$/.exec(words)?.[1]));
    same(
      numbers.findIndex((number, at) => !(number > (numbers[at - 1] ?? -1))),
      -1,
    );
    process.stdout.write(`figure flood: ${numbers.length} of ${FLOOD} told, in order\n`);
  });
  await showThat('what we write to the scanner reaches it', async () => {
    same(await ear.scanner.write(Uint8Array.of(4, 1)), true);
    await until(() => device.written.includes('0401'), 'the output report');
  });
  await showThat('a second till is kept off a device that is open', async () => {
    const second = await listenTo('hid', 'SN0001', 'hidpos auto');
    same([ear.scanner.status().state, second.scanner.status().state], ['ready', 'busy']);
    await second.scanner.close();
  });
}

async function checkReaders(): Promise<void> {
  const vendor = plugReader('MSR1', 0x0801, VENDOR_READER_DESCRIPTOR);
  const vendorEar = await listenTo('hid', 'MSR1', 'msr vendor 337');
  await showThat('a swipe of an own card at a reader of 337 bytes is a member', async () => {
    const told = await toldOf(vendorEar, 1, () => vendor.input(bytes(swipeReport(['', TRACK]))));
    same(told, [`member-card ${CARD}`]);
  });
  await showThat('a swipe of a payment card is refused without a digit', async () => {
    const told = await toldOf(vendorEar, 1, () => vendor.input(bytes(swipeReport(PAYMENT_TRACKS))));
    same(told, ['blocked-payment-card ']);
  });
  await showThat('a swipe at a reader of page 0x8E is a member', async () => {
    const reader = plugReader('MSR2', 0x0acd, STANDARD_READER_DESCRIPTOR);
    const ear = await listenTo('hid', 'MSR2', 'msr 8e');
    const report = Buffer.alloc(4 + 80 + 42 + 108);
    report.set([1, 0, TRACK.length]);
    report.write(TRACK, 4 + 80);
    same(await toldOf(ear, 1, () => reader.input(report)), [`member-card ${CARD}`]);
    await ear.scanner.close();
  });
  await showThat('a swipe at a reader of ID TECH’s own form is a member', async () => {
    const reader = plugReader('MSR3', 0x0acd, IDTECH_READER_DESCRIPTOR);
    const ear = await listenTo('hid', 'MSR3', 'msr idtech');
    const report = Buffer.alloc(509);
    report[4] = TRACK.length;
    report.write(TRACK, 9);
    same(await toldOf(ear, 1, () => reader.input(report)), [`member-card ${CARD}`]);
    await ear.scanner.close();
  });
  await vendorEar.scanner.close();
}

/** Linux names of the number keys and Enter (linux/input-event-codes.h): 1 is 2, … 0 is 11, Enter is 28. */
const KEY_ENTER = 28;
const signOf = (key: number): string => (key === KEY_ENTER ? '\n' : String((key - 1) % 10));

/** One key after the other: the kernel keeps 64 events for a program that does not read. */
async function readKeys(name: string, count: number, send: (at: number) => void): Promise<string> {
  const isOurs = (each: string): boolean =>
    readFileSync(`/sys/class/input/${each}/device/name`, 'utf8').trim() === name;
  const node = await until(
    () => readdirSync('/sys/class/input').find((each) => each.startsWith('event') && isOurs(each)),
    name,
  );
  const file = await open(`/dev/input/${node}`, 'r');
  const signs: string[] = [];
  const event = Buffer.alloc(24);
  send(0);
  while (signs.length < count) {
    await file.read(event, 0, event.length, null);
    const [kind, key, value] = [event.readUInt16LE(16), event.readUInt16LE(18), event.readInt32LE(20)];
    if (kind !== 1 || value !== 1) continue;
    signs.push(signOf(key));
    if (signs.length < count) send(signs.length);
  }
  await file.close();
  return signs.join('');
}

async function checkKeyboard(): Promise<void> {
  const name = 'Scanner as a keyboard';
  const keyboard = plugVirtual({
    ...{ name, vendor: 0x05e0, product: 0x1200, serial: 'KB1' },
    descriptor: KEYBOARD_DESCRIPTOR,
  });
  await showThat('a scanner in keyboard mode is told as that and never opened', async () => {
    const device = await findDevice('hid', 'KB1');
    same(usualOf(device)?.kind, 'keyboard-mode');
    const sink = { onChunk: () => undefined, onGone: () => undefined };
    const refused = createHidTransport().open({ path: device.path, line: ANY_LINE }, sink);
    same(await refused.catch((cause: unknown) => cause instanceof DeviceError && cause.code), 'not-a-port');
  });
  await showThat('keys of a scanner in keyboard mode arrive as keys, each as typed', async () => {
    // HID 1.11: 1 is 30, … 0 is 39, Enter is 40.
    const usages = [...EAN].map((digit) => 30 + ((Number(digit) + 9) % 10));
    const typed = await readKeys(name, EAN.length + 1, (at) => {
      keyboard.input(Buffer.from([0, 0, usages[at] ?? 40, 0, 0, 0, 0, 0]));
      keyboard.input(Buffer.alloc(8));
    });
    same(typed, `${EAN}\n`);
  });
}

/** A scanner and the till's ear at it, through all its unplugs. */
async function checkCable(first: VirtualDevice, ear: Ear): Promise<void> {
  const report = bytes(posReport(CARD, { aim: ']C0' }));
  let device = first;
  await showThat('after a replug it is ready by itself, though its node has another name', async () => {
    const { path } = ear.device;
    device.unplug();
    await untilState(ear, 'gone');
    plugReader('MSR9', 0x0801, VENDOR_READER_DESCRIPTOR); // Takes the node that has become free.
    await findDevice('hid', 'MSR9');
    device = plugScanner('SN0001');
    await untilState(ear, 'ready');
    same((await findDevice('hid', 'SN0001')).path === path, false);
    same(await toldOf(ear, 1, () => device.input(report)), [`member-card ${CARD}`]);
  });
  await showThat('twenty unplugs with reports in flight are all noticed and end ready', async () => {
    const noticed: number[] = [];
    const ready: number[] = [];
    for (let round = 0; round < UNPLUGS; round += 1) {
      const flood = setInterval(() => device.input(report), 1);
      await until(() => ear.told.length > 0, 'a scan of the flood');
      clearInterval(flood);
      ear.told.length = 0;
      const pulledMs = performance.now();
      device.unplug();
      await untilState(ear, 'gone');
      noticed.push(performance.now() - pulledMs);
      device = plugScanner('SN0001');
      const pluggedMs = performance.now();
      await untilState(ear, 'ready');
      ready.push(performance.now() - pluggedMs);
    }
    same(new Set(ear.told).size <= 1, true);
    sayFigure('unplug of a HID scanner under load to gone', noticed);
    sayFigure('its replug to ready', ready);
  });
}

async function main(): Promise<void> {
  const device = plugScanner('SN0001');
  await showThat('a scanner is found by page 0x8C, usage 2, maker, model and serial number', async () => {
    const { usages, vendorId, productId } = await findDevice('hid', 'SN0001');
    same([usages, vendorId, productId], [[{ page: 0x8c, usage: 2 }], 0x0c2e, 0x0b61]);
  });
  await checkLayouts();
  const ear = await listenTo('hid', 'SN0001', 'hidpos auto');
  await checkReports(device, ear);
  await checkReaders();
  await checkKeyboard();
  await checkCable(device, ear);
  await ear.scanner.close();
}

void runProgram(main);
