import { z } from 'zod';
import { MemberId } from '../../sync/base/ids.ts';
import { HeldReason } from '../../sync/model/feed.ts';
import { WatchReason } from '../../sync/model/inbox.ts';
import { DayText } from '../../sync/model/member.ts';
import { command, query, type Method } from './method.ts';

/** `open`: not closed. `pending`: closed, and the centre has not answered. */
export const ProofState = z.enum(['open', 'pending', 'equal', 'differs']);
export type ProofState = z.infer<typeof ProofState>;

const Line = z.strictObject({ kind: z.string(), count: z.int(), units: z.int() });

/** One kind of op on a day. `centre` is null until the centre has counted. */
export const CloseLine = Line.extend({
  centre: z.strictObject({ count: z.int(), units: z.int() }).nullable(),
});
export type CloseLine = z.infer<typeof CloseLine>;

export const CloseDifference = z.strictObject({
  tseq: z.int(),
  what: z.enum(['missing', 'extra', 'other_content', 'not_booked', 'other_units']),
  kind: z.string(),
});

/** A business day of this till: what it did, what is outstanding and why, and what the centre says to it. */
export const CloseView = z.strictObject({
  businessDay: DayText,
  tillId: z.string(),
  incarnation: z.int(),
  /** True when a supervisor may close it now. */
  isClosable: z.boolean(),
  closedAtMs: z.int().nullable(),
  /** Name of the person; '' while open. */
  closedBy: z.string(),
  ranges: z.array(z.strictObject({ fromTseq: z.int(), toTseq: z.int() })),
  opCount: z.int(),
  lines: z.array(CloseLine),
  /** The till's newest op when it closed; now, while open. */
  chainHead: z.strictObject({ tseq: z.int(), hash: z.string() }),
  /** The till's, over the certificate; '' while open. */
  signature: z.string(),
  /** As of now: ops of this day that the centre has not answered for, and those that it holds, with the reason. */
  outstanding: z.int(),
  held: z.array(z.strictObject({ tseq: z.int(), kind: z.string(), reason: HeldReason })),
  heldCount: z.int(),
  /** Why nothing is sent now; null while the line is up. */
  problem: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  proof: z.strictObject({
    state: ProofState,
    checkedAtMs: z.int().nullable(),
    differenceCount: z.int(),
    differences: z.array(CloseDifference),
    /** Ops of this till and day under an earlier incarnation; not part of this close. */
    elsewhere: z.int(),
  }),
});
export type CloseView = z.infer<typeof CloseView>;

export const CloseSummary = z.strictObject({
  businessDay: DayText,
  opCount: z.int(),
  closedAtMs: z.int().nullable(),
  proof: ProofState,
});
export type CloseSummary = z.infer<typeof CloseSummary>;

const Sum = z.strictObject({
  id: z.string(),
  name: z.string(),
  nameZh: z.string(),
  count: z.int(),
  units: z.int(),
});

/** A day of this till for who signs it. */
export const DayReport = z.strictObject({
  businessDay: DayText,
  /** Most actions first; `units` is 0 here, they are of several kinds. */
  cashiers: z.array(Sum),
  programmes: z.array(Sum),
  /** Actions of each hour of the day, by this PC's clock. */
  hours: z.array(z.int()).length(24),
  /** Where a manager should look (N16): it accuses nobody. */
  watch: z.array(
    z.strictObject({
      reason: WatchReason,
      actorName: z.string(),
      memberId: MemberId,
      memberName: z.string(),
      entries: z.int(),
      units: z.int(),
    }),
  ),
});
export type DayReport = z.infer<typeof DayReport>;

export const closes = {
  /** For supervisors and managers. Null: the day that runs now. */
  'day.getReport': query(z.strictObject({ businessDay: DayText.nullable() }), DayReport),
  /**
   * Ends a business day: counts, chain and signature are kept, and proven as soon as there is a line. What is
   * sold from then on belongs to the next day. Null: the day that runs now. A day that is closed stays as it
   * is; closing it again asks the centre once more where its answer was not "equal". For supervisors.
   */
  'day.close': command(z.strictObject({ businessDay: DayText.nullable() }), CloseView),
  /** Null: the day that runs now. */
  'day.getClose': query(z.strictObject({ businessDay: DayText.nullable() }), CloseView),
  /** The day that runs now, and others with ops or a close, latest first. */
  'day.listCloses': query(z.strictObject({}), z.array(CloseSummary).max(60)),
} satisfies Record<string, Method>;
