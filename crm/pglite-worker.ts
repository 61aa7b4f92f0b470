import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';

/** Runs PGlite away from the main thread, behind a socket that speaks PostgreSQL's protocol. */
async function main(): Promise<void> {
  const { folder, path, port } = workerData as { folder: string; path?: string; port: number };
  const db = await PGlite.create(folder);
  const server = new PGLiteSocketServer({
    db,
    ...(path === undefined ? { host: '127.0.0.1', port } : { path }),
    maxConnections: 4,
  });
  await server.start();
  parentPort?.once('message', () => {
    void server
      .stop()
      .then(() => db.close())
      .then(() => parentPort?.postMessage({ event: 'closed' }));
  });
  parentPort?.postMessage({ event: 'ready', address: server.getServerConn() });
}

void main();
