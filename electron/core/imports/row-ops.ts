import { addMonths } from '../../../sync/base/business-day.ts';
import {
  newSupportId,
  type AccountId,
  type CardId,
  type MemberId,
  type OpId,
} from '../../../sync/base/ids.ts';
import { must } from '../../../sync/base/must.ts';
import { nationalDigits } from '../../../sync/base/phone.ts';
import { emailKey, lookupIdKey, nameKeys } from '../../../sync/base/search-key.ts';
import { readExtras, type NewExtras } from '../../../sync/model/extras.ts';
import { EMPTY_FIELDS, type MemberFields } from '../../../sync/model/member.ts';
import { cardKeys } from '../commands/new-card.ts';
import type { Ctx } from '../ctx.ts';
import type { BatchedOp } from '../op-writer.ts';
import type { Laid } from '../overlay.ts';
import type { Change, RowPlan } from './plan.ts';
import { ID, supportHexOf, type RunIds } from './run-ids.ts';

/** What a row changed, as it was, and what it put there: an undo writes back what nobody has changed since. */
export interface Former {
  kind: 'created' | 'updated';
  fields: Partial<MemberFields>;
  set: Partial<MemberFields>;
  tags: string[];
  groups: string[];
  custom: Record<string, string | null>;
  customSet: Record<string, string | null>;
  marketing: boolean | null;
  cards: { cardId: CardId; accountId: AccountId; units: number; version: number; opId: OpId }[];
}

export interface RowWork {
  memberId: MemberId;
  ops: BatchedOp[];
  former: Former;
}

export interface RowPlace {
  runId: string;
  rowNo: number;
  ids: RunIds;
  businessDay: string;
  /** The next number of the till's stock; undefined when there is none. */
  takeNumber: () => string | undefined;
}

type Opening = Change['cards'][number];

/**
 * By what an imported member is found until the centre has confirmed her: by each key as a whole. Parts of names
 * and numbers come with the confirmed row: a hundred thousand members have two million of them, and each is a
 * page to write.
 */
function wholeKeys(member: MemberFields): string[] {
  const phones = [member.mobile, member.phone].filter((phone) => phone !== null);
  return [
    ...nameKeys(member.lastName, member.firstName)
      .slice(0, 1)
      .map((key) => `n${key}`),
    ...phones.map((phone) => `p${nationalDigits(phone)}`),
    ...(member.email === null ? [] : [`e${emailKey(member.email)}`]),
    `l${lookupIdKey(member.lookupId)}`,
  ];
}

/** A card with its opening balance; undefined when the stock is empty. */
function toCard({ type, units }: Opening, at: 0 | 1, { ids, rowNo, businessDay, takeNumber }: RowPlace) {
  const cardNumber = takeNumber();
  if (cardNumber === undefined) return undefined;
  const isFirst = at === 0;
  return {
    cardId: ids.of<CardId>(rowNo, isFirst ? ID.firstCard : ID.secondCard),
    accountId: ids.of<AccountId>(rowNo, isFirst ? ID.firstAccount : ID.secondAccount),
    cardTypeId: type.cardTypeId,
    cardNumber,
    openingUnits: units,
    expiresOn: type.validMonths > 0 ? addMonths(businessDay, type.validMonths) : null,
    cardTypeVersion: type.version,
  };
}
type NewCard = NonNullable<ReturnType<typeof toCard>>;

/** A member's word on marketing, as an import brings it or takes it back. */
export function consentOp(
  { directory }: Pick<Ctx, 'directory'>,
  opId: OpId,
  { memberId, isGranted }: { memberId: MemberId; isGranted: boolean },
): BatchedOp {
  const { policyVersion } = must(directory.chain(), 'an enrolled till knows its chain');
  const said = { purpose: 'marketing', isGranted, policyVersion, channel: 'import' } as const;
  return { opId, body: { kind: 'consent.recorded', memberId, ...said } };
}

/** All cards of a row, or undefined when the stock does not reach. */
function toCards(change: Change, place: RowPlace): NewCard[] | undefined {
  const cards = change.cards.map((opening, at) => toCard(opening, at === 0 ? 0 : 1, place));
  return cards.every((card) => card !== undefined) ? cards : undefined;
}

const EMPTY_FORMER: Omit<Former, 'kind'> = {
  ...{ fields: {}, set: {}, tags: [], groups: [], custom: {}, customSet: {}, marketing: null, cards: [] },
};

const issuedOf = (cards: readonly NewCard[], opIds: readonly OpId[]): Former['cards'] =>
  cards.map(({ cardId, accountId, openingUnits, cardTypeVersion }, at) => ({
    ...{ cardId, accountId, units: openingUnits, version: cardTypeVersion },
    opId: must(opIds[at], 'an op for each card'),
  }));

function extrasOf({ tags, groups, custom }: Change): { extras?: NewExtras } {
  const values = Object.entries(custom).filter((entry): entry is [string, string] => entry[1] !== null);
  if (tags.length + groups.length + values.length === 0) return {};
  return {
    extras: {
      ...(tags.length > 0 && { tags }),
      ...(groups.length > 0 && { groups }),
      ...(values.length > 0 && { custom: Object.fromEntries(values) }),
    },
  };
}

const issueOp = (opId: OpId, memberId: MemberId, card: NewCard): BatchedOp => ({
  opId,
  body: { kind: 'card.issued', memberId, ...card },
  keys: cardKeys(card),
  usesCardNumber: card.cardNumber,
});

function createWork(ctx: Ctx, change: Change, place: RowPlace): RowWork | undefined {
  const { ids, rowNo, runId } = place;
  const cards = toCards(change, place);
  if (cards === undefined) return undefined;
  const [first, second] = cards;
  const memberId = ids.of<MemberId>(rowNo, ID.member);
  const supportId = newSupportId(supportHexOf(runId, rowNo));
  const fields: MemberFields = { ...EMPTY_FIELDS, lookupId: supportId, ...change.fields };
  const [madeBy, issuedBy] = [ids.of<OpId>(rowNo, ID.firstOp), ids.of<OpId>(rowNo, ID.firstOp + 1)];
  const ops: BatchedOp[] = [
    {
      opId: madeBy,
      body: {
        kind: 'member.created',
        memberId,
        supportId,
        storeId: must(ctx.settings.enrolment(), 'an import is of an enrolled till').storeId,
        fields,
        pdpaPolicy: must(ctx.directory.chain(), 'an enrolled till knows its chain').policyVersion,
        hasMarketingConsent: change.marketing === true,
        card: first ?? null,
        ...extrasOf(change),
      },
      keys: [...wholeKeys(fields), ...(first === undefined ? [] : cardKeys(first))],
      ...(first !== undefined && { usesCardNumber: first.cardNumber }),
    },
  ];
  if (second !== undefined) ops.push(issueOp(issuedBy, memberId, second));
  return {
    memberId,
    ops,
    former: { ...EMPTY_FORMER, kind: 'created', cards: issuedOf(cards, [madeBy, issuedBy]) },
  };
}

function extrasOp({ tags, groups, custom }: Change, memberId: MemberId, opId: OpId): BatchedOp[] {
  const hasCustom = Object.keys(custom).length > 0;
  if (tags.length + groups.length === 0 && !hasCustom) return [];
  const body = {
    kind: 'member.extras' as const,
    memberId,
    ...(tags.length > 0 && { tags: { add: tags, remove: [] } }),
    ...(groups.length > 0 && { groups: { add: groups, remove: [] } }),
    ...(hasCustom && { custom }),
  };
  return [{ opId, body }];
}

function formerOf({ member }: Laid, change: Change): Former {
  const extras = readExtras(member.extras);
  const fields = Object.fromEntries(
    Object.keys(change.fields).map((field) => [field, member[field as keyof MemberFields]]),
  ) as Partial<MemberFields>;
  const custom = Object.fromEntries(Object.keys(change.custom).map((id) => [id, extras.custom[id] ?? null]));
  return {
    ...EMPTY_FORMER,
    ...{ kind: 'updated', fields, set: change.fields, tags: change.tags, groups: change.groups },
    ...{ custom, customSet: change.custom },
    marketing: change.marketing === null ? null : member.hasMarketingConsent,
  };
}

function updateWork(
  ctx: Ctx,
  { laid, change }: { laid: Laid; change: Change },
  place: RowPlace,
): RowWork | undefined {
  const { ids, rowNo } = place;
  const { member } = laid;
  const { memberId } = member;
  const cards = toCards(change, place);
  if (cards === undefined) return undefined;
  const op = (part: number): OpId => ids.of<OpId>(rowNo, ID.firstOp + part);
  const ops: BatchedOp[] = [];
  if (Object.keys(change.fields).length > 0) {
    ops.push({
      opId: op(0),
      body: { kind: 'member.changed', memberId, fields: change.fields },
      keys: wholeKeys({ ...member, ...change.fields }),
    });
  }
  ops.push(...extrasOp(change, memberId, op(1)));
  if (change.marketing !== null) ops.push(consentOp(ctx, op(2), { memberId, isGranted: change.marketing }));
  const issuedBy = cards.map((_, at) => op(3 + at));
  ops.push(...cards.map((card, at) => issueOp(op(3 + at), memberId, card)));
  return { memberId, ops, former: { ...formerOf(laid, change), cards: issuedOf(cards, issuedBy) } };
}

/** Ops of a row and what they change; undefined when there is no card number for it. */
export const toWork = (ctx: Ctx, plan: RowPlan, place: RowPlace): RowWork | undefined =>
  plan.laid === null
    ? createWork(ctx, plan.change, place)
    : updateWork(ctx, { laid: plan.laid, change: plan.change }, place);

/** Every op that a row may have made. */
export const opIdsOf = (ids: RunIds, rowNo: number): OpId[] =>
  [0, 1, 2, 3, 4].map((part) => ids.of<OpId>(rowNo, ID.firstOp + part));
