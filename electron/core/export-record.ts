import { WHOLE_CHAIN, type OpId } from '../../sync/base/ids.ts';
import type { ExportFacts } from '../../sync/model/export.ts';
import type { Session } from '../contract/till.ts';
import type { Ctx } from './ctx.ts';

/**
 * Keeps in the till's own file that data of members go out: the op waits there for the centre, like every other, so a
 * till without a line tells it too. What can not be kept is not exported.
 *
 * @throws AppError, DbError As any save; the caller lets nothing out then.
 */
export function recordExport(ctx: Pick<Ctx, 'writer' | 'newId'>, session: Session, facts: ExportFacts): void {
  const body = { kind: 'export.made' as const, memberId: WHOLE_CHAIN, ...facts };
  ctx.writer.commit({
    opId: ctx.newId<OpId>(),
    session,
    kind: 'export.made',
    asked: { ...facts },
    make: () => ({ body }),
  });
}
