import type { MemberId } from '../../../sync/base/ids.ts';
import { readExtras } from '../../../sync/model/extras.ts';
import type { KeptReceipt } from '../../../sync/model/hand-receipt.ts';
import type { HandReceiptView } from '../../contract/views.ts';
import type { Ctx } from '../ctx.ts';
import type { Laid } from '../overlay.ts';

interface Kept extends KeptReceipt {
  receiptId: string;
  /** Of merged profiles each has its own. */
  memberId: MemberId;
  isChecked: boolean;
}

/** Receipts that were typed in for her by hand, the newest first. */
export const handReceiptsOf = ({ people }: Pick<Laid, 'people'>): Kept[] =>
  people
    .flatMap(({ memberId, extras }) => {
      const { receipts, checked } = readExtras(extras);
      return Object.entries(receipts).map(([receiptId, receipt]) => ({
        ...{ ...receipt, receiptId, memberId, isChecked: checked.includes(receiptId) },
      }));
    })
    .sort((left, right) =>
      left.day < right.day ? 1 : left.day > right.day ? -1 : right.wallMs - left.wallMs,
    );

export const toHandReceipts = ({ directory }: Pick<Ctx, 'directory'>, laid: Laid): HandReceiptView[] =>
  handReceiptsOf(laid).map(({ memberId: _memberId, storeId, actorId, ...kept }) => ({
    ...kept,
    storeName: directory.store(storeId)?.name ?? storeId,
    actorName: directory.staff(actorId)?.name ?? '',
  }));
