import { WHOLE_CHAIN } from '../../../sync/base/ids.ts';
import type { MemberId } from '../../../sync/base/ids.ts';
import { joinExports, type ExportLine } from '../../../sync/model/export.ts';
import { AppError } from '../../contract/errors.ts';
import type { ExportView } from '../../contract/exports.ts';
import { CentreFault } from '../centre-client.ts';
import type { Ctx, Handler } from '../ctx.ts';
import { centreOf, managerOf, toDeskError } from '../inbox/desk.ts';
import { nameOf } from '../views/member-view.ts';

/** What this till let out, sent or not: its own file keeps every op about the chain. */
const ownExports = ({ till }: Ctx): ExportLine[] =>
  till.ops.listOpen(WHOLE_CHAIN, 0).flatMap(({ op }) => {
    if (op.body.kind !== 'export.made') return [];
    const { kind: _kind, memberId: _memberId, ...facts } = op.body;
    const { wallMs: atMs, actorId, tillId, storeId } = op;
    return [{ ...facts, atMs, actorId, tillId, storeId }];
  });

/** Of an import of this till; '' for another's, and once it is forgotten. */
function importName({ imports }: Ctx, runId: string): string {
  try {
    return imports.find(runId).facts.fileName;
  } catch (cause) {
    if (cause instanceof AppError) return '';
    throw cause;
  }
}

function namesOf(ctx: Ctx, { what, of }: ExportLine): { ofName: string; ofNameZh: string } {
  const { overlay, directory } = ctx;
  if (what === 'failed_rows') return { ofName: importName(ctx, of), ofNameZh: '' };
  if (what === 'card_history') {
    const type = directory.cardType(of);
    return { ofName: type?.name ?? of, ofNameZh: type?.nameZh ?? '' };
  }
  const member = what === 'history' ? overlay.lay(of as MemberId)?.member : undefined;
  return { ofName: member === undefined ? '' : nameOf(member), ofNameZh: '' };
}

/** Null where no answer came. */
async function readCentre(ctx: Ctx, actorId: string): Promise<ExportLine[] | null> {
  const centre = centreOf(ctx);
  if (centre === null) return null;
  try {
    const { exports, failedRows, reasons } = await centre.exports({ actorId });
    return [...exports, ...failedRows].map((line) => ({ ...line, reason: reasons[line.exportId] }));
  } catch (cause) {
    if (cause instanceof CentreFault && cause.kind !== 'refused') return null;
    throw toDeskError(cause);
  }
}

export const listExports: Handler<'exports.list'> = async (ctx) => {
  const { person } = managerOf(ctx);
  const fromCentre = await readCentre(ctx, person.staffId);
  const sent = new Set((fromCentre ?? []).map(({ exportId }) => exportId));
  const ownTill = ctx.settings.enrolment()?.tillId;
  const toView = (line: ExportLine): ExportView => {
    const { of: _of, actorId, tillId, storeId, ...facts } = line;
    return {
      ...facts,
      ...namesOf(ctx, line),
      actorName: ctx.directory.staff(actorId)?.name ?? '',
      storeName: ctx.directory.store(storeId)?.name ?? storeId,
      isOwnTill: tillId === ownTill,
      isPending: !sent.has(line.exportId),
    };
  };
  const lines = joinExports([...(fromCentre ?? []), ...ownExports(ctx)]);
  return { line: fromCentre === null ? 'down' : 'up', exports: lines.map(toView) };
};
