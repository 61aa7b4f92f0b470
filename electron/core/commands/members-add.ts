import { newSupportId, type MemberId } from '../../../sync/base/ids.ts';
import { searchKeys } from '../../../sync/base/search-key.ts';
import { must } from '../../../sync/base/must.ts';
import type { NewExtras } from '../../../sync/model/extras.ts';
import { EMPTY_FIELDS, type MemberFields } from '../../../sync/model/member.ts';
import type { OpBody, OpBodyOf } from '../../../sync/model/op.ts';
import { AppError } from '../../contract/errors.ts';
import type { Input } from '../../contract/index.ts';
import type { Ctx, Handler } from '../ctx.ts';
import { assertTier } from '../known-tier.ts';
import { holdsAll } from '../member-draft.ts';
import { cardFacts } from '../views/member-view.ts';
import { readDraft } from './members-edit.ts';
import { assertCustom, assertTags } from './members-set-extras.ts';
import { assertMayHold, cardKeys, getCardType, newCard, takeCardNumber } from './new-card.ts';
import { actor, replyTo } from './shared.ts';
import { assertUnique } from './uniqueness.ts';

type Enrolment = Input<'members.add'>;

/** Whole profile of a new member. The look-up ID is the support ID where the form gave none (D7). */
function toNewFields(ctx: Ctx, draft: Enrolment['draft'], supportId: string): MemberFields {
  const given = readDraft(ctx, draft);
  assertTier(ctx, given, cardFacts(ctx).businessDay);
  const fields: MemberFields = { ...EMPTY_FIELDS, lookupId: supportId, ...given };
  if (`${fields.lastName}${fields.firstName}` === '') {
    throw new AppError('bad_request', 'A name is needed. Nothing was saved.');
  }
  assertUnique(ctx, fields, []);
  return fields;
}

/** Nothing at all where nothing was given: nearly every op has none. */
function toNewExtras(ctx: Ctx, extras: Enrolment['extras']): { extras?: NewExtras } {
  if (extras === undefined || Object.keys(extras).length === 0) return {};
  assertCustom(ctx, extras.custom ?? {});
  assertTags(ctx, extras.tags ?? []);
  return { extras };
}

function toBody(ctx: Ctx, input: Enrolment): OpBodyOf<'member.created'> {
  const enrolment = ctx.settings.enrolment();
  if (enrolment === null) throw new AppError('not_enrolled', 'This till is not set up yet. Enrol it first.');
  if (ctx.disk.room() === 'short') {
    const message =
      'The disk is nearly full: nobody new can be enrolled. Nothing was saved; all else goes on.';
    throw new AppError('disk_short', message);
  }
  const supportId = newSupportId(ctx.crypto.randomHex(8));
  const fields = toNewFields(ctx, input.draft, supportId);
  const type = input.cardTypeId === null ? null : getCardType(ctx, input.cardTypeId);
  if (type !== null) assertMayHold(type, fields);
  return {
    kind: 'member.created',
    memberId: ctx.newId<MemberId>(),
    supportId,
    storeId: enrolment.storeId,
    fields,
    pdpaPolicy: must(ctx.directory.chain(), 'an enrolled till knows its chain').policyVersion,
    hasMarketingConsent: input.hasMarketingConsent,
    ...toNewExtras(ctx, input.extras),
    card: type === null ? null : newCard(ctx, type, takeCardNumber(ctx, input.cardNumber)),
  };
}

/** Whether `body` came of this very form. */
function isSameEnrolment(ctx: Ctx, { draft, cardTypeId, cardNumber }: Enrolment, body: OpBody): boolean {
  if (body.kind !== 'member.created') return false;
  const given = readDraft(ctx, draft);
  const isSameCard = (body.card?.cardTypeId ?? null) === cardTypeId;
  const isSameNumber = body.card === null || cardNumber === null || body.card.cardNumber === cardNumber;
  return isSameCard && isSameNumber && holdsAll(body.fields, given);
}

/** Enrolment: member, consents and first card as one op, so that nobody ever sees half of it. */
export const addMember: Handler<'members.add'> = (ctx, input) => {
  const stored = ctx.writer.commit({
    opId: input.opId,
    session: actor(ctx),
    kind: 'member.created',
    asked: { hasMarketingConsent: input.hasMarketingConsent, extras: input.extras },
    isRepeat: (body) => isSameEnrolment(ctx, input, body),
    make: () => {
      const body = toBody(ctx, input);
      const keys = [...searchKeys({ ...body.fields, supportId: body.supportId })];
      if (body.card === null) return { body, keys };
      return { body, keys: [...keys, ...cardKeys(body.card)], usesCardNumber: body.card.cardNumber };
    },
  });
  const { body } = stored.op;
  return replyTo(ctx, stored, body.kind === 'member.created' ? (body.card?.cardId ?? null) : null);
};
