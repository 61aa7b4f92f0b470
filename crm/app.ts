import { fastify, type FastifyInstance } from 'fastify';
import { REQUEST_BYTES_MAX } from '../sync/protocol/exchange.ts';
import type { Centre } from './centre.ts';
import { addErrors, refuseAddress } from './plugins/errors.ts';
import { addJsonBody } from './plugins/json-body.ts';
import { addLoadLimits, LOAD_LIMITS, type LoadLimits } from './plugins/load-limits.ts';
import { addOpenApi } from './plugins/openapi.ts';
import { addZstd } from './plugins/zstd.ts';
import { addCloses } from './routes/closes.ts';
import { addEnrol } from './routes/enrol.ts';
import { addEvents } from './routes/events.ts';
import { addExchange } from './routes/exchange.ts';
import { addFeed } from './routes/feed.ts';
import { addFront } from './routes/front.ts';
import { addHolds } from './routes/holds.ts';
import { addInbox } from './routes/inbox.ts';
import { addHealth } from './routes/health.ts';
import { addIncarnations } from './routes/incarnations.ts';
import { addIntegrationKeys } from './routes/integration-keys.ts';
import { addMemberEdits } from './routes/member-edits.ts';
import { addLog } from './routes/log.ts';
import { addMembers } from './routes/members.ts';
import { addMessages } from './routes/messages.ts';
import { addShops } from './routes/shops.ts';
import { addSpills } from './routes/spills.ts';
import { addStrays } from './routes/strays.ts';
import { addTills } from './routes/tills.ts';

export interface AppLimits extends LoadLimits {
  /** A request that is not here after so long is answered with 408. */
  requestMs: number;
}
const REQUEST_MS = 30_000;
const HEADERS_MS_MAX = 10_000;
/** How often late requests are looked for. */
const LATE_CHECK_MS = 500;

/** For what a person waits for: the same centre over connections that tills do not take. */
const atCounter = (centre: Centre): Centre => {
  const { database } = centre;
  return { ...centre, database: { ...database, ...database.counter } };
};

/** The CRM without a socket: tests inject requests. Requests are not logged; bodies never are. */
export function buildApp(centre: Centre, limits: Partial<AppLimits> = {}): FastifyInstance {
  const { requestMs, ...load } = { requestMs: REQUEST_MS, ...LOAD_LIMITS, ...limits };
  const app = fastify({
    logger: false,
    bodyLimit: REQUEST_BYTES_MAX,
    requestTimeout: requestMs,
    http: {
      headersTimeout: Math.min(HEADERS_MS_MAX, requestMs),
      connectionsCheckingInterval: LATE_CHECK_MS,
    },
    forceCloseConnections: 'idle',
    frameworkErrors: refuseAddress,
  });
  addErrors(app, centre);
  addLoadLimits(app, centre, load);
  addOpenApi(app);
  addJsonBody(app);
  addZstd(app);
  const counter = atCounter(centre);
  addHealth(app, counter);
  addEnrol(app, counter);
  addExchange(app, centre);
  addIncarnations(app, centre);
  addStrays(app, centre);
  addSpills(app, centre);
  addFeed(app, centre);
  addInbox(app, counter);
  addMembers(app, counter);
  addLog(app, counter);
  addCloses(app, centre);
  addHolds(app, counter);
  addTills(app, counter);
  addShops(app, counter);
  addFront(app, counter);
  addEvents(app, centre);
  addIntegrationKeys(app, counter);
  addMemberEdits(app, counter);
  addMessages(app, counter);
  return app;
}
