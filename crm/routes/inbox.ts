import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { MemberId, StaffId } from '../../sync/base/ids.ts';
import { isStorable } from '../../sync/base/text.ts';
import { isAtLeast } from '../../sync/merge/roles.ts';
import { ErasuresReply } from '../../sync/protocol/erasures.ts';
import {
  INBOX_PAGE_MAX,
  ITEM_ID_MAX,
  AuditView,
  ExportsReply,
  ConsentsReply,
  HeldView,
  InboxAnswerReply,
  InboxAnswerRequest,
  InboxCountReply,
  InboxQuery,
  InboxReply,
  type InboxView,
  type SecondPerson,
} from '../../sync/protocol/inbox.ts';
import type { Centre } from '../centre.ts';
import { signInManager, signInPerson } from '../enrol.ts';
import { answerItem } from '../inbox/answers.ts';
import type { RouteApi } from '../plugins/openapi.ts';
import { authSignedTill, authTill } from '../plugins/till-auth.ts';
import { BusyRefusal, CentreRefusal } from '../refusal.ts';
import { listExports } from '../exports.ts';
import { listAudit } from '../repos/audit-log.ts';
import { listStaffByIds } from '../repos/documents.ts';
import { listErasures, listErasureTills } from '../repos/erasures.ts';
import { countOpenInbox, listInbox } from '../repos/inbox.ts';
import { listHeld } from '../repos/ops.ts';
import { listConsents } from '../repos/rows.ts';
import { listTillsByIds } from '../repos/tills.ts';
import { sqlUnit } from '../sql-store.ts';

const ERASURES_SHOWN = 100;
const ERASURE_TILLS_SHOWN = 5_000;
const CONSENTS_SHOWN = 500;
const ItemParams = z.strictObject({ id: z.string().max(ITEM_ID_MAX) });
const HeldParams = z.strictObject({ seq: z.coerce.number().int().min(1) });
const MemberParams = z.strictObject({ memberId: MemberId });
const Actor = z.strictObject({ actorId: StaffId });
const AuditQuery = Actor.extend({ fromLine: z.coerce.number().int().min(1).default(1) });
const AUDIT_SHOWN = 500;

const api = {
  inbox: { summary: 'What a manager has to decide.', auth: 'till', query: InboxQuery, reply: InboxReply },
  count: {
    summary: 'How many items wait for a manager.',
    auth: 'till',
    query: Actor,
    reply: InboxCountReply,
  },
  answer: {
    summary: 'A manager decides.',
    auth: 'signed',
    request: InboxAnswerRequest,
    reply: InboxAnswerReply,
  },
  held: { summary: 'A held operation, to be corrected.', auth: 'till', query: Actor, reply: HeldView },
  erasures: {
    summary: 'Anonymised members, and how many tills have confirmed each.',
    auth: 'till',
    query: Actor,
    reply: ErasuresReply,
  },
  audit: {
    summary: 'Who decided what; a chain of hashes.',
    auth: 'till',
    query: AuditQuery,
    reply: z.object({ lines: z.array(AuditView) }),
  },
  exports: {
    summary: 'Who took data of members out as a file, when and how many rows.',
    auth: 'till',
    query: Actor,
    reply: ExportsReply,
  },
  consents: {
    summary: 'What a member said about each purpose, in order.',
    auth: 'till',
    reply: ConsentsReply,
  },
} satisfies Record<string, RouteApi>;

/** What no database can keep is in none, and asking for it would fail there. */
export function assertStorable(asked: unknown): void {
  if (isStorable(asked)) return;
  throw new CentreRefusal('bad_request', 'The request holds signs that are no text. Nothing was changed.');
}

/**
 * A till asks for a manager who is signed in there. The till has checked the PIN; that she is one, and still
 * works here, is looked up. Whatever changes something asks for the PIN here as well.
 */
export async function assertManager(centre: Centre, actorId: string): Promise<void> {
  const [actor] = await listStaffByIds(centre.database.sql, [actorId]);
  if (actor !== undefined && !actor.isGone && isAtLeast(actor.role, 'manager')) return;
  throw new CentreRefusal(
    'unauthorised',
    'Only a manager can see this. Nothing was changed. Ask a manager.',
    403,
  );
}

const tillsIn = ({ tillId, detail }: InboxView): string[] =>
  detail.kind === 'field_conflict' ? [tillId, detail.kept.tillId, detail.other.tillId] : [tillId];

async function readInbox(centre: Centre, query: InboxQuery): Promise<InboxReply> {
  const { state, after, id } = query;
  const page = { state, after, id, limit: INBOX_PAGE_MAX + 1 };
  const { items, open } = await listInbox(centre.database.sql, page);
  const shown = items.slice(0, INBOX_PAGE_MAX);
  const tills = await listTillsByIds(centre.database.sql, [...new Set(shown.flatMap(tillsIn))]);
  const named = tills.map(({ tillId, name, storeId }) => ({ tillId, name, storeId }));
  return { items: shown, hasMore: items.length > INBOX_PAGE_MAX, open, tills: named };
}

/** Two PINs were sent, so it is said whose was refused. */
async function signInSecond(centre: Centre, second: SecondPerson): Promise<StaffId> {
  try {
    return (await signInPerson(centre, second, 'supervisor')).staffId;
  } catch (cause) {
    if (!(cause instanceof CentreRefusal)) throw cause;
    const message = `The second person, "${second.login}": ${cause.message}`;
    if (cause instanceof BusyRefusal)
      throw new BusyRefusal({ status: 429, retryAfterS: cause.retryAfterS }, message);
    throw new CentreRefusal(cause.code, message, cause.status);
  }
}

function addAnswer(app: FastifyInstance, centre: Centre): void {
  const runUnit = sqlUnit(centre.database, centre.crypto);
  app.post('/v1/inbox/:id/answer', { config: { api: api.answer } }, async (request) => {
    await authSignedTill(centre, request);
    const { id } = ItemParams.parse(request.params);
    const { login, pin, reason, answer, second } = InboxAnswerRequest.parse(request.body);
    assertStorable({ id, login, pin, reason, answer, second });
    const { staffId: managerId } = await signInManager(centre, { login, pin });
    const secondId = second === null ? null : await signInSecond(centre, second);
    const answering = { id, managerId, secondId, reason, answer };
    const { crypto, clock } = centre;
    await runUnit((store) => answerItem(store, answering, { crypto, nowMs: clock.nowMs() }));
    return { ok: true };
  });
}

/** What a manager decides: items, answers, held ops to repair, receipts of erasures, a member's consents. */
export function addInbox(app: FastifyInstance, centre: Centre): void {
  const { sql } = centre.database;
  app.get('/v1/inbox', { config: { api: api.inbox } }, async (request) => {
    await authTill(centre, request);
    assertStorable({ params: request.params, query: request.query });
    const query = InboxQuery.parse(request.query);
    await assertManager(centre, query.actorId);
    return readInbox(centre, query);
  });
  app.get('/v1/inbox/count', { config: { api: api.count } }, async (request) => {
    await authTill(centre, request);
    assertStorable({ params: request.params, query: request.query });
    await assertManager(centre, Actor.parse(request.query).actorId);
    return { open: await countOpenInbox(sql) };
  });
  addAnswer(app, centre);
  app.get('/v1/held/:seq', { config: { api: api.held } }, async (request) => {
    await authTill(centre, request);
    assertStorable({ params: request.params, query: request.query });
    await assertManager(centre, Actor.parse(request.query).actorId);
    const [held] = await listHeld(sql, [HeldParams.parse(request.params).seq]);
    if (held === undefined) throw new CentreRefusal('bad_request', 'This operation waits no more.', 404);
    return held;
  });
  addRecords(app, centre);
}

function addRecords(app: FastifyInstance, centre: Centre): void {
  const { sql } = centre.database;
  app.get('/v1/audit', { config: { api: api.audit } }, async (request) => {
    await authTill(centre, request);
    assertStorable({ params: request.params, query: request.query });
    const { actorId, fromLine } = AuditQuery.parse(request.query);
    await assertManager(centre, actorId);
    return { lines: await listAudit(sql, fromLine, AUDIT_SHOWN) };
  });
  app.get('/v1/exports', { config: { api: api.exports } }, async (request) => {
    await authTill(centre, request);
    assertStorable({ params: request.params, query: request.query });
    await assertManager(centre, Actor.parse(request.query).actorId);
    return listExports(sql);
  });
  app.get('/v1/erasures', { config: { api: api.erasures } }, async (request) => {
    await authTill(centre, request);
    assertStorable({ params: request.params, query: request.query });
    await assertManager(centre, Actor.parse(request.query).actorId);
    return {
      erasures: await listErasures(sql, ERASURES_SHOWN),
      tills: await listErasureTills(sql, ERASURE_TILLS_SHOWN),
    };
  });
  app.get('/v1/members/:memberId/consents', { config: { api: api.consents } }, async (request) => {
    await authTill(centre, request);
    assertStorable({ params: request.params, query: request.query });
    return { consents: await listConsents(sql, MemberParams.parse(request.params).memberId, CONSENTS_SHOWN) };
  });
}
