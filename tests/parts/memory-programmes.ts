import type { ReplicaDb } from '../../db/replica/types.ts';
import type { CardRow, EntryRow, AccountRow } from '../../sync/model/card.ts';

interface Rows {
  cards: { values(): Iterable<CardRow> };
  accounts: { values(): Iterable<AccountRow> };
  entries: { values(): Iterable<EntryRow> };
}

/** What the pages of cards and programmes ask of a copy, over the rows of one in memory. */
export function programmeReader(
  tables: Rows,
): Pick<ReplicaDb, 'accountsAfter' | 'cardsByNumber' | 'scanCards' | 'purchasesOn' | 'lastPurchaseDay'> {
  const purchases = () => [...tables.entries.values()].filter(({ amountMinor }) => amountMinor !== null);
  const byNumber = () =>
    [...tables.cards.values()].sort((one, other) => (one.cardNumber < other.cardNumber ? -1 : 1));
  return {
    accountsAfter: (accountNo, limit) =>
      [...tables.accounts.values()]
        .filter((row) => (row.accountNo ?? -1) > accountNo)
        .sort((one, other) => (one.accountNo ?? 0) - (other.accountNo ?? 0))
        .slice(0, limit),
    cardsByNumber: ({ from, to, isDescending, limit }) => {
      const between = byNumber().filter(({ cardNumber }) => cardNumber > from && cardNumber < to);
      return (isDescending ? between.reverse() : between).slice(0, limit);
    },
    scanCards: () => Promise.reject(new Error('replicas in memory sort no cards')),
    purchasesOn: (day, limit) =>
      purchases()
        .filter(({ businessDay }) => businessDay === day)
        .sort((one, other) => one.wallMs - other.wallMs)
        .slice(0, limit),
    lastPurchaseDay: (before) =>
      purchases()
        .map(({ businessDay }) => businessDay)
        .filter((day) => day < before)
        .sort()
        .at(-1),
  };
}
