import type { MemberFields } from '../../sync/model/member.ts';
import { tierRulesIn, tierRulesOn } from '../../sync/programmes/tiers.ts';
import { AppError } from '../contract/errors.ts';
import type { TierChoice } from '../contract/till.ts';
import type { Ctx } from './ctx.ts';

/** The chain's tiers as a day's rules say them, highest first; one that is still to come by its first rules. */
export function tierChoices(ctx: Ctx, day: string): TierChoice[] {
  const ruled = ctx.directory.documents('tier').map(({ body }) => ({
    tierId: body.tierId,
    ...(tierRulesOn(body, day) ?? tierRulesIn(body)),
  }));
  return ruled
    .toSorted((one, other) => other.rank - one.rank)
    .map(({ tierId, name, nameZh, benefits, benefitsZh, isRetired }) => ({
      ...{ tierId, name, nameZh, benefits, benefitsZh, isRetired },
    }));
}

const fold = (text: string): string => text.normalize('NFKC').trim().toLowerCase();

/** The one that a word names: a name will do, as in an imported file. */
function named(ctx: Ctx, word: string, day: string): TierChoice | undefined {
  const wanted = fold(word);
  return tierChoices(ctx, day).find(
    (each) => !each.isRetired && [each.tierId, each.name, each.nameZh].some((text) => fold(text) === wanted),
  );
}

type Fields = Partial<MemberFields>;

/** With the tier by its id, where somebody typed its name. */
export function withTierId(ctx: Ctx, fields: Fields, today: string): Fields {
  const known = fields.tier === undefined || fields.tier === '' ? undefined : named(ctx, fields.tier, today);
  return known === undefined ? fields : { ...fields, tier: known.tierId };
}

/**
 * A chain without tiers of its own takes any word, as imports do.
 *
 * @throws AppError `tier_unknown`, and `bad_request` for a last day that is over.
 */
export function assertTier(ctx: Ctx, { tier = '', tierUntil = null }: Fields, today: string): void {
  if (tierUntil !== null && tierUntil < today) {
    throw new AppError(
      'bad_request',
      'The last day of the tier is over already. Nothing was saved; choose today or a later day.',
    );
  }
  if (tier === '' || ctx.directory.documents('tier').length === 0) return;
  if (named(ctx, tier, today) !== undefined) return;
  throw new AppError(
    'tier_unknown',
    `There is no tier "${tier}". Nothing was saved; choose one of the chain's.`,
  );
}
