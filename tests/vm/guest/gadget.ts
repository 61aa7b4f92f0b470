import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  symlinkSync,
  write,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { promisify } from 'node:util';
import { SCANNER_DESCRIPTOR } from './descriptors.ts';
import { until } from './telling.ts';

const writeAll = promisify(write);

/** A USB scanner inside the machine, with a HID half and a serial one; the machine is its host too. */
export interface Gadget {
  readonly plug: () => void;
  readonly unplug: () => void;
  /** A report over the interrupt endpoint. */
  readonly report: (bytes: Uint8Array) => Promise<void>;
  /** Bytes over CDC-ACM; lost when nobody has the cable plugged in. */
  readonly send: (text: string) => void;
  /** What was written to the serial half since the last look, in hexadecimal. */
  readonly heard: () => string;
  /** Opens the device's own ends anew, as after a replug. */
  readonly wake: () => Promise<void>;
}

export const GADGET = {
  vendor: '0c2e',
  product: '0b6a',
  serial: 'SN4711',
  maker: 'Maker',
  model: 'Scanner',
} as const;

const HOME = '/sys/kernel/config/usb_gadget/scanner';
const FILES: readonly (readonly [string, string | Uint8Array])[] = [
  ['idVendor', `0x${GADGET.vendor}`],
  ['idProduct', `0x${GADGET.product}`],
  ['strings/0x409/serialnumber', GADGET.serial],
  ['strings/0x409/manufacturer', GADGET.maker],
  ['strings/0x409/product', GADGET.model],
  ['functions/hid.0/protocol', '0'],
  ['functions/hid.0/subclass', '0'],
  ['functions/hid.0/report_length', '64'],
  ['functions/hid.0/report_desc', SCANNER_DESCRIPTOR],
];
const FOLDERS = ['', 'strings/0x409', 'configs/c.1', 'functions/hid.0', 'functions/acm.0'];
const NOBODY = new Set(['EAGAIN', 'EIO', 'ENODEV', 'ESHUTDOWN']);

/** The device's end of its serial half, raw. */
async function openLine(): Promise<number> {
  await until(() => readdirSync('/dev').includes('ttyGS0'), 'ttyGS0');
  const flags = constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK;
  const line = openSync('/dev/ttyGS0', flags);
  execFileSync('/bin/stty', ['-F', '/dev/ttyGS0', 'raw', '-echo']);
  return line;
}

/** Makes the device, not yet plugged in (linux: Documentation/usb/gadget_configfs.rst). */
export function makeGadget(): Gadget {
  for (const folder of FOLDERS) mkdirSync(`${HOME}/${folder}`, { recursive: true });
  for (const [name, content] of FILES) writeFileSync(`${HOME}/${name}`, content);
  for (const name of ['hid.0', 'acm.0']) {
    symlinkSync(`${HOME}/functions/${name}`, `${HOME}/configs/c.1/${name}`);
  }
  const [controller = ''] = readdirSync('/sys/class/udc');
  let line = -1;
  let endpoint = -1;
  return {
    plug: () => writeFileSync(`${HOME}/UDC`, controller),
    unplug: () => writeFileSync(`${HOME}/UDC`, '\n'),
    report: async (bytes) => void (await writeAll(endpoint, bytes)),
    send(text) {
      try {
        writeSync(line, text);
      } catch (cause) {
        const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
        if (!NOBODY.has(code)) throw cause;
      }
    },
    heard() {
      const bytes = Buffer.alloc(256);
      try {
        return bytes.toString('hex', 0, readSync(line, bytes));
      } catch {
        return ''; // Nothing yet.
      }
    },
    async wake() {
      for (const fd of [line, endpoint]) if (fd !== -1) closeSync(fd);
      line = await openLine();
      endpoint = openSync('/dev/hidg0', 'r+');
    },
  };
}
