import { canonicalJson, type Json } from '../base/canonical.ts';
import type { Crypto } from '../base/crypto.ts';
import type { AccountRow, CardRow } from '../model/card.ts';
import type { MemberRow } from '../model/member.ts';

const MODULUS = 1n << 64n;

/**
 * Hash of all confirmed members, cards and accounts, in any order of adding: sum of 64-bit row hashes, and
 * the counts. Without `seq`, which says as of when a copy knows a row. Equal on the centre and on every
 * replica at the same cursor (I2). A sum, because equal rows would cancel under XOR.
 */
export function createStateHash(crypto: Crypto) {
  let sum = 0n;
  const counts = { members: 0, cards: 0, accounts: 0 };
  const add = (table: keyof typeof counts, row: object): void => {
    const text = canonicalJson({ ...row, seq: undefined } as Json);
    sum = (sum + BigInt(`0x${crypto.sha256Hex(table + text).slice(0, 16)}`)) % MODULUS;
    counts[table] += 1;
  };
  return {
    addMember: (row: MemberRow): void => add('members', row),
    addCard: (row: CardRow): void => add('cards', row),
    addAccount: (row: AccountRow): void => add('accounts', row),
    counts: (): Readonly<typeof counts> => counts,
    value: (): string =>
      crypto.sha256Hex(`${sum}:${counts.members}:${counts.cards}:${counts.accounts}`).slice(0, 32),
  };
}
