import { z } from 'zod';
import { AccountId, CardId, CardTypeId, MemberId, OpId, StaffId } from '../../sync/base/ids.ts';
import { CardStatus, EntryKind } from '../../sync/model/card.ts';
import { CardKind, PointsWorth, Reward, StaffRole } from '../../sync/model/chain.ts';
import { MemberFields, MemberState } from '../../sync/model/member.ts';
import { PersonalField } from '../../sync/model/personal.ts';

/**
 * What a cashier reads: `confirmed` by the centre as of `asOfMs`, `pending` from this till's own entries on
 * top.
 */
export const Balance = z.strictObject({
  confirmed: z.int(),
  pending: z.int(),
  unit: z.enum(['stamps', 'points', 'visits', 'minor', 'percent', 'uses']),
  /** Wall clock of the last answer from the centre; null before the first. */
  asOfMs: z.int().nullable(),
});
export type Balance = z.infer<typeof Balance>;

/** What a card's buttons do. Each is one method of the contract. */
export const CardAction = z.enum([
  'stamp',
  'stamp-buy',
  'credit',
  'debit',
  'visit',
  'add-visits',
  'top-up',
  'earn',
  'spend',
  'redeem',
  'replace',
  'report-lost',
  'close',
]);
export type CardAction = z.infer<typeof CardAction>;

export const RewardView = Reward.extend({ isAffordable: z.boolean() });
export type RewardView = z.infer<typeof RewardView>;

export const CardView = z.strictObject({
  cardId: CardId,
  cardNumber: z.string(),
  accountId: AccountId,
  cardTypeId: CardTypeId,
  cardType: z.string(),
  cardTypeZh: z.string(),
  kind: CardKind,
  colour: z.string(),
  status: z.enum([...CardStatus.options, 'expired']),
  /** Only this till knows the card yet. */
  isPending: z.boolean(),
  expiresOn: z.string().nullable(),
  balance: Balance,
  /** Stamp cards: units of a round; 0 for the others. */
  goal: z.int(),
  discountPercent: z.int(),
  packs: z.array(z.int()),
  earnPoints: z.int(),
  earnPerMinor: z.int(),
  /** Points: what they are worth as money; null where they are for rewards alone. */
  worth: PointsWorth.nullable(),
  /** What a purchase's points depend on beside the card type's rules: see `earnFor`. */
  earning: z.strictObject({ tierId: z.string(), earnedToday: z.int() }),
  /** Visits without a number of them: only the last day ends the card. */
  isUnlimited: z.boolean(),
  rewards: z.array(RewardView),
  /** Values of the chain's own attributes of cards; a sensitive one is masked for a cashier. */
  custom: z.record(z.string(), z.string()),
  /** It is on the member's phone. */
  isInstalled: z.boolean(),
  /** What can be done with this card now, for this member in this state. */
  actions: z.array(CardAction),
});
export type CardView = z.infer<typeof CardView>;

/** One line of a result list: enough to choose, no more personal data than that. */
export const MemberHit = z.strictObject({
  memberId: MemberId,
  name: z.string(),
  state: MemberState,
  maskedMobile: z.string(),
  supportId: z.string(),
  lookupId: z.string(),
  tier: z.string(),
  cards: z.array(CardView),
  /** Only this till knows the member yet. */
  isPending: z.boolean(),
});
export type MemberHit = z.infer<typeof MemberHit>;

/** So many entries come with a member; the rest is asked for. */
export const HISTORY_MAX = 50;
export const EntryView = z.strictObject({
  opId: OpId,
  kind: EntryKind,
  cardId: CardId,
  cardType: z.string(),
  cardTypeZh: z.string(),
  unit: Balance.shape.unit,
  delta: z.int(),
  amountMinor: z.int().nullable(),
  receiptNo: z.string(),
  rewardName: z.string(),
  rewardNameZh: z.string(),
  reason: z.string(),
  correctsOpId: OpId.nullable(),
  isCorrected: z.boolean(),
  wallMs: z.int(),
  businessDay: z.string(),
  actorName: z.string(),
  tillId: z.string(),
  isOwnTill: z.boolean(),
  /** `saved` on this till, `synced` with the centre, `held` there for a person. */
  sync: z.enum(['saved', 'synced', 'held']),
  canUndo: z.boolean(),
  /** The amount can be put right: the last purchase of its card, not too long ago, by a supervisor. */
  canEdit: z.boolean(),
});
export type EntryView = z.infer<typeof EntryView>;

/** What hangs on a member beside the profile. A sensitive custom value is masked for a cashier. */
export const ExtrasView = z.strictObject({
  tags: z.array(z.string()),
  groups: z.array(z.string()),
  custom: z.record(z.string(), z.string()),
  verified: z.strictObject({ mobile: z.boolean(), email: z.boolean() }),
  isRemoved: z.boolean(),
});
export type ExtrasView = z.infer<typeof ExtrasView>;

/** A receipt that was typed in by hand, to be checked by a manager. */
export const HandReceiptView = z.strictObject({
  receiptId: z.string(),
  receiptNo: z.string(),
  day: z.string(),
  storeName: z.string(),
  amountMinor: z.int(),
  note: z.string(),
  actorName: z.string(),
  wallMs: z.int(),
  isChecked: z.boolean(),
  /** Null while it counts. */
  takenBack: z.strictObject({ reason: z.string(), actorName: z.string(), wallMs: z.int() }).nullable(),
});
export type HandReceiptView = z.infer<typeof HandReceiptView>;

/** A member's tier on the till's day, and what is known of the way to the next one. */
export const TierView = z.strictObject({
  /** '' for none. */
  tierId: z.string(),
  name: z.string(),
  nameZh: z.string(),
  /** What it gives, as the cashier reads it out; '' for nothing in words. */
  benefits: z.string(),
  benefitsZh: z.string(),
  until: z.string().nullable(),
  /** There was one, and its last day is past. */
  isOver: z.boolean(),
  /** By a purchase of this till that the centre does not have yet. */
  isReachedHere: z.boolean(),
  /** By spending; null: by hand. */
  reached: z.strictObject({ since: z.string(), spentMinor: z.int(), version: z.int() }).nullable(),
  /** What this till knows was spent: purchases of its own shop, so at least so much. */
  next: z
    .strictObject({
      name: z.string(),
      nameZh: z.string(),
      neededMinor: z.int(),
      spentMinor: z.int(),
      withinMonths: z.int(),
    })
    .nullable(),
});
export type TierView = z.infer<typeof TierView>;

export const MemberView = z.strictObject({
  memberId: MemberId,
  supportId: z.string(),
  /** Last and first name in the order people say them. */
  name: z.string(),
  /** What of it the role does not see is empty here, and stands in `masked`. */
  fields: MemberFields,
  /** What is shown in the place of values that this person does not see whole; {} where she sees all there is. */
  masked: z.partialRecord(PersonalField, z.string()),
  /** The mobile in its usual grouping, or its mask; '' when there is none. */
  mobileText: z.string(),
  state: MemberState,
  stateReason: z.string(),
  stateActorName: z.string(),
  createdAtMs: z.int(),
  lastVisitAtMs: z.int().nullable(),
  hasMarketingConsent: z.boolean(),
  pdpaPolicy: z.string(),
  extras: ExtrasView,
  /** Newest first. */
  handReceipts: z.array(HandReceiptView),
  /** So many more were typed in on tills apart from each other, and found no place in her row. */
  unlistedReceipts: z.int(),
  tier: TierView,
  homeStore: z.string(),
  cards: z.array(CardView),
  /** Newest first, this store's and this till's own; the rest of the history is at the centre. */
  history: z.array(EntryView),
  /** Only this till knows the member yet. */
  isPending: z.boolean(),
  /** Own ops of this member that the centre has not answered for. */
  pendingOps: z.int(),
});
export type MemberView = z.infer<typeof MemberView>;

/** Answer of every command on a member: the op that now exists, and the member as the screen shows it. */
export const ActionReply = z.strictObject({
  opId: OpId,
  cardId: CardId.nullable(),
  member: MemberView,
});
export type ActionReply = z.infer<typeof ActionReply>;

export const Person = z.strictObject({
  staffId: StaffId,
  login: z.string(),
  name: z.string(),
  role: StaffRole,
  /** Whether the shop that she usually works in is this till's; absent for somebody of the whole chain. */
  worksHere: z.boolean().optional(),
});
export type Person = z.infer<typeof Person>;

/** Somebody else who stands by an act, with her own PIN. She is not signed in by it. */
export const SecondPerson = z.strictObject({
  login: z.string().trim().min(1).max(40),
  pin: z.string().min(1).max(20),
});
export type SecondPerson = z.infer<typeof SecondPerson>;
