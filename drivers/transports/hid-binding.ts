import type { HIDAsync } from 'node-hid';
import { DeviceError } from '../types.ts';

/** One collection of a device, as the system lists it: a device with two has two entries of one path. */
export interface HidEntry {
  readonly path: string;
  readonly vendorId: number;
  readonly productId: number;
  readonly serialNumber: string;
  readonly maker: string;
  readonly model: string;
  readonly page: number;
  readonly usage: number;
}

export interface HidHandle {
  /** Whole input reports, with their id where they have one. The receiver owns the bytes. */
  onReport(listener: (report: Uint8Array) => void): void;
  /** At most once: the device went, or reading failed. */
  onError(listener: (cause: Error) => void): void;
  /** An output report, id first. */
  write(report: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** The way to HID devices. One real implementation, and a fake of the tests that passes the same contract. */
export interface HidBinding {
  list(): Promise<readonly HidEntry[]>;
  open(path: string): Promise<HidHandle>;
}

type NodeHid = typeof import('node-hid');

async function loadNodeHid(): Promise<NodeHid> {
  const loaded: NodeHid & { default?: NodeHid } = await import('node-hid');
  const nodeHid = loaded.default ?? loaded;
  // The other one needs libusb, and takes the device away from the kernel while it is open.
  if (process.platform === 'linux') nodeHid.setDriverType('hidraw');
  return nodeHid;
}

/** Node-hid gives a string where others give an error. */
const toError = (cause: unknown): Error => (cause instanceof Error ? cause : new Error(String(cause)));

function toHandle(device: HIDAsync): HidHandle {
  let onError: ((cause: Error) => void) | null = null;
  // Stays for good: an `error` without a listener would end the process.
  device.on('error', (cause: unknown) => {
    const tell = onError;
    onError = null;
    tell?.(toError(cause));
  });
  return {
    onReport: (listener) => void device.on('data', (report: Uint8Array) => listener(report)),
    onError: (listener) => {
      onError = listener;
    },
    write: async (report) => void (await device.write(Buffer.from(report))),
    close: () => device.close(),
  };
}

/**
 * Node-hid, loaded at the first use: a PC without its system libraries starts all the same.
 *
 * Only `HIDAsync`: the synchronous one takes a thread of the pool for each reader and can crash when it is closed.
 */
export function createNodeHidBinding(): HidBinding {
  let loading: Promise<NodeHid> | null = null;
  const load = async (): Promise<NodeHid> => {
    loading ??= loadNodeHid();
    try {
      return await loading;
    } catch (cause) {
      loading = null;
      throw new DeviceError('no-hid', 'HID devices can not be used on this PC', { cause });
    }
  };
  return {
    list: async () => {
      const nodeHid = await load();
      const entries = await nodeHid.devicesAsync().catch((cause: unknown) => {
        throw new DeviceError('no-hid', 'HID devices can not be listed on this PC', { cause });
      });
      return entries.flatMap(({ path, ...entry }) =>
        path === undefined
          ? []
          : [
              {
                path,
                vendorId: entry.vendorId,
                productId: entry.productId,
                serialNumber: entry.serialNumber ?? '',
                maker: entry.manufacturer ?? '',
                model: entry.product ?? '',
                page: entry.usagePage ?? 0,
                usage: entry.usage ?? 0,
              },
            ],
      );
    },
    open: async (path) => {
      const nodeHid = await load();
      return toHandle(
        await nodeHid.HIDAsync.open(path).catch((cause: unknown) => Promise.reject(toError(cause))),
      );
    },
  };
}
