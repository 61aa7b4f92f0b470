import { z } from 'zod';
import { AccountId, OpId, TillId } from '../base/ids.ts';

export const HOLDS_WANTED_MAX = 50;
export const HOLDS_LET_GO_MAX = 200;
const HoldId = z.uuid();
const Units = z.int().min(1).max(1_000_000_000);

/**
 * What a till asks of the balances that others may spend as well: units for one op that it is about to make, grants
 * for members who were here, and what it gives up.
 */
export const HoldsRequest = z.strictObject({
  protocol: z.int(),
  tillId: TillId,
  incarnation: z.int().min(1),
  /** Highest own tseq: when the centre has all of them, a reservation past its time has no op behind it. */
  lastTseq: z.int().min(0),
  /** The op's id names the reservation, so that asking twice reserves once. */
  reserve: z.strictObject({ opId: OpId, accountId: AccountId, units: Units }).nullable(),
  want: z.array(AccountId).max(HOLDS_WANTED_MAX),
  /** Given up durably before this was sent. */
  letGo: z.array(HoldId).max(HOLDS_LET_GO_MAX),
});
export type HoldsRequest = z.infer<typeof HoldsRequest>;

export const HoldsReply = z.object({
  /** Null when it was not asked for, or `available` does not reach. */
  reserved: z.object({ holdId: HoldId, units: Units }).nullable(),
  /** What this till could reserve of the account; 0 when nothing was asked. */
  available: z.int(),
  /** All grants of the till, also those that it did not hear of; none beside a reservation. */
  grants: z.array(z.object({ holdId: HoldId, accountId: AccountId, left: Units })),
});
export type HoldsReply = z.infer<typeof HoldsReply>;

/** A manager's word about a till that does not come back. */
export const TillLostRequest = z.strictObject({
  login: z.string().max(40),
  pin: z.string().max(20),
  /**
   * True: the till is stopped, and all that was set aside for it is free. False: it goes on, and only what was set
   * aside for its earlier incarnations is free.
   */
  isLost: z.boolean(),
});
export type TillLostRequest = z.infer<typeof TillLostRequest>;
export const TillLostReply = z.object({ ok: z.literal(true) });
