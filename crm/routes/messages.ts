import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { OpId, StaffId } from '../../sync/base/ids.ts';
import {
  MessagesReply,
  RehearseReply,
  RehearseRequest,
  SENDS_SHOWN,
  SendsReply,
} from '../../sync/protocol/messages.ts';
import { skipReasonOf } from '../../sync/merge/messages.ts';
import { MessageChannel } from '../../sync/model/template.ts';
import type { Centre } from '../centre.ts';
import { findSignSecret } from '../keys.ts';
import { eachMeant, findTarget } from '../messages/recipients.ts';
import { readToken, unsubscribe } from '../messages/unsubscribe.ts';
import { PAGE_HEADERS } from '../pages/html.ts';
import { toUnsubscribePage } from '../pages/unsubscribe-page.ts';
import type { RouteApi } from '../plugins/openapi.ts';
import { authSignedTill, authTill } from '../plugins/till-auth.ts';
import { CentreRefusal } from '../refusal.ts';
import { findDocument } from '../repos/documents.ts';
import { listMessages, listSends } from '../repos/messages.ts';
import { assertManager, assertStorable } from './inbox.ts';

const Actor = z.strictObject({ actorId: StaffId });
const OpParams = z.strictObject({ opId: OpId });

const api = {
  list: {
    summary: 'The latest messages to members, and what became of them.',
    auth: 'till',
    query: Actor,
    reply: MessagesReply,
  },
  sends: {
    summary: 'What became of one message, person by person.',
    auth: 'till',
    query: Actor,
    reply: SendsReply,
  },
  rehearse: {
    summary: 'Who would get a message now, and who not and why.',
    auth: 'signed',
    request: RehearseRequest,
    reply: RehearseReply,
  },
} satisfies Record<string, RouteApi>;

const TOLD = {
  filter_changed:
    'The centre has another version of this saved filter. Nothing was sent; wait for the next exchange and count again.',
  filter_empty: 'This saved filter asks nothing, so it would be everybody. Nothing was sent; choose another.',
} as const;

async function rehearse(centre: Centre, asked: RehearseRequest): Promise<RehearseReply> {
  return centre.database.transaction(async (tx) => {
    const template = await findDocument(tx, 'template', asked.templateId);
    const target = await findTarget(tx, asked);
    if (typeof target === 'string' && target !== 'segment_unknown')
      throw new CentreRefusal('bad_request', TOLD[target]);
    if (template === undefined || target === 'segment_unknown')
      throw new CentreRefusal(
        'bad_request',
        'The centre has no such template, segment or filter yet. Nothing was sent.',
      );
    const reasons = new Map<string, number>();
    let willGet = 0;
    await eachMeant(tx, { target, nowMs: centre.clock.nowMs() }, (people) => {
      for (const person of people) {
        const reason = skipReasonOf(person, template);
        if (reason === null) willGet += 1;
        else reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      }
    });
    return { willGet, willNot: [...reasons].map(([reason, count]) => ({ reason, count })) };
  }, 'read');
}

/** Nothing of it is read. */
const PRESS_BYTES_MAX = 16 * 1024;

/** The way out of marketing: a page to press a button on, because programs open every link of a mail. */
function addWayOut(app: FastifyInstance, centre: Centre): void {
  // Mail programs send a form of either kind; the token says all.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => {
    let bytes = 0;
    payload.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > PRESS_BYTES_MAX)
        payload.destroy(new CentreRefusal('bad_request', 'Too much was sent.', 413));
    });
    payload.once('error', done);
    payload.once('end', () => done(null));
  });
  const memberOf = async (params: unknown) => {
    const token = (params as { token?: unknown }).token;
    return readToken(await findSignSecret(centre.database.sql), typeof token === 'string' ? token : '');
  };
  const send = (reply: FastifyReply, state: 'ask' | 'done' | 'unknown'): FastifyReply =>
    reply
      .code(state === 'unknown' ? 404 : 200)
      .headers(PAGE_HEADERS)
      .send(toUnsubscribePage(state));
  app.get('/u/:token', async (request, reply) =>
    send(reply, (await memberOf(request.params)) === null ? 'unknown' : 'ask'),
  );
  app.post('/u/:token', async (request, reply) => {
    const memberId = await memberOf(request.params);
    if (memberId === null) return send(reply, 'unknown');
    await unsubscribe(centre, memberId);
    return send(reply, 'done');
  });
}

/** Messages to members, for managers at a till. What is asked for comes as ops. */
export function addMessages(app: FastifyInstance, centre: Centre): void {
  const { sql } = centre.database;
  app.get('/v1/messages', { config: { api: api.list } }, async (request): Promise<MessagesReply> => {
    await authTill(centre, request);
    assertStorable(request.query);
    await assertManager(centre, Actor.parse(request.query).actorId);
    const channels = MessageChannel.options.filter((channel) => centre.connectors[channel] !== undefined);
    return { messages: await listMessages(sql), channels };
  });
  app.get('/v1/messages/:opId', { config: { api: api.sends } }, async (request): Promise<SendsReply> => {
    await authTill(centre, request);
    assertStorable({ params: request.params, query: request.query });
    await assertManager(centre, Actor.parse(request.query).actorId);
    return { sends: await listSends(sql, OpParams.parse(request.params).opId, SENDS_SHOWN) };
  });
  app.post('/v1/messages/rehearse', { config: { api: api.rehearse } }, async (request) => {
    await authSignedTill(centre, request);
    const asked = RehearseRequest.parse(request.body);
    assertStorable(asked);
    await assertManager(centre, asked.actorId);
    return rehearse(centre, asked);
  });
  void app.register((scope, _options, done) => {
    addWayOut(scope, centre);
    done();
  });
}
