import type { FastifyInstance } from 'fastify';
import { isStorable } from '../../sync/base/text.ts';
import { isAtLeast } from '../../sync/merge/roles.ts';
import type { Staff } from '../../sync/model/chain.ts';
import { LOG_PAGE_MAX, LogQuery, LogReply } from '../../sync/protocol/log.ts';
import type { Centre } from '../centre.ts';
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
    const found = await listLog(sql, query);
    const lines = found.slice(0, LOG_PAGE_MAX);
    const named = await listTillsByIds(sql, [...new Set(lines.map(({ tillId }) => tillId))]);
    const isFirst = asked.after === 0 && asked.kind === '';
    return {
      lines,
      hasMore: found.length > LOG_PAGE_MAX,
      decisions: isManager && isFirst ? await listDecisions(sql, query) : [],
      tills: named.map(({ tillId, name }) => ({ tillId, name })),
    };
  });
}
