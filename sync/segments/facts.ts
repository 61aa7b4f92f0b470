import type { AccountRow, CardRow } from '../model/card.ts';
import { readExtras, verifiedWords } from '../model/extras.ts';
import type { MemberRow } from '../model/member.ts';
import { bornNumber, dayNumber, NONE, shareOf, type ColumnSource } from './columns.ts';
import { scoreMember, nameOf, type RfmBorders, type RfmFigures } from './rfm.ts';

/** Everything that conditions ask about one member, by field. */
export interface PersonFacts {
  words: Record<string, readonly string[]>;
  numbers: Record<string, number>;
}

/** The columns of a member's row that segments look at. */
export type SegmentedMember = Pick<
  MemberRow,
  | 'memberId'
  | 'state'
  | 'tier'
  | 'storeId'
  | 'gender'
  | 'customerType'
  | 'isCreditAllowed'
  | 'dateOfBirth'
  | 'email'
  | 'mobile'
  | 'city'
  | 'region'
  | 'country'
  | 'postalCode'
  | 'createdAtMs'
  | 'extras'
>;

/** Whoever went on as somebody else, was anonymised or removed is in no segment. */
export const isSegmented = (row: Pick<MemberRow, 'state' | 'mergedIntoId' | 'extras'>): boolean =>
  row.mergedIntoId === null &&
  row.state !== 'anonymised' &&
  (row.extras === '' || !readExtras(row.extras).isRemoved);

const word = (text: string): readonly string[] => (text === '' ? [] : [text]);
const YES: readonly string[] = ['yes'];
const NO: readonly string[] = ['no'];
const flag = (isSo: boolean): readonly string[] => (isSo ? YES : NO);

/** What the member's own row says; cards, accounts and the word on marketing come on top. */
function memberFacts(row: SegmentedMember): PersonFacts {
  const { tags, groups, custom, verified } = readExtras(row.extras);
  const words: PersonFacts['words'] = {
    state: [row.state],
    tier: word(row.tier),
    store: word(row.storeId),
    gender: word(row.gender),
    customerType: [row.customerType],
    creditAllowed: flag(row.isCreditAllowed),
    email: flag(row.email !== null),
    mobile: flag(row.mobile !== null),
    city: word(row.city),
    region: word(row.region),
    country: word(row.country),
    postalCode: word(row.postalCode),
    tags,
    groups,
    verified: verifiedWords(verified),
  };
  for (const [id, value] of Object.entries(custom)) words[`custom.${id}`] = word(value);
  return {
    words,
    numbers: {
      created: dayNumber(row.createdAtMs),
      birthday: bornNumber(row.dateOfBirth),
      share: shareOf(row.memberId),
    },
  };
}

/** What the accounts of a person come to, former selves included. */
export interface Holdings extends RfmFigures {
  /** By card type. */
  balances: Map<string, number>;
  /** Of the account with most of them: one visit may book on several cards. */
  visits: number;
}

type CountedAccount = Pick<
  AccountRow,
  'cardTypeId' | 'balance' | 'lastEntryAtMs' | 'purchaseCount' | 'spentMinor'
>;

export function holdingsOf(accounts: readonly CountedAccount[]): Holdings {
  const balances = new Map<string, number>();
  let [lastActive, purchases, spent, visits] = [NONE, 0, 0, 0];
  for (const account of accounts) {
    balances.set(account.cardTypeId, (balances.get(account.cardTypeId) ?? 0) + account.balance);
    if (account.lastEntryAtMs > 0) lastActive = Math.max(lastActive, dayNumber(account.lastEntryAtMs));
    purchases += account.purchaseCount;
    spent += account.spentMinor;
    visits = Math.max(visits, account.purchaseCount);
  }
  return { balances, lastActive, purchases, spent, visits };
}

interface OfPerson {
  cards: readonly Pick<CardRow, 'cardTypeId' | 'status'>[];
  borders: RfmBorders;
  /** Of all who are this person. */
  hasMarketingConsent: boolean;
}

/** All facts of one person. */
export function personFacts(
  row: SegmentedMember,
  holdings: Holdings,
  { cards, borders, hasMarketingConsent }: OfPerson,
): PersonFacts {
  const { words, numbers } = memberFacts(row);
  const { lastActive, purchases, spent, balances } = holdings;
  const active = cards.filter(({ status }) => status === 'active').map(({ cardTypeId }) => cardTypeId);
  const score = scoreMember(holdings, borders);
  return {
    words: {
      ...words,
      marketing: flag(hasMarketingConsent),
      cardTypes: [...new Set<string>(active)],
      rfm: score === null ? [] : [nameOf(score)],
    },
    numbers: {
      ...numbers,
      ...{ lastActive, purchases, spent },
      ...{
        recency: score?.recency ?? NONE,
        frequency: score?.frequency ?? NONE,
        money: score?.money ?? NONE,
      },
      ...Object.fromEntries([...balances].map(([type, balance]) => [`balance.${type}`, balance])),
    },
  };
}

/** The facts as columns of one row. */
export const columnsOfOne =
  ({ words, numbers }: PersonFacts): ColumnSource =>
  (field) => {
    const number = numbers[field];
    if (number !== undefined) return { type: 'number', values: [number] };
    const set = words[field];
    return set === undefined ? undefined : { type: 'set', codes: [0], sets: [set] };
  };
