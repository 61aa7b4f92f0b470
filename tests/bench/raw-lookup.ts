import { openFile } from '../../db/open.ts';
import { KEY_HEX } from '../parts/till.ts';

/** What the product shows of a member, fetched in the plainest way there is. */
export interface RawLookup {
  byCard(cardNumber: string): unknown[];
  /** @param national digits without the calling code */
  byPhone(national: string): unknown[];
  close(): void;
}

/**
 * The limit of a look-up: statements written by hand over the same file with the same settings, on a
 * connection of its own, so that neither side finds its pages in the other's cache.
 */
export function openRawLookup(path: string): RawLookup {
  const raw = openFile({ path, keyHex: KEY_HEX, file: 'replica' });
  const cardByNumber = raw.prepare<[string], { member_id: string }>(
    'SELECT * FROM cards WHERE card_number = ?',
  );
  const ridByKey = raw.prepare<[string], number>('SELECT rid FROM search_keys WHERE key = ?').pluck();
  const memberByRid = raw.prepare<[number], { member_id: string }>('SELECT * FROM members WHERE rid = ?');
  const memberById = raw.prepare<[string], object>('SELECT * FROM members WHERE member_id = ?');
  const cards = raw.prepare<[string]>('SELECT * FROM cards WHERE member_id = ?');
  const accounts = raw.prepare<[string]>('SELECT * FROM accounts WHERE member_id = ?');
  return {
    byCard: (cardNumber) => {
      const card = cardByNumber.get(cardNumber);
      if (card === undefined) return [];
      return [memberById.get(card.member_id), cards.all(card.member_id), accounts.all(card.member_id)];
    },
    byPhone: (national) =>
      ridByKey.all(`p${national}`).map((rid) => {
        const member = memberByRid.get(rid);
        return member && [member, cards.all(member.member_id), accounts.all(member.member_id)];
      }),
    close: () => void raw.close(),
  };
}
