import { readFile } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';

/** What the worker is started with. `dump`: the folder is empty, and filled from there. */
export interface PgliteWorkerData {
  folder: string;
  dump: string | null;
  path?: string;
  port: number;
}
export type PgliteOrder = 'close' | 'dump';

/** Runs PGlite away from the main thread, behind a socket that speaks PostgreSQL's protocol. */
async function main(): Promise<void> {
  const { folder, dump, path, port } = workerData as PgliteWorkerData;
  const loadDataDir = dump === null ? undefined : new Blob([await readFile(dump)]);
  const db = await PGlite.create(folder, loadDataDir === undefined ? {} : { loadDataDir });
  const server = new PGLiteSocketServer({
    db,
    ...(path === undefined ? { host: '127.0.0.1', port } : { path }),
    maxConnections: 4,
  });
  await server.start();
  const close = async (): Promise<void> => {
    await server.stop();
    await db.close();
    parentPort?.postMessage({ event: 'closed' });
  };
  const sendDump = async (): Promise<void> => {
    const bytes = new Uint8Array(await (await db.dumpDataDir('none')).arrayBuffer());
    parentPort?.postMessage({ event: 'dump', bytes }, [bytes.buffer]);
  };
  parentPort?.on('message', (order: PgliteOrder) => void (order === 'close' ? close() : sendDump()));
  parentPort?.postMessage({ event: 'ready', address: server.getServerConn() });
}

void main();
