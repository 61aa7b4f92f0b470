import type { MemberId } from '../../../sync/base/ids.ts';
import {
  RFM_NAMES,
  type Condition,
  type RfmName,
  type Segment,
  type SegmentRules,
  type TagRule,
} from '../../../sync/model/segment.ts';
import { dayNumber, type ColumnSource } from '../../../sync/segments/columns.ts';
import {
  compileCondition,
  compileRules,
  compileSegment,
  type RowTest,
} from '../../../sync/segments/compile.ts';
import { columnsOfOne, type PersonFacts } from '../../../sync/segments/facts.ts';
import {
  drawBorders,
  gridOf,
  NO_BORDERS,
  rfmColumns,
  scoreAll,
  type RfmBorders,
  type RfmCell,
  type RfmColumns,
} from '../../../sync/segments/rfm.ts';
import type { Connection } from '../../open.ts';
import { reading } from '../../reading.ts';
import { loadColumns, refreshColumns, type Columns } from './column-build.ts';
import { columnReader, type ColumnReader } from './column-reader.ts';

/** Somebody as this till sees them now, own ops included; `null`: in no segment. */
export interface Override {
  memberId: MemberId;
  facts: PersonFacts | null;
}

/** What a question is asked about: the day, and whom the confirmed rows alone do not tell. */
export interface Asking {
  atMs: number;
  overrides: readonly Override[];
}

/** Whose members are wanted. */
export type Chosen =
  /** `also`: conditions that must hold besides, whatever the segment's own `match` is. */
  | { kind: 'segment'; segment: Segment; also?: readonly Condition[] }
  | { kind: 'rules'; rules: SegmentRules }
  | { kind: 'cell'; recency: number; frequency: number };

export interface MemberPage {
  total: number;
  memberIds: MemberId[];
}

/** Everybody whom a choice means: rows of the copy, and those with own ops of this till by id. */
export interface WholeChoice {
  rids: Int32Array<ArrayBuffer>;
  memberIds: MemberId[];
}

export interface RfmPicture {
  borders: RfmBorders;
  grid: RfmCell[];
  names: { name: RfmName; members: number; spentMinor: number }[];
}

export interface TagChanges {
  add: MemberId[];
  lift: MemberId[];
}

/** Members whose rows changed, and accounts whose figures did. */
export interface Touched {
  memberIds: readonly string[];
  accountNos: readonly number[];
}

export interface WordCount {
  word: string;
  members: number;
}

/** Beyond that, to read everybody anew is quicker. */
const CHANGED_MAX = 20_000;

const cellRules = (recency: number, frequency: number): SegmentRules => ({
  match: 'all',
  conditions: [
    { test: 'atLeast', field: 'recency', number: recency },
    { test: 'atMost', field: 'recency', number: recency },
    { test: 'atLeast', field: 'frequency', number: frequency },
    { test: 'atMost', field: 'frequency', number: frequency },
  ],
});

const compileChosen = (chosen: Chosen, source: ColumnSource, asking: Asking): RowTest => {
  if (chosen.kind === 'segment') {
    const isIn = compileSegment(chosen.segment, source, asking);
    const also = (chosen.also ?? []).map((condition) => compileCondition(condition, source, asking));
    return also.length === 0 ? isIn : (slot) => isIn(slot) && also.every((test) => test(slot));
  }
  if (chosen.kind === 'rules') return compileRules(chosen.rules, source, asking);
  return compileRules(cellRules(chosen.recency, chosen.frequency), source, asking);
};

type Scores = ReturnType<typeof rfmColumns>;

const isScore = (field: string): field is keyof Scores =>
  field === 'rfm' || field === 'recency' || field === 'frequency' || field === 'money';

/** Of the living only: whoever went on as somebody else has no cell. */
function figuresOf({ table }: Columns): RfmColumns {
  const { count, isLiving } = table;
  const bought = table.numbers('purchases');
  const purchases = Int32Array.from({ length: count }, (_, slot) =>
    isLiving[slot] === 1 ? (bought[slot] ?? 0) : 0,
  );
  return {
    lastActive: table.numbers('lastActive').subarray(0, count),
    purchases,
    spent: table.numbers('spent').subarray(0, count),
  };
}

/** Slots of confirmed rows that own ops of this till stand over. */
const coveredBy = (now: Columns, { overrides }: Asking): ReadonlySet<number> =>
  new Set(overrides.map(({ memberId }) => now.ids.find(memberId)).filter((slot) => slot >= 0));

/** Whom the rules mean of those with own ops. */
const ownIn = (chosen: Chosen, asking: Asking): MemberId[] =>
  asking.overrides
    .filter(({ facts }) => facts !== null && compileChosen(chosen, columnsOfOne(facts), asking)(0))
    .map(({ memberId }) => memberId);

/**
 * Answers about all members at once, from columns in memory: read from the file at the first question, then kept up
 * with what changes. Runs in a thread of its own; a question is answered as of the last commit that it was told of.
 */
export class SegmentEngine {
  readonly #raw: Connection;
  readonly #reader: ColumnReader;
  #columns: Columns | null = null;
  /** Figures alone, as long as nobody has asked for more. */
  #figures: Columns | null = null;
  /** Null: anything may have changed. */
  #changed: Set<MemberId> | null = null;
  #borders: { day: number; drawn: RfmBorders } | null = null;
  #scores: Scores | null = null;
  #cells: Uint8Array = new Uint8Array(0);

  constructor(raw: Connection) {
    this.#raw = raw;
    this.#reader = columnReader(raw);
  }

  /** Before the next question; null: anything may have changed. */
  touch(touched: Touched | null): void {
    this.#figures = null;
    if (touched === null) this.#changed = null;
    const changed = this.#changed;
    if (touched === null || changed === null) return;
    // Cast: ids out of this file.
    for (const id of touched.memberIds) changed.add(id as MemberId);
    for (const accountNo of touched.accountNos) {
      const id = this.#reader.holderOf(accountNo);
      if (id !== undefined) changed.add(id);
    }
    // Beyond that, all is read anew whatever else comes.
    if (changed.size > CHANGED_MAX) this.#changed = null;
  }

  #load(): Columns {
    this.#scores = null;
    this.#figures = null;
    this.#columns = reading(this.#raw, () => loadColumns(this.#reader));
    return this.#columns;
  }

  /** The columns with everything that was told since the last question. */
  #current(): Columns {
    const [known, ids] = [this.#columns, this.#changed];
    this.#changed = new Set();
    if (known === null || ids === null) return this.#load();
    if (ids.size === 0) return known;
    this.#scores = null;
    const isDone = reading(this.#raw, () => refreshColumns(this.#reader, known, ids));
    return isDone ? known : this.#load();
  }

  /** What recency, frequency and money need: a till asks for no more, once a day. */
  #currentFigures(): Columns {
    if (this.#columns !== null) return this.#current();
    if (this.#figures === null) this.#scores = null;
    this.#figures ??= reading(this.#raw, () => loadColumns(this.#reader, 'figures'));
    return this.#figures;
  }

  #score(now: Columns, atMs: number): Scores {
    const day = dayNumber(atMs);
    if (this.#scores !== null && this.#borders?.day === day) return this.#scores;
    const figures = figuresOf(now);
    // Drawn once a day: nobody's place in the chain is to change with each sale of somebody else.
    if (this.#borders?.day !== day) this.#borders = { day, drawn: drawBorders(figures) };
    this.#cells = scoreAll(figures, this.#borders.drawn);
    this.#scores = rfmColumns(this.#cells);
    return this.#scores;
  }

  #sourceOver(now: Columns, { atMs }: Asking): ColumnSource {
    return (field) => (isScore(field) ? this.#score(now, atMs)[field] : now.table.column(field));
  }

  count(chosen: readonly Chosen[], asking: Asking): number[] {
    const now = this.#current();
    const { table } = now;
    const source = this.#sourceOver(now, asking);
    const covered = coveredBy(now, asking);
    return chosen.map((each) => {
      const test = compileChosen(each, source, asking);
      const isIn = (slot: number): boolean => table.isLiving[slot] === 1 && test(slot);
      let found = ownIn(each, asking).length;
      for (let slot = 0; slot < table.count; slot += 1) if (isIn(slot)) found += 1;
      for (const slot of covered) if (isIn(slot)) found -= 1;
      return found;
    });
  }

  /** Newest members first, those of open ops before all. */
  list(chosen: Chosen, asking: Asking, { offset, limit }: { offset: number; limit: number }): MemberPage {
    const now = this.#current();
    const { table } = now;
    const test = compileChosen(chosen, this.#sourceOver(now, asking), asking);
    const covered = coveredBy(now, asking);
    const own = ownIn(chosen, asking);
    const memberIds = own.slice(offset, offset + limit);
    let total = own.length;
    for (let slot = table.count - 1; slot >= 0; slot -= 1) {
      if (table.isLiving[slot] !== 1 || covered.has(slot) || !test(slot)) continue;
      if (total >= offset && memberIds.length < limit) this.#take(memberIds, table.rids[slot]);
      total += 1;
    }
    return { total, memberIds };
  }

  /** All of them at once, for another list of the same copy. */
  whole(chosen: Chosen, asking: Asking): WholeChoice {
    const now = this.#current();
    const { table } = now;
    const test = compileChosen(chosen, this.#sourceOver(now, asking), asking);
    const covered = coveredBy(now, asking);
    const rids = new Int32Array(table.count);
    let found = 0;
    for (let slot = 0; slot < table.count; slot += 1)
      if (table.isLiving[slot] === 1 && !covered.has(slot) && test(slot))
        rids[found++] = table.rids[slot] ?? 0;
    return { rids: rids.slice(0, found), memberIds: ownIn(chosen, asking) };
  }

  #take(memberIds: MemberId[], rid: number | undefined): void {
    const id = this.#reader.memberIdAt(rid ?? 0);
    if (id !== undefined) memberIds.push(id);
  }

  rfm({ atMs }: Asking): RfmPicture {
    const now = this.#currentFigures();
    const { rfm } = this.#score(now, atMs);
    const spent = now.table.numbers('spent');
    const sums = new Map(RFM_NAMES.map((name) => [name, { name, members: 0, spentMinor: 0 }]));
    const byCell = rfm.type === 'set' ? rfm.sets.map(([name]) => sums.get(name as RfmName)) : [];
    for (let slot = 0; slot < this.#cells.length; slot += 1) {
      const sum = byCell[this.#cells[slot] ?? 0];
      if (sum === undefined) continue;
      sum.members += 1;
      sum.spentMinor += spent[slot] ?? 0;
    }
    const borders = this.#borders?.drawn ?? NO_BORDERS;
    return { borders, grid: gridOf(this.#cells, spent), names: [...sums.values()] };
  }

  borders(asking: Asking): RfmBorders {
    this.#score(this.#currentFigures(), asking.atMs);
    return this.#borders?.drawn ?? NO_BORDERS;
  }

  /** Whom a tag rule puts its tag on, and whom it takes it off; at most `limit` each. Confirmed rows only. */
  tagChanges(rule: TagRule, asking: Asking, limit: number): TagChanges {
    const now = this.#current();
    const { table } = now;
    const source = this.#sourceOver(now, asking);
    const test = compileRules(rule, source, asking);
    const has = compileCondition({ test: 'oneOf', field: 'tags', values: [rule.tag] }, source, asking);
    const covered = coveredBy(now, asking);
    const changes: TagChanges = { add: [], lift: [] };
    for (let slot = 0; slot < table.count; slot += 1) {
      // Whoever has open ops is judged when the centre has answered.
      if (table.isLiving[slot] !== 1 || covered.has(slot) || test(slot) === has(slot)) continue;
      if (!has(slot) && changes.add.length < limit) this.#take(changes.add, table.rids[slot]);
      else if (has(slot) && rule.isLifted && changes.lift.length < limit)
        this.#take(changes.lift, table.rids[slot]);
    }
    return changes;
  }

  /** Words of a field that are in use, those of most members first. */
  words(field: string, limit: number): WordCount[] {
    const { table } = this.#current();
    const column = table.column(field);
    if (column?.type !== 'set') return [];
    const byCode = new Float64Array(column.sets.length);
    for (let slot = 0; slot < table.count; slot += 1) {
      const code = column.codes[slot] ?? 0;
      if (table.isLiving[slot] === 1) byCode[code] = (byCode[code] ?? 0) + 1;
    }
    const sums = new Map<string, number>();
    for (const [code, set] of column.sets.entries())
      for (const word of set) sums.set(word, (sums.get(word) ?? 0) + (byCode[code] ?? 0));
    return [...sums]
      .map(([word, members]) => ({ word, members }))
      .filter(({ members }) => members > 0)
      .sort((left, right) => right.members - left.members || (left.word < right.word ? -1 : 1))
      .slice(0, limit);
  }
}
