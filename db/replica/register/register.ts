import { emailKey, lookupIdKey } from '../../../sync/base/search-key.ts';
import {
  type ColumnKinds,
  CUSTOM_PREFIX,
  isBuiltIn,
  type RegisterChoice,
} from '../../../sync/model/register.ts';
import { buildTable, type BuildPause, type MergedRoots } from './register-build.ts';
import { joinMasks, maskOf, type ConditionScene, type Mask } from './conditions.ts';
import { RegisterOrders } from './register-orders.ts';
import type { RegisterReader } from './register-reader.ts';
import { RegisterColumns } from './register-columns.ts';
import { RegisterTable, type CodeColumnId } from './register-table.ts';
import { countReviews } from './reviews.ts';
import type {
  OwnMember,
  RegisterMemory,
  RegisterPage,
  RegisterPageAsk,
  RegisterTotals,
  TotalsAsk,
  ValueCount,
  Within,
} from './register-types.ts';
import { RidSlots } from './rid-slots.ts';

const SEARCH_DIGITS_MIN = 3;
const KEY_SIGNS_MIN = 2;
const MINUTE_MS = 60_000;
/** Room for new members, so that the first of them does not copy everything. */
const MORE = 1.02;

type WithinChoice = RegisterChoice & { within?: Within | null };

interface Shown {
  key: string;
  version: number;
  slots: Int32Array;
}

/**
 * The list of all members, in memory and quick in any order: columns of what is sorted and asked for most, orders by
 * them, and the answer that was given last. It follows the copy by being told what changed, and reads that again. Holds
 * nothing on a disk.
 */
export class Register {
  readonly table: RegisterTable;
  readonly #reader: RegisterReader;
  readonly #orders: RegisterOrders;
  readonly #columns: RegisterColumns;
  readonly #own = new Map<number, OwnMember>();
  /** Members whom only this till knows. */
  readonly #ownSlots = new Map<string, number>();
  readonly #rids = new RidSlots();
  #roots: MergedRoots = new Map();
  #version = 0;
  #shown: Shown | null = null;

  constructor(reader: RegisterReader) {
    this.#reader = reader;
    this.table = new RegisterTable(Math.ceil(reader.lastRows().members * MORE));
    this.#columns = new RegisterColumns(reader, {
      table: this.table,
      slotOf: (rid) => this.#slotOfRid(rid),
      own: this.#own,
      onDropped: (column) => this.#orders.drop(column),
    });
    this.#orders = new RegisterOrders(this.table, (column) => this.#columns.view(column));
  }

  /** Reads everything; afterwards the list answers. */
  async build(pause: BuildPause): Promise<void> {
    this.#roots = await buildTable(this.#reader, this.table, pause);
    this.#rids.setBuilt(this.table.count);
    for (const column of ['mobile', 'phone'] as const) {
      this.table.digitsOf(column);
      await pause(1);
    }
    for (const column of ['name', 'createdAt', 'lastActivity', 'mobile', 'state', 'tier', 'groups']) {
      this.#orders.get(column);
      await pause(1);
    }
  }

  memory(): RegisterMemory {
    const bytes = this.table.byteLength + this.#orders.byteLength + this.#columns.byteLength;
    return { slots: this.table.count, bytes: bytes + (this.#shown?.slots.byteLength ?? 0) };
  }

  /** What the chain's own columns are now: before a question about one of them. */
  setKinds(kinds: ColumnKinds): void {
    if (this.#columns.setKinds(kinds)) this.#version += 1;
  }

  page(ask: RegisterPageAsk): RegisterPage {
    this.setKinds(ask.kinds);
    const slots = this.#slotsOf(ask);
    const memberIds = [...slots.subarray(ask.offset, ask.offset + ask.limit)].flatMap(
      (slot) => this.memberIdAt(slot) ?? [],
    );
    return { total: slots.length, memberIds };
  }

  memberIdAt(slot: number): string | undefined {
    return this.#own.get(slot)?.memberId ?? this.#reader.memberIdOf(this.table.rids[slot] ?? 0);
  }

  /** Rows in the order asked for; the last answer is kept, because a list is read page by page. */
  #slotsOf({ sort, filter, search, within, nowMs }: RegisterPageAsk): Int32Array {
    const minute = Math.floor(nowMs / MINUTE_MS);
    const key = JSON.stringify([sort, filter, search, filter.rules.length > 0 ? minute : 0, within?.key]);
    if (this.#shown?.key === key && this.#shown.version === this.#version) return this.#shown.slots;
    const mask = this.choose({ filter, search, within: within ?? null }, nowMs);
    this.#shown = { key, version: this.#version, slots: this.#orders.select(sort, mask) };
    return this.#shown.slots;
  }

  /** Whom a choice means, of those that are listed. */
  choose({ filter, search, within }: WithinChoice, nowMs: number): Mask {
    const { table } = this;
    const scene: ConditionScene = { table, viewOf: (column) => this.#columns.view(column), nowMs };
    const listed = table.listed.slice(0, table.count);
    if (within != null) joinMasks(listed, this.#withinMask(within), 'all');
    if (filter.rules.length > 0) joinMasks(listed, maskOf(scene, filter), 'all');
    return search.trim() === '' ? listed : joinMasks(listed, this.#searchMask(scene, search.trim()), 'all');
  }

  #withinMask({ rids, memberIds }: Within): Mask {
    const mask = new Uint8Array(this.table.count);
    for (const rid of rids) {
      const slot = this.#slotOfRid(rid);
      if (slot >= 0) mask[slot] = 1;
    }
    for (const memberId of memberIds) {
      const slot = this.#slotOfId(memberId);
      if (slot >= 0) mask[slot] = 1;
    }
    return mask;
  }

  /** A part of the name or of a number, the start of an e-mail address or an id. */
  #searchMask(scene: ConditionScene, search: string): Mask {
    const digits = search.replace(/[\s\-().+/]/g, '');
    const words = search.split(/\s+/);
    const named = maskOf(scene, {
      match: 'all',
      rules: words.map((text) => ({ column: 'name', op: 'contains', text })),
    });
    if (/^\d+$/.test(digits) && digits.length >= SEARCH_DIGITS_MIN) {
      const rules = (['mobile', 'phone'] as const).map(
        (column) => ({ column, op: 'contains', text: digits }) as const,
      );
      joinMasks(named, maskOf(scene, { match: 'any', rules }), 'any');
    }
    for (const key of [`e${emailKey(search)}`, `l${lookupIdKey(search)}`]) {
      if (key.length <= KEY_SIGNS_MIN) continue;
      for (const rid of this.#reader.ridsByKey(key)) {
        const slot = this.#slotOfRid(rid);
        if (slot >= 0 && !this.#own.has(slot)) named[slot] = 1;
      }
    }
    for (const [slot, { texts }] of this.#own) if (startsWithin(texts, search)) named[slot] = 1;
    return named;
  }

  totals({ activeSinceMs, newSinceMs, kinds }: TotalsAsk): RegisterTotals {
    const { listed, count, numbers } = this.table;
    this.setKinds(kinds);
    const found = countReviews(this.table, (column) => this.#columns.view(column));
    const totals: RegisterTotals = { members: 0, transactions: 0, ...found, active: 0, added: 0 };
    for (let slot = 0; slot < count; slot += 1) {
      if (listed[slot] !== 1) continue;
      totals.members += 1;
      totals.transactions += numbers.transactions[slot] ?? 0;
      if ((numbers.lastActivity[slot] ?? -1) >= activeSinceMs) totals.active += 1;
      if ((numbers.createdAt[slot] ?? 0) >= newSinceMs) totals.added += 1;
    }
    return totals;
  }

  /** Values that listed members have in a column of choices, the most frequent first. */
  values(column: string, limit: number): ValueCount[] {
    const counted = isBuiltIn(column)
      ? this.table.codes[column as CodeColumnId]
      : this.table.custom.get(column.slice(CUSTOM_PREFIX.length));
    if (counted === undefined) return [];
    const { codes, sets } = counted;
    const byCode = new Float64Array(sets.length);
    const { listed, count } = this.table;
    for (let slot = 0; slot < count; slot += 1) {
      const code = codes[slot] ?? 0;
      if (listed[slot] === 1) byCode[code] = (byCode[code] ?? 0) + 1;
    }
    const counts = new Map<string, number>();
    for (const [code, values] of sets.entries())
      for (const value of values) counts.set(value, (counts.get(value) ?? 0) + (byCode[code] ?? 0));
    return [...counts]
      .map(([value, each]) => ({ value, count: each }))
      .filter(({ count: each }) => each > 0)
      .sort((left, right) => right.count - left.count || (left.value < right.value ? -1 : 1))
      .slice(0, limit);
  }

  /** What the copy says of these members has changed: their own rows, cards or accounts. */
  refresh(memberIds: readonly string[], accountNos: readonly number[] = []): void {
    const people = new Set<number>();
    for (const memberId of memberIds) {
      const slot = this.#refreshMember(memberId);
      if (slot < 0) continue;
      people.add(this.#roots.get(slot) ?? slot);
    }
    for (const accountNo of accountNos) {
      const memberId = this.#reader.holderOf(accountNo);
      const slot = memberId === undefined ? -1 : this.#slotOfId(memberId);
      if (slot >= 0) people.add(this.#roots.get(slot) ?? slot);
    }
    for (const slot of people) this.#refreshHoldings(slot);
    if (people.size > 0) this.#version += 1;
  }

  /** Her own row; the members she stood for or goes on as are read again too, where that changed. @returns her slot */
  #refreshMember(memberId: string): number {
    const stored = this.#reader.member(memberId);
    if (stored === undefined) return this.#ownSlots.get(memberId) ?? -1;
    const slot = this.#slotOfId(memberId, stored.rid);
    if (!this.#own.has(slot)) {
      this.table.setMember(slot, stored.facts);
      this.#columns.change(slot, stored.rid);
    }
    this.#orders.change(slot);
    const into = stored.mergedIntoId === null ? undefined : this.#slotOfId(stored.mergedIntoId);
    const root = into === undefined || into < 0 ? undefined : (this.#roots.get(into) ?? into);
    if (this.#roots.get(slot) === root) return slot;
    for (const left of this.#turn(memberId, root ?? slot)) this.#refreshHoldings(left);
    this.#refreshHoldings(slot);
    return slot;
  }

  /** Whoever went on as her, over however many steps, goes with her. @returns whom they went on as before */
  #turn(memberId: string, root: number): ReadonlySet<number> {
    const people = new Set([memberId]);
    const left = new Set<number>();
    // A set is walked over what is added to it meanwhile.
    for (const each of people) {
      for (const former of this.#reader.mergedFrom(each)) people.add(former);
      const slot = this.#slotOfId(each);
      if (slot < 0) continue;
      const before = this.#roots.get(slot);
      if (before !== undefined && before !== root) left.add(before);
      if (slot === root) this.#roots.delete(slot);
      else this.#roots.set(slot, root);
    }
    return left;
  }

  /** Cards and accounts of everybody who is this person. */
  #refreshHoldings(slot: number): void {
    this.#orders.change(slot);
    if (this.#own.has(slot)) return;
    const memberId = this.memberIdAt(slot);
    if (memberId === undefined) return;
    this.table.clearHoldings(slot);
    const people = new Set([memberId]);
    let isWilling = true;
    // A set is walked over what is added to it meanwhile.
    for (const each of people) {
      for (const former of this.#reader.mergedFrom(each)) people.add(former);
      isWilling &&= this.#reader.member(each)?.facts.hasMarketingConsent !== false;
      for (const cardTypeId of this.#reader.cardsOf(each)) this.table.addCard(slot, cardTypeId);
      for (const account of this.#reader.accountsOf(each)) this.table.addAccount(slot, account);
    }
    // Whoever withdrew as one of two profiles did not ask for mail as the other.
    this.table.setConsent(slot, isWilling);
  }

  /** Members as this till's own actions leave them, and those of whom the copy is right again. */
  setOwn(members: readonly OwnMember[], dropped: readonly string[]): void {
    for (const member of members) {
      const slot = this.#slotOfId(member.memberId, undefined, true);
      this.#own.set(slot, member);
      this.table.setMember(slot, member.facts);
      this.table.clearHoldings(slot);
      for (const cardTypeId of member.cards) this.table.addCard(slot, cardTypeId);
      for (const account of member.accounts) this.table.addAccount(slot, account);
      this.#columns.change(slot, 0);
      this.#orders.change(slot);
    }
    for (const memberId of dropped) {
      const slot = this.#slotOfId(memberId);
      if (slot < 0 || !this.#own.delete(slot)) continue;
      if (this.table.rids[slot] === 0) this.table.listed[slot] = 0;
      this.#orders.change(slot);
    }
    this.#version += 1;
    this.refresh(dropped);
  }

  /** All that this till's own actions lay over the copy just now. */
  ownMembers(): OwnMember[] {
    return [...this.#own.values()];
  }

  ownAt(slot: number): OwnMember | undefined {
    return this.#own.get(slot);
  }

  slotOf(memberId: string): number {
    return this.#slotOfId(memberId);
  }

  #slotOfId(memberId: string, knownRid?: number, isOwn = false): number {
    const rid = knownRid ?? this.#reader.member(memberId)?.rid;
    const own = this.#ownSlots.get(memberId);
    if (own !== undefined) {
      // The centre has confirmed whom only this till knew.
      if (rid !== undefined && this.table.rids[own] === 0) {
        this.table.rids[own] = rid;
        this.#rids.add(rid, own);
      }
      return own;
    }
    const known = rid === undefined ? -1 : this.#slotOfRid(rid);
    if (known >= 0 || (rid === undefined && !isOwn)) return known;
    const slot = this.table.take(rid ?? 0);
    if (rid === undefined) this.#ownSlots.set(memberId, slot);
    else this.#rids.add(rid, slot);
    this.#columns.grow();
    return slot;
  }

  #slotOfRid(rid: number): number {
    return this.#rids.find(this.table.rids, rid);
  }
}

const startsWithin = (texts: Record<string, string>, search: string): boolean =>
  emailKey(texts['email'] ?? '').startsWith(emailKey(search)) ||
  [texts['lookupId'] ?? '', texts['supportId'] ?? ''].some((id) =>
    lookupIdKey(id).startsWith(lookupIdKey(search)),
  );
