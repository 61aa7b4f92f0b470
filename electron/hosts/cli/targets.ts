import { CardId, MemberId } from '../../../sync/base/ids.ts';
import { toE164 } from '../../../sync/base/phone.ts';
import { lookupIdKey } from '../../../sync/base/search-key.ts';
import { AppError } from '../../contract/errors.ts';
import type { CoreClient } from '../../contract/index.ts';
import type { MemberView } from '../../contract/views.ts';

const withoutSpaces = (text: string): string => text.replace(/[\s-]/g, '');

const ambiguous = (): AppError =>
  new AppError('ambiguous', 'That fits several. Nothing was done; look them up and name one by its id.');

/** @throws AppError `card_number_invalid` for anything but sixteen digits. */
export function toCardNumber(text: string): string {
  const number = withoutSpaces(text);
  if (/^\d{16}$/.test(number)) return number;
  throw new AppError(
    'card_number_invalid',
    'A card number has sixteen digits. Nothing was done; check the number.',
  );
}

/**
 * The card that `text` names: an id, or a whole card number, also one that was replaced, so that a repeated
 * command finds the card that it was first given for.
 *
 * @throws AppError `not_found`, or `ambiguous` when the text is a number that several members share.
 */
export async function findCardId(client: CoreClient, text: string): Promise<CardId> {
  const id = CardId.safeParse(text.toLowerCase());
  if (id.success) return id.data;
  const number = withoutSpaces(text);
  const { members } = await client['members.lookup']({ text: number });
  const cards = members.flatMap((member) => member.cards).filter((card) => card.cardNumber === number);
  if (cards.length > 1 || (cards.length === 0 && members.length > 1)) throw ambiguous();
  const card = cards[0];
  if (card) return card.cardId;
  throw new AppError(
    'not_found',
    'No card here has that id or number. Nothing was done; look the member up, or sync first.',
  );
}

/**
 * The member that `text` names exactly: id, support ID, look-up ID, mobile or other phone in any notation,
 * e-mail, or the number of one of the member's cards. A part of a number or a name is not enough to act on
 * somebody.
 *
 * @throws AppError `not_found` or `ambiguous`.
 */
export async function findMemberId(client: CoreClient, text: string): Promise<MemberId> {
  const id = MemberId.safeParse(text.toLowerCase());
  if (id.success) return id.data;
  const { members, hasMore } = await client['members.lookup']({ text });
  const { chain } = await client['till.get']({});
  const exact: MemberId[] = [];
  for (const { memberId } of members) {
    const member = await client['members.get']({ memberId });
    if (isNamed(member, text, chain?.country ?? '')) exact.push(memberId);
  }
  const [only] = exact;
  if (exact.length === 1 && only) return only;
  if (exact.length > 1 || members.length > 1 || hasMore) throw ambiguous();
  throw new AppError(
    'not_found',
    'No member here has exactly that id or number. Nothing was done; use the member id, or sync first.',
  );
}

function isNamed({ fields, supportId, cards }: MemberView, text: string, country: string): boolean {
  const key = lookupIdKey(text);
  const phone = toE164(text, country);
  return (
    [fields.lookupId, supportId, fields.email ?? ''].some(
      (each) => each !== '' && lookupIdKey(each) === key,
    ) ||
    (phone !== null && (fields.mobile === phone || fields.phone === phone)) ||
    cards.some((card) => card.cardNumber === withoutSpaces(text))
  );
}
