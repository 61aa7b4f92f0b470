import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z, ZodError } from 'zod';
import { isStorable } from '../../sync/base/text.ts';
import type { Centre } from '../centre.ts';
import { signInManager } from '../enrol.ts';
import { endKey, makeKey, toKeyView } from '../integration/keys.ts';
import { ApiRefusal } from '../integration/refusal.ts';
import { KeyView, NewKeyReply, NewKeyRequest, SignInRequest } from '../integration/shapes.ts';
import { wordsFor } from '../pages/words.ts';
import { PAGE_HEADERS } from '../pages/html.ts';
import { toIntegrationPage, type IntegrationPage } from '../pages/integration-page.ts';
import type { RouteApi } from '../plugins/openapi.ts';
import { CentreRefusal } from '../refusal.ts';
import { listKeys } from '../repos/integration-keys.ts';

const KeyId = z.string().regex(/^key-[0-9a-f]{12}$/);
const KeyList = z.object({ keys: z.array(KeyView) });

const api = {
  make: {
    summary: 'A manager makes a key for another system; its secret is told this once.',
    auth: 'none',
    request: NewKeyRequest,
    reply: NewKeyReply,
  },
  list: { summary: 'The keys that there are.', auth: 'none', request: SignInRequest, reply: KeyList },
  revoke: { summary: 'A key opens nothing any more.', auth: 'none', request: SignInRequest, reply: KeyList },
} satisfies Record<string, RouteApi>;

function readStorable<Shape extends z.ZodType>(shape: Shape, given: unknown): z.infer<Shape> {
  if (!isStorable(given)) throw new ApiRefusal('bad_request', 'The request holds signs that are no text.');
  return shape.parse(given);
}

const list = async (centre: Centre): Promise<z.infer<typeof KeyList>> => ({
  keys: (await listKeys(centre.database.sql)).map(toKeyView),
});

function addKeyRoutes(app: FastifyInstance, centre: Centre): void {
  app.post('/v1/integration-keys', { config: { api: api.make } }, async (request) =>
    makeKey(centre, readStorable(NewKeyRequest, request.body)),
  );
  app.post('/v1/integration-keys/list', { config: { api: api.list } }, async (request) => {
    await signInManager(centre, readStorable(SignInRequest, request.body));
    return list(centre);
  });
  app.post('/v1/integration-keys/:id/revoke', { config: { api: api.revoke } }, async (request) => {
    const keyId = KeyId.parse((request.params as { id?: unknown }).id);
    await endKey(centre, { keyId, ...readStorable(SignInRequest, request.body) });
    return list(centre);
  });
}

interface Form {
  login: string;
  pin: string;
  name: string;
  scopes: string[];
  revoke: string;
}

function toForm(body: unknown): Form {
  const form = body instanceof URLSearchParams ? body : new URLSearchParams();
  const one = (name: string): string => form.get(name) ?? '';
  return {
    ...{ login: one('login'), pin: one('pin'), name: one('name') },
    ...{ scopes: form.getAll('scopes'), revoke: one('revoke') },
  };
}

/** What the form asks for: a key, an end of one, or the list alone. */
async function act(centre: Centre, { login, pin, name, scopes, revoke }: Form): Promise<IntegrationPage> {
  if (revoke !== '') {
    await endKey(centre, { keyId: KeyId.parse(revoke), ...readStorable(SignInRequest, { login, pin }) });
    return { login, ...(await list(centre)), note: 'The key opens nothing any more.' };
  }
  if (name === '' && scopes.length === 0) {
    await signInManager(centre, readStorable(SignInRequest, { login, pin }));
    return { login, ...(await list(centre)) };
  }
  const { secret } = await makeKey(centre, readStorable(NewKeyRequest, { login, pin, name, scopes }));
  return { login, ...(await list(centre)), secret };
}

/** Words for the person at the form; anything else is a failure like any other. */
function toWords(cause: unknown): string {
  if (cause instanceof CentreRefusal || cause instanceof ApiRefusal) return cause.message;
  if (cause instanceof ZodError) return 'A name and at least one right are needed. Nothing was changed.';
  throw cause;
}

/** Keys of other systems: routes for programs, and a page without script for people. */
export function addIntegrationKeys(app: FastifyInstance, centre: Centre): void {
  addKeyRoutes(app, centre);
  const sendTo =
    (request: FastifyRequest, reply: FastifyReply) =>
    (status: number, page: IntegrationPage): FastifyReply =>
      reply
        .code(status)
        .headers(PAGE_HEADERS)
        .send(toIntegrationPage(page, wordsFor(request)));
  app.get('/integrations', async (request, reply) => sendTo(request, reply)(200, { login: '' }));
  app.post('/integrations', async (request, reply) => {
    const form = toForm(request.body);
    const send = sendTo(request, reply);
    try {
      return await send(200, await act(centre, form));
    } catch (cause) {
      return send(400, { login: form.login, refusal: toWords(cause) });
    }
  });
}
