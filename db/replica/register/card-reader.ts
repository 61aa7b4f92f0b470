import type { CardTypeId } from '../../../sync/base/ids.ts';
import type { CardRow } from '../../../sync/model/card.ts';
import { readExtras } from '../../../sync/model/extras.ts';
import type { Connection } from '../../open.ts';
import { CARD_COLUMNS, ownValuesIn } from '../repos/card-scan.ts';
import { type CardData, type CardFacts, NO_DATA } from './card-table.ts';

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
const FACTS = `cards.rowid, cards.card_id, cards.card_number, cards.card_type_id, cards.status,
  cards.issued_at_ms, cards.expires_on, accounts.balance`;
const FROM = `FROM cards LEFT JOIN accounts ON accounts.account_id = cards.account_id`;
const WHOLE = `SELECT cards.account_id, members.extras, ${FACTS} ${FROM}
  LEFT JOIN members ON members.member_id = cards.member_id`;
type DataValues = [accountId: string, extras: string | null];

const toStored = ([rid, cardId, cardNumber, cardTypeId, status, issuedAtMs, expiresOn, balance]: Values) => ({
  ...{ rid, cardId },
  facts: { cardNumber, cardTypeId, status, issuedAtMs, expiresOn, balance, ...NO_DATA },
});

const dataIn = (cardId: string, accountId: string, extras: string): CardData => ({
  custom: ownValuesIn(extras, accountId),
  isInstalled: extras.includes(cardId) && readExtras(extras).installed.includes(cardId),
});

/** With what is kept of the card in the row of its member. */
function toWhole([accountId, extras, ...values]: [...DataValues, ...Values]): StoredCard {
  const stored = toStored(values);
  return { ...stored, facts: { ...stored.facts, ...dataIn(stored.cardId, accountId, extras ?? '') } };
}

/** Everything that the list of cards reads from the copy. */
export function cardReader(raw: Connection) {
  const slice = raw
    .prepare<[number, number], Values>(`SELECT ${FACTS} ${FROM} WHERE cards.rowid > ? AND cards.rowid <= ?`)
    .raw();
  // Nearly no member has any: these rows are few, however many members there are.
  const dataSlice = raw
    .prepare<[number, number], [rid: number, cardId: string, accountId: string, extras: string]>(
      `SELECT cards.rowid, cards.card_id, cards.account_id, members.extras
       FROM members CROSS JOIN cards ON cards.member_id = members.member_id
       WHERE members.rowid > ? AND members.rowid <= ?
         AND (instr(members.extras, '"cards":') > 0 OR instr(members.extras, '"installed":') > 0)`,
    )
    .raw();
  const ofMember = raw
    .prepare<[string], [...DataValues, ...Values]>(`${WHOLE} WHERE cards.member_id = ?`)
    .raw();
  const byRid = raw.prepare<[number], [...DataValues, ...Values]>(`${WHOLE} WHERE cards.rowid = ?`).raw();
  const ownValues = raw.prepare<[], [rid: number, accountId: string, extras: string]>(
    `SELECT cards.rowid, cards.account_id, members.extras
     FROM members CROSS JOIN cards ON cards.member_id = members.member_id
     WHERE instr(members.extras, '"cards":') > 0`,
  );
  const row = raw.prepare<[number], CardRow>(`SELECT ${CARD_COLUMNS} FROM cards WHERE cards.rowid = ?`);
  const ridOf = raw.prepare<[string], number>('SELECT rowid FROM cards WHERE card_id = ?').pluck();
  const holder = raw.prepare<[number], string>('SELECT member_id FROM accounts WHERE account_no = ?').pluck();
  const last = (table: 'cards' | 'members') =>
    raw.prepare<[], number | null>(`SELECT max(rowid) FROM ${table}`).pluck();
  const [lastCard, lastMember] = [last('cards'), last('members')];
  return {
    lastRow: (): number => lastCard.get() ?? 0,
    lastMember: (): number => lastMember.get() ?? 0,
    /** Rows above `after`, up to `upTo`, without what is kept of them in the rows of their members. */
    slice: (after: number, upTo: number): StoredCard[] => slice.all(after, upTo).map(toStored),
    /** That, of the cards of these members. */
    dataSlice: (after: number, upTo: number): { rid: number; data: CardData }[] =>
      dataSlice
        .all(after, upTo)
        .map(([rid, cardId, accountId, extras]) => ({ rid, data: dataIn(cardId, accountId, extras) })),
    /** Every card that has a value of one attribute. */
    eachValue: (attributeId: string, visit: (rid: number, value: string) => void): void => {
      for (const [rid, accountId, extras] of ownValues.raw().iterate()) {
        const value = ownValuesIn(extras, accountId)[attributeId];
        if (value !== undefined) visit(rid, value);
      }
    },
    ofMember: (memberId: string): StoredCard[] => ofMember.all(memberId).map(toWhole),
    facts: (rid: number): CardFacts | undefined => byRid.all(rid).map(toWhole)[0]?.facts,
    row: (rid: number): CardRow | undefined => row.get(rid),
    ridOf: (cardId: string): number | undefined => ridOf.get(cardId),
    holderOf: (accountNo: number): string | undefined => holder.get(accountNo),
  };
}
export type CardReader = ReturnType<typeof cardReader>;
