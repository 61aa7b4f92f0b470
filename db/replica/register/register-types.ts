import type { CardRow } from '../../../sync/model/card.ts';
import type { ColumnKinds, RegisterChoice, RegisterSort } from '../../../sync/model/register.ts';
import type { CardData } from './card-table.ts';
import type { MemberFacts } from './register-table.ts';

/** A card as this till sees it, own actions applied; `balance` is null where its account is not here. */
export interface OwnCard {
  card: CardRow;
  balance: number | null;
  data: CardData;
}

/** A member as this till sees her, own actions applied: takes the place of what the copy says. */
export interface OwnMember {
  memberId: string;
  facts: MemberFacts;
  /** Texts of columns that are read when asked for, custom ones too, by column. */
  texts: Record<string, string>;
  cards: readonly string[];
  /** All her cards, for the list of cards. */
  cardRows: readonly OwnCard[];
  accounts: readonly { entryCount: number; lastEntryAtMs: number }[];
}

/** Members whom somebody else chose, out of the same copy: only these are meant. */
export interface Within {
  /** The same as long as the set is. */
  key: string;
  rids: Int32Array;
  /** Members with own actions of this till, of whom the copy is not asked. */
  memberIds: readonly string[];
}

export interface RegisterPageAsk extends RegisterChoice {
  within?: Within | null;
  sort: RegisterSort;
  /** Of the chain's own columns, as its attributes are now. */
  kinds: ColumnKinds;
  offset: number;
  limit: number;
  nowMs: number;
}

/** Members in the order asked for. */
export interface RegisterPage {
  /** How many the choice means. */
  total: number;
  memberIds: string[];
}

export interface RegisterTotals {
  members: number;
  /** Entries on the accounts of all members. */
  transactions: number;
  /** Reviews that members wrote. */
  reviews: number;
  /** Their mean to one place; null where nobody has one. */
  rating: number | null;
  /** Members with an entry since `activeSinceMs`. */
  active: number;
  /** Members who came since `newSinceMs`. */
  added: number;
}

export interface TotalsAsk {
  activeSinceMs: number;
  newSinceMs: number;
  kinds: ColumnKinds;
}

export interface ValueCount {
  value: string;
  count: number;
}

/** One column of an exported file. */
export interface ExportColumn {
  /** Of the list, or `memberId`, `fullName`, `lastName`, `firstName`. */
  id: string;
  header: string;
  /** Only its last four signs leave the shop. */
  isMasked: boolean;
  /** What stands for a value of a column of choices: names of stores, groups, kinds of card. */
  names: Record<string, string>;
}

export interface ExportAsk extends RegisterChoice {
  within?: Within | null;
  /** Just these, of those that the choice means; null for all of them. */
  memberIds: readonly string[] | null;
  /** Nobody without marketing consent. */
  withConsentOnly: boolean;
  columns: readonly ExportColumn[];
  kinds: ColumnKinds;
  /** Where days begin and end. */
  timeZone: string;
  nowMs: number;
}

export interface RegisterMemory {
  slots: number;
  bytes: number;
}
