import { createHidScanner } from '../../drivers/scanner.ts';
import { holdDevice } from '../../drivers/transports/device-lock.ts';
import { createHidTransport } from '../../drivers/transports/hid.ts';
import { createFakeHid } from '../parts/fake-hid.ts';
import { scannerContract } from './scanner.ts';

/** The transport takes reports as they are: what they hold is the profile's, here the contract's `cr`. */
scannerContract('HID over a binding without hardware', async () => {
  const bus = createFakeHid();
  const device = bus.add();
  const transport = createHidTransport(bus.binding);
  const { vendorId, productId, serialNumber } = device.entry;
  return {
    scanner: createHidScanner({
      match: { vendorId, productId, serialNumber, usage: null, socket: '' },
      profile: 'cr',
      ownPrefixes: ['603555'],
      transport,
    }),
    send: (text) => void device.report(Buffer.from(text, 'latin1')),
    unplug: async () => device.unplug(),
    plug: async () => device.plug(),
    occupy: () => holdDevice(device.entry.path),
    dispose: async () => undefined,
  };
});
