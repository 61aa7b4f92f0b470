import type { FastifyInstance } from 'fastify';
import { isStorable } from '../../sync/base/text.ts';
import { isAtLeast } from '../../sync/merge/roles.ts';
import type { Staff } from '../../sync/model/chain.ts';
import { LOG_PAGE_MAX, LogQuery, LogReply } from '../../sync/protocol/log.ts';
import type { Centre } from '../centre.ts';
import { toLogged } from '../log.ts';
import type { RouteApi } from '../plugins/openapi.ts';
import { authTill } from '../plugins/till-auth.ts';
import { CentreRefusal } from '../refusal.ts';
import { listStaffByIds } from '../repos/documents.ts';
import { listDecisions, listLog } from '../repos/log.ts';
import { listTillsByIds } from '../repos/tills.ts';

const logApi: RouteApi = {
  summary: 'Who did what on a business day: operations, and for managers the log of decisions.',
  auth: 'till',
  query: LogQuery,
  reply: LogReply,
};

const notAllowed = (): CentreRefusal =>
  new CentreRefusal(
    'unauthorised',
    'The log needs a supervisor. Nothing was changed. Ask a supervisor.',
    403,
  );

/** The till gives up after five seconds. */
const READING_MS = 3_000;
/** PostgreSQL ended a statement that took longer. */
const TOO_LONG = '57014';

/** What of the log is read for one page. @throws CentreRefusal When that takes longer than a till waits. */
async function readPage({ database }: Centre, query: LogQuery, hasDecisions: boolean) {
  try {
    return await database.transaction(async (tx) => {
      await tx.query(`set local statement_timeout = ${READING_MS}`);
      const found = await listLog(tx, query);
      return { found, decisions: hasDecisions ? await listDecisions(tx, query) : [] };
    }, 'read');
  } catch (cause) {
    if (toLogged(cause).code !== TOO_LONG) throw cause;
    throw new CentreRefusal(
      'bad_request',
      'The log of this day took too long to read. Nothing was changed. Narrow it: one person, one kind, one shop.',
      409,
    );
  }
}

/** @throws CentreRefusal For anybody below a supervisor. */
async function readerOf(centre: Centre, actorId: string): Promise<Staff> {
  const [actor] = await listStaffByIds(centre.database.sql, [actorId]);
  if (actor === undefined || actor.isGone || !isAtLeast(actor.role, 'supervisor')) throw notAllowed();
  return actor;
}

/** Managers read every shop and every decision; a supervisor the shop that her till stands in. */
export function addLog(app: FastifyInstance, centre: Centre): void {
  const { sql } = centre.database;
  app.get('/v1/log', { config: { api: logApi } }, async (request) => {
    const till = await authTill(centre, request);
    if (!isStorable({ query: request.query }))
      throw new CentreRefusal(
        'bad_request',
        'The request holds signs that are no text. Nothing was changed.',
      );
    const asked = LogQuery.parse(request.query);
    const { role } = await readerOf(centre, asked.actorId);
    const isManager = isAtLeast(role, 'manager');
    const query = isManager ? asked : { ...asked, storeId: till.storeId };
    const isFirst = asked.after === 0 && asked.kind === '';
    const { found, decisions } = await readPage(centre, query, isManager && isFirst);
    const lines = found.slice(0, LOG_PAGE_MAX);
    const named = await listTillsByIds(sql, [...new Set(lines.map(({ tillId }) => tillId))]);
    return {
      lines,
      hasMore: found.length > LOG_PAGE_MAX,
      decisions: decisions.slice(0, LOG_PAGE_MAX),
      hasMoreDecisions: decisions.length > LOG_PAGE_MAX,
      tills: named.map(({ tillId, name }) => ({ tillId, name })),
    };
  });
}
