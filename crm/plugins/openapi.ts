import type { FastifyInstance, RouteOptions } from 'fastify';
import { z } from 'zod';
import { CentreError, PROTOCOL_VERSION } from '../../sync/protocol/exchange.ts';
import { ApiError } from '../integration/shapes.ts';
import { INCARNATION_HEADER, SIGNATURE_HEADER } from '../../sync/protocol/signature.ts';

/** What a route says of itself; see `api` in a route's `config`. */
export interface RouteApi {
  summary: string;
  /** `signed`: a till's secret and its signature over the body. */
  auth: 'none' | 'till' | 'signed' | 'key';
  /** Of a route for other systems: which scopes open it. */
  scopes?: readonly string[];
  request?: z.ZodType;
  query?: z.ZodObject;
  /** Headers by name, each with what it is for. */
  headers?: Readonly<Record<string, string>>;
  reply?: z.ZodType;
  /** What a good answer is numbered; 200 where nothing else is said. */
  status?: 201;
  /** Type of a reply that is no JSON. */
  bytes?: string;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    api?: RouteApi;
  }
}

const toSchema = (shape: z.ZodType, io: 'input' | 'output'): object => {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(shape, { unrepresentable: 'any', io });
  return schema;
};

const json = (shape: z.ZodType, io: 'input' | 'output') => ({
  'application/json': { schema: toSchema(shape, io) },
});

const SECURITY: Record<RouteApi['auth'], object[]> = {
  none: [],
  till: [{ secret: [] }],
  signed: [{ secret: [], signature: [] }],
  key: [{ key: [] }],
};

function queryParameters(query: z.ZodObject | undefined): object[] {
  if (query === undefined) return [];
  return Object.entries(query.shape).map(([name, shape]) => ({
    name,
    in: 'query',
    required: !(shape as z.ZodType).safeParse(undefined).success,
    schema: toSchema(shape as z.ZodType, 'input'),
  }));
}

const headerParameters = (headers: RouteApi['headers'] = {}): object[] =>
  Object.entries(headers).map(([name, description]) => ({
    name,
    in: 'header',
    required: true,
    description,
    schema: { type: 'string' },
  }));

/** A till's question says which copy of it asks: in its body where that has a place for it, else in this header. */
function tillHeaders(api: RouteApi | undefined): Record<string, string> {
  const { auth = 'till', request } = api ?? {};
  const isInBody = request instanceof z.ZodObject && 'incarnation' in request.shape;
  const isAsked = auth === 'till' || (auth === 'signed' && !isInBody);
  return isAsked
    ? { [INCARNATION_HEADER]: 'Which incarnation of the till asks; the living one is answered.' }
    : {};
}

const replyOf = ({ reply, bytes }: Pick<RouteApi, 'reply' | 'bytes'>): object => ({
  ...(reply !== undefined && { content: json(reply, 'input') }),
  ...(bytes !== undefined && { content: { [bytes]: { schema: { type: 'string' } } } }),
});

function toOperation(api: RouteApi | undefined, params: readonly string[]): object {
  const { summary = '', auth = 'till', request } = api ?? {};
  const path = params.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
  const headers = { ...tillHeaders(api), ...api?.headers };
  const refusal = auth === 'key' ? ApiError : CentreError;
  return {
    summary,
    security: SECURITY[auth],
    ...(api?.scopes !== undefined && { description: `Scopes: ${api.scopes.join(' or ')}.` }),
    parameters: [...path, ...queryParameters(api?.query), ...headerParameters(headers)],
    ...(request !== undefined && { requestBody: { required: true, content: json(request, 'input') } }),
    responses: {
      [api?.status ?? 200]: { description: 'Done.', ...replyOf(api ?? {}) },
      default: { description: 'Refused; nothing was changed.', content: json(refusal, 'output') },
    },
  };
}

/** Every `/v1` route as an OpenAPI document, made from the very shapes that the routes read with. */
function toDocument(routes: readonly RouteOptions[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const { method, url, config } of routes) {
    const params = [...url.matchAll(/:(\w+)/g)].map((match) => match[1] ?? '');
    const path = (paths[url.replaceAll(/:(\w+)/g, '{$1}')] ??= {});
    for (const verb of [method].flat()) path[verb.toLowerCase()] = toOperation(config?.api, params);
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Counterfoil central CRM', version: `protocol ${PROTOCOL_VERSION}` },
    components: {
      securitySchemes: {
        secret: { type: 'http', scheme: 'bearer' },
        key: { type: 'http', scheme: 'bearer', bearerFormat: 'cfk_ and 64 hex digits' },
        signature: { type: 'apiKey', in: 'header', name: SIGNATURE_HEADER },
      },
    },
    paths,
  };
}

/** Comes before all routes: it sees those that are added after it. */
export function addOpenApi(app: FastifyInstance): void {
  const routes: RouteOptions[] = [];
  let document: object | undefined;
  app.addHook('onRoute', (route) => {
    if (route.url.startsWith('/v1/') && route.method !== 'HEAD') routes.push(route);
  });
  const api: RouteApi = { summary: 'This document.', auth: 'none', reply: z.looseObject({}) };
  app.get('/v1/openapi.json', { config: { api } }, async () => (document ??= toDocument(routes)));
}
