import type { DocumentView } from '../../contract/documents.ts';
import { assertRole } from '../commands/shared.ts';
import type { Handler } from '../ctx.ts';
import type { LaidDocument } from '../documents.ts';

/** As a page may see it: the hash of a PIN stays in the core. */
export const toDocumentView = ({ kind, id, body, isPending }: LaidDocument): DocumentView => ({
  kind,
  id,
  body: kind === 'staff' ? { ...body, pinHash: '' } : { ...body },
  isPending,
});

export const listDocuments: Handler<'documents.list'> = (ctx, { kind }) => {
  if (kind === 'staff' || kind === 'template') assertRole(ctx, 'manager');
  return ctx.directory.documents(kind).map(toDocumentView);
};
