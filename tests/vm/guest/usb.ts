/** Runs in the machine: a device with a HID and a serial half, the kernel's whole USB stack, the product. */
import { execFileSync } from 'node:child_process';
import { posReport } from '../../vectors/vector.ts';
import type { UsbCheck } from './checks.ts';
import { findDevice, listenTo, toldOf, untilState, type Ear } from './ear.ts';
import { GADGET, makeGadget, type Gadget } from './gadget.ts';
import { check, runProgram, same, sayFigure, until } from './telling.ts';

const showThat = (name: UsbCheck, act: () => Promise<void>): Promise<void> => check(name, act);

const CARD = '6035550000001230';
const OTHER_CARD = '6035550000001248';
const report = (card: string): Buffer => Buffer.from(posReport(card, { aim: ']C0' }), 'hex');
const UNPLUGS = 10;

interface Ears {
  readonly hid: Ear;
  readonly serial: Ear;
}

async function checkBytes(gadget: Gadget, { hid, serial }: Ears): Promise<void> {
  await showThat('a report comes through an interrupt endpoint', async () => {
    same(await toldOf(hid, 1, () => gadget.report(report(CARD))), [`member-card ${CARD}`]);
  });
  await showThat('a scan comes through CDC-ACM, byte for byte', async () => {
    same(await toldOf(serial, 1, () => gadget.send(`${CARD}\r`)), [`member-card ${CARD}`]);
    const odd = `K\x01\x11\x13\x1d\x1a\x04\x7f]"'\`\\`;
    same(await toldOf(serial, 1, () => gadget.send(`${odd}\r`)), [`unknown ${odd}`]);
  });
  await showThat('what we write to the serial half reaches it', async () => {
    same(await serial.scanner.write(Uint8Array.of(0x16, 0x07, 0x0d)), true);
    await until(() => gadget.heard().includes('16070d'), 'the tone');
  });
  await showThat('a second till is kept off the serial port', async () => {
    const second = await listenTo('serial', GADGET.serial, 'cr');
    same([serial.scanner.status().state, second.scanner.status().state], ['ready', 'busy']);
    await second.scanner.close();
  });
}

async function replug(gadget: Gadget): Promise<void> {
  gadget.plug();
  await gadget.wake();
}

async function checkCable(gadget: Gadget, { hid, serial }: Ears): Promise<void> {
  await showThat('after a replug both halves are ready by themselves', async () => {
    gadget.unplug();
    await Promise.all([untilState(hid, 'gone'), untilState(serial, 'gone')]);
    await replug(gadget);
    await Promise.all([untilState(hid, 'ready'), untilState(serial, 'ready')]);
    same(await toldOf(hid, 1, () => gadget.report(report(OTHER_CARD))), [`member-card ${OTHER_CARD}`]);
    same(await toldOf(serial, 1, () => gadget.send(`${OTHER_CARD}\r`)), [`member-card ${OTHER_CARD}`]);
  });
  await showThat('ten unplugs with bytes in flight are all noticed and end ready', async () => {
    const noticed: number[] = [];
    const ready: number[] = [];
    for (let round = 0; round < UNPLUGS; round += 1) {
      serial.told.length = 0;
      const flood = setInterval(() => gadget.send('4006381333931\r'.repeat(8)), 1);
      await until(() => serial.told.length > 0, 'a scan of the flood');
      const pulledMs = performance.now();
      gadget.unplug();
      clearInterval(flood);
      await Promise.all([untilState(hid, 'gone'), untilState(serial, 'gone')]);
      noticed.push(performance.now() - pulledMs);
      await replug(gadget);
      await findDevice('serial', GADGET.serial);
      const thereMs = performance.now();
      await Promise.all([untilState(hid, 'ready'), untilState(serial, 'ready')]);
      ready.push(performance.now() - thereMs);
    }
    sayFigure('unplug of a USB scanner under load to both halves gone', noticed);
    sayFigure('its node there again to both ready', ready);
  });
}

/** What udev knows of a device's node, once it has gone through the rules. */
const propertiesOf = (path: string): string =>
  execFileSync('/bin/udevadm', ['info', '--query=property', `--name=${path}`], { encoding: 'utf8' });

async function checkRules(): Promise<void> {
  const name =
    'the rules that we ship open both halves to the person at the till, and close the line to ModemManager';
  await showThat(name, async () => {
    const hid = await findDevice('hid', GADGET.serial);
    const serial = await findDevice('serial', GADGET.serial);
    for (const { path } of [hid, serial]) {
      await until(() => /^TAGS=.*:uaccess:/m.test(propertiesOf(path)), `the tag of ${path}`);
    }
    same(/^ID_MM_PORT_IGNORE=1$/m.test(propertiesOf(serial.path)), true);
  });
}

async function main(): Promise<void> {
  const gadget = makeGadget();
  gadget.plug();
  await showThat('both halves of a USB scanner are found with maker, model and serial number', async () => {
    for (const kind of ['hid', 'serial'] as const) {
      const { vendorId, productId, maker, model } = await findDevice(kind, GADGET.serial);
      const ids = [Number.parseInt(GADGET.vendor, 16), Number.parseInt(GADGET.product, 16)];
      same([vendorId, productId, maker, model], [...ids, GADGET.maker, GADGET.model]);
    }
  });
  await checkRules();
  await gadget.wake();
  const hid = await listenTo('hid', GADGET.serial, 'hidpos auto');
  const serial = await listenTo('serial', GADGET.serial, 'cr');
  await checkBytes(gadget, { hid, serial });
  await checkCable(gadget, { hid, serial });
  await hid.scanner.close();
  await serial.scanner.close();
}

void runProgram(main);
