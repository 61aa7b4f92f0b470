import { addMonths, type Day } from '../base/business-day.ts';
import type { EntryRow } from '../model/card.ts';
import type { CardRules } from '../model/chain.ts';

export type LotEntry = Pick<
  EntryRow,
  'opId' | 'kind' | 'delta' | 'businessDay' | 'wallMs' | 'correctsOpId' | 'cardTypeVersion'
>;

/** Units that came by one entry, and what is left of them. */
export interface Lot {
  opId: string;
  day: Day;
  cardTypeVersion: number;
  left: number;
  isExpired: boolean;
}

/** An entry's place: by business day, then by the clock, then by id, so that every node counts in one order. */
export const inOrder = (one: LotEntry, other: LotEntry): number =>
  one.businessDay < other.businessDay
    ? -1
    : one.businessDay > other.businessDay
      ? 1
      : one.wallMs - other.wallMs || (one.opId < other.opId ? -1 : one.opId > other.opId ? 1 : 0);

type Take = { lot: Lot; units: number };

interface Book {
  lots: Lot[];
  byOp: Map<string, Lot>;
  takes: Map<string, Take[]>;
  /** Units that were spent before they came: the next ones settle them. */
  debt: number;
}

/** The oldest first. */
function take(book: Book, units: number): Take[] {
  const taken: Take[] = [];
  let rest = units;
  for (const lot of book.lots) {
    if (rest === 0) break;
    const part = Math.min(rest, lot.left);
    if (part === 0) continue;
    lot.left -= part;
    rest -= part;
    taken.push({ lot, units: part });
  }
  book.debt += rest;
  return taken;
}

function add(book: Book, entry: LotEntry): void {
  const settled = Math.min(book.debt, entry.delta);
  book.debt -= settled;
  const lot = {
    opId: entry.opId,
    day: entry.businessDay,
    cardTypeVersion: entry.cardTypeVersion,
    left: entry.delta - settled,
    isExpired: false,
  };
  book.lots.push(lot);
  book.byOp.set(entry.opId, lot);
}

/**
 * What was spent goes back where it was taken, as old as it was. A lot expires once: what belongs to one that is gone
 * lies under the correction's own id, as old as the oldest of them.
 */
function giveBack(book: Book, entry: LotEntry): void {
  let rest = entry.delta;
  const late: Take[] = [];
  for (const { lot, units } of book.takes.get(entry.correctsOpId ?? '') ?? []) {
    const part = Math.min(rest, units);
    rest -= part;
    if (lot.isExpired) late.push({ lot, units: part });
    else lot.left += part;
  }
  const [oldest] = late;
  if (oldest !== undefined) {
    const left = late.reduce((sum, { units }) => sum + units, 0);
    const lot = { ...oldest.lot, opId: entry.opId, left, isExpired: false };
    book.lots.unshift(lot);
    book.byOp.set(entry.opId, lot);
  }
  if (rest > 0) add(book, { ...entry, delta: rest });
}

/** From the lot that it names; an expiry by idle time names the last movement and takes all there is. */
function expire(book: Book, entry: LotEntry): void {
  const own = book.byOp.get(entry.correctsOpId ?? '');
  const part = Math.min(-entry.delta, own?.left ?? 0);
  if (own !== undefined) {
    own.left -= part;
    own.isExpired = true;
  }
  take(book, -entry.delta - part);
}

/** What was earned goes from its own lot; what of it is spent already, from the oldest others. */
function takeBack(book: Book, entry: LotEntry): void {
  const own = book.byOp.get(entry.correctsOpId ?? '');
  const part = Math.min(-entry.delta, own?.left ?? 0);
  if (own !== undefined) own.left -= part;
  take(book, -entry.delta - part);
}

/** Takes back an entry that it names: an undo, or the one half of an amount put right. */
const isCounter = ({ kind }: Pick<LotEntry, 'kind'>): boolean =>
  kind === 'entry.corrected' || kind === 'purchase.edited';

/**
 * An account's lots, oldest first: each spend takes the oldest units, a correction takes back the same lots (N14).
 *
 * @param entries All of the account's, in any order; they are not changed.
 */
export function lotsOf(entries: readonly LotEntry[]): Lot[] {
  const book: Book = { lots: [], byOp: new Map(), takes: new Map(), debt: 0 };
  for (const entry of [...entries].sort(inOrder)) {
    if (entry.kind === 'entry.corrected' && entry.delta > 0) giveBack(book, entry);
    else if (isCounter(entry) && entry.delta < 0) takeBack(book, entry);
    else if (isExpiry(entry)) expire(book, entry);
    else if (entry.delta > 0) add(book, entry);
    else if (entry.delta < 0) book.takes.set(entry.opId, take(book, -entry.delta));
  }
  return book.lots;
}

export type ExpiryRules = Pick<CardRules, 'expiresAfterMonths' | 'expiresBy'>;

/** First day on which a lot is of no use any more; null: it never ends. */
export function lotEndsOn(lot: Pick<Lot, 'day'>, rules: ExpiryRules, lastMovedOn: Day): Day | null {
  if (rules.expiresAfterMonths === 0) return null;
  return addMonths(rules.expiresBy === 'idle' ? lastMovedOn : lot.day, rules.expiresAfterMonths);
}

const isExpiry = ({ kind }: Pick<LotEntry, 'kind'>): boolean => String(kind) === 'points.expired';

/** An expiry or a correction keeps no account awake. */
const isActivity = (entry: LotEntry): boolean => !isCounter(entry) && !isExpiry(entry);

/** Units that one `points.expired` takes; `lotOpId` is what it names, so that no lot can end twice. */
export interface Due {
  lotOpId: string;
  units: number;
}

interface Ending {
  lot: Lot;
  endsOn: Day;
  rules: ExpiryRules;
}

/** Lots with something left that end some day, oldest first, and the last movement that keeps an account awake. */
function endingLots(
  until: readonly LotEntry[],
  rulesOf: (version: number) => ExpiryRules | undefined,
): { endings: Ending[]; last: LotEntry | undefined } {
  const countered = new Set<string | null>(until.map(({ correctsOpId }) => correctsOpId));
  // What was taken back was no movement, and an op that names it would have no effect.
  const last = until.filter((entry) => isActivity(entry) && !countered.has(entry.opId)).at(-1);
  const endings = lotsOf(until).flatMap((lot) => {
    const rules = lot.left === 0 ? undefined : rulesOf(lot.cardTypeVersion);
    const endsOn = rules === undefined ? null : lotEndsOn(lot, rules, last?.businessDay ?? lot.day);
    if (rules === undefined || endsOn === null) return [];
    const isGone = lot.isExpired || countered.has(lot.opId);
    return rules.expiresBy === 'idle' || !isGone ? [{ lot, endsOn, rules }] : [];
  });
  return { endings, last };
}

/** Units that end together: `endsOn` is the first day on which they are of no use any more. */
export interface Ends {
  endsOn: Day;
  units: number;
}

/**
 * When what an account holds now will end if nothing moves on it any more, soonest first; units without an end are left
 * out. By the same rules as `dueExpiry`.
 *
 * @param entries All of the account's.
 */
export function unitsEnding(
  entries: readonly LotEntry[],
  rulesOf: (version: number) => ExpiryRules | undefined,
): Ends[] {
  const byDay = new Map<Day, number>();
  for (const { lot, endsOn } of endingLots([...entries].sort(inOrder), rulesOf).endings)
    byDay.set(endsOn, (byDay.get(endsOn) ?? 0) + lot.left);
  return [...byDay]
    .map(([endsOn, units]) => ({ endsOn, units }))
    .sort((one, other) => (one.endsOn < other.endsOn ? -1 : 1));
}

/**
 * What of an account ends on `day` or ended before it, oldest first. Each lot by the rules of the version that made it,
 * so that a later change shortens nobody's points, and any past day comes out the same.
 *
 * @param entries All of the account's; those after `day` do not count.
 * @param rulesOf Of a version of the card type; undefined: not known here, its units stay.
 */
export function dueExpiry(
  entries: readonly LotEntry[],
  rulesOf: (version: number) => ExpiryRules | undefined,
  day: Day,
): Due[] {
  const until = entries.filter((entry) => entry.businessDay <= day).sort(inOrder);
  const { endings, last } = endingLots(until, rulesOf);
  const due: Due[] = [];
  let idle = 0;
  for (const { lot, endsOn, rules } of endings) {
    if (endsOn > day) continue;
    if (rules.expiresBy === 'idle') idle += lot.left;
    else due.push({ lotOpId: lot.opId, units: lot.left });
  }
  if (idle > 0 && last !== undefined) due.push({ lotOpId: last.opId, units: idle });
  return due;
}
