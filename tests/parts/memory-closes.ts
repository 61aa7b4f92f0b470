import type { StoredClose, StoredReceipt, TillDb } from '../../db/till/types.ts';
import { assert } from '../../sync/base/must.ts';
import type { MemoryFile, MemoryTable } from './memory-file.ts';

export type CloseTable = MemoryTable<string, StoredClose>;
/** By business day, newest last. */
export type ReceiptTable = MemoryTable<string, readonly StoredReceipt[]>;

/** Closed business days in memory, as `db/till` keeps them. */
export function closeRepo(
  tables: { closes: CloseTable; receipts: ReceiptTable },
  file: MemoryFile,
): TillDb['closes'] {
  const latestFirst = (): StoredClose[] =>
    [...tables.closes.values()].sort((a, b) => (a.businessDay < b.businessDay ? 1 : -1));
  return {
    find: (businessDay) => tables.closes.get(businessDay),
    list: (limit) => latestFirst().slice(0, limit),
    listUnanswered: (beforeDay, limit) =>
      latestFirst()
        .filter(({ businessDay }) => businessDay < beforeDay && !tables.receipts.has(businessDay))
        .slice(0, limit),
    add: (close) =>
      file.atomically(() => {
        assert(!tables.closes.has(close.businessDay), 'day_closes: closed before');
        tables.closes.set(close.businessDay, close);
      }),
    receiptOf: (businessDay) => tables.receipts.get(businessDay)?.at(-1),
    addReceipt: (businessDay, receipt) =>
      file.atomically(() =>
        tables.receipts.set(businessDay, [...(tables.receipts.get(businessDay) ?? []), receipt]),
      ),
  };
}
