import { readFile } from 'node:fs/promises';
import type { SpillReply } from '../sync/protocol/spill.ts';
import { withDatabase, type RestOptions } from './at-rest.ts';
import { createCentre } from './centre.ts';
import { nodeCrypto, nodeScrypt } from './node-crypto.ts';
import { takeSpill } from './spills.ts';

/** Whose word it is when nobody signed in: whoever has the centre's own computer. */
const CONSOLE = 'console';

/**
 * `npm run crm -- --import-spill FILE`: the spill file of a lost till, as a manager would bring it. The same
 * file again changes nothing.
 *
 * @throws When the file or the database can not be opened; nothing was changed then.
 */
export async function importSpill(options: RestOptions & { file: string }): Promise<SpillReply> {
  const { log, clock } = options;
  const bytes = await readFile(options.file);
  return withDatabase(options, (database) => {
    const centre = createCentre({ database, log, clock, crypto: nodeCrypto, scrypt: nodeScrypt });
    return takeSpill(centre, bytes, CONSOLE);
  });
}

/** What a person reads of it. */
export const spillText = ({ booked, known, kept, refused }: SpillReply): string =>
  `booked ${booked}, known already ${known}, waiting for a manager ${kept}, refused ${refused}\n`;
