import { openFile } from '../../db/open.ts';
import { readBulkRows } from '../../db/replica/bulk/bulk-rows.ts';
import { KEY_HEX } from '../parts/till.ts';

/** What the product shows of a member, fetched in the plainest way there is. */
export interface RawLookup {
  byCard(cardNumber: string): unknown[];
  /** @param mobile E.164 */
  byPhone(mobile: string): unknown[];
  close(): void;
}

/**
 * The limit of a look-up: statements written by hand over the same file with the same settings, on a
 * connection of its own, so that neither side finds its pages in the other's cache.
 */
export function openRawLookup(path: string): RawLookup {
  const raw = openFile({ path, keyHex: KEY_HEX, file: 'replica' });
  // The generator's rows all came with the fill, so its indexes have them.
  const last = readBulkRows(raw);
  const cardByNumber = raw.prepare<[string], { member_id: string }>(
    `SELECT * FROM cards WHERE card_number = ? AND rowid <= ${last.cards}`,
  );
  const memberByMobile = raw.prepare<[string], { member_id: string }>(
    `SELECT * FROM members WHERE mobile = ? AND rowid <= ${last.members}`,
  );
  const memberById = raw.prepare<[string], object>('SELECT * FROM members WHERE member_id = ?');
  const cards = raw.prepare<[string]>('SELECT * FROM cards WHERE member_id = ?');
  const accounts = raw.prepare<[string]>(
    'SELECT * FROM accounts WHERE account_id IN (SELECT account_id FROM cards WHERE member_id = ?)',
  );
  return {
    byCard: (cardNumber) => {
      const card = cardByNumber.get(cardNumber);
      if (card === undefined) return [];
      return [memberById.get(card.member_id), cards.all(card.member_id), accounts.all(card.member_id)];
    },
    byPhone: (mobile) =>
      memberByMobile
        .all(mobile)
        .map((member) => [member, cards.all(member.member_id), accounts.all(member.member_id)]),
    close: () => void raw.close(),
  };
}
