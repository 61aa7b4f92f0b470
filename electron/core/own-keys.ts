import type { TillDb } from '../../db/till/types.ts';
import { searchKeys } from '../../sync/base/search-key.ts';
import type { Op } from '../../sync/model/op.ts';
import { cardKeys } from './commands/new-card.ts';

const OPS_PER_READ = 500;

/** Keys under which the members and cards that an op made are found. */
export function keysOf({ body }: Op): string[] {
  if (body.kind === 'member.created') {
    const keys = searchKeys({ ...body.fields, supportId: body.supportId });
    return body.card === null ? keys : [...keys, ...cardKeys(body.card)];
  }
  return body.kind === 'card.issued' || body.kind === 'card.replaced' ? cardKeys(body) : [];
}

/**
 * Makes what this till enrolled and issued findable again, after the copy was thrown away: its ops are all
 * here, and until the copy is back they are all that is known.
 */
export function restoreOwnKeys(till: TillDb): void {
  let tseq = 0;
  for (;;) {
    const batch = till.ops.listAfter(tseq, OPS_PER_READ);
    till.transaction(() => {
      for (const { op, commitment } of batch) {
        if (commitment === undefined) till.ops.addKeys(op.tseq, op.body.memberId, keysOf(op));
      }
    });
    tseq = batch.at(-1)?.op.tseq ?? tseq;
    if (batch.length < OPS_PER_READ) return;
  }
}
