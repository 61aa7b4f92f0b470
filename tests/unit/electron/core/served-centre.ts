import type { AddressInfo } from 'node:net';
import { nodeScrypt } from '../../../../crm/node-crypto.ts';
import { startPostgres } from '../../../parts/postgres.ts';
import { openTestCentre, type TestCentre } from '../../crm/test-centre.ts';

/** A centre on a real PostgreSQL that listens, as tills reach it. */
export interface ServedCentre {
  centre: TestCentre;
  serverUrl: string;
  end(): Promise<void>;
}

export async function openServedCentre(): Promise<ServedCentre> {
  const postgres = await startPostgres();
  const centre = await openTestCentre({ url: await postgres.createDatabase(), scrypt: nodeScrypt });
  await centre.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = centre.app.server.address() as AddressInfo;
  const end = async (): Promise<void> => {
    await centre.close();
    await postgres.stop();
  };
  return { centre, serverUrl: `http://127.0.0.1:${port}`, end };
}
