import type { Day } from '../base/business-day.ts';
import { hlcMs } from '../base/clock.ts';
import { must } from '../base/must.ts';
import type { EntryRow } from '../model/card.ts';
import type { OpBodyOf } from '../model/op.ts';
import type { Applied } from './apply-op.ts';
import { book, entryOf, isOfOneLineage } from './entries.ts';
import type { Outcome, RowReader } from './rows.ts';

const PURCHASES: ReadonlySet<string> = new Set<EntryRow['kind']>([
  ...(['stamp.added', 'points.credited', 'visits.added', 'credit.earned'] as const),
]);
/** True for an entry whose amount may be put right: it earned by a purchase. */
export const isPurchase = ({ kind, amountMinor }: Pick<EntryRow, 'kind' | 'amountMinor'>): boolean =>
  amountMinor !== null && PURCHASES.has(kind);

type Booked = Outcome & { held: null };

/** Both entries of an edit: the account is moved by one, then by the other. */
function bookPair(
  rows: RowReader,
  applied: Applied,
  { edited, counter, anew }: { edited: EntryRow; counter: EntryRow; anew: EntryRow },
): Booked {
  const account = must(rows.account(counter.accountId), 'the account was looked at');
  const first = book(rows, applied, { account, entry: counter, undone: edited });
  const moved = first.changes.find((change) => change.table === 'account');
  const between = must(moved, 'an entry moves its account').row;
  const second = book(rows, applied, { account: between, entry: anew });
  const entries = first.changes.filter((change) => change.table === 'entry');
  return { ...second, changes: [...second.changes, ...entries] };
}

/**
 * Counters a purchase to the unit and books it anew under its own kind, receipt and rule version. Once: what was
 * countered elsewhere meanwhile waits for a person. In between, the balance is nobody's.
 */
export function editPurchase(rows: RowReader, applied: Applied, body: OpBodyOf<'purchase.edited'>): Outcome {
  const account = rows.account(body.accountId);
  const edited = rows.entry(body.correctsOpId);
  if (account === undefined || edited?.accountId !== body.accountId) return { held: 'unknown_target' };
  const isRight = body.delta === -edited.delta && body.cardTypeVersion === edited.cardTypeVersion;
  if (!isRight || !isPurchase(edited) || !isOfOneLineage(rows, account, body)) return { held: 'bad_body' };
  const earlier = rows.correctionOf(body.correctsOpId);
  // While a till takes rows in, this very op's entries may be there before its account is.
  const isOwn = earlier?.opId === applied.op.opId;
  const isTaken = body.entryId === applied.op.opId || rows.entry(body.entryId) !== undefined;
  if (isTaken && !isOwn) return { held: 'bad_body' };
  if (earlier !== undefined && !isOwn) return { held: 'already_corrected' };
  // Both lie on the day of the purchase: its limit counts there, and no lot grows younger by an edit.
  const { businessDay } = edited;
  const counter = {
    ...entryOf(applied, { ...body, kind: 'purchase.edited', amountMinor: null }),
    businessDay,
  };
  const anew = entryOf(applied, {
    ...body,
    kind: edited.kind,
    delta: body.newUnits,
    receiptNo: edited.receiptNo,
    rewardId: edited.rewardId,
    correctsOpId: null,
  });
  return bookPair(rows, applied, { edited, counter, anew: { ...anew, businessDay, opId: body.entryId } });
}

/** No zone begins a day earlier before London does. */
const ZONE_AHEAD_MS = 14 * 3_600_000;

/** False for a day after the op's own, or one that had begun nowhere by the op's clock, which the centre puts right. */
const hasCome = (day: Day, { op, hlc }: Applied): boolean =>
  day <= op.businessDay && Date.parse(`${day}T00:00:00Z`) - ZONE_AHEAD_MS <= hlcMs(hlc);

/**
 * What is left of a lot goes, once: the entry names the lot as what it counters, so whoever expires or undoes it
 * after that finds it done. A second time is no mistake of anybody's and changes nothing. Neither does one by a clock
 * that was ahead: the lot ends when its day comes, by whoever runs it then.
 */
export function expireLot(rows: RowReader, applied: Applied, body: OpBodyOf<'points.expired'>): Outcome {
  const account = rows.account(body.accountId);
  const lot = rows.entry(body.lotOpId);
  if (account === undefined || lot?.accountId !== body.accountId) return { held: 'unknown_target' };
  if (!isOfOneLineage(rows, account, body)) return { held: 'bad_body' };
  const earlier = rows.correctionOf(body.lotOpId);
  const isDone = earlier !== undefined && earlier.opId !== applied.op.opId;
  if (isDone || !hasCome(body.day, applied)) return { held: null, changes: [], flags: [] };
  const entry = entryOf(applied, {
    ...body,
    delta: -body.points,
    correctsOpId: body.lotOpId,
    reason: body.day,
  });
  return book(rows, applied, { account, entry });
}
