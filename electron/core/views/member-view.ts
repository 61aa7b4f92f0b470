import { formatPhone, maskPhone } from '../../../sync/base/phone.ts';
import { agreesToMarketing } from '../../../sync/merge/consents.ts';
import { isAtLeast } from '../../../sync/merge/roles.ts';
import { maskCustom, type Attribute } from '../../../sync/model/attributes.ts';
import { readExtras } from '../../../sync/model/extras.ts';
import { MEMBER_FIELDS, type MemberFields, type MemberRow } from '../../../sync/model/member.ts';
import type { CardView, ExtrasView, MemberHit, MemberView } from '../../contract/views.ts';
import type { Ctx } from '../ctx.ts';
import { cardTypesOn } from '../card-types.ts';
import { momentOf } from '../moment.ts';
import type { Laid } from '../overlay.ts';
import { opensWhole } from '../sight.ts';
import { cardsOf, type CardFacts } from './card-view.ts';
import { earnedOn } from './earned.ts';
import { countUnlisted, toHandReceipts } from './hand-receipts.ts';
import { historyOf } from './entry-view.ts';
import { withMasks } from './masks.ts';
import { toTierView } from './tier-view.ts';

/** Last name first, as the cards say it; ideographs without a space. */
export function nameOf({ lastName, firstName }: Pick<MemberRow, 'lastName' | 'firstName'>): string {
  const isIdeographic = /\p{Script=Han}$/u.test(lastName) && /^\p{Script=Han}/u.test(firstName);
  return isIdeographic ? lastName + firstName : `${lastName} ${firstName}`.trim();
}

export function cardFacts(ctx: Ctx): CardFacts {
  const syncedAtMs = ctx.settings.lastSyncAtMs();
  const { businessDay } = momentOf(ctx);
  return {
    cardType: cardTypesOn(ctx, businessDay),
    businessDay,
    asOfMs: syncedAtMs === null ? null : ctx.clock.onPc(syncedAtMs),
    shown: (custom) => shownTo(ctx, ctx.directory.cardAttributes(), custom),
  };
}

export function toMemberHit(laid: Laid, facts: CardFacts): MemberHit {
  const { member } = laid;
  return {
    memberId: member.memberId,
    name: nameOf(member),
    state: member.state,
    maskedMobile: member.mobile === null ? '' : maskPhone(member.mobile),
    supportId: member.supportId,
    lookupId: member.lookupId,
    tier: member.tier,
    cards: cardsOf(laid, facts),
    isPending: laid.confirmed === undefined,
  };
}

const fieldsOf = (member: MemberRow): MemberFields =>
  Object.fromEntries(MEMBER_FIELDS.map((field) => [field, member[field]])) as MemberFields;

/** By the tier that counts, a purchase of just now included. */
const withTier = (card: CardView, { tierId }: MemberView['tier']): CardView => ({
  ...card,
  earning: { ...card.earning, tierId },
});

/** With what the card has earned today, where its type has a limit for that. */
function withEarned(ctx: Ctx, laid: Laid, card: CardView): CardView {
  const { cardType, businessDay } = cardFacts(ctx);
  if ((cardType(card.cardTypeId)?.earnMaxPerDay ?? 0) === 0) return card;
  const earnedToday = earnedOn(ctx, laid, { accountId: card.accountId, day: businessDay });
  return { ...card, earning: { ...card.earning, earnedToday } };
}

/** Sensitive values only in full for whoever may set them. */
function shownTo(
  ctx: Ctx,
  attributes: readonly Attribute[],
  custom: Readonly<Record<string, string>>,
): Record<string, string> {
  const sensitive = new Set(attributes.flatMap((each) => (each.isSensitive ? [each.attributeId] : [])));
  const isShown = ctx.session !== null && isAtLeast(ctx.session.person.role, 'supervisor');
  return Object.fromEntries(
    Object.entries(custom).map(([id, value]) => [
      id,
      sensitive.has(id) && !isShown ? maskCustom(value) : value,
    ]),
  );
}

function toExtrasView(ctx: Ctx, member: MemberRow): ExtrasView {
  const { tags, groups, custom, verified, isRemoved } = readExtras(member.extras);
  return {
    tags: [...tags],
    groups: [...groups],
    custom: shownTo(ctx, ctx.directory.attributes(), custom),
    verified: { ...verified },
    isRemoved,
  };
}

/** Her profile, whole or with masks. */
function profileOf(
  member: MemberRow,
  isWhole: boolean,
): Pick<MemberView, 'fields' | 'masked' | 'mobileText'> {
  const fields = fieldsOf(member);
  if (!isWhole) {
    const kept = withMasks(fields);
    return { ...kept, mobileText: kept.masked.mobile ?? '' };
  }
  return { fields, masked: {}, mobileText: fields.mobile === null ? '' : formatPhone(fields.mobile) };
}

/** Her page, which is the one that this session has open from now on. */
export const openMemberView = (ctx: Ctx, laid: Laid): MemberView =>
  toMemberView(ctx, laid, opensWhole(ctx, laid.member.memberId));

/** What a page shows of her, `isWhole` as `sight.ts` says. */
export function toMemberView(ctx: Ctx, laid: Laid, isWhole: boolean): MemberView {
  const facts = cardFacts(ctx);
  const { member } = laid;
  const visits = [...laid.accounts.values()].map((account) => account.view.lastEntryAtMs);
  const lastVisitAtMs = Math.max(0, ...visits);
  const tier = toTierView(ctx, laid, facts.businessDay);
  return {
    memberId: member.memberId,
    supportId: member.supportId,
    name: nameOf(member),
    ...profileOf(member, isWhole),
    state: member.state,
    stateReason: member.stateReason,
    stateActorName:
      member.stateActorId === null ? '' : (ctx.directory.staff(member.stateActorId)?.name ?? ''),
    createdAtMs: member.createdAtMs,
    lastVisitAtMs: lastVisitAtMs === 0 ? null : lastVisitAtMs,
    hasMarketingConsent: agreesToMarketing(laid.people),
    pdpaPolicy: member.pdpaPolicy,
    extras: toExtrasView(ctx, member),
    handReceipts: toHandReceipts(ctx, laid),
    unlistedReceipts: countUnlisted(laid),
    tier,
    homeStore: ctx.directory.store(member.storeId)?.name ?? '',
    cards: cardsOf(laid, facts).map((card) => withEarned(ctx, laid, withTier(card, tier))),
    history: historyOf(ctx, laid),
    isPending: laid.confirmed === undefined,
    pendingOps: laid.openOps.length,
  };
}
