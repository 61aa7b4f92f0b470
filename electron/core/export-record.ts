import { WHOLE_CHAIN, type OpId } from '../../sync/base/ids.ts';
import type { ExportFacts } from '../../sync/model/export.ts';
import { AppError } from '../contract/errors.ts';
import type { Session } from '../contract/till.ts';
import { actor } from './commands/shared.ts';
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

/** A piece of a file as text; `next` says where the one behind it begins, null for none. */
export interface Piece {
  text: string;
  next: number | null;
}

interface OpenExport {
  facts: ExportFacts;
  rows: number;
}
/** Files that go on with a next piece, by who asked and for what; each of them is told already. */
const running = new WeakMap<Ctx['till'], Map<string, OpenExport>>();

export type ExportOf = Pick<ExportFacts, 'what' | 'of' | 'purpose' | 'reason'>;

/**
 * The next piece of a file that goes out in pieces, told like every export: before the first piece goes out where it is
 * not also the last, and at the end.
 *
 * @param make The lines behind `after`, heading left out: rows are those of the file. `purpose` is what was said with
 * the first piece.
 * @throws AppError `not_found` For one that nobody began.
 */
export function sendPiece(
  ctx: Ctx,
  asked: ExportOf,
  { isFirst, make }: { isFirst: boolean; make: (purpose: ExportFacts['purpose']) => Piece },
): Piece {
  const session = actor(ctx);
  const { staffId: actorId } = session.person;
  const { what, of } = asked;
  const key = [actorId, what, of].join(' ');
  const all = running.get(ctx.till) ?? new Map<string, OpenExport>();
  running.set(ctx.till, all);
  const begin = (): OpenExport => {
    // To begin anew ends the one before: where this one can not be told, nothing goes on.
    all.delete(key);
    return { facts: { exportId: ctx.newId<string>(), ...asked, rows: null, stage: 'begun' }, rows: 0 };
  };
  const open = isFirst ? begin() : all.get(key);
  if (open === undefined)
    throw new AppError('not_found', 'This export is over. Nothing was changed; begin it again.');
  const piece = make(open.facts.purpose);
  // A line break in a cell counts as a line.
  open.rows += piece.text.split('\r\n').length - 1;
  if (piece.next === null) {
    all.delete(key);
    recordExport(ctx, session, { ...open.facts, rows: open.rows, stage: 'whole' });
  } else if (isFirst) {
    recordExport(ctx, session, open.facts);
    all.set(key, open);
  }
  if (isFirst) ctx.log.info({ audit: `export.${what}`, actorId, of }, 'data of members go out as a file');
  return piece;
}
