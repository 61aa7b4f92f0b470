import { formatPhone, maskPhone } from '../../../sync/base/phone.ts';
import { MEMBER_FIELDS, type MemberFields, type MemberRow } from '../../../sync/model/member.ts';
import type { MemberHit, MemberView } from '../../contract/views.ts';
import type { Ctx } from '../ctx.ts';
import { momentOf } from '../moment.ts';
import type { Laid } from '../overlay.ts';
import { cardsOf, type CardFacts } from './card-view.ts';
import { historyOf } from './entry-view.ts';

/** Last name first, as the cards say it; ideographs without a space. */
export function nameOf({ lastName, firstName }: Pick<MemberRow, 'lastName' | 'firstName'>): string {
  const isIdeographic = /\p{Script=Han}$/u.test(lastName) && /^\p{Script=Han}/u.test(firstName);
  return isIdeographic ? lastName + firstName : `${lastName} ${firstName}`.trim();
}

export function cardFacts(ctx: Ctx): CardFacts {
  const syncedAtMs = ctx.settings.lastSyncAtMs();
  return {
    cardType: ctx.directory.cardType,
    businessDay: momentOf(ctx).businessDay,
    asOfMs: syncedAtMs === null ? null : ctx.clock.onPc(syncedAtMs),
  };
}

export function toMemberHit(laid: Laid, facts: CardFacts): MemberHit {
  const { member } = laid;
  return {
    memberId: member.memberId,
    name: nameOf(member),
    state: member.state,
    maskedMobile: member.mobile === null ? '' : maskPhone(member.mobile),
    lookupId: member.lookupId,
    tier: member.tier,
    cards: cardsOf(laid, facts),
    isPending: laid.confirmed === undefined,
  };
}

const fieldsOf = (member: MemberRow): MemberFields =>
  Object.fromEntries(MEMBER_FIELDS.map((field) => [field, member[field]])) as MemberFields;

export function toMemberView(ctx: Ctx, laid: Laid): MemberView {
  const { member } = laid;
  const visits = [...laid.accounts.values()].map((account) => account.view.lastEntryAtMs);
  const lastVisitAtMs = Math.max(0, ...visits);
  return {
    memberId: member.memberId,
    supportId: member.supportId,
    name: nameOf(member),
    fields: fieldsOf(member),
    mobileText: member.mobile === null ? '' : formatPhone(member.mobile),
    state: member.state,
    stateReason: member.stateReason,
    stateActorName:
      member.stateActorId === null ? '' : (ctx.directory.staff(member.stateActorId)?.name ?? ''),
    createdAtMs: member.createdAtMs,
    lastVisitAtMs: lastVisitAtMs === 0 ? null : lastVisitAtMs,
    // Whoever withdrew as one of two profiles did not ask for mail as the other.
    hasMarketingConsent: laid.people.every((each) => each.hasMarketingConsent),
    pdpaPolicy: member.pdpaPolicy,
    homeStore: ctx.directory.store(member.storeId)?.name ?? '',
    cards: cardsOf(laid, cardFacts(ctx)),
    history: historyOf(ctx, laid),
    isPending: laid.confirmed === undefined,
    pendingOps: laid.openOps.length,
  };
}
