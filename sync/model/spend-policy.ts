import { z } from 'zod';

const Units = z.int().min(0).max(1_000_000_000);

/**
 * What may be spent while the line is down: the one table of limits, a chain's own to set. Units are those of the
 * card (points, stamps, visits, uses); money on a card has a row of its own and is off by default. An offline period
 * is the time between two complete exchanges.
 */
export const SpendPolicy = z.strictObject({
  /** One spend, without a grant. */
  perSpend: Units,
  /** One account in one offline period of a till, without a grant. */
  perAccount: Units,
  /** All accounts together in one offline period of a till, without a grant. */
  perTill: Units,
  /** Number of such spends of a till in one offline period. */
  spendsPerTill: Units,
  /** The same as `perAccount` for money, in minor units. */
  creditPerAccount: Units,
  /** A copy older than this gives half of the limits, and a supervisor must be there. */
  halfAfterHours: z.int().min(1),
  /** A copy older than this gives nothing beyond grants and what was earned at this till. */
  noneAfterHours: z.int().min(1),
  /** Members younger than this have no limit of their own yet: grants only. */
  newMemberHours: z.int().min(0),
  /** Share of a balance's free part that one grant sets aside, in per cent, and the most of it. */
  grantPercent: z.int().min(0).max(100),
  grantMax: Units,
  creditGrantMax: Units,
  /**
   * Points that one person gives by hand, without a purchase, on one business day, by her role. Beyond it another
   * person with the right goes on under her own name.
   */
  handPerDaySupervisor: Units.default(500),
  handPerDayManager: Units.default(5_000),
});
export type SpendPolicy = z.infer<typeof SpendPolicy>;

export const DEFAULT_SPEND_POLICY: SpendPolicy = {
  perSpend: 50,
  perAccount: 50,
  perTill: 500,
  spendsPerTill: 100,
  creditPerAccount: 0,
  halfAfterHours: 24,
  noneAfterHours: 72,
  newMemberHours: 24,
  grantPercent: 50,
  grantMax: 50,
  creditGrantMax: 2_000,
  handPerDaySupervisor: 500,
  handPerDayManager: 5_000,
};
