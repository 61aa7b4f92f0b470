import { fitsRow, ROW_MAX, type Extras } from './extras.ts';
import type { KeptReceipt, TakenBack } from './hand-receipt.ts';

/**
 * The extras with one more receipt; one that is there stays as it is. A full row takes no more, and counts what it
 * leaves out.
 */
export function withReceipt(extras: Extras, id: string, receipt: KeptReceipt): Extras {
  const { receipts, unlisted } = extras;
  if (id in receipts) return extras;
  const next = { ...extras, receipts: { ...receipts, [id]: receipt } };
  const isFull = Object.keys(receipts).length >= ROW_MAX || !fitsRow(next);
  return isFull ? { ...extras, unlisted: unlisted + 1 } : next;
}

/**
 * The extras with a receipt taken back: the first word counts, so that what is shown never changes again. It may come
 * before the receipt itself, which another way may have held up.
 */
export function withTakenBack(extras: Extras, id: string, word: TakenBack): Extras {
  const { takenBack } = extras;
  if (id in takenBack || Object.keys(takenBack).length >= ROW_MAX) return extras;
  const next = { ...extras, takenBack: { ...takenBack, [id]: word } };
  return fitsRow(next) ? next : extras;
}
