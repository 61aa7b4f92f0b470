import type { MemberId } from '../../../sync/base/ids.ts';
import { nationalDigits } from '../../../sync/base/phone.ts';
import { lookupIdKey } from '../../../sync/base/search-key.ts';
import type { MemberRow } from '../../../sync/model/member.ts';
import type { ImportReason } from '../../contract/import-reasons.ts';
import type { Ctx } from '../ctx.ts';
import { findByField, type SharedField } from '../queries/find-by-field.ts';
import type { Given } from './reading/row-reader.ts';

export interface Match {
  memberId: MemberId | null;
  codes: ImportReason[];
}

/** Members of the copy and of the till's own ops, without those that this very run has made. */
export interface Finder {
  (field: SharedField, value: string): MemberRow[];
}

export function finderOf(ctx: Ctx, isOfRun: (memberId: string) => boolean): Finder {
  /** A whole number has an index of its own, which is quicker to say that nobody has it. */
  const isNobodys = (phone: string): boolean =>
    ctx.replica().byPhone(phone, 1).length === 0 &&
    ctx.till.ops.searchOpen({ key: `p${nationalDigits(phone)}`, isPrefix: false }, 1).length === 0;
  return (field, value) => {
    if ((field === 'mobile' || field === 'phone') && isNobodys(value)) return [];
    return findByField(ctx, field, value).filter(({ memberId }) => !isOfRun(memberId));
  };
}

function byCard(ctx: Ctx, cardNumber: string | null): Match | null {
  if (cardNumber === null) return null;
  const held = ctx.overlay.findByCardNumber(cardNumber);
  const laid = held === undefined ? undefined : ctx.overlay.lay(held.memberId);
  return laid === undefined
    ? { memberId: null, codes: ['CARD_UNKNOWN'] }
    : { memberId: laid.member.memberId, codes: [] };
}

/**
 * Whom a row is about: the first that a key finds, in the order card, look-up ID, mobile, e-mail (D9). A key that
 * finds somebody else than the one before it is a clash.
 */
export function matchRow(
  ctx: Ctx,
  { fields, cardNumber }: Given,
  { find, sharesPhones }: { find: Finder; sharesPhones: boolean },
): Match {
  const card = byCard(ctx, cardNumber);
  if (card !== null && card.memberId === null) return card;
  let memberId = card?.memberId ?? null;
  const codes: ImportReason[] = [];
  const take = (found: readonly MemberRow[], clash: ImportReason): void => {
    const [first] = found;
    if (first === undefined) return;
    if (memberId === null) {
      if (found.length > 1) codes.push('MEMBER_AMBIGUOUS');
      else memberId = first.memberId;
    } else if (found.some((each) => each.memberId !== memberId)) codes.push(clash);
  };
  if (fields.lookupId) take(find('lookupId', lookupIdKey(fields.lookupId)), 'LOOKUP_ID_DUP');
  if (fields.mobile) take(find('mobile', fields.mobile), 'PHONE_TAKEN');
  // Several people may share an address, so it says who somebody is only where nothing else does.
  if (fields.email && memberId === null && codes.length === 0)
    take(find('email', fields.email), 'MEMBER_AMBIGUOUS');
  if (fields.phone && !sharesPhones && codes.length === 0) {
    const others = find('phone', fields.phone).filter((each) => each.memberId !== memberId);
    if (others.length > 0) codes.push('PHONE_TAKEN');
  }
  return { memberId, codes };
}
