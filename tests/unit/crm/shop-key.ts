import type { FastifyInstance } from 'fastify';
import { NewKeyReply, type Scope } from '../../../crm/integration/shapes.ts';
import { MANAGER_PIN } from './pins.ts';

export const ALL_SCOPES: Scope[] = ['read:ledger', 'read:people', 'write:members'];

/** A key of another system, made by the manager. */
export async function makeTestKey(app: FastifyInstance, scopes: Scope[] = ALL_SCOPES) {
  const payload = { login: 'manager', pin: MANAGER_PIN, name: 'Web shop', scopes };
  const reply = await app.inject({ method: 'POST', url: '/v1/integration-keys', payload });
  return NewKeyReply.parse(reply.json());
}

/** Another system's client over an app without a socket. */
export const shopClient =
  (app: FastifyInstance, secret: string) =>
  async (method: 'GET' | 'POST' | 'PATCH', url: string, more: { body?: object; headers?: object } = {}) => {
    const reply = await app.inject({
      method,
      url,
      headers: { authorization: `Bearer ${secret}`, ...more.headers },
      ...(more.body !== undefined && { payload: more.body }),
    });
    return { status: reply.statusCode, body: reply.json<unknown>(), headers: reply.headers };
  };
export type ShopClient = ReturnType<typeof shopClient>;
