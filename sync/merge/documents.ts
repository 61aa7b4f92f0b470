import { documentSum, readDocument, type DocumentKind } from '../model/chain.ts';
import type { OpBodyOf } from '../model/op.ts';
import type { Applied } from './apply-op.ts';
import type { Outcome, RowReader } from './rows.ts';

/**
 * The next version of a document. In the order of the feed: whoever saved another version than the one that is
 * there now waits for a manager, with both still to be read. On a manager's word it comes behind what is there.
 */
export function saveDocument(
  rows: Pick<RowReader, 'document'>,
  applied: Applied,
  body: OpBodyOf<'document.saved'>,
): Outcome {
  const { seq, isApproved = false } = applied;
  // Cast: the shape of the op was checked with the kind in it.
  const kind = body.docKind as DocumentKind;
  const now = rows.document(kind, body.id)?.body;
  const version = now?.version ?? 0;
  const isBase = version === body.baseVersion && documentSum(now) === body.baseSum;
  if (!isBase && !isApproved) return { held: 'document_changed' };
  const next = { ...body.body, version: version + 1 };
  const row = readDocument({ kind, id: body.id, seq, body: next });
  return row === null
    ? { held: 'bad_body' }
    : { held: null, changes: [{ table: 'document', row }], flags: [] };
}
