import type { CardTypeId } from '../../../sync/base/ids.ts';
import type { CardRow } from '../../../sync/model/card.ts';
import type { Connection } from '../../open.ts';
import { CARD_COLUMNS } from '../repos/card-scan.ts';
import type { CardFacts } from './card-table.ts';

export interface StoredCard {
  rid: number;
  cardId: string;
  facts: CardFacts;
}

type Values = [
  rid: number,
  cardId: string,
  cardNumber: string,
  cardTypeId: CardTypeId,
  status: CardRow['status'],
  issuedAtMs: number,
  expiresOn: string | null,
  balance: number | null,
];
const FACTS = `SELECT cards.rowid, cards.card_id, cards.card_number, cards.card_type_id, cards.status,
  cards.issued_at_ms, cards.expires_on, accounts.balance
  FROM cards LEFT JOIN accounts ON accounts.account_id = cards.account_id`;

const toStored = ([rid, cardId, cardNumber, cardTypeId, status, issuedAtMs, expiresOn, balance]: Values) => ({
  ...{ rid, cardId },
  facts: { cardNumber, cardTypeId, status, issuedAtMs, expiresOn, balance },
});

/** Everything that the list of cards reads from the copy. */
export function cardReader(raw: Connection) {
  const prepare = (where: string) =>
    raw.prepare<(number | string)[], Values>(`${FACTS} WHERE ${where}`).raw();
  const slice = prepare('cards.rowid > ? AND cards.rowid <= ?');
  const ofMember = prepare('cards.member_id = ?');
  const byRid = prepare('cards.rowid = ?');
  const row = raw.prepare<[number], CardRow>(`SELECT ${CARD_COLUMNS} FROM cards WHERE cards.rowid = ?`);
  const ridOf = raw.prepare<[string], number>('SELECT rowid FROM cards WHERE card_id = ?').pluck();
  const holder = raw.prepare<[number], string>('SELECT member_id FROM accounts WHERE account_no = ?').pluck();
  const last = raw.prepare<[], number | null>('SELECT max(rowid) FROM cards').pluck();
  return {
    lastRow: (): number => last.get() ?? 0,
    /** Rows above `after`, up to `upTo`. */
    slice: (after: number, upTo: number): StoredCard[] => slice.all(after, upTo).map(toStored),
    ofMember: (memberId: string): StoredCard[] => ofMember.all(memberId).map(toStored),
    facts: (rid: number): CardFacts | undefined => byRid.all(rid).map(toStored)[0]?.facts,
    row: (rid: number): CardRow | undefined => row.get(rid),
    ridOf: (cardId: string): number | undefined => ridOf.get(cardId),
    holderOf: (accountNo: number): string | undefined => holder.get(accountNo),
  };
}
export type CardReader = ReturnType<typeof cardReader>;
