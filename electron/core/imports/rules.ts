import type { CardTypeId } from '../../../sync/base/ids.ts';
import type { CardType } from '../../../sync/model/chain.ts';
import type { Ctx } from '../ctx.ts';
import { cardFacts } from '../views/member-view.ts';
import type { Facts, Run } from './facts.ts';
import { finderOf } from './match.ts';
import { createOwnWords } from './own-words.ts';
import type { PlanRules } from './plan.ts';
import { foldName, type ReadingRules } from './reading/row-reader.ts';
import type { RunIds } from './run-ids.ts';

const text = (body: object, key: string): string => {
  const value: unknown = Reflect.get(body, key);
  return typeof value === 'string' ? value : '';
};

/** Ids by name in any language, and by id. */
function byName(documents: readonly { id: string; body: object }[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const { id, body } of documents) {
    if (Reflect.get(body, 'isRetired') === true) continue;
    for (const word of [id, text(body, 'name'), text(body, 'nameZh')])
      if (word !== '') found.set(foldName(word), id);
  }
  return found;
}

type Chosen = Pick<Facts, 'mode' | 'pointsCardTypeId' | 'creditCardTypeId' | 'is1904'>;

/** How cells of a run are read today. */
export const readingRulesOf = (ctx: Ctx, facts: Chosen): ReadingRules => ({
  mode: facts.mode,
  country: ctx.directory.country(),
  currencyDecimals: ctx.directory.chain()?.currencyDecimals ?? 2,
  today: cardFacts(ctx).businessDay,
  is1904: facts.is1904,
  tiers: byName(ctx.directory.documents('tier')),
  groups: byName(ctx.directory.documents('group')),
  hasPointsType: facts.pointsCardTypeId !== null,
  hasCreditType: facts.creditCardTypeId !== null,
});

const typeOf = (ctx: Ctx, id: CardTypeId | null): CardType | null =>
  id === null ? null : (ctx.directory.cardType(id) ?? null);

/** With what rows of a run are compared. */
export function planRulesOf(ctx: Ctx, run: Run, { isOfRun }: RunIds): PlanRules {
  const { facts } = run;
  const ownWords = createOwnWords(ctx.imports.db(), run);
  return {
    mode: facts.mode,
    finder: finderOf(ctx, { isOfRun, isOwn: ownWords.isOwn }),
    ownWords,
    sharesPhones: ctx.directory.chain()?.sharedPhones === true,
    pointsType: typeOf(ctx, facts.pointsCardTypeId),
    creditType: typeOf(ctx, facts.creditCardTypeId),
  };
}
