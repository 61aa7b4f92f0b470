import { rulesOn } from '../../../sync/programmes/card-rules.ts';
import type { TillView } from '../../contract/till.ts';
import type { Ctx, Handler } from '../ctx.ts';
import { tierChoices } from '../known-tier.ts';
import { cardFacts } from '../views/member-view.ts';

function enrolmentView(ctx: Ctx): TillView['enrolment'] {
  const enrolment = ctx.settings.enrolment();
  if (enrolment === null) return null;
  const { tillId, tillName, storeId, serverUrl } = enrolment;
  const { name: storeName = '', nameZh: storeNameZh } = ctx.directory.store(storeId) ?? {};
  return {
    tillId,
    tillName,
    storeId,
    storeName,
    serverUrl,
    ...(storeNameZh !== undefined && { storeNameZh }),
  };
}

export const getTill: Handler<'till.get'> = (ctx) => {
  const { businessDay } = cardFacts(ctx);
  return {
    screen: ctx.screen,
    enrolment: enrolmentView(ctx),
    chain: ctx.directory.chain(),
    cardTypes: ctx.directory.cardTypes().map((type) => rulesOn(type, businessDay)),
    cardAttributes: ctx.directory.cardAttributes(),
    tiers: tierChoices(ctx, businessDay),
    preferences: ctx.settings.preferences(),
    // A browser may be anybody's: who works here is for those who do.
    people: ctx.screen === 'office' && ctx.session === null ? [] : ctx.directory.people(),
    session: ctx.session,
    isDemo: ctx.isDemo,
    businessDay,
    cardStock: ctx.till.stock.countFree(),
    disk: ctx.disk.room(),
    restriction: ctx.isUpdateNeeded() ? 'update_needed' : 'none',
  };
};
