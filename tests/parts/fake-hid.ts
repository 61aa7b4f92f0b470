import type { HidBinding, HidEntry, HidHandle } from '../../drivers/transports/hid-binding.ts';

/** A device on a HID bus that is none: it passes the contract that the real binding passes on real devices. */
export interface FakeHidDevice {
  readonly entry: HidEntry;
  plug(path?: string): void;
  unplug(): void;
  /** False when nobody has it open. */
  report(bytes: Uint8Array): boolean;
  readonly written: readonly Uint8Array[];
  /** How often it was opened. */
  readonly openCount: () => number;
}

interface Plugged {
  onReport: ((report: Uint8Array) => void) | null;
  onError: ((cause: Error) => void) | null;
}

const SCANNER: Omit<HidEntry, 'path'> = {
  vendorId: 0x0c_2e,
  productId: 0x0b_01,
  serialNumber: 'S1',
  maker: 'Honeywell',
  model: 'Xenon',
  page: 0x8c,
  usage: 2,
};

interface Node {
  readonly device: HidEntry;
  readonly plugged: Plugged;
  readonly own: Own;
}

/** What a device has seen done to it, over all its plugs. */
interface Own {
  readonly written: Uint8Array[];
  openCount: number;
}

let nodeCount = 0;

function makeDevice(nodes: Map<string, Node>, base: Omit<HidEntry, 'path'>): FakeHidDevice {
  const own: Own = { written: [], openCount: 0 };
  let path: string | null = null;
  return {
    get entry() {
      return { ...base, path: path ?? '' };
    },
    plug(at) {
      nodeCount += 1;
      path = at ?? `fake-hid-${process.pid}-${nodeCount}`;
      nodes.set(path, { device: { ...base, path }, plugged: { onReport: null, onError: null }, own });
    },
    unplug() {
      const node = path === null ? undefined : nodes.get(path);
      if (path !== null) nodes.delete(path);
      node?.plugged.onError?.(new Error('could not read data from device'));
    },
    report(bytes) {
      const tell = path === null ? null : (nodes.get(path)?.plugged.onReport ?? null);
      tell?.(Uint8Array.from(bytes));
      return tell !== null;
    },
    written: own.written,
    openCount: () => own.openCount,
  };
}

function openNode(nodes: Map<string, Node>, path: string): HidHandle {
  const node = nodes.get(path);
  if (node === undefined) throw new Error(`cannot open device with path ${path}`);
  const { plugged, own } = node;
  own.openCount += 1;
  return {
    onReport: (listener) => {
      plugged.onReport = listener;
    },
    onError: (listener) => {
      plugged.onError = listener;
    },
    write: async (report) => {
      if (nodes.get(path) !== node) throw new Error('could not write');
      own.written.push(Uint8Array.from(report));
    },
    close: async () => {
      plugged.onReport = null;
      plugged.onError = null;
    },
  };
}

/** One bus; a node that vanishes is an error of whoever reads it, as with hidraw. */
export function createFakeHid() {
  const nodes = new Map<string, Node>();
  let failure: Error | null = null;
  const binding: HidBinding = {
    list: async () => {
      if (failure !== null) throw failure;
      return [...nodes.values()].map(({ device }) => device);
    },
    open: async (path) => openNode(nodes, path),
  };
  return {
    binding,
    /** Plugged in from the start. */
    add: (facts: Partial<HidEntry> = {}): FakeHidDevice => {
      const device = makeDevice(nodes, { ...SCANNER, ...facts });
      device.plug();
      return device;
    },
    /** The binding can not be loaded on this PC, or can again. */
    fail: (cause: Error | null): void => {
      failure = cause;
    },
  };
}

/** A report of layout A, as Honeywell sends it. */
export function reportA(text: string, aim = ']C0'): Uint8Array {
  const report = new Uint8Array(64);
  report[0] = 2;
  report[1] = text.length;
  report.set(Buffer.from(aim, 'latin1'), 2);
  report.set(Buffer.from(text, 'latin1'), 5);
  return report;
}
