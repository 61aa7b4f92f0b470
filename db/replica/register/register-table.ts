import { foldName, packDay } from '../../../sync/model/list-tests.ts';
import type { BuiltInColumn } from '../../../sync/model/register.ts';
import { ByteTexts } from './byte-texts.ts';
import { CodeColumn } from './code-column.ts';
import { CustomColumns } from './custom-columns.ts';
import { PhoneDigits } from './phone-digits.ts';
import { packPhone } from './texts.ts';

export const CODE_COLUMNS = [
  'state',
  'tier',
  'groups',
  'cards',
  'tags',
  'gender',
  'store',
  'customerType',
  'consent',
  'verified',
] as const satisfies BuiltInColumn[];
export type CodeColumnId = (typeof CODE_COLUMNS)[number];
export const NUMBER_COLUMNS = [
  'mobile',
  'phone',
  'createdAt',
  'lastActivity',
  'transactions',
  'dateOfBirth',
] as const satisfies BuiltInColumn[];
export type NumberColumnId = (typeof NUMBER_COLUMNS)[number];
/** Those whose numbers need no more than 32 bits. */
const SMALL: ReadonlySet<NumberColumnId> = new Set(['transactions', 'dateOfBirth']);

/** What the list knows of a member's own row. */
export interface MemberFacts {
  isListed: boolean;
  lastName: string;
  firstName: string;
  mobile: string | null;
  phone: string | null;
  createdAtMs: number;
  state: string;
  tier: string;
  storeId: string;
  gender: string;
  customerType: string;
  hasMarketingConsent: boolean;
  dateOfBirth: string | null;
  groups: readonly string[];
  tags: readonly string[];
  /** `email`, `mobile` or both, in that order. */
  verified: readonly string[];
  /** Values of the chain's own attributes, by id. */
  custom: Readonly<Record<string, string>>;
}

const codeColumns = (capacity: number): Record<CodeColumnId, CodeColumn> => {
  const make = (): CodeColumn => new CodeColumn(capacity);
  return {
    ...{ state: make(), tier: make(), groups: make(), cards: make(), tags: make(), gender: make() },
    ...{ store: make(), customerType: make(), consent: make(), verified: make() },
  };
};

type Numbers = Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer>;
const numberColumn = (id: NumberColumnId, capacity: number): Numbers =>
  SMALL.has(id) ? new Int32Array(capacity) : new Float64Array(capacity);

const MORE = 1.1;
const MORE_LEAST = 4_096;

/**
 * Columns of all members, in memory, one slot each; slots are given in order of arrival and never again. What is read
 * from the file is told slot by slot; nothing here knows the file.
 */
export class RegisterTable {
  /** Slots in use: 0 .. count - 1. */
  count = 0;
  capacity: number;
  listed: Uint8Array<ArrayBuffer>;
  /** The row of `members`; 0 for a member whom only this till knows yet. */
  rids: Int32Array<ArrayBuffer>;
  readonly names: ByteTexts;
  readonly codes: Record<CodeColumnId, CodeColumn>;
  readonly numbers: Record<NumberColumnId, Numbers>;
  readonly custom: CustomColumns;
  readonly #digits = new Map<'mobile' | 'phone', PhoneDigits>();

  constructor(capacity: number) {
    this.capacity = Math.max(capacity, MORE_LEAST);
    this.listed = new Uint8Array(this.capacity);
    this.rids = new Int32Array(this.capacity);
    this.names = new ByteTexts(this.capacity);
    this.codes = codeColumns(this.capacity);
    this.custom = new CustomColumns(this.capacity);
    const make = (id: NumberColumnId): Numbers => numberColumn(id, this.capacity);
    this.numbers = {
      ...{ mobile: make('mobile'), phone: make('phone'), createdAt: make('createdAt') },
      ...{ lastActivity: make('lastActivity'), transactions: make('transactions') },
      dateOfBirth: make('dateOfBirth'),
    };
  }

  get byteLength(): number {
    const codes = CODE_COLUMNS.map((id) => this.codes[id].byteLength);
    const numbers = NUMBER_COLUMNS.map((id) => this.numbers[id].byteLength);
    const own =
      this.listed.byteLength + this.rids.byteLength + this.names.byteLength + this.custom.byteLength;
    const digits = [...this.#digits.values()].map(({ byteLength }) => byteLength);
    return [...codes, ...numbers, ...digits].reduce((sum, bytes) => sum + bytes, own);
  }

  /** A new slot. */
  take(rid: number): number {
    if (this.count === this.capacity) this.#grow();
    const slot = this.count;
    this.count += 1;
    this.rids[slot] = rid;
    this.numbers.lastActivity[slot] = -1;
    return slot;
  }

  #grow(): void {
    this.capacity = Math.ceil(this.capacity * MORE) + MORE_LEAST;
    const { capacity } = this;
    const larger = <Kept extends Uint8Array | Numbers>(to: Kept, from: Kept): Kept => {
      to.set(from);
      return to;
    };
    this.listed = larger(new Uint8Array(capacity), this.listed);
    this.rids = larger(new Int32Array(capacity), this.rids);
    this.names.grow(capacity);
    this.custom.grow(capacity);
    // Laid out anew when somebody asks again.
    this.#digits.clear();
    for (const id of CODE_COLUMNS) this.codes[id].grow(capacity);
    for (const id of NUMBER_COLUMNS) this.numbers[id] = larger(numberColumn(id, capacity), this.numbers[id]);
  }

  setMember(slot: number, facts: MemberFacts): void {
    const { codes, numbers } = this;
    this.listed[slot] = facts.isListed ? 1 : 0;
    this.names.set(slot, foldName(`${facts.lastName} ${facts.firstName}`.trim()));
    numbers.mobile[slot] = packPhone(facts.mobile);
    numbers.phone[slot] = packPhone(facts.phone);
    for (const [id, digits] of this.#digits) digits.set(slot, numbers[id][slot] ?? -1);
    numbers.createdAt[slot] = Math.max(0, facts.createdAtMs);
    numbers.dateOfBirth[slot] = packDay(facts.dateOfBirth);
    codes.state.setOne(slot, facts.state);
    codes.tier.setOne(slot, facts.tier);
    codes.store.setOne(slot, facts.storeId);
    codes.gender.setOne(slot, facts.gender);
    codes.customerType.setOne(slot, facts.customerType);
    this.setConsent(slot, facts.hasMarketingConsent);
    codes.groups.set(slot, facts.groups);
    codes.tags.set(slot, facts.tags);
    codes.verified.set(slot, facts.verified);
    this.custom.set(slot, facts.custom);
  }

  /** Of a column of phones, laid out to be looked through. */
  digitsOf(id: 'mobile' | 'phone'): PhoneDigits {
    const known = this.#digits.get(id);
    if (known !== undefined) return known;
    const made = new PhoneDigits(this.numbers[id], this.count);
    this.#digits.set(id, made);
    return made;
  }

  hasConsent(slot: number): boolean {
    const { codes, sets } = this.codes.consent;
    return sets[codes[slot] ?? 0]?.[0] === 'yes';
  }

  setConsent(slot: number, hasMarketingConsent: boolean): void {
    this.codes.consent.setOne(slot, hasMarketingConsent ? 'yes' : 'no');
  }

  /** Before cards and accounts are told anew. */
  clearHoldings(slot: number): void {
    this.codes.cards.codes[slot] = 0;
    this.numbers.transactions[slot] = 0;
    this.numbers.lastActivity[slot] = -1;
  }

  addCard(slot: number, cardTypeId: string): void {
    this.codes.cards.add(slot, cardTypeId);
  }

  addAccount(
    slot: number,
    { entryCount, lastEntryAtMs }: { entryCount: number; lastEntryAtMs: number },
  ): void {
    const { lastActivity, transactions } = this.numbers;
    transactions[slot] = (transactions[slot] ?? 0) + entryCount;
    if (lastEntryAtMs > 0 && lastEntryAtMs > (lastActivity[slot] ?? -1)) lastActivity[slot] = lastEntryAtMs;
  }
}
