import type { Logger } from 'pino';
import type { Clock } from '../sync/base/clock.ts';
import type { Crypto } from '../sync/base/crypto.ts';
import type { Scrypt } from '../sync/base/pin.ts';
import type { Database } from './database.ts';
import type { AckJournal } from './ack-journal.ts';
import { CENTRE_TILL } from './decide.ts';
import { createFeedService, type FeedService } from './feed/service.ts';
import { createGroupWriter, type GroupWriter } from './group-writer.ts';
import { createAttemptLimit, type AttemptLimit } from './attempt-limit.ts';
import { createCentreSigner } from './keys.ts';
import { createCounters, type Counters } from './metrics.ts';
import { sqlUnit } from './sql-store.ts';

/** Everything that a route may use; made once per process. */
export interface Centre {
  database: Database;
  writer: GroupWriter;
  counters: Counters;
  /** Files for tills that are far behind, and the word that something is new. */
  feed: FeedService;
  clock: Clock;
  crypto: Crypto;
  scrypt: Scrypt;
  log: Logger;
  /** Wrong PINs per login; wrong enrolment codes per address and of everybody. */
  pinAttempts: AttemptLimit;
  addressAttempts: AttemptLimit;
  codeAttempts: AttemptLimit;
  /** Shown once on stderr; whoever knows it may set the centre up. */
  setupToken: string;
}

export type CentreParts = Pick<Centre, 'database' | 'clock' | 'crypto' | 'scrypt' | 'log'> & {
  /** Of the embedded database: nothing is acknowledged before it is in there. */
  journal?: Pick<AckJournal, 'append'> | null;
};

/** A push counts as taken only when the journal has it too. */
const journaled = (writer: GroupWriter, journal: Pick<AckJournal, 'append'>): GroupWriter => ({
  ...writer,
  push: async (push) => {
    const taken = await writer.push(push);
    // The centre's own history is no till's work: nobody was told that it is safe.
    if (push.ops.length > 0 && push.tillId !== CENTRE_TILL) await journal.append(push);
    return taken;
  },
});

const QUARTER_HOUR_MS = 15 * 60_000;

export function createCentre(parts: CentreParts): Centre {
  const { journal = null, ...rest } = parts;
  const writer = createGroupWriter(sqlUnit(parts.database, parts.crypto), parts.clock);
  return {
    ...rest,
    counters: createCounters(),
    writer: journal === null ? writer : journaled(writer, journal),
    feed: createFeedService({ ...parts, signer: createCentreSigner(parts.database.sql) }),
    pinAttempts: createAttemptLimit({ wrongMax: 5, windowMs: QUARTER_HOUR_MS }),
    addressAttempts: createAttemptLimit({ wrongMax: 10, windowMs: QUARTER_HOUR_MS }),
    // A code has fifty bits: so many tries from everywhere still find none.
    codeAttempts: createAttemptLimit({ wrongMax: 1_000, windowMs: QUARTER_HOUR_MS }),
    setupToken: parts.crypto.randomHex(8),
  };
}
