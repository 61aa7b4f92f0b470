import type { CardRow } from '../../../sync/model/card.ts';
import { columnsOf } from '../../columns.ts';
import type { Connection } from '../../open.ts';
import { cards } from '../schema/cards.ts';

export const CARD_SORTS = ['number', 'issued', 'expires', 'balance', 'status', 'type'] as const;
export type CardSort = (typeof CARD_SORTS)[number];
export type CardStatusNow = CardRow['status'] | 'expired';

/** What a page of the list of all cards asks for. Absent, null and empty: no such condition. */
export interface CardScan {
  sort: CardSort;
  isDescending: boolean;
  /** The last row of the page before. */
  after: { key: string | number; cardNumber: string } | null;
  limit: number;
  /** Cards whose last day is before it are expired. */
  today: string;
  /** Part of the card number. */
  digits: string;
  statuses: readonly CardStatusNow[];
  cardTypeIds: readonly string[];
  balanceFrom: number | null;
  balanceTo: number | null;
  issuedFromMs: number | null;
  issuedToMs: number | null;
  expiresFrom: string | null;
  expiresTo: string | null;
}

/** A card with what it is sorted by. */
export interface ScannedCard {
  card: CardRow;
  key: string | number;
}

/** With their table: an account has columns of the same names. */
export const CARD_COLUMNS = columnsOf(cards, ['rowHash']).select.replaceAll(/(^|, )/g, '$1cards.');

/** Stands for "never": a card is valid for good without a last day, or up to this one. */
export const NEVER = '9999-12-31';
const STATUS_NOW = `CASE WHEN cards.status = 'active' AND cards.expires_on < @today THEN 'expired' ELSE cards.status END`;
const KEYS: Readonly<Record<CardSort, string>> = {
  number: 'cards.card_number',
  issued: 'cards.issued_at_ms',
  expires: `coalesce(cards.expires_on, '${NEVER}')`,
  balance: 'accounts.balance',
  status: STATUS_NOW,
  type: 'cards.card_type_id',
};

function conditionsOf(scan: CardScan): string[] {
  const direction = scan.isDescending ? '<' : '>';
  const named: (readonly [boolean, string])[] = [
    [scan.after !== null, `(${KEYS[scan.sort]}, cards.card_number) ${direction} (@afterKey, @afterNumber)`],
    [scan.digits !== '', `instr(cards.card_number, @digits) > 0`],
    [scan.statuses.length > 0, `${STATUS_NOW} IN (SELECT value FROM json_each(@statuses))`],
    [scan.cardTypeIds.length > 0, 'cards.card_type_id IN (SELECT value FROM json_each(@cardTypeIds))'],
    [scan.balanceFrom !== null, 'accounts.balance >= @balanceFrom'],
    [scan.balanceTo !== null, 'accounts.balance <= @balanceTo'],
    [scan.issuedFromMs !== null, 'cards.issued_at_ms >= @issuedFromMs'],
    [scan.issuedToMs !== null, 'cards.issued_at_ms <= @issuedToMs'],
    [scan.expiresFrom !== null || scan.expiresTo !== null, `cards.expires_on < '${NEVER}'`],
    [scan.expiresFrom !== null, 'cards.expires_on >= @expiresFrom'],
    [scan.expiresTo !== null, 'cards.expires_on <= @expiresTo'],
  ];
  return named.filter(([isAsked]) => isAsked).map(([, condition]) => condition);
}

/**
 * A page of cards by any sort and conditions: reads the whole table, so of a big copy in a thread of its own. Sorted by
 * the key, then by the number, so that pages neither overlap nor leave a gap.
 */
export function scanCards(raw: Connection, scan: CardScan): ScannedCard[] {
  const conditions = conditionsOf(scan);
  const needsAccount = scan.sort === 'balance' || scan.balanceFrom !== null || scan.balanceTo !== null;
  const direction = scan.isDescending ? 'DESC' : 'ASC';
  const whichCards = [
    needsAccount ? 'JOIN accounts ON accounts.account_id = cards.account_id' : '',
    conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '',
  ].join(' ');
  const { statuses, cardTypeIds, after, ...rest } = scan;
  const rows = raw
    .prepare<[Record<string, string | number | null>], CardRow & { sortKey: string | number }>(
      `SELECT ${CARD_COLUMNS}, ${KEYS[scan.sort]} AS sortKey FROM cards ${whichCards}
       ORDER BY sortKey ${direction}, cards.card_number ${direction} LIMIT @limit`,
    )
    .all({
      ...onlyAsked(rest),
      limit: scan.limit,
      today: scan.today,
      statuses: JSON.stringify(statuses),
      cardTypeIds: JSON.stringify(cardTypeIds),
      afterKey: after?.key ?? null,
      afterNumber: after?.cardNumber ?? null,
    });
  return rows.map(({ sortKey, ...row }) => ({ card: row, key: sortKey }));
}

const onlyAsked = ({
  digits,
  balanceFrom,
  balanceTo,
  issuedFromMs,
  issuedToMs,
  expiresFrom,
  expiresTo,
}: Omit<CardScan, 'statuses' | 'cardTypeIds' | 'after'>) => ({
  digits,
  balanceFrom,
  balanceTo,
  issuedFromMs,
  issuedToMs,
  expiresFrom,
  expiresTo,
});
