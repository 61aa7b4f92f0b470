/** PouchDB's own server, `express-pouchdb`, on LevelDB in the folder given as argument. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { answerParent } from '../answering.ts';
import { loadPeer } from './packages.ts';
import { Pouch, type PouchMaker } from './pouch.ts';

interface Express {
  (): RequestListener & { use(path: string, handler: unknown): void };
}
type PouchServer = (maker: PouchMaker, options: object) => unknown;

const folder = process.argv[2] ?? '';
const express = loadPeer('express') as Express;
const serve = loadPeer('express-pouchdb') as PouchServer;
const maker = Pouch.defaults({ prefix: join(folder, 'centre-') });

const app = express();
// The parts that replication asks for, and no others: users, logs and views would only cost.
app.use('/', serve(maker, { mode: 'minimumForPouchDB', overrideMode: { include: [] } }));
const server = createServer(app);
// As long as the others' turns take: a line that is shut in the moment of its use would end the round.
server.keepAliveTimeout = 3_600_000;

answerParent({
  listen: () =>
    new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
    }),
  count: async (name: string) => (await new maker(name).info()).doc_count,
});
