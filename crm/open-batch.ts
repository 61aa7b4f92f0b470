import {
  BatchFault,
  cardsLeftOut,
  UnknownCard,
  unpackBatch,
  type BatchStart,
  type PackedBatch,
} from '../sync/protocol/pack.ts';
import type { Centre } from './centre.ts';
import { prepareOp, type PreparedOp } from './prepared-push.ts';
import { CentreRefusal } from './refusal.ts';
import { listHolders } from './repos/holders.ts';

const sendInFull = (): CentreRefusal =>
  new CentreRefusal(
    'send_in_full',
    'The centre can not fill in what the till left out. Nothing was changed. The till sends everything.',
  );

/**
 * The ops of a batch, filled up from the centre's own card rows.
 *
 * @throws CentreRefusal `bad_request`, or `send_in_full` when the centre knows a card otherwise than the till.
 */
export async function openBatch(
  centre: Pick<Centre, 'crypto' | 'database'>,
  batch: PackedBatch,
  start: BatchStart,
): Promise<PreparedOp[]> {
  try {
    const cards = await listHolders(centre.database.sql, cardsLeftOut(batch));
    const known = { crypto: centre.crypto, holderOf: (cardId: string) => cards.get(cardId) };
    return unpackBatch(batch, start, known).map((unpacked) => ({
      ...prepareOp(unpacked.op, centre.crypto, unpacked),
      ...(unpacked.commitment !== undefined && { commitment: unpacked.commitment }),
    }));
  } catch (cause) {
    if (cause instanceof UnknownCard) throw sendInFull();
    if (!(cause instanceof BatchFault)) throw cause;
    throw new CentreRefusal(
      'bad_request',
      `The batch is not well formed: ${cause.message}. Nothing was changed.`,
    );
  }
}
