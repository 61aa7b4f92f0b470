import { z } from 'zod';
import { StaffId } from '../base/ids.ts';
import { DayText } from '../model/member.ts';
import { ShownReason } from '../model/feed.ts';

export const LOG_PAGE_MAX = 200;

/**
 * Who did what on a business day. `person` and `kind`: only hers, only such. `after`: the last number of the page
 * before. `fromMs`, `untilMs`: the day by the clock of who asks, for what belongs to no shop; absent: London's.
 */
export const LogQuery = z.strictObject({
  actorId: StaffId,
  day: DayText,
  storeId: z.string().max(80).default(''),
  person: z.string().max(80).default(''),
  kind: z.string().max(40).default(''),
  after: z.coerce.number().int().min(0).default(0),
  fromMs: z.coerce.number().int().optional(),
  untilMs: z.coerce.number().int().optional(),
});
export type LogQuery = z.infer<typeof LogQuery>;

/** One action. No personal data: whom it is about is told by her id alone. */
export const LogLine = z.object({
  seq: z.int(),
  opId: z.string(),
  atMs: z.int(),
  kind: z.string(),
  actorId: z.string(),
  tillId: z.string(),
  storeId: z.string(),
  memberId: z.string().nullable(),
  /** Why it waits for a manager; null where it counts. */
  held: ShownReason.nullable(),
});
export type LogLine = z.infer<typeof LogLine>;

/** A line of the centre's own log of decisions: answers, exports, keys, tills given up. */
export const LogDecision = z.object({
  lineNo: z.int(),
  atMs: z.int(),
  actorId: z.string(),
  action: z.string(),
  objectId: z.string(),
  note: z.string(),
});
export type LogDecision = z.infer<typeof LogDecision>;

export const LogReply = z.object({
  lines: z.array(LogLine).max(LOG_PAGE_MAX),
  hasMore: z.boolean(),
  /** For managers, with the first page only. */
  decisions: z.array(LogDecision).max(LOG_PAGE_MAX),
  /** There are more of that day than these, the first ones. */
  hasMoreDecisions: z.boolean().default(false),
  tills: z.array(z.object({ tillId: z.string(), name: z.string() })),
});
export type LogReply = z.infer<typeof LogReply>;
