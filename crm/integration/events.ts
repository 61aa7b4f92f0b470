import type { MemberId } from '../../sync/base/ids.ts';
import { isRemoved } from '../../sync/model/extras.ts';
import { listClosedMembers, listErasedAfter, listMoved, type MovedRow } from '../repos/events.ts';
import { readHead } from '../repos/feed-head.ts';
import type { Access, Sql } from '../database.ts';
import { ApiRefusal } from './refusal.ts';
import { EVENT_VERSION, Person, type Event, type EventPage, type Scope } from './shapes.ts';

/** Named in one page as anonymised behind it; more than that come with their own events. */
const ANONYMISED_PER_PAGE = 200;

export const toCursor = (epoch: string, seq: number): string => `${epoch}.${seq}`;

/**
 * The number that a cursor stands for.
 *
 * @throws ApiRefusal `epoch_changed`: the centre's numbering began anew, so a number of before says nothing.
 */
export function readCursor(cursor: string, epoch: string): number {
  const [of = '', seq = ''] = cursor.split('.');
  if (of === epoch) return Number(seq);
  throw new ApiRefusal(
    'epoch_changed',
    'The centre was restored and numbers anew. Nothing was changed. Begin again from the first event.',
  );
}

interface Sight {
  hasPeople: boolean;
  /** Members of whose cards and entries no free text and no number is told. */
  closed: ReadonlySet<MemberId>;
}

type RowOf<What extends MovedRow['what']> = Extract<MovedRow, { what: What }>['row'];

const told = (id: string, row: { seq: number; memberId: MemberId }) => ({
  id: `${row.seq}-${id}`,
  version: EVENT_VERSION as typeof EVENT_VERSION,
  seq: row.seq,
  memberId: row.memberId,
});

export function toPerson(row: RowOf<'member'>): Person {
  // Strict shapes drop nothing by themselves: only what is named goes out.
  return Person.strip().parse(row);
}

function memberEvent(row: RowOf<'member'>, { hasPeople }: Sight): Event {
  const base = told(`m-${row.memberId}`, row);
  if (row.state === 'anonymised') return { kind: 'member.anonymised', ...base };
  const { storeId, createdAtMs, state, tier, hasMarketingConsent, mergedIntoId } = row;
  const member = {
    storeId,
    createdAtMs,
    state,
    tier,
    hasMarketingConsent,
    mergedIntoId,
    isRemoved: isRemoved(row),
  };
  return { kind: 'member.changed', ...base, member, person: hasPeople ? toPerson(row) : null };
}

function cardEvent(row: RowOf<'card'>, { hasPeople, closed }: Sight): Event {
  const { cardId, accountId, cardTypeId, status, issuedAtMs, expiresOn, replacesCardId } = row;
  const isWhole = hasPeople && !closed.has(row.memberId);
  const cardNumber = isWhole ? row.cardNumber : row.cardNumber.slice(-4);
  return {
    kind: 'card.changed',
    ...told(`c-${cardId}`, row),
    card: { cardId, accountId, cardTypeId, cardNumber, status, issuedAtMs, expiresOn, replacesCardId },
  };
}

function entryEvent(row: RowOf<'entry'>, { closed }: Sight): Event {
  const { opId, accountId, cardId, kind, delta, amountMinor, rewardId, cardTypeVersion } = row;
  const { correctsOpId, storeId, tillId, businessDay, wallMs: atMs } = row;
  const receiptNo = closed.has(row.memberId) ? '' : row.receiptNo;
  const what = { opId, accountId, cardId, kind, delta, amountMinor, receiptNo, rewardId, cardTypeVersion };
  return {
    kind: 'ledger.entry',
    ...told(`e-${opId}`, row),
    entry: { ...what, correctsOpId, storeId, tillId, businessDay, atMs },
  };
}

function toEvent(moved: MovedRow, sight: Sight): Event {
  switch (moved.what) {
    case 'member':
      return memberEvent(moved.row, sight);
    case 'card':
      return cardEvent(moved.row, sight);
    case 'entry':
      return entryEvent(moved.row, sight);
  }
}

interface Wanted {
  afterSeq: number;
  limit: number;
  hasLedger: boolean;
}

/** Whole numbers only: what one op did to several rows is never told in two pages. */
async function readWhole(tx: Sql, wanted: Wanted): Promise<{ rows: MovedRow[]; hasMore: boolean }> {
  for (let limit = wanted.limit + 1; ; limit *= 4) {
    const found = await listMoved(tx, { ...wanted, limit });
    const cutSeq = found.at(-1)?.seq ?? 0;
    if (found.length < limit) return { rows: found, hasMore: false };
    const rows = found.filter(({ seq }) => seq < cutSeq);
    if (rows.length > 0) return { rows, hasMore: true };
  }
}

/**
 * What happened behind a cursor, as far as `scopes` may see it. All of one instant. A member or a card that changed
 * several times comes once, in its latest state and at its latest number; of the ledger every entry comes.
 */
export async function readEvents(
  { transaction }: Pick<Access, 'transaction'>,
  { afterSeq, limit, scopes }: { afterSeq: number; limit: number; scopes: readonly Scope[] },
): Promise<EventPage & { upToSeq: number }> {
  return transaction(async (tx) => {
    const head = await readHead(tx);
    const hasLedger = scopes.includes('read:ledger');
    const { rows, hasMore } = await readWhole(tx, { afterSeq, limit, hasLedger });
    const ids = [...new Set(rows.map(({ row }) => row.memberId))];
    const closed = new Set(await listClosedMembers(tx, ids));
    const sight: Sight = { hasPeople: scopes.includes('read:people'), closed };
    const upToSeq = hasMore ? (rows.at(-1)?.seq ?? afterSeq) : Math.max(head.seq, afterSeq);
    return {
      events: rows.map((moved) => toEvent(moved, sight)),
      cursor: toCursor(head.epoch, upToSeq),
      hasMore,
      anonymised: hasMore ? await listErasedAfter(tx, upToSeq, ANONYMISED_PER_PAGE) : [],
      upToSeq,
    };
  }, 'read');
}
