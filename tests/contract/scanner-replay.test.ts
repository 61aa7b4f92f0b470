import { createScanner } from '../../drivers/scanner.ts';
import { createReplay } from '../../drivers/transports/replay.ts';
import { scannerContract } from './scanner.ts';

scannerContract('replay', async () => {
  const { transport, device } = createReplay();
  const encoder = new TextEncoder();
  return {
    scanner: createScanner({ path: 'replay', profile: 'cr', ownPrefixes: ['603555'], transport }),
    send: (text) => void device.feed(encoder.encode(text)),
    unplug: async () => device.unplug(),
    plug: async () => device.plug(),
    async occupy() {
      const sink = { onChunk: () => undefined, onGone: () => undefined };
      const line = { baudRate: 9600, dataBits: 8, parity: 'none', stopBits: 1 } as const;
      const session = await transport.open({ path: 'replay', line }, sink);
      return () => session.close();
    },
    dispose: async () => undefined,
  };
});
