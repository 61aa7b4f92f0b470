import { readFile } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { Clock } from '../sync/base/clock.ts';
import type { SpillReply } from '../sync/protocol/spill.ts';
import { createCentre } from './centre.ts';
import { openDatabase } from './database.ts';
import { toLogged } from './log.ts';
import { migrate } from './migrate.ts';
import { nodeCrypto, nodeScrypt } from './node-crypto.ts';
import { takeSpill } from './spills.ts';
import { openTrialKeeper } from './trial-keeper.ts';

/** Whose word it is when nobody signed in: whoever has the centre's own computer. */
const CONSOLE = 'console';

interface ImportOptions {
  file: string;
  /** Folder of the embedded database; not used with `databaseUrl`. */
  folder: string;
  databaseUrl: string | null;
  clock: Clock;
  log: Logger;
}

/**
 * `npm run crm -- --import-spill FILE`: the spill file of a lost till, as a manager would bring it. The same
 * file again changes nothing.
 *
 * @throws When the file or the database can not be opened; nothing was changed then.
 */
export async function importSpill(options: ImportOptions): Promise<SpillReply> {
  const { log, clock } = options;
  const bytes = await readFile(options.file);
  const fail = (cause: unknown): void => log.error({ cause: toLogged(cause) }, 'the database died');
  const { databaseUrl: url, folder } = options;
  const database = await openDatabase({ url, folder, onError: fail, onDeath: fail });
  const kept = { database, log, clock, crypto: nodeCrypto };
  const keeper = database.isTrial ? await openTrialKeeper(folder, kept) : null;
  try {
    const centre = createCentre({ ...kept, scrypt: nodeScrypt });
    await keeper?.recover();
    await keeper?.start(await migrate(database, nodeCrypto, clock.nowMs()));
    return await takeSpill(centre, bytes, CONSOLE);
  } finally {
    await database.close();
    await keeper?.end();
  }
}

/** What a person reads of it. */
export const spillText = ({ booked, known, kept, refused }: SpillReply): string =>
  `booked ${booked}, known already ${known}, waiting for a manager ${kept}, refused ${refused}\n`;
