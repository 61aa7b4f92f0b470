import type { MemberId } from '../../../sync/base/ids.ts';
import { readExtras } from '../../../sync/model/extras.ts';
import type { KeptReceipt, TakenBack } from '../../../sync/model/hand-receipt.ts';
import type { HandReceiptView } from '../../contract/views.ts';
import type { Ctx } from '../ctx.ts';
import type { Laid } from '../overlay.ts';

interface Kept extends KeptReceipt {
  receiptId: string;
  /** Of merged profiles each has its own. */
  memberId: MemberId;
  isChecked: boolean;
  takenBack: TakenBack | null;
}

/** Receipts that were typed in for her by hand, the newest first. */
export const handReceiptsOf = ({ people }: Pick<Laid, 'people'>): Kept[] =>
  people
    .flatMap(({ memberId, extras }) => {
      const { receipts, checked, takenBack } = readExtras(extras);
      return Object.entries(receipts).map(([receiptId, receipt]) => ({
        ...{ ...receipt, receiptId, memberId, takenBack: takenBack[receiptId] ?? null },
        // What counts no more is not good, whatever somebody said elsewhere at that moment.
        isChecked: checked.includes(receiptId) && takenBack[receiptId] === undefined,
      }));
    })
    .sort((left, right) =>
      left.day < right.day ? 1 : left.day > right.day ? -1 : right.wallMs - left.wallMs,
    );

export const toHandReceipts = ({ directory }: Pick<Ctx, 'directory'>, laid: Laid): HandReceiptView[] =>
  handReceiptsOf(laid).map(({ memberId: _memberId, storeId, actorId, takenBack, ...kept }) => ({
    ...kept,
    storeName: directory.store(storeId)?.name ?? storeId,
    actorName: directory.staff(actorId)?.name ?? '',
    takenBack: takenBack === null ? null : wordOf(directory, takenBack),
  }));

const wordOf = ({ staff }: Ctx['directory'], { reason, actorId, wallMs }: TakenBack) => ({
  ...{ reason, wallMs, actorName: staff(actorId)?.name ?? '' },
});

/** Receipts of hers that are in no row, because tills that were apart added too many. */
export const countUnlisted = ({ people }: Pick<Laid, 'people'>): number =>
  people.reduce((sum, { extras }) => sum + readExtras(extras).unlisted, 0);
