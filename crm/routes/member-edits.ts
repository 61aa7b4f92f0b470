import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { MemberId } from '../../sync/base/ids.ts';
import { toPerson } from '../integration/events.ts';
import { authKey } from '../integration/keys.ts';
import { ApiRefusal } from '../integration/refusal.ts';
import { readWords } from '../integration/words.ts';
import { MemberPatch, MemberReply, MemberSaved, NewMemberRequest } from '../integration/shapes.ts';
import { createMember, patchMember, type WriteRequest } from '../integration/write-members.ts';
import type { Centre } from '../centre.ts';
import { rawBody } from '../plugins/json-body.ts';
import type { RouteApi } from '../plugins/openapi.ts';
import type { KeyRow } from '../repos/integration-keys.ts';
import { findMemberRow } from '../repos/events.ts';

const REQUEST_KEY = 'Made by the caller for each intent; the same again changes nothing more (7 days).';
const IF_MATCH = 'The ETag that was read, or * for whatever is there.';
const WRITING = ['write:members'] as const;
const READING = ['read:ledger', 'read:people'] as const;

const api = {
  get: { summary: 'One member as it stands.', auth: 'key', scopes: READING, reply: MemberReply },
  create: {
    summary: 'A new member. Values that can not be stored are named field by field.',
    auth: 'key',
    scopes: WRITING,
    headers: { 'Idempotency-Key': REQUEST_KEY },
    request: NewMemberRequest,
    reply: MemberSaved,
    status: 201,
  },
  patch: {
    summary: 'Changes the named fields of a member, and nothing else.',
    auth: 'key',
    scopes: WRITING,
    headers: { 'Idempotency-Key': REQUEST_KEY, 'If-Match': IF_MATCH },
    request: MemberPatch,
    reply: MemberSaved,
  },
} satisfies Record<string, RouteApi>;

const MemberParams = z.strictObject({ memberId: MemberId });

/** @throws ApiRefusal `request_key_missing`. */
function readRequest(centre: Centre, request: FastifyRequest, key: KeyRow): WriteRequest {
  const requestKey = request.headers['idempotency-key'];
  if (typeof requestKey !== 'string' || !/^[!-~]{8,100}$/.test(requestKey)) {
    const message =
      'The request has no Idempotency-Key of 8 to 100 signs. Nothing was changed. Make one per intent.';
    throw new ApiRefusal('request_key_missing', message);
  }
  const { method, url } = request;
  const line = `${method} ${url} ${Buffer.from(rawBody(request)).toString('utf8')}`;
  return { key, requestKey, requestHash: centre.crypto.sha256Hex(line) };
}

/** @returns Null for `*`. @throws ApiRefusal `version_missing` or `bad_request`. */
function readVersion(request: FastifyRequest): number | null {
  const given = request.headers['if-match'];
  if (given === undefined) {
    const message = 'The request does not say which version it changes. Nothing was changed. Send If-Match.';
    throw new ApiRefusal('version_missing', message);
  }
  if (given === '*') return null;
  const version = /^"(\d{1,15})"$/.exec(given)?.[1];
  if (version === undefined) throw new ApiRefusal('bad_request', 'If-Match is no ETag. Nothing was changed.');
  return Number(version);
}

const withTag = (reply: FastifyReply, saved: MemberSaved): MemberSaved => {
  void reply.header('etag', `"${saved.version}"`);
  return saved;
};

/** For other systems: members are added and edited centrally (F35), by the rules that tills follow. */
export function addMemberEdits(app: FastifyInstance, centre: Centre): void {
  app.get('/v1/members/:memberId', { config: { api: api.get } }, async (request, reply) => {
    const { scopes } = await authKey(centre, request, READING);
    const row = await findMemberRow(centre.database.sql, MemberParams.parse(request.params).memberId);
    if (row === undefined) throw new ApiRefusal('not_found', 'There is no such member. Nothing was changed.');
    const { memberId, seq: version, state, hasMarketingConsent, mergedIntoId } = row;
    const isShown = scopes.includes('read:people') && state !== 'anonymised';
    withTag(reply, { memberId, version });
    const person = isShown ? toPerson(row) : null;
    const extras = isShown ? await readWords(centre.database.sql, row.extras) : null;
    return { memberId, version, state, hasMarketingConsent, mergedIntoId, person, extras };
  });
  app.post('/v1/members', { config: { api: api.create } }, async (request, reply) => {
    const key = await authKey(centre, request, WRITING);
    const asked = NewMemberRequest.parse(request.body);
    const saved = await createMember(centre, readRequest(centre, request, key), asked);
    void reply.code(api.create.status);
    return withTag(reply, saved);
  });
  app.patch('/v1/members/:memberId', { config: { api: api.patch } }, async (request, reply) => {
    const key = await authKey(centre, request, WRITING);
    const { memberId } = MemberParams.parse(request.params);
    const [ifVersion, patch] = [readVersion(request), MemberPatch.parse(request.body)];
    const write = readRequest(centre, request, key);
    return withTag(reply, await patchMember(centre, write, { memberId, patch, ifVersion }));
  });
}
