import type { FastifyInstance } from 'fastify';
import fc from 'fast-check';

/** What the tests read of the JSON schema of a route's body. */
export interface Schema {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  properties?: Record<string, Schema>;
  items?: Schema | false;
  prefixItems?: Schema[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
}

export interface Operation {
  verb: 'GET' | 'POST' | 'PATCH';
  /** As in the document: `{id}` stands for a part of the address. */
  path: string;
  isSigned: boolean;
  /** A till's secret is asked for, with a signature or without. */
  isTill: boolean;
  /** A key of another system is asked for. */
  isKey: boolean;
  query: { name: string; schema: Schema }[];
  body: Schema | null;
}

interface Document {
  paths: Record<
    string,
    Record<
      string,
      {
        security: Record<string, unknown>[];
        parameters: { name: string; in: string; schema: Schema }[];
        requestBody?: { content: Record<string, { schema: Schema }> };
      }
    >
  >;
}

/** Every route, from the document that the centre itself publishes: a new one is in the tests by itself. */
export async function listOperations(app: FastifyInstance): Promise<Operation[]> {
  const document: Document = (await app.inject({ method: 'GET', url: '/v1/openapi.json' })).json();
  return Object.entries(document.paths).flatMap(([path, verbs]) =>
    Object.entries(verbs).map(([verb, { security, parameters, requestBody }]) => ({
      verb: verb.toUpperCase() as Operation['verb'],
      path,
      isSigned: security.some((need) => 'signature' in need),
      isTill: security.some((need) => 'secret' in need),
      isKey: security.some((need) => 'key' in need),
      query: parameters.filter((each) => each.in === 'query').map(({ name, schema }) => ({ name, schema })),
      body: requestBody?.content['application/json']?.schema ?? null,
    })),
  );
}

const LIST_MAX = 3;

function stringsOf({ pattern }: Schema): fc.Arbitrary<string> {
  return pattern === undefined ? fc.string({ maxLength: 12 }) : fc.stringMatching(new RegExp(pattern, 'u'));
}

function integersOf({ minimum = 0, maximum = 2 ** 31 }: Schema): fc.Arbitrary<number> {
  const [min, max] = [Math.max(minimum, -(2 ** 31)), Math.min(maximum, 2 ** 31)];
  return fc.oneof(fc.constant(min), fc.integer({ min, max }));
}

/** Values that `schema` takes, or hardly does not: what no rule behind it has been asked about is found so. */
export function valuesOf(schema: Schema): fc.Arbitrary<unknown> {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return fc.oneof(...choices.map(valuesOf));
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'object': {
      const fields = Object.entries(schema.properties ?? {}).map(([key, of]) => [key, valuesOf(of)] as const);
      return fc.record(Object.fromEntries(fields));
    }
    case 'array': {
      const { prefixItems, items } = schema;
      if (prefixItems !== undefined) return fc.tuple(...prefixItems.map(valuesOf));
      return fc.array(valuesOf(items === false ? {} : (items ?? {})), { maxLength: LIST_MAX });
    }
    case 'string':
      return stringsOf(schema);
    case 'integer':
    case 'number':
      return integersOf(schema);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case undefined:
    default:
      return fc.anything({ maxDepth: 2 });
  }
}
