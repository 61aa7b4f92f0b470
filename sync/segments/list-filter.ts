import { toE164 } from '../base/phone.ts';
import { emailKey, lookupIdKey } from '../base/search-key.ts';
import type { AccountRow, CardRow } from '../model/card.ts';
import { readExtras, verifiedWords } from '../model/extras.ts';
import {
  foldName,
  foldText,
  packDay,
  TEXT_TESTS,
  valueTest,
  wantedNumber,
  wantedSet,
} from '../model/list-tests.ts';
import type { MemberRow } from '../model/member.ts';
import { CUSTOM_PREFIX, isBuiltIn, kindOfColumn, type BuiltInColumn } from '../model/register.ts';
import type { ColumnKinds, RegisterChoice, RegisterCondition, RegisterFilter } from '../model/register.ts';
import { wordTags } from '../model/segment.ts';

/** A person as the list of all members has her, former selves included. */
export interface ListedPerson {
  row: MemberRow;
  hasMarketingConsent: boolean;
  cards: readonly Pick<CardRow, 'cardTypeId' | 'status'>[];
  accounts: readonly Pick<AccountRow, 'entryCount' | 'lastEntryAtMs'>[];
}

export interface FilterScene {
  nowMs: number;
  /** Of the chain's own columns, as its attributes are now. */
  kinds: ColumnKinds;
  /** Whose notation of phones is typed. */
  country: string;
}

type Test = (person: ListedPerson) => boolean;
const nobody: Test = () => false;

/** Searched by fewer digits, a phone would be nearly everybody's. */
export const SEARCH_DIGITS_MIN = 3;

const nameOf = ({ row }: ListedPerson): string => foldName(`${row.lastName} ${row.firstName}`.trim());

const TEXTS: Partial<Record<BuiltInColumn, (row: MemberRow) => string>> = {
  email: ({ email }) => email ?? '',
  lookupId: ({ lookupId }) => lookupId,
  supportId: ({ supportId }) => supportId,
  prefix: ({ prefix }) => prefix,
  street1: ({ street1 }) => street1,
  street2: ({ street2 }) => street2,
  postalCode: ({ postalCode }) => postalCode,
  city: ({ city }) => city,
  region: ({ region }) => region,
  country: ({ country }) => country,
  notes: ({ notes }) => notes,
};

const one = (text: string): readonly string[] => (text === '' ? [] : [text]);
const WORDS: Partial<Record<BuiltInColumn, (person: ListedPerson) => readonly string[]>> = {
  state: ({ row }) => one(row.state),
  tier: ({ row }) => one(row.tier),
  store: ({ row }) => one(row.storeId),
  gender: ({ row }) => one(row.gender),
  customerType: ({ row }) => one(row.customerType),
  consent: ({ hasMarketingConsent }) => [hasMarketingConsent ? 'yes' : 'no'],
  groups: ({ row }) => readExtras(row.extras).groups,
  tags: ({ row }) => wordTags(readExtras(row.extras).tags),
  verified: ({ row }) => verifiedWords(readExtras(row.extras).verified),
  cards: ({ cards }) => cards.filter(({ status }) => status === 'active').map(({ cardTypeId }) => cardTypeId),
};

/** NaN and below zero stand for none. */
const NUMBERS: Partial<Record<BuiltInColumn, (person: ListedPerson) => number>> = {
  createdAt: ({ row }) => Math.max(0, row.createdAtMs),
  lastActivity: ({ accounts }) =>
    accounts.reduce(
      (last, { lastEntryAtMs }) => (lastEntryAtMs > 0 ? Math.max(last, lastEntryAtMs) : last),
      -1,
    ),
  transactions: ({ accounts }) => accounts.reduce((sum, { entryCount }) => sum + entryCount, 0),
  dateOfBirth: ({ row }) => packDay(row.dateOfBirth),
  tierUntil: ({ row }) => (row.tierUntil === null ? Number.NaN : packDay(row.tierUntil)),
};

function textTest(
  condition: RegisterCondition,
  textOf: (person: ListedPerson) => string,
  toWanted: (text: string) => string,
): Test {
  const { op } = condition;
  if (op === 'empty' || op === 'filled') return (person) => (textOf(person) === '') === (op === 'empty');
  if ('values' in condition) {
    const wanted = new Set(condition.values.map((value) => foldText(value)).filter((value) => value !== ''));
    return (person) => wanted.has(textOf(person)) === (op === 'anyOf');
  }
  if (!('text' in condition)) return nobody;
  const wanted = toWanted(condition.text);
  const test = TEXT_TESTS[condition.op];
  return wanted === '' ? nobody : (person) => test(textOf(person), wanted);
}

/** Digits of a number, whole where all of it is asked for in any notation. */
function phoneTest(condition: RegisterCondition, column: 'mobile' | 'phone', country: string): Test {
  const digitsOf = ({ row }: ListedPerson): string => row[column]?.slice(1) ?? '';
  if (condition.op === 'empty') return (person) => digitsOf(person) === '';
  if (condition.op === 'filled') return (person) => digitsOf(person) !== '';
  if (!('text' in condition)) return nobody;
  const whole = condition.op === 'is' ? (toE164(condition.text, country) ?? condition.text) : condition.text;
  const wanted = whole.replace(/\D/g, '');
  const test = TEXT_TESTS[condition.op];
  return wanted === '' ? nobody : (person) => test(digitsOf(person), wanted);
}

function customTest(condition: RegisterCondition, kinds: ColumnKinds): Test {
  const id = condition.column.slice(CUSTOM_PREFIX.length);
  const isWanted = valueTest(kindOfColumn(condition.column, kinds), condition);
  return isWanted === null ? nobody : ({ row }) => isWanted(readExtras(row.extras).custom[id] ?? '');
}

function conditionTest(condition: RegisterCondition, { nowMs, kinds, country }: FilterScene): Test {
  const { column } = condition;
  if (!isBuiltIn(column)) return customTest(condition, kinds);
  if (column === 'name') return textTest(condition, nameOf, foldName);
  if (column === 'mobile' || column === 'phone') return phoneTest(condition, column, country);
  const [textOf, wordsOf, numberOf] = [TEXTS[column], WORDS[column], NUMBERS[column]];
  if (textOf !== undefined) return textTest(condition, ({ row }) => foldText(textOf(row)), foldText);
  if (wordsOf !== undefined) {
    const isWanted = wantedSet(condition);
    return isWanted === null ? nobody : (person) => isWanted(wordsOf(person));
  }
  const isWanted = wantedNumber({ nowMs }, condition, column === 'tierUntil' ? -Infinity : 0);
  return isWanted === null || numberOf === undefined ? nobody : (person) => isWanted(numberOf(person));
}

/** Rules joined as the filter says; no rule at all: everybody. */
function filterTest({ match, rules }: RegisterFilter, scene: FilterScene): Test {
  const tests = rules.map((rule) => ('rules' in rule ? filterTest(rule, scene) : conditionTest(rule, scene)));
  if (tests.length === 0) return () => true;
  return match === 'all'
    ? (person) => tests.every((test) => test(person))
    : (person) => tests.some((test) => test(person));
}

/** A part of the name or of a number, the start of an e-mail address or an id. */
function searchTest(text: string): Test {
  const search = text.trim();
  if (search === '') return () => true;
  const words = search.split(/\s+/).map(foldName);
  const digits = search.replace(/[\s\-().+/]/g, '');
  const isNumber = /^\d+$/.test(digits) && digits.length >= SEARCH_DIGITS_MIN;
  const [email, id] = [emailKey(search), lookupIdKey(search)];
  return (person) => {
    const { row } = person;
    const name = nameOf(person);
    return (
      words.every((word) => word !== '' && name.includes(word)) ||
      (isNumber && [row.mobile, row.phone].some((phone) => phone?.includes(digits) === true)) ||
      (email.length > 1 && emailKey(row.email ?? '').startsWith(email)) ||
      (id.length > 1 && [row.lookupId, row.supportId].some((each) => lookupIdKey(each).startsWith(id)))
    );
  };
}

/**
 * Whether a person is of those whom a saved filter means: the same answer as the list of all members gives, for nodes
 * that have the rows and no list. What can not be asked of a column means nobody.
 */
export function filterOf({ filter, search }: RegisterChoice, scene: FilterScene): Test {
  const [isChosen, isSearched] = [filterTest(filter, scene), searchTest(search)];
  return (person) => isChosen(person) && isSearched(person);
}
