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
import { createHistory, type History } from './history.ts';
import { createDeliverer, type Deliverer } from './integration/deliver.ts';
import { createReach, type Reach } from './integration/reach.ts';
import {
  createConnectors,
  NO_MESSAGES,
  type Connectors,
  type MessageSettings,
} from './messages/connectors.ts';
import { createSender, type Sender } from './messages/sender.ts';
import { createCounters, type Counters } from './metrics.ts';
import { createPushOrder, type PushOrder } from './push-order.ts';
import { sqlReads, sqlUnit } from './sql-store.ts';
import { createTokenBucket, type TokenBucket } from './token-bucket.ts';

/** Everything that a route may use; made once per process. */
export interface Centre {
  database: Database;
  writer: GroupWriter;
  pushes: PushOrder;
  history: History;
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
  /** How often each key of another system may ask. */
  keyBucket: TokenBucket;
  /** Where this centre may call. */
  reach: Reach;
  /** Tells other systems what happened. */
  deliverer: Deliverer;
  /** Ways to write to members, and what writes to them. */
  connectors: Connectors;
  sender: Sender;
  /** Shown once on stderr; whoever knows it may set the centre up. */
  setupToken: string;
}

export type CentreParts = Pick<Centre, 'database' | 'clock' | 'crypto' | 'scrypt' | 'log'> &
  Partial<Pick<Centre, 'reach'> & { messages: MessageSettings }>;

const QUARTER_HOUR_MS = 15 * 60_000;

/** A shop's system asks a few times a second; more only while it catches up. */
const KEY_LIMIT = { perSecond: 10, burst: 100 };

export function createCentre(parts: CentreParts): Centre {
  const counters = createCounters();
  const { reach = createReach(''), messages: settings = NO_MESSAGES } = parts;
  const connectors = createConnectors(settings, reach);
  return {
    ...parts,
    counters,
    reach,
    keyBucket: createTokenBucket(KEY_LIMIT),
    deliverer: createDeliverer({ ...parts, counters, reach }),
    connectors,
    sender: createSender({ ...parts, counters, connectors, settings }),
    writer: createGroupWriter({
      runUnit: sqlUnit(parts.database, parts.crypto),
      reads: sqlReads(parts.database, parts.crypto),
      clock: parts.clock,
    }),
    history: createHistory(parts),
    pushes: createPushOrder((ms) => setTimeout(ms, undefined, { ref: false })),
    feed: createFeedService({ ...parts, signer: createCentreSigner(parts.database.sql) }),
    pinAttempts: createAttemptLimit({ wrongMax: 5, windowMs: QUARTER_HOUR_MS }),
    addressAttempts: createAttemptLimit({ wrongMax: 10, windowMs: QUARTER_HOUR_MS }),
    // A code has fifty bits: so many tries from everywhere still find none.
    codeAttempts: createAttemptLimit({ wrongMax: 1_000, windowMs: QUARTER_HOUR_MS }),
    setupToken: parts.crypto.randomHex(8),
  };
}
