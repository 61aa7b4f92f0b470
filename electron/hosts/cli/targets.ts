import { CardId, MemberId } from '../../../sync/base/ids.ts';
import { lookupIdKey } from '../../../sync/base/search-key.ts';
import { AppError } from '../../contract/errors.ts';
import type { CoreClient } from '../../contract/index.ts';

/** As many as the fields of a form take. */
const PHONE_SIGNS_MAX = 40;

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
  const named = await findNamed(client, text);
  const exact: MemberId[] = [];
  for (const { memberId, supportId, cards } of members) {
    const isOfCard = cards.some((card) => card.cardNumber === withoutSpaces(text));
    const isOfHer = named.has(memberId) || lookupIdKey(supportId) === lookupIdKey(text);
    if (isOfCard || isOfHer) exact.push(memberId);
  }
  const [only] = exact;
  if (exact.length === 1 && only) return only;
  if (exact.length > 1 || members.length > 1 || hasMore) throw ambiguous();
  throw new AppError(
    'not_found',
    'No member here has exactly that id or number. Nothing was done; use the member id, or sync first.',
  );
}

/** Whose phone, e-mail or look-up ID it is, in full: the core compares, for not everybody sees these here. */
async function findNamed(client: CoreClient, text: string): Promise<ReadonlySet<MemberId>> {
  const part = text.length > PHONE_SIGNS_MAX ? {} : { mobile: text, phone: text, lookupId: text };
  const hits = await client['members.findDuplicates']({
    draft: { ...part, email: text },
    exceptMemberId: null,
  });
  return new Set(hits.map(({ memberId }) => memberId));
}
