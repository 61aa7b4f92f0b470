import type { DocumentView } from '../../contract/documents.ts';
import { actor, assertRole } from '../commands/shared.ts';
import type { Handler } from '../ctx.ts';
import type { LaidDocument } from '../documents.ts';
import { roleNow } from '../op-writer.ts';

/** As a page may see it: the hash of a PIN stays in the core. */
export const toDocumentView = ({ kind, id, body, isPending }: LaidDocument): DocumentView => ({
  kind,
  id,
  body: kind === 'staff' ? { ...body, pinHash: '' } : { ...body },
  isPending,
});

/** Whose PIN a supervisor may set anew. */
const isCashierHere = (each: LaidDocument): boolean =>
  each.kind === 'staff' && each.body.role === 'cashier' && !each.body.isGone;

/** Of staff a supervisor sees the cashiers. */
export const listDocuments: Handler<'documents.list'> = (ctx, { kind }) => {
  if (kind === 'template') assertRole(ctx, 'manager');
  if (kind === 'staff') assertRole(ctx, 'supervisor');
  const isManager = kind !== 'staff' || roleNow(ctx.directory, actor(ctx)) === 'manager';
  return ctx.directory
    .documents(kind)
    .filter((each) => isManager || isCashierHere(each))
    .map(toDocumentView);
};
