import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';

/** A device that exists in this program only and is real for the kernel (linux/uhid.h). */
export interface VirtualDevice {
  /** Sends a report as the device would, with its id in front if it has one. */
  readonly input: (report: Uint8Array) => void;
  /** Reports that were written to the device, as hexadecimal. */
  readonly written: readonly string[];
  readonly unplug: () => void;
}

interface DeviceNames {
  readonly name: string;
  readonly vendor: number;
  readonly product: number;
  readonly serial: string;
  readonly descriptor: Uint8Array;
}

const Kind = {
  destroy: 1,
  output: 6,
  getReport: 9,
  getReply: 10,
  create: 11,
  input: 12,
  setReport: 13,
  setReply: 14,
};
/** Longest of all events: kind, and creation with its 4,096 bytes of descriptor. */
const EVENT_BYTES = 4380;
const AT = { name: 4, path: 132, serial: 196, head: 260, descriptor: 280, data: 4, dataLength: 4100 };
const USB_BUS = 3;
const EIO = 5;
const POLL_MS = 5;

function creation({ name, vendor, product, serial, descriptor }: DeviceNames): Buffer {
  const event = Buffer.alloc(EVENT_BYTES);
  event.writeUInt32LE(Kind.create, 0);
  event.write(name, AT.name);
  event.write(`virtual/${serial}`, AT.path);
  event.write(serial, AT.serial);
  event.writeUInt16LE(descriptor.length, AT.head);
  event.writeUInt16LE(USB_BUS, AT.head + 2);
  event.writeUInt32LE(vendor, AT.head + 4);
  event.writeUInt32LE(product, AT.head + 8);
  event.set(descriptor, AT.descriptor);
  return event;
}

/** The kernel asks for reports that these devices do not have, and waits until somebody says so. */
function refusal(event: Buffer): Buffer | null {
  const kind = event.readUInt32LE(0);
  if (kind !== Kind.getReport && kind !== Kind.setReport) return null;
  const reply = Buffer.alloc(EVENT_BYTES);
  reply.writeUInt32LE(kind === Kind.getReport ? Kind.getReply : Kind.setReply, 0);
  reply.writeUInt32LE(event.readUInt32LE(4), 4);
  reply.writeUInt16LE(EIO, 8);
  return reply;
}

/** Plugs a device in. */
export function plugVirtual(names: DeviceNames): VirtualDevice {
  const fd = openSync('/dev/uhid', constants.O_RDWR | constants.O_NONBLOCK);
  const written: string[] = [];
  const event = Buffer.alloc(EVENT_BYTES);

  /** False when the kernel has nothing more to say. */
  function hear(): boolean {
    try {
      if (readSync(fd, event) === 0) return false;
    } catch {
      return false;
    }
    const reply = refusal(event);
    if (reply !== null) writeSync(fd, reply);
    if (event.readUInt32LE(0) === Kind.output) {
      written.push(event.toString('hex', AT.data, AT.data + event.readUInt16LE(AT.dataLength)));
    }
    return true;
  }

  writeSync(fd, creation(names));
  const timer = setInterval(() => {
    while (hear());
  }, POLL_MS);
  return {
    written,
    input(report) {
      const sent = Buffer.alloc(6 + report.length);
      sent.writeUInt32LE(Kind.input, 0);
      sent.writeUInt16LE(report.length, 4);
      sent.set(report, 6);
      writeSync(fd, sent);
    },
    unplug() {
      clearInterval(timer);
      const gone = Buffer.alloc(4);
      gone.writeUInt32LE(Kind.destroy, 0);
      writeSync(fd, gone);
      closeSync(fd);
    },
  };
}
