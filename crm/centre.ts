import type { Logger } from 'pino';
import type { Clock } from '../sync/base/clock.ts';
import type { Crypto } from '../sync/base/crypto.ts';
import type { Scrypt } from '../sync/base/pin.ts';
import type { Database } from './database.ts';
import { createGroupWriter, type GroupWriter } from './group-writer.ts';
import { createAttemptLimit, type AttemptLimit } from './attempt-limit.ts';

/** Everything that a route may use; made once per process. */
export interface Centre {
  database: Database;
  writer: GroupWriter;
  clock: Clock;
  crypto: Crypto;
  scrypt: Scrypt;
  log: Logger;
  /** Wrong PINs per login, and wrong enrolment codes of everybody. */
  pinAttempts: AttemptLimit;
  codeAttempts: AttemptLimit;
  /** Shown once on stderr; whoever knows it may set the centre up. */
  setupToken: string;
}

export type CentreParts = Pick<Centre, 'database' | 'clock' | 'crypto' | 'scrypt' | 'log'>;

const QUARTER_HOUR_MS = 15 * 60_000;

export function createCentre(parts: CentreParts): Centre {
  return {
    ...parts,
    writer: createGroupWriter(parts.database, parts.clock),
    pinAttempts: createAttemptLimit({ wrongMax: 5, windowMs: QUARTER_HOUR_MS }),
    codeAttempts: createAttemptLimit({ wrongMax: 50, windowMs: QUARTER_HOUR_MS }),
    setupToken: parts.crypto.randomHex(8),
  };
}
