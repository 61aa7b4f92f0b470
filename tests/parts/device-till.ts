import { rmSync } from 'node:fs';
import type { DeviceView, DevicesView, Learned } from '../../electron/contract/devices.ts';
import { createHidTransport } from '../../drivers/transports/hid.ts';
import { must } from '../../sync/base/must.ts';
import { createFakeHid } from './fake-hid.ts';
import { createFakePorts } from './fake-ports.ts';
import { makeFolder, openTestTill, seedFolder, type TestTill } from './till.ts';

/** A till of the test chain with cables that the test holds the other end of. */
export interface DeviceTill {
  till: TestTill;
  readonly bus: ReturnType<typeof createFakeHid>;
  readonly ports: ReturnType<typeof createFakePorts>;
  /** Devices as they were last listed or told. */
  list(): Promise<DevicesView>;
  /** Once a device of the list is so. */
  until(isSo: (devices: readonly DeviceView[]) => boolean): Promise<readonly DeviceView[]>;
  /** What the next scan is told as. */
  nextScan(act: () => void): Promise<{ source: string; result: { kind: string } }>;
  lessons(): Learned[];
  /** Closes the core and opens the folder anew. */
  restart(): Promise<void>;
  end(): Promise<void>;
}

const POLL_MS = 10;

export async function startDeviceTill(): Promise<DeviceTill> {
  const dir = makeFolder();
  await seedFolder(dir);
  const bus = createFakeHid();
  const ports = createFakePorts();
  const transports = { serial: ports.transport, hid: createHidTransport(bus.binding) };
  const open = async (): Promise<TestTill> => {
    const till = openTestTill(dir, { transports });
    await till.signIn('supervisor');
    till.core.start();
    return till;
  };
  const told = (name: string): unknown[] =>
    held.till.events.filter((event) => event.name === name).map(({ data }) => data);
  /** Asks time and again: what a device does comes without an event for each step. */
  async function poll<T>(read: () => Promise<T | null>): Promise<T> {
    for (;;) {
      const found = await read();
      if (found !== null) return found;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
  const held: DeviceTill = {
    till: await open(),
    bus,
    ports,
    list: () => held.till.client['devices.list']({}),
    until: (isSo) =>
      poll(async () => {
        const { devices } = await held.list();
        return isSo(devices) ? devices : null;
      }),
    nextScan: async (act) => {
      const before = told('scan.resolved').length;
      act();
      const scans = await poll(async () => {
        const all = told('scan.resolved');
        return all.length > before ? all : null;
      });
      return must(scans.at(-1), 'a scan is told') as { source: string; result: { kind: string } };
    },
    lessons: () => told('devices.learned') as Learned[],
    restart: async () => {
      await held.till.close();
      held.till = await open();
    },
    end: async () => {
      await held.till.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
  return held;
}
