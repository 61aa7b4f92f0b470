import type { CardType } from '../../../sync/model/chain.ts';
import { readExtras, type Extras } from '../../../sync/model/extras.ts';
import {
  EMPTY_FIELDS,
  type MemberField,
  type MemberFields,
  type MemberRow,
} from '../../../sync/model/member.ts';
import { worstFirst, type ImportReason } from '../../contract/import-reasons.ts';
import type { ImportMode } from '../../contract/imports.ts';
import type { RowAction } from '../../../db/imports/types.ts';
import type { Ctx } from '../ctx.ts';
import type { Laid } from '../overlay.ts';
import { matchRow, type Finder } from './match.ts';
import type { OwnWords } from './own-words.ts';
import { foldName, type Given } from './reading/row-reader.ts';

/** What a row would do to the member, or make of a new one. */
export interface Change {
  fields: Partial<MemberFields>;
  /** Those that the member has not. */
  tags: string[];
  groups: string[];
  custom: Record<string, string | null>;
  /** Null: as it is. */
  marketing: boolean | null;
  cards: { type: CardType; units: number }[];
}

export interface RowPlan {
  action: RowAction;
  codes: ImportReason[];
  /** Whom an update is about. */
  laid: Laid | null;
  change: Change;
}

/** What every row of a run is planned with. */
export interface PlanRules {
  mode: ImportMode;
  finder: Finder;
  ownWords: OwnWords;
  sharesPhones: boolean;
  pointsType: CardType | null;
  creditType: CardType | null;
}

const nameOf = ({ lastName, firstName }: Partial<MemberFields>): string =>
  foldName(`${lastName ?? ''} ${firstName ?? ''}`.replace(/\s+/g, ' '));

/** Fields that differ. A name that reads the same is the same, wherever it is divided. */
function changedFields(member: MemberRow, given: Partial<MemberFields>): Partial<MemberFields> {
  const isSameName = given.lastName !== undefined && nameOf({ ...member, ...given }) === nameOf(member);
  const isName = (field: string): boolean => field === 'lastName' || field === 'firstName';
  const entries = Object.entries(given).filter(
    ([field, value]) => value !== member[field as MemberField] && !(isSameName && isName(field)),
  );
  return Object.fromEntries(entries) as Partial<MemberFields>;
}

function changedCustom(extras: Extras, given: Given['custom']): Change['custom'] {
  return Object.fromEntries(
    Object.entries(given).filter(([id, value]) => (extras.custom[id] ?? null) !== value),
  );
}

/** Opening balances as cards; one that the member has a card for is left, and said so. */
function openingCards(given: Given, rules: PlanRules, laid: Laid | null) {
  const wanted = [
    { type: rules.pointsType, units: given.points },
    { type: rules.creditType, units: given.creditMinor },
  ];
  const cards: Change['cards'] = [];
  let isLeft = false;
  for (const { type, units } of wanted) {
    if (type === null || units === 0) continue;
    const isHeld = laid?.cards.some(
      (card) => card.cardTypeId === type.cardTypeId && card.status !== 'closed',
    );
    if (isHeld === true) isLeft = true;
    else cards.push({ type, units });
  }
  return { cards, isLeft };
}

const EMPTY_CHANGE: Change = { fields: {}, tags: [], groups: [], custom: {}, marketing: null, cards: [] };
const invalid = (codes: readonly ImportReason[], laid: Laid | null): RowPlan => ({
  action: 'invalid',
  codes: worstFirst(codes),
  laid,
  change: EMPTY_CHANGE,
});

function planCreate(given: Given, rules: PlanRules): RowPlan {
  const { cards } = openingCards(given, rules, null);
  const custom = Object.fromEntries(Object.entries(given.custom).filter(([, value]) => value !== null));
  const needsCredit =
    cards.some(({ type }) => type.kind === 'credit') && given.fields.isCreditAllowed !== true;
  if (needsCredit) return invalid(['CREDIT_NOT_ALLOWED'], null);
  const codes: ImportReason[] = given.fields.lookupId === undefined ? ['LOOKUP_ID_MISSING'] : [];
  const { tags, groups, marketing } = given;
  return {
    action: 'create',
    codes,
    laid: null,
    change: { fields: given.fields, tags, groups, custom, marketing: marketing ?? false, cards },
  };
}

function planUpdate(given: Given, rules: PlanRules, laid: Laid): RowPlan {
  const { member } = laid;
  if (member.state !== 'active') return invalid(['MEMBER_BARRED'], laid);
  const extras = readExtras(member.extras);
  const fields = changedFields(member, given.fields);
  const { cards, isLeft } = openingCards(given, rules, laid);
  const mayHoldCredit = { ...EMPTY_FIELDS, ...member, ...fields }.isCreditAllowed;
  if (cards.some(({ type }) => type.kind === 'credit') && !mayHoldCredit) {
    return invalid(['CREDIT_NOT_ALLOWED'], laid);
  }
  const change: Change = {
    fields,
    tags: given.tags.filter((tag) => !extras.tags.includes(tag)),
    groups: given.groups.filter((group) => !extras.groups.includes(group)),
    custom: changedCustom(extras, given.custom),
    marketing: given.marketing === member.hasMarketingConsent ? null : given.marketing,
    cards,
  };
  const notes: ImportReason[] = isLeft ? ['BALANCE_LEFT'] : [];
  const isNothing =
    Object.keys(fields).length + change.tags.length + change.groups.length + cards.length === 0 &&
    Object.keys(change.custom).length === 0 &&
    change.marketing === null;
  if (isNothing) return { action: 'skip', codes: worstFirst(['NOTHING_NEW', ...notes]), laid, change };
  return { action: 'update', codes: notes, laid, change };
}

/** The same for a row that was checked as somebody new, where nothing has changed since. */
export const planKnown = (given: Given, rules: PlanRules): RowPlan => planCreate(given, rules);

/** What becomes of a row as things stand now: reads the copy and the till's own ops, changes nothing. */
export function planRow(ctx: Ctx, given: Given, rules: PlanRules): RowPlan {
  const { memberId, codes } = matchRow(ctx, given, rules);
  const laid = memberId === null ? null : (ctx.overlay.lay(memberId) ?? null);
  if (codes.length > 0) return invalid(codes, laid);
  if (laid !== null) return planUpdate(given, rules, laid);
  return rules.mode === 'update' ? invalid(['MEMBER_UNKNOWN'], null) : planCreate(given, rules);
}
