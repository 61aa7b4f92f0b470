import { nationalDigits } from '../../../sync/base/phone.ts';
import { emailKey, lookupIdKey, nameKeys, type KeySeek } from '../../../sync/base/search-key.ts';
import { isRemoved } from '../../../sync/model/extras.ts';
import type { MemberRow } from '../../../sync/model/member.ts';
import type { Ctx } from '../ctx.ts';

export type SharedField = 'mobile' | 'phone' | 'email' | 'lookupId' | 'name';
const SAME_FIELD_MAX = 10;

/** The one key under which whoever has the value is filed. */
export function seekFor(field: SharedField, value: string): KeySeek {
  switch (field) {
    case 'mobile':
    case 'phone':
      return { key: `p${nationalDigits(value)}`, isPrefix: false };
    case 'email':
      return { key: `e${emailKey(value)}`, isPrefix: false };
    case 'lookupId':
      return { key: `l${lookupIdKey(value)}`, isPrefix: false };
    case 'name':
      return { key: `n${value}`, isPrefix: false };
  }
}

function holds(member: MemberRow, field: SharedField, value: string): boolean {
  if (member.state === 'anonymised') return false;
  switch (field) {
    case 'mobile':
      return member.mobile === value;
    case 'phone':
      return member.phone === value || member.mobile === value;
    case 'email':
      return member.email !== null && emailKey(member.email) === emailKey(value);
    case 'lookupId':
      return lookupIdKey(member.lookupId) === lookupIdKey(value);
    case 'name':
      return nameKeys(member.lastName, member.firstName).includes(value);
  }
}

/**
 * Living members whose field has just this value now, with the till's own open edits counted. `name`: a
 * folded name key.
 */
export function findByField(ctx: Ctx, field: SharedField, value: string): MemberRow[] {
  const seek = seekFor(field, value);
  const ids = new Set([
    ...ctx.till.ops.searchOpen(seek, SAME_FIELD_MAX),
    ...(field === 'mobile' || field === 'phone' ? ctx.replica().byPhone(value, SAME_FIELD_MAX) : []),
    ...ctx.replica().search(seek, SAME_FIELD_MAX),
  ]);
  const people = [...ids]
    .map((memberId) => ctx.overlay.lay(memberId))
    .filter((laid) => laid !== undefined)
    .filter((laid) => !isRemoved(laid.member))
    .filter((laid) => laid.people.some((member) => holds(member, field, value)));
  return [...new Map(people.map(({ member }) => [member.memberId, member])).values()];
}
