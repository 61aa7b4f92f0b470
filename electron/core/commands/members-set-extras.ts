import { fits, isFed } from '../../../sync/model/attributes.ts';
import {
  changesIn,
  EXTRAS_MAX,
  extraOf,
  readExtras,
  withExtra,
  type Extras,
  type ExtrasPatch,
} from '../../../sync/model/extras.ts';
import { inTag, isSegmentTag, outTag } from '../../../sync/model/segment.ts';
import { AppError } from '../../contract/errors.ts';
import type { Ctx, Handler } from '../ctx.ts';
import { actor, asSaved, assertThere, getLaid, replyTo } from './shared.ts';

/** @throws AppError For a value that its attribute does not take, or an attribute that is not there. */
export function assertCustom(ctx: Ctx, custom: Readonly<Record<string, string | null>>): void {
  const known = new Map(ctx.directory.attributes().map((each) => [each.attributeId, each]));
  for (const [id, value] of Object.entries(custom)) {
    const attribute = known.get(id);
    if (attribute === undefined)
      throw new AppError('bad_request', `There is no attribute "${id}". Nothing was saved.`);
    if (isFed(id))
      throw new AppError(
        'bad_request',
        `"${attribute.name}" comes from the centre or from an import. Nothing was saved.`,
      );
    if (value !== null && !fits(attribute, value))
      throw new AppError('bad_request', `"${attribute.name}" does not take that. Nothing was saved.`);
  }
}

/**
 * By such a tag somebody is put into a segment, or kept out. Of a segment that there is not it would be hidden on every
 * page, so that nobody could take it away.
 *
 * @throws AppError `tag_reserved`.
 */
export function assertTags({ directory }: Ctx, tags: readonly string[]): void {
  const reserved = tags.filter(isSegmentTag);
  if (reserved.length === 0) return;
  const known = new Set(directory.documents('segment').flatMap(({ id }) => [inTag(id), outTag(id)]));
  if (!reserved.every((tag) => known.has(tag)))
    throw new AppError('tag_reserved', 'A tag of this form is for segments. Nothing was saved.');
}

/** Only what differs: a tag that is there already must not win over somebody who takes it away elsewhere. */
function onlyChanges(before: Extras, patch: ExtrasPatch): ExtrasPatch {
  const changes = changesIn(patch);
  const differs = (key: Parameters<typeof extraOf>[1]): boolean =>
    changes.has(key) && changes.get(key) !== extraOf(before, key);
  const words = (kind: 'tag' | 'group', given: ExtrasPatch['tags']) => ({
    add: (given?.add ?? []).filter((word) => differs(`${kind}:${word}`)),
    remove: (given?.remove ?? []).filter(
      (word) => changes.get(`${kind}:${word}`) === false && differs(`${kind}:${word}`),
    ),
  });
  const [tags, groups] = [words('tag', patch.tags), words('group', patch.groups)];
  const custom = Object.entries(patch.custom ?? {}).filter(([id]) => differs(`custom:${id}`));
  const { mobile, email } = patch.verified ?? {};
  const verified = {
    ...(mobile !== undefined && differs('verified:mobile') && { mobile }),
    ...(email !== undefined && differs('verified:email') && { email }),
  };
  return {
    ...(tags.add.length + tags.remove.length > 0 && { tags }),
    ...(groups.add.length + groups.remove.length > 0 && { groups }),
    ...(custom.length > 0 && { custom: Object.fromEntries(custom) }),
    ...(Object.keys(verified).length > 0 && { verified }),
  };
}

function assertRoom(before: Extras, patch: ExtrasPatch): void {
  let after = before;
  for (const [key, value] of changesIn(patch)) after = withExtra(after, key, value);
  const most = Math.max(after.tags.length, after.groups.length, Object.keys(after.custom).length);
  if (most > EXTRAS_MAX)
    throw new AppError('bad_request', `A member has at most ${EXTRAS_MAX} of a kind. Nothing was saved.`);
}

export const setMemberExtras: Handler<'members.setExtras'> = (ctx, { opId, memberId, patch }) => {
  const stored = ctx.writer.commit({
    opId,
    session: actor(ctx),
    kind: 'member.extras',
    asked: { memberId: asSaved(ctx, opId, memberId) },
    // What was so already was left out of the op, so only what it names can tell.
    isRepeat: (body) => {
      const given = changesIn(patch);
      return (
        body.kind === 'member.extras' &&
        [...changesIn(body)].every(([key, value]) => given.has(key) && given.get(key) === value)
      );
    },
    make: () => {
      const { member } = getLaid(ctx, memberId);
      assertThere(member);
      if (member.state === 'anonymised')
        throw new AppError('action_not_offered', 'This member is anonymised. Nothing was saved.');
      const before = readExtras(member.extras);
      const changes = onlyChanges(before, patch);
      if (Object.keys(changes).length === 0)
        throw new AppError('bad_request', 'Nothing was changed, so there is nothing to save.');
      assertCustom(ctx, changes.custom ?? {});
      assertTags(ctx, changes.tags?.add ?? []);
      assertRoom(before, changes);
      return { body: { kind: 'member.extras', memberId: member.memberId, ...changes } };
    },
  });
  return replyTo(ctx, stored, null);
};
