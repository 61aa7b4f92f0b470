import { fastify, type FastifyInstance } from 'fastify';
import type { Centre } from './centre.ts';
import { addErrors } from './plugins/errors.ts';
import { addZstd } from './plugins/zstd.ts';
import { addEnrol } from './routes/enrol.ts';
import { addExchange } from './routes/exchange.ts';
import { addFront } from './routes/front.ts';
import { addHealth } from './routes/health.ts';

/** 500 operations of the largest members fit, every sign of them three bytes long. */
const BODY_BYTES_MAX = 8 * 1024 * 1024;
const REQUEST_MS_MAX = 30_000;

/** The CRM without a socket: tests inject requests. Requests are not logged; bodies never are. */
export function buildApp(centre: Centre): FastifyInstance {
  const app = fastify({
    logger: false,
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_MS_MAX,
    forceCloseConnections: 'idle',
  });
  addErrors(app, centre);
  addZstd(app, { inflatedBytesMax: BODY_BYTES_MAX });
  addHealth(app, centre);
  addEnrol(app, centre);
  addExchange(app, centre);
  addFront(app, centre);
  return app;
}
