import { must } from '../../sync/base/must.ts';
import { rowsOf, type Sql } from '../database.ts';

/** The one row under whose lock everything is numbered. */
export interface FeedHead {
  /** Changes when the centre's numbering starts anew, for example after a restore. */
  epoch: string;
  seq: number;
  nextAccountNo: number;
  nextCardSerial: number;
  nextBlockId: number;
  cardKey: string;
}

const COLUMNS = `epoch, seq, next_account_no as "nextAccountNo", next_card_serial as "nextCardSerial",
  next_block_id as "nextBlockId", card_key as "cardKey"`;

/** The head as last committed. */
export async function readHead(sql: Sql): Promise<FeedHead> {
  const [head] = await rowsOf<FeedHead>(sql, `select ${COLUMNS} from feed_head where id = 1`);
  return must(head, 'migrate makes the head');
}

/**
 * The head, held until the transaction ends: whoever numbers rows holds it, so numbers become visible in
 * order.
 */
export async function lockHead(tx: Sql): Promise<FeedHead> {
  const [head] = await rowsOf<FeedHead>(tx, `select ${COLUMNS} from feed_head where id = 1 for update`);
  return must(head, 'migrate makes the head');
}

export async function saveHead(tx: Sql, head: FeedHead): Promise<void> {
  await tx.query(
    'update feed_head set seq = $1, next_account_no = $2, next_card_serial = $3, next_block_id ' +
      '= $4, card_key = $5 where id = 1',
    [head.seq, head.nextAccountNo, head.nextCardSerial, head.nextBlockId, head.cardKey],
  );
}

/** From here on all numbers are of another epoch. */
export async function beginEpoch(tx: Sql, epoch: string): Promise<void> {
  await tx.query('update feed_head set epoch = $1 where id = 1', [epoch]);
}
