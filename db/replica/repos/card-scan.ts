import type { CardRow } from '../../../sync/model/card.ts';
import { readExtras } from '../../../sync/model/extras.ts';
import { valueTest } from '../../../sync/model/list-tests.ts';
import { CUSTOM_PREFIX, kindOfColumn } from '../../../sync/model/register.ts';
import type { ColumnKinds, RegisterCondition } from '../../../sync/model/register.ts';
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
  /** On a phone, or not. */
  isInstalled: boolean | null;
  /** Of the chain's own attributes of cards (`custom:ID`), of the kinds that `kinds` says; all must hold. */
  own: readonly RegisterCondition[];
  kinds: ColumnKinds;
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

/** Asked of the row of the card's member, in which its data is. */
const IS_INSTALLED = `CASE WHEN instr(members.extras, cards.card_id) = 0 THEN 0 ELSE
  EXISTS (SELECT 1 FROM json_each(members.extras, '$.installed') WHERE value = cards.card_id) END`;
const OWN_FITS = 'own_fits(members.extras, cards.account_id) = 1';

/** What the chain keeps of a card, out of the extras of its member. */
export function ownValuesIn(extras: string, accountId: string): Readonly<Record<string, string>> {
  // Nearly no member has any: nothing is made into objects for the others.
  return extras.includes(accountId) ? (readExtras(extras).cards[accountId] ?? {}) : {};
}

/** Whether a card's own values are what is asked for. What can not be asked means none. */
function ownTest({ own, kinds }: CardScan): (custom: Readonly<Record<string, string>>) => boolean {
  const tests = own.map((condition) => {
    const id = condition.column.slice(CUSTOM_PREFIX.length);
    const isWanted = valueTest(kindOfColumn(condition.column, kinds), condition) ?? (() => false);
    return (custom: Readonly<Record<string, string>>) => isWanted(custom[id] ?? '');
  });
  return (custom) => tests.every((isMet) => isMet(custom));
}

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
    [scan.isInstalled === true, IS_INSTALLED],
    [scan.isInstalled === false, `NOT ${IS_INSTALLED}`],
    [scan.own.length > 0, OWN_FITS],
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
  const needsMember = scan.isInstalled !== null || scan.own.length > 0;
  const direction = scan.isDescending ? 'DESC' : 'ASC';
  if (scan.own.length > 0) {
    const fits = ownTest(scan);
    raw.function('own_fits', (extras, accountId) =>
      fits(ownValuesIn(String(extras), String(accountId))) ? 1 : 0,
    );
  }
  const whichCards = [
    needsMember ? 'JOIN members ON members.member_id = cards.member_id' : '',
    needsAccount ? 'JOIN accounts ON accounts.account_id = cards.account_id' : '',
    conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '',
  ].join(' ');
  const { statuses, cardTypeIds, after, isInstalled: _is, own: _own, kinds: _kinds, ...rest } = scan;
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
}: Omit<CardScan, 'statuses' | 'cardTypeIds' | 'after' | 'isInstalled' | 'own' | 'kinds'>) => ({
  digits,
  balanceFrom,
  balanceTo,
  issuedFromMs,
  issuedToMs,
  expiresFrom,
  expiresTo,
});
