import type { RfmName } from '../model/segment.ts';
import { NONE, type Column } from './columns.ts';

/** Recency, frequency and money of everybody who ever bought, as three columns of equal length. */
export interface RfmColumns {
  /** Day number of the last activity; `NONE` before the first. */
  lastActive: ArrayLike<number>;
  /** Purchases, less those taken back. Who has none is in no cell. */
  purchases: ArrayLike<number>;
  /** Minor units. */
  spent: ArrayLike<number>;
}

/** Four borders each; a value above `k` of them scores `k + 1`. */
export interface RfmBorders {
  lastActive: readonly number[];
  purchases: readonly number[];
  spent: readonly number[];
  /** How many members they were drawn from. */
  members: number;
}

export const NO_BORDERS: RfmBorders = { lastActive: [], purchases: [], spent: [], members: 0 };

/** Recency, frequency and money, 1 to 5 each; 5 is the best. */
export interface RfmScore {
  recency: number;
  frequency: number;
  money: number;
}

/** By recency (5 first) and by what frequency and money come to together (1 first). */
const NAMES: readonly (readonly RfmName[])[] = [
  ['new', 'promising', 'potential', 'champions', 'champions'],
  ['promising', 'promising', 'potential', 'loyal', 'champions'],
  ['attention', 'attention', 'attention', 'loyal', 'loyal'],
  ['sleeping', 'sleeping', 'risk', 'risk', 'risk'],
  ['lost', 'lost', 'sleeping', 'cannotLose', 'cannotLose'],
];

const FIFTHS = 5;

/**
 * Upper ends of the first four fifths. Equal values have equal scores, whatever their order, and many equal ones at
 * the bottom score 1.
 */
function bordersOf(values: Float64Array): number[] {
  values.sort();
  const count = values.length;
  if (count === 0) return [];
  return [1, 2, 3, 4].map((fifth) => values[Math.max(0, Math.ceil((count * fifth) / FIFTHS) - 1)] ?? 0);
}

/** The chain's fifths, over everybody with a purchase. Integers only; the order of rows does not matter. */
export function drawBorders({ lastActive, purchases, spent }: RfmColumns): RfmBorders {
  const rows: number[] = [];
  for (let row = 0; row < purchases.length; row += 1) if ((purchases[row] ?? 0) > 0) rows.push(row);
  const of = (column: ArrayLike<number>): number[] =>
    bordersOf(Float64Array.from(rows, (row) => column[row] ?? NONE));
  return {
    lastActive: of(lastActive),
    purchases: of(purchases),
    spent: of(spent),
    members: rows.length,
  };
}

function scoreOf(value: number, borders: readonly number[]): number {
  let score = 1;
  for (const border of borders) if (value > border) score += 1;
  return score;
}

/** What a member has done so far. */
export interface RfmFigures {
  lastActive: number;
  purchases: number;
  spent: number;
}

/** Null for who never bought, and where there are no borders yet. */
export function scoreMember(figures: RfmFigures, borders: RfmBorders): RfmScore | null {
  if (figures.purchases <= 0 || borders.members === 0) return null;
  return {
    recency: scoreOf(figures.lastActive, borders.lastActive),
    frequency: scoreOf(figures.purchases, borders.purchases),
    money: scoreOf(figures.spent, borders.spent),
  };
}

export function nameOf({ recency, frequency, money }: RfmScore): RfmName {
  const together = Math.floor((frequency + money + 1) / 2);
  return NAMES[5 - recency]?.[together - 1] ?? 'lost';
}

/** Cell 0 is "never bought"; then recency, frequency and money as digits of base 5. */
const cellOf = ({ recency, frequency, money }: RfmScore): number =>
  1 + (recency - 1) * 25 + (frequency - 1) * 5 + (money - 1);
const scoreOfCell = (cell: number): RfmScore => ({
  recency: Math.floor((cell - 1) / 25) + 1,
  frequency: (Math.floor((cell - 1) / 5) % 5) + 1,
  money: ((cell - 1) % 5) + 1,
});
const CELLS = 126;

/** Part of the grid of each cell, and each score of it, for columns that share one array of cells. */
export function rfmColumns(cells: Uint8Array): Record<'rfm' | 'recency' | 'frequency' | 'money', Column> {
  const known = Array.from({ length: CELLS - 1 }, (_, at) => scoreOfCell(at + 1));
  const digit = (of: (score: RfmScore) => number): Column => {
    const byCell = Int32Array.from([NONE, ...known.map(of)]);
    return { type: 'number', values: Int32Array.from(cells, (cell) => byCell[cell] ?? NONE) };
  };
  return {
    rfm: { type: 'set', codes: cells, sets: [[], ...known.map((score) => [nameOf(score)])] },
    recency: digit(({ recency }) => recency),
    frequency: digit(({ frequency }) => frequency),
    money: digit(({ money }) => money),
  };
}

/** The cell of each row. */
export function scoreAll({ lastActive, purchases, spent }: RfmColumns, borders: RfmBorders): Uint8Array {
  const cells = new Uint8Array(purchases.length);
  for (let row = 0; row < cells.length; row += 1) {
    const bought = purchases[row] ?? 0;
    if (bought <= 0 || borders.members === 0) continue;
    const recency = scoreOf(lastActive[row] ?? NONE, borders.lastActive);
    const frequency = scoreOf(bought, borders.purchases);
    cells[row] = cellOf({ recency, frequency, money: scoreOf(spent[row] ?? 0, borders.spent) });
  }
  return cells;
}

/** One square of the plot. */
export interface RfmCell {
  recency: number;
  frequency: number;
  members: number;
  spentMinor: number;
}

/** People and money of all 25 squares of recency and frequency, by recency and then frequency, both from 1. */
export function gridOf(cells: Uint8Array, spent: ArrayLike<number>): RfmCell[] {
  const grid = Array.from({ length: 25 }, (_, at) => ({
    recency: Math.floor(at / 5) + 1,
    frequency: (at % 5) + 1,
    members: 0,
    spentMinor: 0,
  }));
  for (let row = 0; row < cells.length; row += 1) {
    const cell = cells[row] ?? 0;
    const square = cell === 0 ? undefined : grid[Math.floor((cell - 1) / 5)];
    if (square === undefined) continue;
    square.members += 1;
    square.spentMinor += spent[row] ?? 0;
  }
  return grid;
}

const USUAL_FROM = 4;

/**
 * Days between purchases as they usually come: from the first sight of the member to the last activity, by the
 * number of purchases after the first. Null for fewer than four: of those nobody can say what is usual.
 */
export function usualGap({ lastActive, purchases }: RfmFigures, sinceDay: number): number | null {
  if (purchases < USUAL_FROM || lastActive === NONE) return null;
  return Math.max(1, Math.round(Math.max(0, lastActive - sinceDay) / (purchases - 1)));
}
