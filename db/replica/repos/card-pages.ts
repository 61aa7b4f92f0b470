import type { CardRow } from '../../../sync/model/card.ts';
import { columnsOf } from '../../columns.ts';
import type { Connection } from '../../open.ts';
import { readBulkRows } from '../bulk/bulk-rows.ts';
import { cards } from '../schema/cards.ts';

/** Cards by number: those behind `from` and before `to`, exclusive, the next `limit` in the order. */
export interface CardPage {
  from: string;
  to: string;
  isDescending: boolean;
  limit: number;
}

const card = columnsOf(cards, ['rowHash']);

/** Pages of all cards in the order of their numbers: index seeks only. */
export function cardPageRepo(raw: Connection) {
  const last = readBulkRows(raw).cards;
  // Two indexes, of the rows of a bulk fill and of later ones: each gives its next, and they are put together.
  const inBulk = `rowid <= ${last}`;
  const later = `rowid > ${last}`;
  const rising = [
    `SELECT ${card.select} FROM cards WHERE card_number > ? AND card_number < ? AND ${inBulk}
     ORDER BY card_number LIMIT 0 + ?`,
    `SELECT ${card.select} FROM cards WHERE card_number > ? AND card_number < ? AND ${later}
     ORDER BY card_number LIMIT 0 + ?`,
  ].map((text) => raw.prepare<[string, string, number], CardRow>(text));
  const falling = [
    `SELECT ${card.select} FROM cards WHERE card_number > ? AND card_number < ? AND ${inBulk}
     ORDER BY card_number DESC LIMIT 0 + ?`,
    `SELECT ${card.select} FROM cards WHERE card_number > ? AND card_number < ? AND ${later}
     ORDER BY card_number DESC LIMIT 0 + ?`,
  ].map((text) => raw.prepare<[string, string, number], CardRow>(text));
  return {
    cardsByNumber: ({ from, to, isDescending, limit }: CardPage): CardRow[] => {
      const found = (isDescending ? falling : rising).flatMap((next) => next.all(from, to, limit));
      const sign = isDescending ? -1 : 1;
      found.sort((one, other) => (one.cardNumber < other.cardNumber ? -sign : sign));
      return found.slice(0, limit);
    },
  };
}
