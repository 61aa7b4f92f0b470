import type { CloseReceipt } from '../../sync/close/receipt.ts';
import { DIFFERENCES_SHOWN } from '../../sync/model/inbox.ts';
import type { CentreStore } from '../store.ts';

/** A day that is equal and differs by turns is told of so often. */
const TOLD_MAX = 9;
const EQUAL = 'equal';

/**
 * Tells a manager of a closed day that the ledger has otherwise: once for a certificate. As soon as it is found equal
 * (what was missing came, a held op was settled), nothing is left to look at; if it differs after that, it is told of
 * anew. Where a manager has answered herself, she has looked at it.
 */
export async function tellDay(store: CentreStore, receipt: CloseReceipt): Promise<void> {
  const { tillId, incarnation, businessDay, certificateHash, checkedAtMs, headSeq } = receipt;
  const topics = Array.from({ length: TOLD_MAX }, (_, at) =>
    `day_differs ${certificateHash} ${at === 0 ? '' : at + 1}`.trimEnd(),
  );
  if (receipt.verdict === 'equal') {
    return store.closeInbox(topics, { answer: EQUAL, answeredBy: '', answeredAtMs: checkedAtMs });
  }
  const past = await store.countAnswered(topics, EQUAL);
  const topic = topics[past];
  if (topic === undefined) return;
  const { differenceCount } = receipt;
  const differences = receipt.differences.slice(0, DIFFERENCES_SHOWN);
  const what = `${certificateHash.slice(0, 8)}${past === 0 ? '' : `-${past + 1}`}`;
  return store.insertInbox([
    {
      id: `${String(headSeq).padStart(16, '0')}-${tillId.slice(-12)}-day${businessDay}-${what}`,
      topic,
      memberId: null,
      opId: null,
      ...{ tillId, seq: headSeq, atMs: checkedAtMs },
      detail: { kind: 'day_differs', businessDay, incarnation, differenceCount, differences },
    },
  ]);
}
