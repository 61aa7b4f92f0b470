import type { StaffId } from '../base/ids.ts';
import { undoneAsOf, type AccountRow, type CardRow } from '../model/card.ts';
import type { CardType, Chain } from '../model/chain.ts';
import type { OpBody } from '../model/op.ts';
import { UNITS_MAX } from '../model/units.ts';
import { isUnlimited } from './unlimited.ts';

/** What becomes of a balance whose holder is erased. */
export type LeftRule = NonNullable<Chain['leftBalance']>;

/** A balance that goes when its holder is erased. */
export interface Left {
  how: LeftRule;
  units: number;
  account: AccountRow;
  card: CardRow;
  type: CardType;
}

/** What there is of a person, with every profile that is hers. */
export interface Held {
  accounts: readonly AccountRow[];
  cards: readonly CardRow[];
  /** @throws Where there is no such type at hand. */
  typeOf: (account: AccountRow) => CardType;
}

/**
 * What the chain's rule makes of each balance of a person; nothing where it has none. Only credit was ever money.
 * Visits that never run out are no number of visits, and what an undone import brought is nobody's.
 */
export function leftBy(rule: LeftRule | undefined, { accounts, cards, typeOf }: Held): Left[] {
  if (rule === undefined) return [];
  return accounts.flatMap((account): Left[] => {
    if (account.balance <= 0) return [];
    const own = cards.filter(({ accountId }) => accountId === account.accountId);
    // Any of them names the account; one that works, where there is one.
    const card = own.find(({ status }) => status === 'active') ?? own[0];
    if (card === undefined || undoneAsOf(card) === account.entryCount) return [];
    const type = typeOf(account);
    if (type.kind === 'visits' && isUnlimited(account.balance)) return [];
    const how = type.kind === 'credit' ? rule : 'forfeited';
    return [{ how, units: Math.min(account.balance, UNITS_MAX), account, card, type }];
  });
}

/** What brings that account to zero; of the two people who erase her, one makes it and `secondId` stands by it. */
export function settlingOf({ how, units, account, card, type }: Left, secondId: StaffId): OpBody {
  const on = {
    ...{ memberId: account.memberId, cardId: card.cardId, accountId: account.accountId },
    ...{ cardTypeVersion: type.version, secondId },
  };
  return how === 'paid_out'
    ? { kind: 'credit.paidOut', ...on, creditMinor: units }
    : { kind: 'balance.forfeited', ...on, count: units };
}
