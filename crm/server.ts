import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import type { Clock } from '../sync/base/clock.ts';
import { buildApp } from './app.ts';
import { createCentre, type Centre } from './centre.ts';
import { openDatabase } from './database.ts';
import { seedDemo } from './demo/seed.ts';
import { toLogged } from './log.ts';
import { migrate } from './migrate.ts';
import { nodeCrypto, nodeScrypt } from './node-crypto.ts';
import { findChain } from './repos/documents.ts';
import { SetupForm, setUp } from './setup.ts';

export interface ServerOptions {
  host: string;
  /** 0: any free one. */
  port: number;
  /** Folder of the embedded database; not used with `databaseUrl`. */
  folder: string;
  databaseUrl: string | null;
  isDemo: boolean;
  /** A file to set the chain up from, instead of the form; ignored when it is set up. */
  setupFile: string | null;
  clock: Clock;
  log: Logger;
  /** The embedded database died: nothing can be stored any more. */
  onDeath(cause: unknown): void;
}

export interface RunningServer {
  url: string;
  centre: Centre;
  stop(): Promise<void>;
}

async function prepare(centre: Centre, options: ServerOptions): Promise<void> {
  await migrate(centre.database, centre.crypto, centre.clock.nowMs());
  if (centre.database.isTrial) {
    options.log.warn(
      'trial database (PGlite): safe when the program stops, not safe against power loss; set ' +
        'DATABASE_URL for a shop',
    );
  }
  const isSetUp = (await findChain(centre.database.sql)) !== null;
  if (!isSetUp && options.isDemo) await seedDemo(centre);
  else if (!isSetUp && options.setupFile !== null) {
    await setUp(centre, SetupForm.parse(JSON.parse(await readFile(options.setupFile, 'utf8'))));
  }
}

/**
 * Opens the database, migrates, fills or sets up if asked to, and listens. @throws When any of it fails;
 * all is closed then.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { log, clock } = options;
  const database = await openDatabase({
    url: options.databaseUrl,
    folder: options.folder,
    onError: (cause) => log.warn({ cause: toLogged(cause) }, 'a database connection broke'),
    onDeath: options.onDeath,
  });
  const centre = createCentre({ database, clock, crypto: nodeCrypto, scrypt: nodeScrypt, log });
  const app = buildApp(centre);
  const stop = async (): Promise<void> => {
    await app.close();
    await database.close();
  };
  try {
    await prepare(centre, options);
    await app.listen({ host: options.host, port: options.port });
  } catch (cause) {
    await stop();
    throw cause;
  }
  const { port } = app.server.address() as AddressInfo;
  return {
    url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
    centre,
    stop,
  };
}
