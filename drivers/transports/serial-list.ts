import { readdir, readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SerialPort } from 'serialport';
import type { SeenDevice } from '../types.ts';

const TTY_FOLDER = '/sys/class/tty';
/** USB-CDC and converters to RS-232; not the PC's own ports, which are there without a plug. */
export const PLUGGED_PORT = /^tty(ACM|USB)\d+$/;

type UsbFacts = Pick<SeenDevice, 'vendorId' | 'productId' | 'serialNumber' | 'maker' | 'model' | 'socket'>;

const readLine = (folder: string, name: string): Promise<string> =>
  readFile(join(folder, name), 'utf8').then(
    (text) => text.trim(),
    () => '',
  );

const toId = (hex: string): number | null => (/^[0-9a-f]{4}$/i.test(hex) ? Number.parseInt(hex, 16) : null);

/** The USB device that a folder of sysfs belongs to; null outside of USB. */
export async function readUsbFacts(folder: string): Promise<UsbFacts | null> {
  let at = folder;
  // A device's folder lies at most that deep below its USB device's.
  for (let up = 0; up < 6 && at !== dirname(at); up += 1) {
    const vendorId = toId(await readLine(at, 'idVendor'));
    if (vendorId !== null) {
      const words = ['idProduct', 'serial', 'manufacturer', 'product'].map((name) => readLine(at, name));
      const [productId = '', serialNumber = '', maker = '', model = ''] = await Promise.all(words);
      return { vendorId, productId: toId(productId), serialNumber, maker, model, socket: basename(at) };
    }
    at = dirname(at);
  }
  return null;
}

/** From sysfs: needs no udev, and starts no process as serialport's own list does. */
export async function listLinuxPorts(ttyFolder: string = TTY_FOLDER): Promise<SeenDevice[]> {
  const names = await readdir(ttyFolder).catch(() => []);
  const ports = names.filter((name) => PLUGGED_PORT.test(name)).toSorted();
  const seen = await Promise.all(
    ports.map(async (name) => {
      const folder = await realpath(join(ttyFolder, name, 'device')).catch(() => null);
      const facts = folder === null ? null : await readUsbFacts(folder);
      return facts === null ? null : { ...toUnknownPort(join('/dev', name)), ...facts };
    }),
  );
  return seen.filter((port) => port !== null);
}

/** A port that nothing is known of but its path. */
export const toUnknownPort = (path: string): SeenDevice => ({
  transport: 'serial',
  path,
  vendorId: null,
  productId: null,
  serialNumber: '',
  maker: '',
  model: '',
  usages: [],
  socket: '',
});

/** Serial ports on a plug, with what USB says of them. Pseudo terminals and the PC's own ports are not among them. */
export async function listSerialPorts(): Promise<SeenDevice[]> {
  if (process.platform === 'linux') return listLinuxPorts();
  const ports = await SerialPort.list();
  return ports.map((port) => ({
    ...toUnknownPort(port.path),
    vendorId: toId(port.vendorId ?? ''),
    productId: toId(port.productId ?? ''),
    serialNumber: port.serialNumber ?? '',
    maker: port.manufacturer ?? '',
    model: '',
    socket: port.locationId ?? '',
  }));
}
