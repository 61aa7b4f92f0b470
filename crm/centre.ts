import { setTimeout } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Clock } from '../sync/base/clock.ts';
import type { Crypto } from '../sync/base/crypto.ts';
import type { Scrypt } from '../sync/base/pin.ts';
import type { Database } from './database.ts';
import { createFeedService, type FeedService } from './feed/service.ts';
import { createGroupWriter, type GroupWriter } from './group-writer.ts';
import { createAttemptLimit, type AttemptLimit } from './attempt-limit.ts';
import { createCentreSigner } from './keys.ts';
import { createCounters, type Counters } from './metrics.ts';
import { createPushOrder, type PushOrder } from './push-order.ts';
import { sqlReads, sqlUnit } from './sql-store.ts';

/** Everything that a route may use; made once per process. */
export interface Centre {
  database: Database;
  writer: GroupWriter;
  pushes: PushOrder;
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

export type CentreParts = Pick<Centre, 'database' | 'clock' | 'crypto' | 'scrypt' | 'log'>;

const QUARTER_HOUR_MS = 15 * 60_000;

export function createCentre(parts: CentreParts): Centre {
  return {
    ...parts,
    counters: createCounters(),
    writer: createGroupWriter({
      runUnit: sqlUnit(parts.database, parts.crypto),
      reads: sqlReads(parts.database, parts.crypto),
      clock: parts.clock,
    }),
    pushes: createPushOrder((ms) => setTimeout(ms, undefined, { ref: false })),
    feed: createFeedService({ ...parts, signer: createCentreSigner(parts.database.sql) }),
    pinAttempts: createAttemptLimit({ wrongMax: 5, windowMs: QUARTER_HOUR_MS }),
    addressAttempts: createAttemptLimit({ wrongMax: 10, windowMs: QUARTER_HOUR_MS }),
    // A code has fifty bits: so many tries from everywhere still find none.
    codeAttempts: createAttemptLimit({ wrongMax: 1_000, windowMs: QUARTER_HOUR_MS }),
    setupToken: parts.crypto.randomHex(8),
  };
}
