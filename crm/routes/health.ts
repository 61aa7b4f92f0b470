import type { FastifyInstance } from 'fastify';
import { createStateHash } from '../../sync/merge/state-hash.ts';
import type { Centre } from '../centre.ts';
import { authTill } from '../plugins/till-auth.ts';
import { eachRow, listProblems } from '../repos/audit.ts';
import { findChain } from '../repos/documents.ts';
import { readHead } from '../repos/feed-head.ts';

/**
 * State hash and broken rules of one instant. Reads every row: for support and tests, not for each day's
 * polling.
 */
export function verifyCentre(centre: Pick<Centre, 'database' | 'crypto'>) {
  return centre.database.transaction(async (tx) => {
    const { seq, epoch } = await readHead(tx);
    const hash = createStateHash(centre.crypto);
    await eachRow(tx, 'members', hash.addMember);
    await eachRow(tx, 'cards', hash.addCard);
    await eachRow(tx, 'accounts', hash.addAccount);
    const problems = await listProblems(tx);
    return { epoch, seq, stateHash: hash.value(), ...hash.counts(), problems };
  }, 'read');
}

export function addHealth(app: FastifyInstance, centre: Centre): void {
  app.get('/v1/health', async () => {
    const { epoch, seq } = await readHead(centre.database.sql);
    const isSetUp = (await findChain(centre.database.sql)) !== null;
    return { ok: true, epoch, seq, isSetUp, isTrial: centre.database.isTrial };
  });
  app.get('/v1/verify', async (request) => {
    await authTill(centre, request);
    return verifyCentre(centre);
  });
}
