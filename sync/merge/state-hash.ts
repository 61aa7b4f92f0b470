import { canonicalJson, type Json } from '../base/canonical.ts';
import type { Crypto } from '../base/crypto.ts';
import { undoneAsOf, type AccountRow, type CardRow } from '../model/card.ts';
import { readExtras } from '../model/extras.ts';
import { roundSpent } from '../model/spent-level.ts';
import type { MemberRow } from '../model/member.ts';

const MODULUS = 1n << 64n;

/** Rows of a member or card whose import was undone when the accounts had `asOf` entries together. */
interface Undone {
  rows: ['members' | 'cards' | 'accounts', object][];
  entries: number;
  asOf: number;
}

/**
 * Hash of all confirmed members, cards and accounts, in any order of adding: sum of 64-bit row hashes, and
 * the counts. Without `seq`, which says as of when a copy knows a row. Equal on the centre and on every
 * replica at the same cursor (I2). A sum, because equal rows would cancel under XOR.
 *
 * Members come before their cards, cards before their accounts. Of a member or card whose import was undone nothing
 * counts while the accounts have no more entries than they had then: the hash is as if they had never been. Nor does
 * the clock of a consent, which says when and not what.
 */
export function createStateHash(crypto: Crypto) {
  let sum = 0n;
  const counts = { members: 0, cards: 0, accounts: 0 };
  const add = (table: keyof typeof counts, row: object): void => {
    const text = canonicalJson({ ...row, seq: undefined } as Json);
    sum = (sum + BigInt(`0x${crypto.sha256Hex(table + text).slice(0, 16)}`)) % MODULUS;
    counts[table] += 1;
  };
  const aside = new Map<string, Undone>();
  /** Where member or card are not counted for now, the row waits for the last of the accounts. */
  const addOf = (table: keyof typeof counts, ids: readonly string[], row: object): Undone | undefined => {
    const id = aside.size === 0 ? undefined : ids.find((each) => aside.has(each));
    const undone = id === undefined ? undefined : aside.get(id);
    if (undone === undefined) add(table, row);
    else undone.rows.push([table, row]);
    return undone;
  };
  const settle = (): void => {
    for (const { rows, entries, asOf } of aside.values())
      if (entries !== asOf) for (const [table, row] of rows) add(table, row);
    aside.clear();
  };
  return {
    addMember: (row: MemberRow): void => {
      const { extras, ...others } = row;
      const hashed = { ...others, marketingHlc: undefined, ...(extras !== '' && { extras }) };
      const asOf = extras === '' ? null : readExtras(extras).undone;
      if (asOf !== null) aside.set(row.memberId, { rows: [], entries: 0, asOf });
      addOf('members', [row.memberId], hashed);
    },
    addCard: (row: CardRow): void => {
      const asOf = undoneAsOf(row);
      const isHers = aside.has(row.memberId);
      if (asOf !== null && !isHers) aside.set(row.accountId, { rows: [], entries: 0, asOf });
      addOf('cards', [row.memberId, row.accountId], row);
    },
    addAccount: (row: AccountRow): void => {
      // A copy knows money by its level only.
      const hashed = { ...row, spentMinor: roundSpent(row.spentMinor, row.purchaseCount) };
      const undone = addOf('accounts', [row.memberId, row.accountId], hashed);
      if (undone !== undefined) undone.entries += row.entryCount;
    },
    counts: (): Readonly<typeof counts> => {
      settle();
      return counts;
    },
    value: (): string => {
      settle();
      return crypto.sha256Hex(`${sum}:${counts.members}:${counts.cards}:${counts.accounts}`).slice(0, 32);
    },
  };
}
