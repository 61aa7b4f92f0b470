import { canonicalJson } from '../../../sync/base/canonical.ts';
import { searchKeys } from '../../../sync/base/search-key.ts';
import type { MemberFields, MemberRow } from '../../../sync/model/member.ts';
import { AppError } from '../../contract/errors.ts';
import type { Handler } from '../ctx.ts';
import { holdsAll, toFields } from '../member-draft.ts';
import { cardFacts } from '../views/member-view.ts';
import { actor, assertServed, getLaid, replyTo } from './shared.ts';
import { assertUnique } from './uniqueness.ts';

/** Only what differs becomes an edit: an unchanged field must not win over somebody else's change. */
function changedFields(member: MemberRow, given: Partial<MemberFields>): Partial<MemberFields> {
  const changed = Object.entries(given).filter(
    ([field, value]) => canonicalJson(value) !== canonicalJson(member[field as keyof MemberFields]),
  );
  return Object.fromEntries(changed) as Partial<MemberFields>;
}

export const editMember: Handler<'members.edit'> = (ctx, { opId, memberId, draft }) => {
  const stored = ctx.writer.commit({
    opId,
    session: actor(ctx),
    kind: 'member.changed',
    asked: { memberId },
    // Fields that were as they are now were left out of the op, so only the ones it names can tell.
    isRepeat: (body) => {
      const given = toFields(draft, ctx.directory.country(), cardFacts(ctx).businessDay);
      return body.kind === 'member.changed' && holdsAll(given, body.fields);
    },
    make: () => {
      const { member } = getLaid(ctx, memberId);
      assertServed(member);
      const given = toFields(draft, ctx.directory.country(), cardFacts(ctx).businessDay);
      const fields = changedFields(member, given);
      if (Object.keys(fields).length === 0) {
        throw new AppError('bad_request', 'Nothing was changed, so there is nothing to save.');
      }
      const after = { ...member, ...fields };
      if (`${after.lastName}${after.firstName}` === '') {
        throw new AppError('bad_request', 'A name is needed. Nothing was saved.');
      }
      assertUnique(ctx, fields, memberId);
      return { body: { kind: 'member.changed', memberId, fields }, keys: searchKeys(after) };
    },
  });
  return replyTo(ctx, stored, null);
};
