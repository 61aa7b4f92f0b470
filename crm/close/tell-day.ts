import type { CloseReceipt } from '../../sync/close/receipt.ts';
import { DIFFERENCES_SHOWN } from '../../sync/model/inbox.ts';
import type { CentreStore } from '../store.ts';

/**
 * Tells a manager of a closed day that the ledger has otherwise: once for a certificate. As soon as it is found equal
 * (what was missing came, a held op was settled), nothing is left to look at.
 */
export async function tellDay(store: CentreStore, receipt: CloseReceipt): Promise<void> {
  const { tillId, incarnation, businessDay, certificateHash, checkedAtMs, headSeq } = receipt;
  const topic = `day_differs ${certificateHash}`;
  if (receipt.verdict === 'equal') {
    return store.closeInbox([topic], { answer: 'equal', answeredBy: '', answeredAtMs: checkedAtMs });
  }
  const { differenceCount } = receipt;
  const differences = receipt.differences.slice(0, DIFFERENCES_SHOWN);
  return store.insertInbox([
    {
      id: `${String(headSeq).padStart(16, '0')}-${tillId.slice(-12)}-day${businessDay}-${certificateHash.slice(0, 8)}`,
      topic,
      memberId: null,
      opId: null,
      ...{ tillId, seq: headSeq, atMs: checkedAtMs },
      detail: { kind: 'day_differs', businessDay, incarnation, differenceCount, differences },
    },
  ]);
}
