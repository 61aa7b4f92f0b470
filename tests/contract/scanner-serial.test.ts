import { createSerialScanner } from '../../drivers/scanner.ts';
import { createPtyCable, holdPort } from '../parts/pty.ts';
import { scannerContract } from './scanner.ts';

scannerContract('serial over a pseudo terminal', async () => {
  const cable = await createPtyCable();
  return {
    scanner: createSerialScanner({ path: cable.path, profile: 'cr', ownPrefixes: ['603555'] }),
    send: cable.send,
    unplug: cable.unplug,
    plug: cable.plug,
    occupy: () => holdPort(cable.path),
    dispose: cable.dispose,
  };
});
