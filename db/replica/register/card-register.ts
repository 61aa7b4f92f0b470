import { packDay, valueTest } from '../../../sync/model/list-tests.ts';
import { CUSTOM_PREFIX, kindOfColumn } from '../../../sync/model/register.ts';
import type { RegisterCondition, RegisterFilter } from '../../../sync/model/register.ts';
import { CARD_SORTS, type CardScan, type CardSort, NEVER, type ScannedCard } from '../repos/card-scan.ts';
import type { CardReader, StoredCard } from './card-reader.ts';
import { CardTable, NEVER_DAY } from './card-table.ts';
import { type ConditionScene, joinMasks, type Mask, maskOf } from './conditions.ts';
import type { BuildPause } from './register-build.ts';
import { RegisterOrders } from './register-orders.ts';
import type { OwnCard, OwnMember, RegisterMemory } from './register-types.ts';
import { RidSlots } from './rid-slots.ts';

const ROWS_PER_SLICE = 5_000;
/** Room for new cards, so that the first of them does not copy everything. */
const MORE = 1.02;
/** As the orders know it: by the number comes first, all others are made from there. */
const columnOf = (sort: CardSort): string => (sort === 'number' ? 'name' : sort);

interface Shown {
  key: string;
  version: number;
  slots: Int32Array;
}

/**
 * The list of all cards, in memory: the same answers as `scanCards` gives from the file, with this till's own open
 * actions laid over. It follows the copy by being told what changed, and reads that again.
 */
export class CardRegister {
  readonly #reader: CardReader;
  readonly #table: CardTable;
  readonly #orders: RegisterOrders;
  readonly #rids = new RidSlots();
  readonly #own = new Map<number, OwnCard>();
  /** Slots laid over, by member. */
  readonly #ownOf = new Map<string, readonly number[]>();
  /** Cards that only this till knew when they came. */
  readonly #ownSlots = new Map<string, number>();
  #version = 0;
  #shown: Shown | null = null;

  constructor(reader: CardReader) {
    this.#reader = reader;
    this.#table = new CardTable(Math.ceil(reader.lastRow() * MORE));
    this.#orders = new RegisterOrders(this.#table, (column) => this.#table.view(column));
  }

  /** Reads everything; what changes meanwhile must be told at its end. */
  async build(pause: BuildPause): Promise<void> {
    const last = this.#reader.lastRow();
    for (let after = 0; after < last; after += ROWS_PER_SLICE) {
      for (const { rid, facts } of this.#reader.slice(after, Math.min(after + ROWS_PER_SLICE, last)))
        this.#table.set(this.#table.take(rid), facts);
      await pause(Math.min(1, (after + ROWS_PER_SLICE) / last));
    }
    this.#rids.setBuilt(this.#table.count);
    const lastMember = this.#reader.lastMember();
    for (let after = 0; after < lastMember; after += ROWS_PER_SLICE) {
      for (const { rid, data } of this.#reader.dataSlice(after, after + ROWS_PER_SLICE)) {
        const slot = this.#rids.find(this.#table.rids, rid);
        if (slot >= 0) this.#table.setData(slot, data);
      }
      await pause(1);
    }
    for (const sort of CARD_SORTS) {
      this.#orders.get(columnOf(sort));
      await pause(1);
    }
  }

  memory(): RegisterMemory {
    const bytes = this.#table.byteLength + this.#orders.byteLength + (this.#shown?.slots.byteLength ?? 0);
    return { slots: this.#table.count, bytes };
  }

  page(scan: CardScan): ScannedCard[] {
    if (this.#table.setToday(scan.today)) {
      this.#orders.drop('status');
      this.#version += 1;
    }
    const slots = this.#slotsOf(scan);
    const from = this.#placeAfter(slots, scan);
    return [...slots.subarray(from, from + scan.limit)].flatMap((slot) => {
      const card = this.#own.get(slot)?.card ?? this.#reader.row(this.#table.rids[slot] ?? 0);
      return card === undefined ? [] : [{ card, key: this.#keyAt(slot, scan.sort, card.expiresOn) }];
    });
  }

  /** Cards in the order asked for; the last answer is kept, because a list is read page by page. */
  #slotsOf(scan: CardScan): Int32Array {
    const { sort, isDescending, after: _after, limit: _limit, ...asked } = scan;
    const key = JSON.stringify([sort, isDescending, asked]);
    if (this.#shown?.key === key && this.#shown.version === this.#version) return this.#shown.slots;
    const table = this.#table;
    const mask = table.listed.slice(0, table.count);
    const filter = filterOf(scan);
    const scene = { table, viewOf: (column: string) => table.view(column), nowMs: 0 };
    if (filter.rules.length > 0) joinMasks(mask, maskOf(scene, filter), 'all');
    for (const condition of scan.own) joinMasks(mask, this.#ownMask(condition, scan), 'all');
    if (scan.digits !== '') this.#keepNumbers(mask, scan.digits);
    const direction = isDescending ? 'down' : 'up';
    const slots = this.#orders.select({ column: columnOf(sort), direction }, mask);
    this.#shown = { key, version: this.#version, slots };
    return slots;
  }

  /** One of the chain's own: held in memory, or read from the file where its values are very many. */
  #ownMask(condition: RegisterCondition, { kinds }: CardScan): Mask {
    const table = this.#table;
    const id = condition.column.slice(CUSTOM_PREFIX.length);
    const kind = kindOfColumn(condition.column, kinds);
    const column = table.custom.get(id);
    if (column !== undefined) {
      const viewOf: ConditionScene['viewOf'] = () => ({ is: 'codes', kind, column, isCustom: true });
      return maskOf({ table, viewOf, nowMs: 0 }, { match: 'all', rules: [condition] });
    }
    const mask = new Uint8Array(table.count);
    const isWanted = valueTest(kind, condition);
    if (isWanted === null) return mask;
    if (isWanted('')) mask.fill(1);
    this.#reader.eachValue(id, (rid, value) => {
      const slot = this.#rids.find(table.rids, rid);
      if (slot >= 0) mask[slot] = isWanted(value) ? 1 : 0;
    });
    for (const [slot, own] of this.#own) mask[slot] = isWanted(own.data.custom[id] ?? '') ? 1 : 0;
    return mask;
  }

  /** Every number begins as the chain's do, so a part may be in all of them: each is looked at by itself. */
  #keepNumbers(mask: Uint8Array, digits: string): void {
    const part = new TextEncoder().encode(digits);
    for (let slot = 0; slot < mask.length; slot += 1)
      if (mask[slot] === 1 && !this.#table.names.holds(slot, part)) mask[slot] = 0;
  }

  /** Where the page behind `after` begins: the row itself may be gone, or stand elsewhere by now. */
  #placeAfter(slots: Int32Array, { after, sort, isDescending }: CardScan): number {
    if (after === null) return 0;
    const mark = sort === 'expires' ? packDay(String(after.key)) : after.key;
    const isBehind = (slot: number): boolean => {
      const order =
        compare(this.#valueAt(slot, sort), mark) || compare(this.#table.names.get(slot), after.cardNumber);
      return isDescending ? order < 0 : order > 0;
    };
    let low = 0;
    let high = slots.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isBehind(slots[middle] ?? 0)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #valueAt(slot: number, sort: CardSort): string | number {
    if (sort === 'number') return this.#table.names.get(slot);
    if (sort === 'status' || sort === 'type') return this.#table.textAt(sort, slot);
    return this.#table.numberAt(sort, slot);
  }

  #keyAt(slot: number, sort: CardSort, expiresOn: string | null): string | number {
    return sort === 'expires' ? (expiresOn ?? NEVER) : this.#valueAt(slot, sort);
  }

  /** What the copy says of cards or accounts of these has changed. */
  refresh(memberIds: readonly string[], accountNos: readonly number[] = []): void {
    const holders = accountNos.map((accountNo) => this.#reader.holderOf(accountNo));
    for (const memberId of new Set([...memberIds, ...holders]))
      if (memberId !== undefined) for (const stored of this.#reader.ofMember(memberId)) this.#read(stored);
    this.#version += 1;
  }

  #read({ rid, cardId, facts }: StoredCard): void {
    const slot = this.#slotOf(cardId, rid);
    if (!this.#own.has(slot)) this.#table.set(slot, facts);
    this.#orders.change(slot);
  }

  #slotOf(cardId: string, rid: number | undefined): number {
    const own = this.#ownSlots.get(cardId);
    const known = own ?? (rid === undefined ? -1 : this.#rids.find(this.#table.rids, rid));
    const slot = known >= 0 ? known : this.#table.take(rid ?? 0);
    if (rid === undefined) this.#ownSlots.set(cardId, slot);
    else if (own !== undefined || known < 0) {
      // Later than the build, or the centre has confirmed what only this till knew.
      this.#table.rids[slot] = rid;
      this.#rids.add(rid, slot);
    }
    return slot;
  }

  /** Members as this till's own actions leave them, and those of whom the copy is right again. */
  setOwn(members: readonly OwnMember[], dropped: readonly string[]): void {
    for (const { memberId, cardRows } of members) {
      const before = this.#ownOf.get(memberId) ?? [];
      const now = cardRows.map((own) => this.#lay(own));
      this.#ownOf.set(memberId, now);
      for (const slot of before) if (!now.includes(slot)) this.#release(slot);
    }
    for (const memberId of dropped) {
      for (const slot of this.#ownOf.get(memberId) ?? []) this.#release(slot);
      this.#ownOf.delete(memberId);
    }
    this.#version += 1;
  }

  #lay(own: OwnCard): number {
    const slot = this.#slotOf(own.card.cardId, this.#reader.ridOf(own.card.cardId));
    this.#own.set(slot, own);
    this.#table.set(slot, { ...own.card, balance: own.balance, ...own.data });
    this.#orders.change(slot);
    return slot;
  }

  #release(slot: number): void {
    const own = this.#own.get(slot);
    if (own === undefined) return;
    this.#own.delete(slot);
    const rid = this.#reader.ridOf(own.card.cardId);
    const facts = rid === undefined ? undefined : this.#reader.facts(rid);
    if (rid === undefined || facts === undefined) this.#table.listed[slot] = 0;
    else this.#read({ rid, cardId: own.card.cardId, facts });
    this.#orders.change(slot);
  }
}

const compare = (left: string | number, right: string | number): number =>
  left < right ? -1 : left > right ? 1 : 0;

const between = (column: string, from: number | null, to: number | null): RegisterCondition[] =>
  from === null && to === null ? [] : [{ column, op: 'between', from, to }];
const anyOf = (column: string, values: readonly string[]): RegisterCondition[] =>
  values.length === 0 ? [] : [{ column, op: 'anyOf', values: [...values] }];

/** The conditions of `scanCards`, as the list's masks take them. */
function filterOf(scan: CardScan): RegisterFilter {
  const { expiresFrom, expiresTo } = scan;
  const lastDays =
    expiresFrom === null && expiresTo === null
      ? []
      : between(
          'expires',
          packDay(expiresFrom),
          Math.min(NEVER_DAY - 1, expiresTo === null ? Infinity : packDay(expiresTo)),
        );
  const rules: RegisterCondition[] = [
    ...anyOf('status', scan.statuses),
    ...anyOf('type', scan.cardTypeIds),
    ...between('balance', scan.balanceFrom, scan.balanceTo),
    ...between('issued', scan.issuedFromMs, scan.issuedToMs),
    ...lastDays,
    ...(scan.isInstalled === null
      ? []
      : [{ column: 'installed', op: scan.isInstalled ? 'filled' : 'empty' } as const]),
    // Without its account a card has no place among them.
    ...(scan.sort === 'balance' ? [{ column: 'balance', op: 'filled' } as const] : []),
  ];
  return { match: 'all', rules };
}
