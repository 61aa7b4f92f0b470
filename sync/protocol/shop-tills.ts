import { z } from 'zod';
import { DayText } from '../model/member.ts';
import { ShownReason } from '../model/feed.ts';
import { StaffId } from '../base/ids.ts';

export const SHOP_TILLS_MAX = 500;

/** So many tills may be asked for by their ids. */
export const ASKED_TILLS_MAX = 40;
/** `tills`: ids with a comma between, of those that the asker has entries of; they may have left the shop since. */
export const ShopTillsQuery = z.strictObject({
  actorId: StaffId,
  day: DayText,
  tills: z.string().max(3_500).default(''),
});

/** How far the centre is with one till of a shop. */
export const ToldTill = z.object({
  tillId: z.string(),
  name: z.string(),
  state: z.enum(['live', 'quarantined', 'lost']),
  /** The centre's clock; 0: never. */
  heardAtMs: z.int(),
  /** All that the till did before then has a number of the feed; 0: nothing is known of it. */
  completeToMs: z.int(),
  /** Ops that it said to have and that the centre has not. */
  outstanding: z.int().min(0),
  /** Number of its newest op: a copy that has come so far has all of it. */
  lastSeq: z.int().min(0),
  /** Ops of the day that wait for a manager. */
  held: z.array(z.object({ reason: ShownReason, count: z.int() })),
  /** The latest certificate of the day; null where it was not closed. */
  close: z.object({ closedAtMs: z.int(), verdict: z.enum(['equal', 'differs']).nullable() }).nullable(),
});
export type ToldTill = z.infer<typeof ToldTill>;

export const ShopTillsReply = z.object({
  atMs: z.int(),
  tills: z.array(ToldTill).max(SHOP_TILLS_MAX),
  /** Of those asked for by id: given up since, or in another shop now. */
  others: z.array(ToldTill).max(ASKED_TILLS_MAX).default([]),
});
export type ShopTillsReply = z.infer<typeof ShopTillsReply>;
