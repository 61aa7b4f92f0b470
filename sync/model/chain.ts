import { z } from 'zod';
import { SpendPolicy } from './spend-policy.ts';
import { CardTypeId, StaffId, StoreId } from '../base/ids.ts';
import { UNITS_MAX } from './op.ts';

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

/** Configuration of a programme's card; a new version each time somebody edits it. */
export const CardType = z.strictObject({
  cardTypeId: CardTypeId,
  version: z.int().min(1),
  kind: CardKind,
  name: z.string().min(1).max(60),
  nameZh: z.string().max(60).default(''),
  /** One of the design tokens' card inks: ink, green, red, blue, plum, ochre. */
  colour: z.enum(['ink', 'green', 'red', 'blue', 'plum', 'ochre']).default('ink'),
  /** Stamp: units of a full round, 2..50. 0 for the other kinds. */
  goal: z.int().min(0).max(50).default(0),
  rewards: z.array(Reward).max(20).default([]),
  /** Points: `earnPoints` for each whole `earnPerMinor` of a purchase. */
  earnPoints: z.int().min(0).default(0),
  earnPerMinor: z.int().min(1).default(100),
  minSpendMinor: z.int().min(0).default(0),
  /** Visits: packs on sale. */
  packs: z.array(z.int().min(1).max(1000)).max(6).default([]),
  /** Discount: percentage shown to the cashier. */
  discountPercent: z.int().min(0).max(100).default(0),
  /** Units on a new card (a coupon's uses). */
  openingUnits: z.int().min(0).max(UNITS_MAX).default(0),
  validMonths: z.int().min(0).max(120).default(0),
  isRetired: z.boolean().default(false),
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
});
export type Staff = z.infer<typeof Staff>;

export const Store = z.strictObject({
  storeId: StoreId,
  version: z.int().min(1),
  name: z.string().min(1).max(60),
  timeZone: z.string().min(1).max(60),
  cutOffHour: z.int().min(0).max(12).default(4),
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
  cardPrefix: z.string().regex(/^\d{6}$/),
  /** Limits for spending while the line is down; absent: `DEFAULT_SPEND_POLICY`. */
  spendPolicy: SpendPolicy.optional(),
});
export type Chain = z.infer<typeof Chain>;

/** Versioned documents that managers keep and every till holds. */
export const ChainDocument = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('chain'), id: z.literal('chain'), seq: z.int(), body: Chain }),
  z.strictObject({ kind: z.literal('store'), id: z.string(), seq: z.int(), body: Store }),
  z.strictObject({ kind: z.literal('staff'), id: z.string(), seq: z.int(), body: Staff }),
  z.strictObject({ kind: z.literal('card-type'), id: z.string(), seq: z.int(), body: CardType }),
]);
export type ChainDocument = z.infer<typeof ChainDocument>;
