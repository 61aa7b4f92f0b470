import type { Logger } from 'pino';
import type { Clock } from '../sync/base/clock.ts';
import { openDatabase, type Database } from './database.ts';
import { toLogged } from './log.ts';
import { migrate } from './migrate.ts';
import { nodeCrypto } from './node-crypto.ts';
import { openTrialKeeper, type TrialKeeper } from './trial-keeper.ts';

export interface RestOptions {
  /** Folder of the embedded database; not used with `databaseUrl`. */
  folder: string;
  databaseUrl: string | null;
  /** The list of erasures; left out: one in `folder`, under a name of this database. */
  eraseListFile?: string | undefined;
  clock: Clock;
  log: Logger;
}

/**
 * The centre's database for one errand on its own computer, with nobody listening; closed afterwards. The keeper is
 * there on the embedded one. @throws When the database can not be opened; nothing was changed then.
 */
export async function withDatabase<Result>(
  { folder, databaseUrl: url, eraseListFile, clock, log }: RestOptions,
  work: (database: Database, keeper: TrialKeeper | null) => Promise<Result>,
): Promise<Result> {
  const fail = (cause: unknown): void => log.error({ cause: toLogged(cause) }, 'the database died');
  const database = await openDatabase({ url, folder, eraseListFile, onError: fail, onDeath: fail });
  const kept = { database, log, clock, crypto: nodeCrypto };
  const keeper = database.isTrial ? await openTrialKeeper(folder, kept) : null;
  try {
    await keeper?.recover();
    await keeper?.start(await migrate(database, nodeCrypto, clock.nowMs()));
    return await work(database, keeper);
  } finally {
    await database.close();
    await keeper?.end();
  }
}
