import { rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CoreConfig } from '../../../../electron/core/index.ts';
import { makeFolder, openTestTill, seedFolder, type TestTill } from '../../../parts/till.ts';

interface ToldTill {
  dir: string;
  till: TestTill;
  /** @param till the core that runs by then over the same files */
  end(till: TestTill): Promise<void>;
}

/** A till with a cashier, and at its centre's address something that answers as it is told: not the centre. */
export async function startToldTill(
  answer: RequestListener,
  config: Partial<CoreConfig> = {},
): Promise<ToldTill> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const dir = makeFolder();
  await seedFolder(dir, { serverUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  const till = openTestTill(dir, config);
  await till.signIn('cashier');
  const end = async (running: TestTill): Promise<void> => {
    await running.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(dir, { recursive: true, force: true });
  };
  return { dir, till, end };
}
