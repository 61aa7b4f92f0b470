import { fits } from '../../../sync/model/attributes.ts';
import { changesIn, extraOf, readExtras, withExtra, type ExtrasPatch } from '../../../sync/model/extras.ts';
import { AppError } from '../../contract/errors.ts';
import type { Input } from '../../contract/index.ts';
import type { Ctx, Handler } from '../ctx.ts';
import { actor, assertThere, getLaid, replyTo } from './shared.ts';

type Asked = Input<'cards.setData'>;

/** @throws AppError For a value that its attribute does not take, or an attribute that no card has. */
function assertTaken(ctx: Ctx, custom: Asked['custom']): void {
  const known = new Map(ctx.directory.cardAttributes().map((each) => [each.attributeId, each]));
  for (const [id, value] of Object.entries(custom)) {
    const attribute = known.get(id);
    if (attribute === undefined)
      throw new AppError('bad_request', `No card has an attribute "${id}". Nothing was saved.`);
    if (value !== null && !fits(attribute, value))
      throw new AppError('bad_request', `"${attribute.name}" does not take that. Nothing was saved.`);
  }
}

function toPatch(ctx: Ctx, { cardId, custom, isInstalled }: Asked) {
  const memberId = ctx.overlay.findByCard(cardId);
  const laid = memberId === undefined ? undefined : getLaid(ctx, memberId);
  const card = laid?.cards.find((each) => each.cardId === cardId);
  const holder = laid?.people.find((each) => each.memberId === card?.memberId);
  if (card === undefined || holder === undefined)
    throw new AppError('not_found', 'No such card on this till. Nothing was saved; look it up again.');
  assertThere(holder);
  if (holder.state === 'anonymised')
    throw new AppError('action_not_offered', 'This member is anonymised. Nothing was saved.');
  const before = readExtras(holder.extras);
  const differing = Object.entries(custom).filter(
    ([id, value]) => extraOf(before, `card:${card.accountId}:${id}`) !== value,
  );
  const isOther = isInstalled !== null && before.installed.includes(cardId) !== isInstalled;
  if (differing.length === 0 && !isOther)
    throw new AppError('bad_request', 'Nothing was changed, so there is nothing to save.');
  assertTaken(ctx, Object.fromEntries(differing));
  const patch: ExtrasPatch = {
    ...(differing.length > 0 && { cards: { [card.accountId]: Object.fromEntries(differing) } }),
    ...(isOther && { installed: { [cardId]: isInstalled } }),
  };
  let after = before;
  for (const [key, value] of changesIn(patch)) after = withExtra(after, key, value);
  if ([...changesIn(patch)].some(([key, value]) => (extraOf(after, key) || null) !== (value || null)))
    throw new AppError('bad_request', 'There is no room for more on this member. Nothing was saved.');
  return { memberId: holder.memberId, patch };
}

/** Kept with the member whose card it is, each value a field of its own with its own last writer. */
export const setCardData: Handler<'cards.setData'> = (ctx, asked) => {
  const stored = ctx.writer.commit({
    opId: asked.opId,
    session: actor(ctx),
    kind: 'member.extras',
    asked: {},
    isRepeat: (body) =>
      body.kind === 'member.extras' &&
      [...changesIn(body)].every(([key, value]) =>
        key.startsWith('installed:')
          ? asked.isInstalled === value
          : asked.custom[key.split(':')[2] ?? ''] === value,
      ),
    make: () => {
      const { memberId, patch } = toPatch(ctx, asked);
      return { body: { kind: 'member.extras', memberId, ...patch } };
    },
  });
  return replyTo(ctx, stored, asked.cardId);
};
