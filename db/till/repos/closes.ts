import { columnsOf } from '../../columns.ts';
import type { Connection } from '../../open.ts';
import { dayCloses, dayReceipts } from '../schema/closes.ts';
import type { CloseRepo, StoredClose, StoredReceipt } from '../types.ts';

const close = columnsOf(dayCloses);
const receipt = columnsOf(dayReceipts, ['receiptNo', 'businessDay']);

export function closeRepo(raw: Connection): CloseRepo {
  const byDay = raw.prepare<[string], StoredClose>(
    `SELECT ${close.select} FROM day_closes WHERE business_day = ?`,
  );
  const latest = raw.prepare<[number], StoredClose>(
    `SELECT ${close.select} FROM day_closes ORDER BY business_day DESC LIMIT ?`,
  );
  const unanswered = raw.prepare<[string, number], StoredClose>(
    `SELECT ${close.select} FROM day_closes WHERE business_day < ? AND NOT EXISTS
       (SELECT 1 FROM day_receipts WHERE day_receipts.business_day = day_closes.business_day)
     ORDER BY business_day DESC LIMIT ?`,
  );
  const insert = raw.prepare<[string, string, string]>(
    'INSERT INTO day_closes (business_day, certificate, signature) VALUES (?, ?, ?)',
  );
  const newest = raw.prepare<[string], StoredReceipt>(
    `SELECT ${receipt.select} FROM day_receipts WHERE business_day = ? ORDER BY receipt_no DESC LIMIT 1`,
  );
  const insertReceipt = raw.prepare<[string, string, string]>(
    `INSERT INTO day_receipts (receipt_no, business_day, receipt, signature)
     VALUES ((SELECT coalesce(max(receipt_no), 0) + 1 FROM day_receipts), ?, ?, ?)`,
  );
  return {
    find: (businessDay) => byDay.get(businessDay),
    list: (limit) => latest.all(limit),
    listUnanswered: (beforeDay, limit) => unanswered.all(beforeDay, limit),
    add: ({ businessDay, certificate, signature }) => void insert.run(businessDay, certificate, signature),
    receiptOf: (businessDay) => newest.get(businessDay),
    addReceipt: (businessDay, added) => void insertReceipt.run(businessDay, added.receipt, added.signature),
  };
}
