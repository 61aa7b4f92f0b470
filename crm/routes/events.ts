import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Centre } from '../centre.ts';
import { readCursor, readEvents, toCursor } from '../integration/events.ts';
import { authKey } from '../integration/keys.ts';
import {
  EventPage,
  EventQuery,
  NewWebhookRequest,
  WebhookSecret,
  WebhookView,
} from '../integration/shapes.ts';
import {
  makeWebhook,
  renewSecret,
  showWebhooks,
  startWebhook,
  stopWebhook,
} from '../integration/webhooks.ts';
import type { RouteApi } from '../plugins/openapi.ts';
import { readHead } from '../repos/feed-head.ts';

const READING = ['read:ledger', 'read:people'] as const;
const key = { auth: 'key', scopes: READING } as const;

const api = {
  events: {
    ...key,
    summary: 'What happened behind a cursor, in the order of the feed.',
    query: EventQuery,
    reply: EventPage,
  },
  make: {
    ...key,
    summary: 'A new webhook; its secret is told this once.',
    request: NewWebhookRequest,
    reply: WebhookSecret,
  },
  list: { ...key, summary: 'The key’s webhooks.', reply: z.object({ webhooks: z.array(WebhookView) }) },
  stop: { ...key, summary: 'Its receiver is told nothing more.', reply: WebhookView },
  start: { ...key, summary: 'A stopped or dead webhook goes on where its receiver was.', reply: WebhookView },
  renew: {
    ...key,
    summary: 'A new secret; for a day the one before it signs too.',
    reply: WebhookSecret,
  },
} satisfies Record<string, RouteApi>;

const HookParams = z.strictObject({ id: z.string().regex(/^hook-[0-9a-f]{12}$/) });

function addWebhooks(app: FastifyInstance, centre: Centre): void {
  app.post('/v1/webhooks', { config: { api: api.make } }, async (request) => {
    const by = await authKey(centre, request, READING);
    return makeWebhook(centre, by, NewWebhookRequest.parse(request.body));
  });
  app.get('/v1/webhooks', { config: { api: api.list } }, async (request) => {
    const by = await authKey(centre, request, READING);
    return { webhooks: await showWebhooks(centre, by) };
  });
  const act = (verb: 'stop' | 'start' | 'renew', work: typeof stopWebhook): void => {
    app.post(`/v1/webhooks/:id/${verb}`, { config: { api: api[verb] } }, async (request) => {
      const by = await authKey(centre, request, READING);
      return work(centre, by, HookParams.parse(request.params).id);
    });
  };
  act('stop', stopWebhook);
  act('start', startWebhook);
  act('renew', renewSecret);
}

/** For other systems: what happened, asked for or told. */
export function addEvents(app: FastifyInstance, centre: Centre): void {
  app.get('/v1/events', { config: { api: api.events } }, async (request): Promise<EventPage> => {
    const { scopes } = await authKey(centre, request, READING);
    const { after, limit } = EventQuery.parse(request.query);
    const { epoch, seq } = await readHead(centre.database.sql);
    if (after === 'now') return { events: [], cursor: toCursor(epoch, seq), hasMore: false, anonymised: [] };
    const afterSeq = after === undefined ? 0 : readCursor(after, epoch);
    const { upToSeq: _, ...page } = await readEvents(centre.database, { afterSeq, limit, scopes });
    return page;
  });
  addWebhooks(app, centre);
}
