import { canonicalJson } from '../../../sync/base/canonical.ts';
import type { MemberId } from '../../../sync/base/ids.ts';
import { searchKeys } from '../../../sync/base/search-key.ts';
import type { MemberFields, MemberRow } from '../../../sync/model/member.ts';
import { AppError } from '../../contract/errors.ts';
import type { Input } from '../../contract/index.ts';
import type { Ctx, Handler } from '../ctx.ts';
import { assertTier, withTierId } from '../known-tier.ts';
import { holdsAll, toFields } from '../member-draft.ts';
import { cardFacts } from '../views/member-view.ts';
import { actor, asSaved, assertServed, getLaid, replyTo } from './shared.ts';
import { assertUnique } from './uniqueness.ts';

/** Only what differs becomes an edit: an unchanged field must not win over somebody else's change. */
function changedFields(member: MemberRow, given: Partial<MemberFields>): Partial<MemberFields> {
  const changed = Object.entries(given).filter(
    ([field, value]) => canonicalJson(value) !== canonicalJson(member[field as keyof MemberFields]),
  );
  return Object.fromEntries(changed) as Partial<MemberFields>;
}

/** What a form sent, in the notation of the rows. */
export function readDraft(ctx: Ctx, draft: Input<'members.edit'>['draft']): Partial<MemberFields> {
  const today = cardFacts(ctx).businessDay;
  return withTierId(ctx, toFields(draft, ctx.directory.country(), today), today);
}

type Asked = Omit<Input<'members.edit'>, 'opId'>;

/**
 * The edit that a form asks for, with the keys that she is found by after it. `alsoHer`: a profile that goes on as
 * hers with the same press, whose numbers are free for her.
 *
 * @throws AppError Why nothing is to be saved.
 */
export function toEdit(ctx: Ctx, { memberId, draft }: Asked, alsoHer: readonly MemberId[] = []) {
  const { member, people } = getLaid(ctx, memberId);
  assertServed(member);
  const today = cardFacts(ctx).businessDay;
  const fields = changedFields(member, readDraft(ctx, draft));
  // What stood on a profile of hers may stand there still.
  if (alsoHer.length === 0) assertTier(ctx, fields, today);
  if (Object.keys(fields).length === 0) {
    throw new AppError('bad_request', 'Nothing was changed, so there is nothing to save.');
  }
  const after = { ...member, ...fields };
  if (`${after.lastName}${after.firstName}` === '') {
    throw new AppError('bad_request', 'A name is needed. Nothing was saved.');
  }
  assertUnique(ctx, fields, [...people.map((each) => each.memberId), ...alsoHer]);
  const body = { kind: 'member.changed' as const, memberId: member.memberId, fields };
  return { body, keys: searchKeys(after) };
}

export const editMember: Handler<'members.edit'> = (ctx, { opId, memberId, draft }) => {
  const stored = ctx.writer.commit({
    opId,
    session: actor(ctx),
    kind: 'member.changed',
    asked: { memberId: asSaved(ctx, opId, memberId) },
    // Fields that were as they are now were left out of the op, so only the ones it names can tell.
    isRepeat: (body) => {
      return body.kind === 'member.changed' && holdsAll(readDraft(ctx, draft), body.fields);
    },
    make: () => toEdit(ctx, { memberId, draft }),
  });
  return replyTo(ctx, stored, null);
};
