import { toE164 } from '../../../sync/base/phone.ts';
import { emailKey, fold, lookupIdKey } from '../../../sync/base/search-key.ts';
import type { DuplicateHit, MemberDraft } from '../../contract/members.ts';
import type { Ctx, Handler } from '../ctx.ts';
import { toMemberHit, cardFacts } from '../views/member-view.ts';
import { findByField, type SharedField } from './find-by-field.ts';

const DUPLICATES_MAX = 10;
const REFUSING: ReadonlySet<SharedField> = new Set<SharedField>(['mobile', 'lookupId']);

/** What of a half-typed form can already be looked for; half a phone number is nobody's. */
function sharedValues(ctx: Ctx, draft: MemberDraft): [SharedField, string][] {
  const country = ctx.directory.country();
  const mobile = toE164(draft.mobile ?? '', country);
  const phone = toE164(draft.phone ?? '', country);
  const name = fold(`${draft.lastName ?? ''} ${draft.firstName ?? ''}`);
  const values: [SharedField, string | null][] = [
    ['mobile', mobile],
    ['lookupId', (draft.lookupId ?? '').trim() === '' ? null : lookupIdKey(draft.lookupId ?? '')],
    ['email', /.@./.test(draft.email ?? '') ? emailKey(draft.email ?? '') : null],
    ['phone', phone],
    ['name', name.includes(' ') ? name : null],
  ];
  return values.filter((each): each is [SharedField, string] => each[1] !== null);
}

export const findDuplicateMembers: Handler<'members.findDuplicates'> = (ctx, { draft, exceptMemberId }) => {
  const facts = cardFacts(ctx);
  const hits = new Map<string, DuplicateHit>();
  for (const [field, value] of sharedValues(ctx, draft)) {
    for (const member of findByField(ctx, field, value)) {
      const laid = ctx.overlay.lay(member.memberId);
      if (laid === undefined || member.memberId === exceptMemberId || hits.has(member.memberId)) continue;
      const { memberId, name, maskedMobile } = toMemberHit(laid, facts);
      hits.set(memberId, { memberId, name, maskedMobile, field, isRefusal: REFUSING.has(field) });
    }
  }
  return [...hits.values()].slice(0, DUPLICATES_MAX);
};
