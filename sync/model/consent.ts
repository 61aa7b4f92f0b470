import { z } from 'zod';
import { MemberId, OpId, StaffId, StoreId, TillId } from '../base/ids.ts';
import { Seq } from './member.ts';

/** Where the member said it. */
export const ConsentChannel = z.enum(['enrolment', 'counter', 'customer-screen', 'import', 'centre']);

/** One word of a member about one purpose: never changed, only followed by another (N20). */
export const ConsentRow = z.strictObject({
  opId: OpId,
  seq: Seq,
  memberId: MemberId,
  purpose: z.enum(['marketing']),
  isGranted: z.boolean(),
  /** Version of the text that was agreed to or withdrawn. */
  policyVersion: z.string().max(40),
  channel: ConsentChannel,
  /** The clock that decides which word is the later one; at the same value a withdrawal is. */
  hlc: z.string(),
  wallMs: z.int(),
  storeId: StoreId,
  tillId: TillId,
  actorId: StaffId,
});
export type ConsentRow = z.infer<typeof ConsentRow>;
