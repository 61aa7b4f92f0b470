import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { CentreRefusal } from '../refusal.ts';

const NOTHING = Buffer.alloc(0);
const bodies = new WeakMap<FastifyRequest, Buffer>();

/** The body's bytes as they were before any compression: what a signature is over. */
export const rawBody = (request: FastifyRequest): Uint8Array => bodies.get(request) ?? NOTHING;

/** Reads JSON, and keeps its bytes. `__proto__` and `constructor.prototype` are refused by the parser. */
export function addJsonBody(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const bytes = body as Buffer;
    if (!isUtf8(bytes))
      return done(new CentreRefusal('bad_request', 'The request is not UTF-8. Nothing was changed.'));
    bodies.set(request, bytes);
    return void parse(request, bytes.toString('utf8'), done);
  });
}
