import { z } from 'zod';
import { MemberId, OpId } from '../../sync/base/ids.ts';
import { Condition, RFM_NAMES, Segment, SegmentRules } from '../../sync/model/segment.ts';
import { command, query, type Method } from './method.ts';

export const SEGMENT_PAGE_MAX = 100;
const Score = z.int().min(1).max(5);

/** Whose members are wanted: of a saved segment, of rules that are being written, or of a square of the plot. */
export const SegmentChoice = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('segment'), segmentId: z.string().min(1).max(40) }),
  z.strictObject({ kind: z.literal('rules'), rules: SegmentRules }),
  z.strictObject({ kind: z.literal('cell'), recency: Score, frequency: Score }),
]);
export type SegmentChoice = z.infer<typeof SegmentChoice>;

/** A condition that holds, and what it holds of: words, or a number (a day as days since 1970). */
export const SegmentReason = z.strictObject({
  condition: Condition,
  words: z.array(z.string()),
  number: z.int().nullable(),
});
export type SegmentReason = z.infer<typeof SegmentReason>;

export const RfmView = z.strictObject({
  name: z.enum(RFM_NAMES),
  recency: Score,
  frequency: Score,
  money: Score,
  /** Days since the last activity, and how many it usually are; null for one purchase only. */
  daysSince: z.int().min(0),
  usualDays: z.int().nullable(),
  purchases: z.int(),
  /** Minor units, within 10 %: tills know money by steps. */
  spentMinor: z.int(),
});
export type RfmView = z.infer<typeof RfmView>;

/** What a till says of one member. */
export const MemberSegments = z.strictObject({
  /** Null for who never bought, and while the chain's fifths are being drawn. */
  rfm: RfmView.nullable(),
  isDrawing: z.boolean(),
  segments: z.array(
    z.strictObject({
      segment: Segment,
      isIn: z.boolean(),
      byHand: z.enum(['in', 'out']).nullable(),
      reasons: z.array(SegmentReason),
    }),
  ),
});
export type MemberSegments = z.infer<typeof MemberSegments>;

const Square = z.strictObject({ recency: Score, frequency: Score, members: z.int(), spentMinor: z.int() });
export const RfmPicture = z.strictObject({
  /** Upper ends of the first four fifths; empty where nobody bought yet. */
  borders: z.strictObject({
    lastActive: z.array(z.int()),
    purchases: z.array(z.int()),
    spent: z.array(z.int()),
    members: z.int(),
  }),
  grid: z.array(Square).length(25),
  names: z.array(z.strictObject({ name: z.enum(RFM_NAMES), members: z.int(), spentMinor: z.int() })),
  /** The day that recency counts from, as days since 1970. */
  today: z.int(),
});
export type RfmPicture = z.infer<typeof RfmPicture>;

export const SegmentMember = z.strictObject({
  memberId: MemberId,
  name: z.string(),
  maskedMobile: z.string(),
  tier: z.string(),
  /** Days since 1970; null before the first. */
  lastActive: z.int().nullable(),
  purchases: z.int(),
  spentMinor: z.int(),
});
export type SegmentMember = z.infer<typeof SegmentMember>;

/** What a try of the tag rules of this till did. */
export const TagRun = z.strictObject({
  /** Rules that are this till's work. */
  rules: z.int(),
  tagged: z.int(),
  untagged: z.int(),
  /** Members were left over: they are next once the centre has what is saved. */
  isMore: z.boolean(),
  /** Why nothing is tried now: files of a later program, a copy that is not filled, a clock that is in doubt. */
  resting: z.enum(['update', 'filling', 'clock']).nullable(),
});
export type TagRun = z.infer<typeof TagRun>;

/**
 * Segments over everybody of the copy, own actions included. The first question of a while reads all members in a
 * thread of its own, which takes seconds at a million. For supervisors and managers, but for `segments.forMember`.
 */
export const segments = {
  /** Every segment that is not retired, with how many are in it now. */
  'segments.list': query(
    z.strictObject({}),
    z.array(z.strictObject({ segment: Segment, isPending: z.boolean(), members: z.int() })),
  ),
  /**
   * How many would be in it, while it is being written: of the part that it is to have, and with whom a person put
   * in or keeps out of the saved one.
   */
  'segments.try': query(
    z.strictObject({
      rules: SegmentRules,
      segmentId: Segment.shape.segmentId.nullable().default(null),
      shareFrom: Segment.shape.shareFrom,
      shareTo: Segment.shape.shareTo,
    }),
    z.strictObject({ members: z.int() }),
  ),
  'segments.members': query(
    z.strictObject({
      choice: SegmentChoice,
      offset: z.int().min(0),
      limit: z.int().min(1).max(SEGMENT_PAGE_MAX),
    }),
    z.strictObject({ total: z.int(), members: z.array(SegmentMember) }),
  ),
  'segments.rfm': query(z.strictObject({}), RfmPicture),
  /** Words in use of a field with words, those of most members first. */
  'segments.words': query(
    z.strictObject({ field: z.string().min(1).max(72) }),
    z.array(z.strictObject({ word: z.string(), members: z.int() })),
  ),
  'segments.forMember': query(z.strictObject({ memberId: MemberId }), MemberSegments),
  /** For managers. This till does it by itself as well; asked again, it finds what is done already. */
  'segments.runTagRules': command(z.strictObject({ opId: OpId }), TagRun),
} satisfies Record<string, Method>;
