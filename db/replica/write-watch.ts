import type { ReplicaDb } from './types.ts';

/** What a write changed; `all`: everything may be different. */
export type CopyChange =
  | { kind: 'rows'; memberIds: readonly string[]; accountNos: readonly number[] }
  | { kind: 'all' };

type Writer = Pick<ReplicaDb, 'apply' | 'applyBalances' | 'clear'>;

/** Tells who follows the copy what each write changed, once it is committed. */
export function createWriteWatch() {
  const listeners = new Set<(change: CopyChange) => void>();
  const tell = (change: () => CopyChange): void => {
    if (listeners.size === 0) return;
    const told = change();
    for (const listener of listeners) listener(told);
  };
  return {
    over: <Kept extends Writer>(writer: Kept): Kept => ({
      ...writer,
      apply: (rows, at) => {
        writer.apply(rows, at);
        tell(() => {
          const holders = [...rows.members, ...rows.cards, ...rows.accounts];
          return {
            kind: 'rows',
            memberIds: [...new Set(holders.map(({ memberId }) => memberId))],
            accountNos: [],
          };
        });
      },
      applyBalances: (changes, at) => {
        writer.applyBalances(changes, at);
        tell(() => ({ kind: 'rows', memberIds: [], accountNos: changes.map(({ accountNo }) => accountNo) }));
      },
      clear: () => {
        writer.clear();
        tell(() => ({ kind: 'all' }));
      },
    }),
    listen: (listener: (change: CopyChange) => void): (() => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
