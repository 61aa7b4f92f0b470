import { z } from 'zod';
import { StaffId, TillId } from '../base/ids.ts';
import { DayText } from './member.ts';

export const CONDITIONS_MAX = 12;
const VALUES_MAX = 50;

/** A field of `sync/model/segment-fields.ts`; `custom.ID` and `balance.CARD_TYPE` name one of many. */
const Field = z.string().regex(/^[a-zA-Z]{1,30}(\.[\w-]{1,40})?$/);
const Values = z.array(z.string().trim().max(80)).min(1).max(VALUES_MAX);
const Days = z.int().min(0).max(36_500);
const Amount = z.int().min(-1_000_000_000_000).max(1_000_000_000_000);

/** One question about a member. Which tests fit which field says `sync/model/segment-fields.ts`. */
export const Condition = z.discriminatedUnion('test', [
  /** Of a field with several values (tags, groups, kinds of cards): one of them is enough. */
  z.strictObject({ test: z.literal('oneOf'), field: Field, values: Values }),
  z.strictObject({ test: z.literal('noneOf'), field: Field, values: Values }),
  z.strictObject({ test: z.literal('allOf'), field: Field, values: Values }),
  z.strictObject({ test: z.literal('startsWith'), field: Field, values: Values }),
  z.strictObject({ test: z.literal('known'), field: Field }),
  z.strictObject({ test: z.literal('unknown'), field: Field }),
  z.strictObject({ test: z.literal('atLeast'), field: Field, number: Amount }),
  z.strictObject({ test: z.literal('atMost'), field: Field, number: Amount }),
  /** In the last so many days, today included. */
  z.strictObject({ test: z.literal('withinDays'), field: Field, days: Days }),
  /** So many days ago or longer. */
  z.strictObject({ test: z.literal('olderThanDays'), field: Field, days: Days }),
  z.strictObject({ test: z.literal('from'), field: Field, day: DayText }),
  z.strictObject({ test: z.literal('to'), field: Field, day: DayText }),
  /** A birthday in the next so many days, today included. */
  z.strictObject({ test: z.literal('comingDays'), field: Field, days: z.int().min(0).max(366) }),
]);
export type Condition = z.infer<typeof Condition>;
export type ConditionTest = Condition['test'];

const Rules = {
  match: z.enum(['all', 'any']),
  conditions: z.array(Condition).min(1).max(CONDITIONS_MAX),
};

/** Who belongs by rules. `all` or `any` of the conditions must hold. */
export const SegmentRules = z.strictObject(Rules);
export type SegmentRules = z.infer<typeof SegmentRules>;

/**
 * A group of members that makes itself. A manager puts single members in or keeps them out by hand with the tags
 * `in:ID` and `out:ID`; see `sync/segments/membership.ts`.
 */
export const Segment = z.strictObject({
  segmentId: z.string().min(1).max(40),
  version: z.int().min(1),
  name: z.string().trim().min(1).max(60),
  nameZh: z.string().trim().max(60).default(''),
  ...Rules,
  /** For trying something out: marked as such wherever it is shown. */
  isTest: z.boolean().default(false),
  /**
   * A and B of a trial: of those who match, members whose share (0 to 99, drawn from the id, the same on every node)
   * is at least `shareFrom` and below `shareTo`.
   */
  shareFrom: z.int().min(0).max(99).default(0),
  shareTo: z.int().min(1).max(100).default(100),
  isRetired: z.boolean().default(false),
});
export type Segment = z.infer<typeof Segment>;

/**
 * Puts a tag on whoever matches. One node alone evaluates it (`authorTillId`), in the name of the manager who saved
 * it: two nodes with copies of different age would put the tag on and take it off in turns.
 */
export const TagRule = z.strictObject({
  tagRuleId: z.string().min(1).max(40),
  version: z.int().min(1),
  name: z.string().trim().min(1).max(60),
  tag: z.string().trim().min(1).max(40),
  ...Rules,
  /** Takes the tag off again where the rules stop to match. */
  isLifted: z.boolean().default(false),
  authorTillId: TillId,
  ownerId: StaffId,
  isRetired: z.boolean().default(false),
});
export type TagRule = z.infer<typeof TagRule>;

/** Names of the parts of the grid, the best first. */
export const RFM_NAMES = [
  'champions',
  'loyal',
  'potential',
  'promising',
  'new',
  'attention',
  'risk',
  'cannotLose',
  'sleeping',
  'lost',
] as const;
export type RfmName = (typeof RFM_NAMES)[number];

/** Tags by which a person puts a member in, or keeps her out, whatever the rules say. */
export const inTag = (segmentId: string): string => `in:${segmentId}`;
export const outTag = (segmentId: string): string => `out:${segmentId}`;
/** True for such a tag: pages show the segment instead. */
export const isSegmentTag = (tag: string): boolean => /^(?:in|out):[\w-]{1,36}$/.test(tag);
/** Those that are words of people: what a list shows, asks for and exports. */
export const wordTags = (tags: readonly string[]): readonly string[] =>
  tags.some(isSegmentTag) ? tags.filter((tag) => !isSegmentTag(tag)) : tags;
