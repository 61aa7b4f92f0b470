import type { CardRow } from '../../../sync/model/card.ts';
import { packDay } from '../../../sync/model/list-tests.ts';
import { NEVER } from '../repos/card-scan.ts';
import { ByteTexts } from './byte-texts.ts';
import { CodeColumn } from './code-column.ts';
import { CustomColumns } from './custom-columns.ts';
import type { ColumnView } from './register-columns.ts';

/** What the chain keeps of a card, in the row of its member. */
export interface CardData {
  /** Values of the chain's own attributes of cards, by id. */
  custom: Readonly<Record<string, string>>;
  /** It is on a phone. */
  isInstalled: boolean;
}
export const NO_DATA: CardData = { custom: {}, isInstalled: false };

/** What the list knows of a card; `balance` is null where the card's account is not here. */
export interface CardFacts
  extends CardData, Pick<CardRow, 'cardNumber' | 'cardTypeId' | 'status' | 'issuedAtMs' | 'expiresOn'> {
  balance: number | null;
}

export const NEVER_DAY = packDay(NEVER);
const MORE = 1.1;
const MORE_LEAST = 4_096;

const asItIs = (value: string): string => value;

/** Columns of all cards, in memory, one slot each; slots are given in order of arrival and never again. */
export class CardTable {
  count = 0;
  capacity: number;
  listed: Uint8Array<ArrayBuffer>;
  /** The row of `cards`; 0 for a card that only this till knows yet. */
  rids: Int32Array<ArrayBuffer>;
  /** A card is called by its number: equal ones of any other column stand in this order. */
  readonly names: ByteTexts;
  readonly #status: CodeColumn;
  readonly #type: CodeColumn;
  readonly #installed: CodeColumn;
  /** Of the chain's own; one with very many values is not held. */
  readonly custom: CustomColumns;
  #issuedAt: Float64Array<ArrayBuffer>;
  #lastDay: Int32Array<ArrayBuffer>;
  #balance: Float64Array<ArrayBuffer>;
  #today = 0;

  constructor(capacity: number) {
    this.capacity = Math.max(capacity, MORE_LEAST);
    this.listed = new Uint8Array(this.capacity);
    this.rids = new Int32Array(this.capacity);
    this.names = new ByteTexts(this.capacity);
    this.#status = new CodeColumn(this.capacity);
    this.#type = new CodeColumn(this.capacity);
    this.#installed = new CodeColumn(this.capacity);
    this.custom = new CustomColumns(this.capacity);
    this.#issuedAt = new Float64Array(this.capacity);
    this.#lastDay = new Int32Array(this.capacity);
    this.#balance = new Float64Array(this.capacity);
  }

  get byteLength(): number {
    const held = [this.listed, this.rids, this.names, this.#status, this.#type, this.#installed];
    return [...held, this.custom, this.#issuedAt, this.#lastDay, this.#balance].reduce(
      (sum, { byteLength }) => sum + byteLength,
      0,
    );
  }

  /** A new slot. */
  take(rid: number): number {
    if (this.count === this.capacity) this.#grow();
    const slot = this.count;
    this.count += 1;
    this.rids[slot] = rid;
    return slot;
  }

  #grow(): void {
    this.capacity = Math.ceil(this.capacity * MORE) + MORE_LEAST;
    const { capacity } = this;
    const larger = <Kept extends Uint8Array | Int32Array | Float64Array>(to: Kept, from: Kept): Kept => {
      to.set(from);
      return to;
    };
    this.listed = larger(new Uint8Array(capacity), this.listed);
    this.rids = larger(new Int32Array(capacity), this.rids);
    this.#issuedAt = larger(new Float64Array(capacity), this.#issuedAt);
    this.#lastDay = larger(new Int32Array(capacity), this.#lastDay);
    this.#balance = larger(new Float64Array(capacity), this.#balance);
    for (const column of [this.names, this.#status, this.#type, this.#installed, this.custom])
      column.grow(capacity);
  }

  set(slot: number, facts: CardFacts): void {
    this.listed[slot] = 1;
    if (this.names.get(slot) !== facts.cardNumber) this.names.set(slot, facts.cardNumber);
    this.#type.setOne(slot, facts.cardTypeId);
    this.#issuedAt[slot] = Math.max(0, facts.issuedAtMs);
    this.#lastDay[slot] = facts.expiresOn === null ? NEVER_DAY : packDay(facts.expiresOn);
    this.#balance[slot] = facts.balance ?? Number.NaN;
    this.#status.setOne(slot, facts.status);
    this.#age(slot);
    this.setData(slot, facts);
  }

  setData(slot: number, { custom, isInstalled }: CardData): void {
    this.#installed.setOne(slot, isInstalled ? 'yes' : '');
    this.custom.set(slot, custom);
  }

  /** Active cards whose last day is over are expired, and the others are not. */
  #age(slot: number): void {
    const now = this.textAt('status', slot);
    if (now !== 'active' && now !== 'expired') return;
    this.#status.setOne(slot, (this.#lastDay[slot] ?? 0) < this.#today ? 'expired' : 'active');
  }

  /** @param today YYYY-MM-DD @returns true when it is another day than before */
  setToday(today: string): boolean {
    const day = packDay(today);
    if (day === this.#today) return false;
    this.#today = day;
    for (let slot = 0; slot < this.count; slot += 1) this.#age(slot);
    return true;
  }

  view(column: string): ColumnView {
    switch (column) {
      case 'status':
        return { is: 'codes', kind: 'choice', column: this.#status, isCustom: false, keyOf: asItIs };
      case 'type':
        return { is: 'codes', kind: 'choice', column: this.#type, isCustom: false, keyOf: asItIs };
      case 'installed':
        return { is: 'codes', kind: 'choice', column: this.#installed, isCustom: false, keyOf: asItIs };
      case 'issued':
        return { is: 'numbers', kind: 'time', values: this.#issuedAt, isSigned: false };
      case 'expires':
        return { is: 'numbers', kind: 'day', values: this.#lastDay, isSigned: false };
      case 'balance':
        return { is: 'numbers', kind: 'number', values: this.#balance, isSigned: true };
      default:
        return { is: 'texts', texts: this.names };
    }
  }

  textAt(column: 'status' | 'type', slot: number): string {
    const { codes, sets } = column === 'status' ? this.#status : this.#type;
    return sets[codes[slot] ?? 0]?.[0] ?? '';
  }

  numberAt(column: 'issued' | 'expires' | 'balance', slot: number): number {
    const { [column]: values } = { issued: this.#issuedAt, expires: this.#lastDay, balance: this.#balance };
    return values[slot] ?? Number.NaN;
  }
}
