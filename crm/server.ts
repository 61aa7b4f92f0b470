import { readFile } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { Clock } from '../sync/base/clock.ts';
import { buildApp } from './app.ts';
import { createCentre, type Centre } from './centre.ts';
import { openDatabase } from './database.ts';
import { openDoors, type Doors } from './doors.ts';
import { seedDemo } from './demo/seed.ts';
import { createReach } from './integration/reach.ts';
import { eraseAnew } from './inbox/erase-anew.ts';
import { startKeeping } from './inbox/keeping.ts';
import { keepEraseList } from './inbox/list-watch.ts';
import { NO_MESSAGES, type MessageSettings } from './messages/connectors.ts';
import { toLogged } from './log.ts';
import { NO_CHECKSUMS } from './pages/status-page.ts';
import { countAnew } from './count-anew.ts';
import { migrate } from './migrate.ts';
import { nodeCrypto, nodeScrypt } from './node-crypto.ts';
import { findChain } from './repos/documents.ts';
import { SetupForm, setUp } from './setup.ts';
import { createTierKeeper } from './tier-keeper.ts';
import { openTrialKeeper, type TrialKeeper } from './trial-keeper.ts';

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
  /** The list of erasures; left out: one in `folder`, under a name of this database. */
  eraseListFile?: string | undefined;
  /** The database was put back to an earlier day: it counts anew. Left out, the first till that knows says so. */
  isRestored?: boolean;
  /** Addresses inside the house that webhooks may call, as ranges; left out: none. */
  innerReach?: string;
  /** Left out: no message can be sent. */
  messages?: MessageSettings;
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

async function prepare(centre: Centre, options: ServerOptions, keeper: TrialKeeper | null): Promise<void> {
  const isMigrated = await migrate(centre.database, centre.crypto, centre.clock.nowMs());
  if (centre.database.isTrial) {
    options.log.warn(
      'trial database (PGlite): acknowledged work is kept in a journal, but use PostgreSQL for a shop: set ' +
        'DATABASE_URL',
    );
  }
  if (!centre.database.hasChecksums) options.log.warn(NO_CHECKSUMS);
  const isSetUp = (await findChain(centre.database.sql)) !== null;
  const isSeeded = !isSetUp && options.isDemo;
  // Years of made-up history are no till's work, and can be made again.
  if (isSeeded) await seedDemo(centre);
  const { isRestored = false } = options;
  if (isRestored) await centre.database.transaction((tx) => countAnew(tx, centre.crypto));
  await keeper?.start(isMigrated || isSeeded || isRestored);
  await eraseAnew(centre);
  await keepEraseList(centre, 'start');
  if (!isSetUp && !isSeeded && options.setupFile !== null) {
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
    eraseListFile: options.eraseListFile,
    onError: (cause) => log.warn({ cause: toLogged(cause) }, 'a database connection broke'),
    onDeath: options.onDeath,
  });
  const kept = { database, log, clock, crypto: nodeCrypto };
  const keeper = database.isTrial ? await openTrialKeeper(options.folder, kept) : null;
  const reach = createReach(options.innerReach ?? '');
  const centre = createCentre({
    ...kept,
    scrypt: nodeScrypt,
    reach,
    messages: options.messages ?? NO_MESSAGES,
  });
  const app = buildApp(centre);
  const tierKeeper = createTierKeeper(centre);
  let endKeeping = (): void => undefined;
  let doors: Doors = { port: 0, close: async () => undefined };
  const stop = async (): Promise<void> => {
    endKeeping();
    await doors.close();
    await centre.deliverer.stop();
    await centre.sender.stop();
    await tierKeeper.stop();
    await centre.feed.stop();
    await app.close();
    await database.close();
    await keeper?.end();
  };
  try {
    await keeper?.recover();
    await prepare(centre, options, keeper);
    doors = await openDoors(app, options);
    centre.feed.start();
    centre.deliverer.start();
    centre.sender.start();
    tierKeeper.start();
    endKeeping = startKeeping(centre, async () => keeper?.checkpoint());
  } catch (cause) {
    await stop();
    throw cause;
  }
  return {
    url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${doors.port}`,
    centre,
    stop,
  };
}
