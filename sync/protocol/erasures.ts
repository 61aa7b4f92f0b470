import { z } from 'zod';
import { MemberId } from '../base/ids.ts';

export const ERASURES_PER_PULL_MAX = 5_000;

/**
 * Members that were anonymised, by a sequence of their own, so that they go first in each pull whatever the
 * cursor is. The till blanks them (`blankMember`), drops their search keys and open edits, then says `upTo`
 * in its next request (`purgedErasure`): its receipt. A copy that is fetched anew starts again at 0.
 */
export const Erasures = z.strictObject({
  memberIds: z.array(MemberId).max(ERASURES_PER_PULL_MAX),
  upTo: z.int().min(0),
});
export type Erasures = z.infer<typeof Erasures>;
/** Highest erasure that is out of every file of the till; 0 before the first. */
export const PurgedErasure = z.int().min(0);

/** What a manager sees of one erasure: how many of the living tills have confirmed it. */
export const ErasureStatus = z.strictObject({
  erasureNo: z.int().min(1),
  memberId: MemberId,
  atMs: z.int(),
  tills: z.int(),
  confirmed: z.int(),
});
export type ErasureStatus = z.infer<typeof ErasureStatus>;

/** A till with the highest erasure that it has confirmed: what is above still lies in its files. */
export const ErasureTill = z.strictObject({
  tillId: z.string(),
  name: z.string(),
  storeId: z.string(),
  confirmedNo: z.int().min(0),
  confirmedAtMs: z.int(),
  heardAtMs: z.int(),
});
export type ErasureTill = z.infer<typeof ErasureTill>;

/** Absent `tills`: a centre that counts them only. */
export const ErasuresReply = z.object({
  erasures: z.array(ErasureStatus),
  tills: z.array(ErasureTill).default([]),
});
export type ErasuresReply = z.infer<typeof ErasuresReply>;
