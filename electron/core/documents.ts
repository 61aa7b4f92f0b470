import type { StoredOp } from '../../db/till/types.ts';
import type { ChainDocument } from '../../sync/model/chain.ts';
import { saveDocument } from '../../sync/merge/documents.ts';
import { documentKey } from '../../sync/merge/rows.ts';

/** A document as this till holds it; `isPending`: its own version, which the centre has not confirmed. */
export type LaidDocument = ChainDocument & { isPending: boolean };

/**
 * What the centre confirmed with this till's own unsent versions on top, in order of kind and id. A version that
 * waits at the centre for a manager counts for nothing here.
 */
export function layDocuments(confirmed: readonly ChainDocument[], open: readonly StoredOp[]): LaidDocument[] {
  const all = new Map<string, LaidDocument>(
    confirmed.map((each) => [documentKey(each.kind, each.id), { ...each, isPending: false }]),
  );
  for (const { op, ackSeq, heldReason } of open) {
    const { body } = op;
    if (body.kind !== 'document.saved' || heldReason !== null) continue;
    const known = all.get(documentKey(body.docKind, body.id));
    if (known !== undefined && ackSeq !== null && known.seq >= ackSeq) continue;
    const reader = { document: () => known, documentsOf: () => [...all.values()] };
    const outcome = saveDocument(reader, { op, seq: known?.seq ?? 0, hlc: op.hlc }, body);
    if (outcome.held !== null) continue;
    for (const change of outcome.changes)
      if (change.table === 'document')
        all.set(documentKey(body.docKind, body.id), { ...change.row, isPending: true });
  }
  return [...all.values()].sort((left, right) =>
    documentKey(left.kind, left.id) < documentKey(right.kind, right.id) ? -1 : 1,
  );
}
