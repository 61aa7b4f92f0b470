import { z } from 'zod';
import { canonicalJson, type Json } from '../base/canonical.ts';
import { textSum } from '../base/text-sum.ts';
import { Attribute } from './attributes.ts';
import { ExtraId } from './extras.ts';
import { Segment, TagRule } from './segment.ts';
import { SpendPolicy } from './spend-policy.ts';
import { PolicyBefore, POLICIES_BEFORE_MAX, PolicyText } from './policy-text.ts';
import { SavedFilter } from './register.ts';
import { CardTypeId, StaffId, StoreId } from '../base/ids.ts';
import { DayText } from './member.ts';
import { MessageTemplate } from './template.ts';
import { UNITS_MAX, VISITS_PER_PRESS_MAX } from './units.ts';

export const CardKind = z.enum(['stamp', 'points', 'visits', 'credit', 'discount', 'coupon']);
export type CardKind = z.infer<typeof CardKind>;

export const Reward = z.strictObject({
  rewardId: z.string().min(1).max(40),
  name: z.string().min(1).max(80),
  nameZh: z.string().max(80).default(''),
  /** Units of the card type that it takes. */
  cost: z.int().min(1),
});
export type Reward = z.infer<typeof Reward>;

/** How the part of a step that a purchase does not fill counts; `step`: not at all, before any factor. */
export const EarnRounding = z.enum(['step', 'down', 'nearest', 'up']);
export type EarnRounding = z.infer<typeof EarnRounding>;

/** What points are good for as money: `points` of them for `minor` units of the chain's currency. */
export const PointsWorth = z.strictObject({
  points: z.int().min(1).max(UNITS_MAX),
  minor: z.int().min(1).max(UNITS_MAX),
});
export type PointsWorth = z.infer<typeof PointsWorth>;

const rules = {
  version: z.int().min(1),
  /** First business day on which this version counts; see `rulesOn`. */
  validFrom: DayText.default('2000-01-01'),
  name: z.string().min(1).max(60),
  nameZh: z.string().max(60).default(''),
  /** One of the design tokens' card inks: ink, green, red, blue, plum, ochre. */
  colour: z.enum(['ink', 'green', 'red', 'blue', 'plum', 'ochre']).default('ink'),
  /** Stamp: units of a full round, 2..50. 0 for the other kinds. */
  goal: z.int().min(0).max(50).default(0),
  rewards: z.array(Reward).max(20).default([]),
  /** Points and stamps of a purchase: `earnPoints` for each `earnPerMinor`. */
  earnPoints: z.int().min(0).max(UNITS_MAX).default(0),
  earnPerMinor: z.int().min(1).max(UNITS_MAX).default(100),
  earnRounding: EarnRounding.default('step'),
  minSpendMinor: z.int().min(0).default(0),
  /** Per cent of the usual units for members of a tier, 200 = double; others and strangers get 100. */
  tierFactors: z
    .array(z.strictObject({ tierId: z.string().min(1).max(40), percent: z.int().min(0).max(1000) }))
    .max(20)
    .default([]),
  /** Most units that a card earns by purchases on one business day, as far as the till knows; 0: no such limit. */
  earnMaxPerDay: z.int().min(0).max(UNITS_MAX).default(0),
  /** Points: what they are worth at the counter; absent: they are for rewards alone. See `points-worth.ts`. */
  worth: PointsWorth.optional(),
  /** Units end so many months after they were earned, or after the account's last movement; 0: never. */
  expiresAfterMonths: z.int().min(0).max(120).default(0),
  expiresBy: z.enum(['earned', 'idle']).default('earned'),
  /** Credit: share of a purchase that comes back, in hundredths of a per cent. */
  cashbackBasisPoints: z.int().min(0).max(10_000).default(0),
  /** Visits: packs on sale. */
  packs: z.array(z.int().min(1).max(VISITS_PER_PRESS_MAX)).max(6).default([]),
  /** Visits: a new card has no number of visits, only its expiry date. */
  isUnlimited: z.boolean().default(false),
  /** Discount: percentage shown to the cashier. */
  discountPercent: z.int().min(0).max(100).default(0),
  /** Units on a new card (a coupon's uses). */
  openingUnits: z.int().min(0).max(UNITS_MAX).default(0),
  validMonths: z.int().min(0).max(120).default(0),
  /** Coupon: first and last business day on which it is of use, whenever it was issued. */
  usableFrom: DayText.nullable().default(null),
  usableUntil: DayText.nullable().default(null),
  isRetired: z.boolean().default(false),
};

/** What one version of a card type says; never changed once saved. */
export const CardRules = z.strictObject(rules);
export type CardRules = z.infer<typeof CardRules>;

export const EARLIER_VERSIONS_MAX = 200;
/** Configuration of a programme's card; a new version each time somebody edits it. */
export const CardType = z.strictObject({
  cardTypeId: CardTypeId,
  kind: CardKind,
  ...rules,
  /** Every version before this one, newest first: entries name the one that made them (N14). */
  earlier: z.array(CardRules).max(EARLIER_VERSIONS_MAX).default([]),
});
export type CardType = z.infer<typeof CardType>;

export const StaffRole = z.enum(['cashier', 'supervisor', 'manager']);
export type StaffRole = z.infer<typeof StaffRole>;

export const Staff = z.strictObject({
  staffId: StaffId,
  version: z.int().min(1),
  login: z.string().min(1).max(40),
  name: z.string().min(1).max(60),
  role: StaffRole,
  /** `scrypt$N$r$p$salt$hash`, base64. The PIN itself is nowhere. */
  pinHash: z.string(),
  isGone: z.boolean().default(false),
  /** Where she usually works: tills there show her first, and every till lets her in. Absent: no shop of her own. */
  storeId: StoreId.optional(),
});
export type Staff = z.infer<typeof Staff>;

export const Store = z.strictObject({
  storeId: StoreId,
  version: z.int().min(1),
  name: z.string().min(1).max(60),
  /** Absent: the one name stands in both languages. */
  nameZh: z.string().trim().max(60).optional(),
  timeZone: z.string().min(1).max(60),
  cutOffHour: z.int().min(0).max(12).default(4),
  /** Closed for good: no new till comes in, and no receipt is written for it. What happened there stays. */
  isRetired: z.boolean().optional(),
});
export type Store = z.infer<typeof Store>;

export const Chain = z.strictObject({
  version: z.int().min(1),
  name: z.string().min(1).max(60),
  /** ISO 4217 code and its number of decimals. */
  currency: z.string().length(3),
  currencyDecimals: z.int().min(0).max(3),
  /** ISO 3166 country whose phone notation cashiers type. */
  country: z.string().length(2),
  consentMode: z.enum(['pdpa', 'gdpr']),
  policyVersion: z.string().max(40),
  /** What this version of the policy says, read where consent is asked; absent: it is kept on paper alone. */
  policyText: PolicyText.optional(),
  /** Versions of before, newest first: consents name them. Absent: there was no other. See `policiesBehind`. */
  policiesBefore: z.array(PolicyBefore).min(1).max(POLICIES_BEFORE_MAX).optional(),
  cardPrefix: z.string().regex(/^\d{6}$/),
  /** Families share a home number: an import takes one that somebody else has (D8). */
  sharedPhones: z.boolean().optional(),
  /**
   * A member without a booking for so many months is proposed to managers for being anonymised; absent: nobody is.
   * Nothing is done without a person.
   */
  inactiveMonths: z.int().min(6).max(240).optional(),
  /**
   * What becomes of a balance that is left when a member is anonymised. `paid_out`: credit is handed over, the rest is
   * forfeited, since it never was money. Absent: nothing is booked, it stays in the ledger.
   */
  leftBalance: z.enum(['forfeited', 'paid_out']).optional(),
  /** Limits for spending while the line is down; absent: `DEFAULT_SPEND_POLICY`. */
  spendPolicy: SpendPolicy.optional(),
  /** Where a member installs her card and whom she brings signs up (F43); absent: there are no such links. */
  linkBase: z
    .url({ protocol: /^https$/ })
    .max(200)
    .optional(),
});
export type Chain = z.infer<typeof Chain>;

/** Members by hand, for who is to be told or offered what (F115). */
export const Group = z.strictObject({
  groupId: ExtraId,
  version: z.int().min(1),
  name: z.string().trim().min(1).max(60),
  nameZh: z.string().trim().max(60).default(''),
  isRetired: z.boolean().default(false),
});
export type Group = z.infer<typeof Group>;

const tierRules = {
  version: z.int().min(1),
  /** First business day on which this version counts. */
  validFrom: DayText.default('2000-01-01'),
  name: z.string().trim().min(1).max(60),
  nameZh: z.string().trim().max(60).default(''),
  /** Higher is better. */
  rank: z.int().min(0).max(99).default(0),
  /** Money spent within `withinMonths` that reaches it; 0: only by hand. */
  thresholdMinor: z.int().min(0).max(UNITS_MAX).default(0),
  withinMonths: z.int().min(1).max(60).default(12),
  benefits: z.string().trim().max(300).default(''),
  benefitsZh: z.string().trim().max(300).default(''),
  /** It lasts so many months, 0: for good; and goes on where so much was spent within them, 0: only by hand. */
  validMonths: z.int().min(0).max(120).default(12),
  renewalMinor: z.int().min(0).max(UNITS_MAX).default(0),
  isRetired: z.boolean().default(false),
};
/** What one version of a tier says; never changed once saved. */
export const TierRules = z.strictObject(tierRules);
export type TierRules = z.infer<typeof TierRules>;

/** A level of members: how it is reached, what it gives, how long it lasts. Members carry `tierId` in `tier`. */
export const Tier = z.strictObject({
  tierId: z.string().trim().min(1).max(40),
  ...tierRules,
  /** Every version before this one, newest first: what was reached under one stays reached (N14). */
  earlier: z.array(TierRules).max(EARLIER_VERSIONS_MAX).default([]),
});
export type Tier = z.infer<typeof Tier>;

const document = <Kind extends string, Id extends z.ZodType, Body extends z.ZodType>(
  kind: Kind,
  id: Id,
  body: Body,
) => z.strictObject({ kind: z.literal(kind), id, seq: z.int(), body });
const Id = z.string().min(1).max(80);

/** Versioned documents that managers keep and every till holds. */
export const ChainDocument = z.discriminatedUnion('kind', [
  document('chain', z.literal('chain'), Chain),
  document('store', Id, Store),
  document('staff', Id, Staff),
  document('card-type', Id, CardType),
  document('attribute', Id, Attribute),
  document('group', Id, Group),
  document('segment', Id, Segment),
  document('tag-rule', Id, TagRule),
  document('template', Id, MessageTemplate),
  document('filter', Id, SavedFilter),
  document('tier', Id, Tier),
]);
export type ChainDocument = z.infer<typeof ChainDocument>;
export type DocumentKind = ChainDocument['kind'];
export const DOCUMENT_KINDS = [
  ...(['chain', 'store', 'staff', 'card-type', 'attribute', 'group'] as const),
  ...(['segment', 'tag-rule', 'template', 'filter', 'tier'] as const),
] as const satisfies readonly DocumentKind[];

/** Where a body repeats the id of its document. */
const ID_IN_BODY: Readonly<Record<string, string>> = {
  store: 'storeId',
  staff: 'staffId',
  'card-type': 'cardTypeId',
  attribute: 'attributeId',
  group: 'groupId',
  tier: 'tierId',
  segment: 'segmentId',
  'tag-rule': 'tagRuleId',
  template: 'templateId',
  filter: 'filterId',
};
/** As canonical JSON: one op carries it whole. */
export const DOCUMENT_CHARS_MAX = 200_000;

/** The document as its rules read it; null when it is none, or its body is another document's. */
export function readDocument(named: {
  kind: string;
  id: string;
  seq: number;
  body: unknown;
}): ChainDocument | null {
  const read = ChainDocument.safeParse(named);
  if (!read.success) return null;
  const ownId = (read.data.body as Record<string, unknown>)[ID_IN_BODY[named.kind] ?? ''];
  if (named.kind in ID_IN_BODY && ownId !== named.id) return null;
  try {
    return canonicalJson(read.data.body as Json).length <= DOCUMENT_CHARS_MAX ? read.data : null;
  } catch {
    // A fraction, which would hash differently on another node.
    return null;
  }
}

/**
 * A document that lies in a file or a table, as its shape reads it now: what the shape got since it was written has its
 * default, and so every node comes to the same sum. One that can not be read stays as it is.
 */
export const readKept = (document: ChainDocument): ChainDocument => readDocument(document) ?? document;

/** Tells one version of a body from another of the same number; '' for none. */
export const documentSum = (body: object | undefined): string =>
  // Cast: a body is JSON; anything else throws there.
  body === undefined ? '' : textSum(canonicalJson(body as Json));
