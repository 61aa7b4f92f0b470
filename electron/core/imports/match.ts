import type { MemberId } from '../../../sync/base/ids.ts';
import { lookupIdKey } from '../../../sync/base/search-key.ts';
import type { MemberRow } from '../../../sync/model/member.ts';
import type { ImportReason } from '../../contract/import-reasons.ts';
import type { Ctx } from '../ctx.ts';
import { findByField, seekFor, type SharedField } from '../queries/find-by-field.ts';
import type { OwnWords } from './own-words.ts';
import type { Given } from './reading/row-reader.ts';

export interface Match {
  memberId: MemberId | null;
  codes: ImportReason[];
}

/** Members of the copy and of the till's own ops, without what this very run has made or written. */
export interface Finder {
  find(field: SharedField, value: string): MemberRow[];
  /**
   * Looks up what all these rows name, at once: nearly every row of a big file names nobody, and one question for a
   * hundred of them costs as much as three alone. Holds until `forget`, which must come before anybody else's turn.
   */
  lookAhead(rows: readonly Given[]): void;
  forget(): void;
}

const isPhone = (field: SharedField): boolean => field === 'mobile' || field === 'phone';

/** What a row may be found by. */
function namedBy({ fields }: Given): [SharedField, string][] {
  const named: [SharedField, string][] = [];
  if (fields.lookupId) named.push(['lookupId', lookupIdKey(fields.lookupId)]);
  if (fields.mobile) named.push(['mobile', fields.mobile]);
  if (fields.email) named.push(['email', fields.email]);
  if (fields.phone) named.push(['phone', fields.phone]);
  return named;
}

/** Values that nobody has, as asked for a page of rows. */
function nobodysAmong(ctx: Ctx, rows: readonly Given[]): Set<string> {
  const named = rows
    .flatMap(namedBy)
    .map(([field, value]) => ({ field, value, key: seekFor(field, value).key }));
  const phones = named.filter(({ field }) => isPhone(field)).map(({ value }) => value);
  const others = named.filter(({ field }) => !isPhone(field)).map(({ key }) => key);
  const filed = new Set(ctx.replica().filedAmong(others));
  const held = new Set(ctx.replica().phonesAmong(phones));
  const open = new Set(ctx.till.ops.openAmong(named.map(({ key }) => key)));
  const isNobodys = ({ field, value, key }: (typeof named)[number]): boolean =>
    !open.has(key) && !(isPhone(field) ? held.has(value) : filed.has(key));
  return new Set(named.filter(isNobodys).map(({ value, key }) => `${key} ${value}`));
}

/** Tells members, and addresses of members, that the run has made. */
export interface OfRun {
  isOfRun(memberId: string): boolean;
  isOwn: OwnWords['isOwn'];
}

export function finderOf(ctx: Ctx, { isOfRun, isOwn }: OfRun): Finder {
  let nobodys: ReadonlySet<string> = new Set();
  return {
    lookAhead: (rows) => {
      nobodys = nobodysAmong(ctx, rows);
    },
    forget: () => {
      nobodys = new Set();
    },
    find: (field, value) => {
      if (nobodys.has(`${seekFor(field, value).key} ${value}`)) return [];
      return findByField(ctx, field, value).filter(
        ({ memberId }) => !isOfRun(memberId) && !(field === 'email' && isOwn(memberId, value)),
      );
    },
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
  { finder, sharesPhones }: { finder: Finder; sharesPhones: boolean },
): Match {
  const { find } = finder;
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
