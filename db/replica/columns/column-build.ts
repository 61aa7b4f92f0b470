import type { MemberId } from '../../../sync/base/ids.ts';
import { bornNumber, dayNumber, NONE, shareOf } from '../../../sync/segments/columns.ts';
import { readExtras, verifiedWords } from '../../../sync/model/extras.ts';
import { isSegmented } from '../../../sync/segments/facts.ts';
import type { CodeColumn } from '../register/code-column.ts';
import { IdSlots } from '../register/id-slots.ts';
import type { ColumnAccount, ColumnMember, ColumnReader } from './column-reader.ts';
import { MemberTable } from './member-table.ts';

const ROWS_PER_READ = 10_000;
/** New members that the list of ids takes before all of it is made anew. */
const NEW_MEMBERS = 20_000;

/** The columns, and where each member is in them. */
export interface Columns {
  table: MemberTable;
  ids: IdSlots;
  /** Slots that `ids` takes. */
  idsMax: number;
  /** Of members who went on as somebody else, the slot of whom they are now. */
  roots: Map<number, number>;
}

const numbersOf = (table: MemberTable) => ({
  capacity: table.capacity,
  created: table.numbers('created'),
  birthday: table.numbers('birthday'),
  share: table.numbers('share'),
  lastActive: table.numbers('lastActive'),
  purchases: table.numbers('purchases'),
  spent: table.numbers('spent'),
  balances: new Map<string, ReturnType<MemberTable['numbers']>>(),
});

function setExtras(table: MemberTable, slot: number, text: string): void {
  const { tags, groups, custom, verified } = readExtras(text);
  table.codes('tags').set(slot, tags);
  table.codes('groups').set(slot, groups);
  table.codes('verified').set(slot, verifiedWords(verified));
  for (const [id, value] of Object.entries(custom)) table.codes(`custom.${id}`).setOne(slot, value);
}

/** Puts rows into columns; each column is looked up once, not for each row. What it says is `personFacts`. */
function createFiller(table: MemberTable) {
  const codes = (field: string): CodeColumn => table.codes(field);
  const [state, tier, store, gender] = [codes('state'), codes('tier'), codes('store'), codes('gender')];
  const [customerType, marketing, creditAllowed] = [
    codes('customerType'),
    codes('marketing'),
    codes('creditAllowed'),
  ];
  const [email, mobile, city, region] = [codes('email'), codes('mobile'), codes('city'), codes('region')];
  const [country, postalCode] = [codes('country'), codes('postalCode')];
  let numbers = numbersOf(table);
  /** Columns of numbers are others after the table grew. */
  const current = (): ReturnType<typeof numbersOf> => {
    if (numbers.capacity !== table.capacity) numbers = numbersOf(table);
    return numbers;
  };
  const yesNo = (column: CodeColumn, slot: number, is: number): void =>
    column.setOne(slot, is === 1 ? 'yes' : 'no');
  return {
    setMember: (slot: number, row: ColumnMember): void => {
      const [
        ,
        memberId,
        mergedIntoId,
        stateNow,
        tierNow,
        storeId,
        genderNow,
        type,
        consent,
        credit,
        ...rest
      ] = row;
      const [born, hasEmail, hasMobile, cityNow, regionNow, countryNow, postal, createdAtMs, extras] = rest;
      table.isLiving[slot] = isSegmented({ state: stateNow, mergedIntoId, extras }) ? 1 : 0;
      state.setOne(slot, stateNow);
      tier.setOne(slot, tierNow);
      store.setOne(slot, storeId);
      gender.setOne(slot, genderNow);
      customerType.setOne(slot, type);
      yesNo(marketing, slot, consent);
      yesNo(creditAllowed, slot, credit);
      yesNo(email, slot, hasEmail);
      yesNo(mobile, slot, hasMobile);
      city.setOne(slot, cityNow);
      region.setOne(slot, regionNow);
      country.setOne(slot, countryNow);
      postalCode.setOne(slot, postal);
      const { created, birthday, share } = current();
      created[slot] = dayNumber(createdAtMs);
      birthday[slot] = bornNumber(born);
      share[slot] = shareOf(memberId);
      if (extras !== '') setExtras(table, slot, extras);
    },
    /** Whoever withdrew as one of two profiles did not ask for mail as the other. */
    addConsent: (slot: number, from: number): void => {
      if (marketing.sets[marketing.codes[from] ?? 0]?.[0] !== 'yes') marketing.setOne(slot, 'no');
    },
    addAccount: (slot: number, account: ColumnAccount): void => {
      const [, cardTypeId, balance, lastEntryAtMs, purchaseCount, spentMinor] = account;
      const { balances, lastActive, purchases, spent } = current();
      let ofType = balances.get(cardTypeId);
      if (ofType === undefined) balances.set(cardTypeId, (ofType = table.numbers(`balance.${cardTypeId}`)));
      const before = ofType[slot] ?? NONE;
      ofType[slot] = (before === NONE ? 0 : before) + balance;
      if (lastEntryAtMs > 0) lastActive[slot] = Math.max(lastActive[slot] ?? NONE, dayNumber(lastEntryAtMs));
      purchases[slot] = (purchases[slot] ?? 0) + purchaseCount;
      spent[slot] = (spent[slot] ?? 0) + spentMinor;
    },
  };
}

/** Slots of members who went on as somebody else, with the slot of whom they are now. */
function rootsOf(merged: readonly { slot: number; into: MemberId }[], ids: IdSlots): Map<number, number> {
  const next = new Map(merged.map(({ slot, into }) => [slot, ids.find(into)]));
  const roots = new Map<number, number>();
  for (const slot of next.keys()) {
    let root = slot;
    // Bounded: a circle would be the centre's fault, and must not hang this thread.
    for (let step = 0; step <= next.size; step += 1) {
      const to = next.get(root) ?? -1;
      if (to < 0) break;
      root = to;
    }
    roots.set(slot, root);
  }
  return roots;
}

function* slices(end: number): Generator<readonly [after: number, upTo: number]> {
  for (let after = -1; after < end; after += ROWS_PER_READ)
    yield [after, Math.min(after + ROWS_PER_READ, end)];
}

/** Reads members, all of them or whether they count alone. @returns who went on as somebody else */
function readMembers(reader: ColumnReader, { table, ids }: Columns, isWhole: boolean) {
  const merged: { slot: number; into: MemberId }[] = [];
  const { setMember } = createFiller(table);
  const take = (rid: number, memberId: MemberId, into: MemberId | null): number => {
    const slot = table.take(rid);
    ids.add(memberId, slot);
    if (into !== null) merged.push({ slot, into });
    return slot;
  };
  for (const [after, upTo] of slices(reader.ends().members)) {
    if (isWhole)
      for (const member of reader.members(after, upTo))
        setMember(take(member[0], member[1], member[2]), member);
    else
      for (const [rid, memberId, mergedIntoId, state, extras] of reader.living(after, upTo)) {
        const slot = take(rid, memberId, mergedIntoId);
        table.isLiving[slot] = isSegmented({ state, mergedIntoId, extras }) ? 1 : 0;
      }
  }
  return merged;
}

/**
 * Reads everybody; some seconds at a million members.
 *
 * @param extent `figures`: only what recency, frequency and money need, in less than half the time
 */
export function loadColumns(reader: ColumnReader, extent: 'whole' | 'figures' = 'whole'): Columns {
  const ends = reader.ends();
  const idsMax = ends.members + NEW_MEMBERS;
  const table = new MemberTable(ends.members + 1);
  const columns: Columns = { table, ids: new IdSlots(idsMax), idsMax, roots: new Map() };
  const merged = readMembers(reader, columns, extent === 'whole');
  columns.roots = rootsOf(merged, columns.ids);
  const personAt = (memberId: MemberId): number => {
    const slot = columns.ids.find(memberId);
    return columns.roots.get(slot) ?? slot;
  };
  const { addAccount, addConsent } = createFiller(table);
  for (const [slot, root] of columns.roots) addConsent(root, slot);
  const types = table.codes('cardTypes');
  for (const [after, upTo] of slices(extent === 'whole' ? ends.cards : -1)) {
    for (const [memberId, cardTypeId] of reader.cards(after, upTo)) {
      const slot = personAt(memberId);
      if (slot >= 0) types.add(slot, cardTypeId);
    }
  }
  for (const [after, upTo] of slices(ends.accounts)) {
    for (const account of reader.accounts(after, upTo)) {
      const slot = personAt(account[0]);
      if (slot >= 0) addAccount(slot, account);
    }
  }
  return columns;
}

/** Whom the member is now, however often they were merged. */
function rootOf(reader: ColumnReader, memberId: MemberId): MemberId {
  const seen = new Set<MemberId>();
  let id = memberId;
  while (!seen.has(id)) {
    seen.add(id);
    const into = reader.member(id)?.[2] ?? null;
    if (into === null || reader.member(into) === undefined) return id;
    id = into;
  }
  return id;
}

/** Reads one person anew, former selves included. @returns False when there is no room: then all is to be read. */
function refreshOne(reader: ColumnReader, columns: Columns, memberId: MemberId): boolean {
  const kin = new Set<MemberId>([memberId]);
  // A set is walked over what is added to it meanwhile.
  for (const id of kin) for (const from of reader.mergedFrom(id)) kin.add(from);
  const { table, ids } = columns;
  const { setMember, addAccount, addConsent } = createFiller(table);
  const slots = new Map<MemberId, number>();
  for (const id of kin) {
    const member = reader.member(id);
    if (member === undefined) continue;
    let slot = ids.find(id);
    if (slot < 0) {
      if (table.count >= columns.idsMax) return false;
      slot = table.take(member[0]);
      ids.add(id, slot);
    }
    table.clear(slot);
    setMember(slot, member);
    slots.set(id, slot);
  }
  const root = slots.get(memberId);
  if (root === undefined) return true;
  const types = table.codes('cardTypes');
  for (const slot of slots.values()) {
    addConsent(root, slot);
    if (slot === root) columns.roots.delete(slot);
    else columns.roots.set(slot, root);
  }
  for (const id of slots.keys()) {
    for (const cardTypeId of reader.cardsOf(id)) types.add(root, cardTypeId);
    for (const account of reader.accountsOf(id)) addAccount(root, account);
  }
  return true;
}

/**
 * Reads some members anew. Whom one of them is now, and who left them by an un-merge, is read along.
 *
 * @returns False when the columns have to be loaded anew
 */
export function refreshColumns(reader: ColumnReader, columns: Columns, changed: Iterable<MemberId>): boolean {
  const people = new Set<MemberId>();
  for (const id of changed) {
    people.add(rootOf(reader, id));
    // Of a merge that was taken back, the former self is a person again, and the other one is less.
    people.add(id);
    const before = columns.roots.get(columns.ids.find(id));
    const former = before === undefined ? undefined : reader.memberIdAt(columns.table.rids[before] ?? 0);
    if (former !== undefined) people.add(rootOf(reader, former)).add(former);
  }
  for (const id of people) {
    // Somebody whose later self has not arrived yet is read by themselves.
    if (rootOf(reader, id) === id && !refreshOne(reader, columns, id)) return false;
  }
  return true;
}
