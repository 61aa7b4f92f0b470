import type { TillView } from '../../electron/contract/till.ts';
import { DEFAULT_SPEND_POLICY, type SpendPolicy } from '../../sync/model/spend-policy.ts';

export type AgeLimits = Pick<SpendPolicy, 'halfAfterHours' | 'noneAfterHours'>;
export type BalanceAge = 'fresh' | 'old' | 'stale';

const HOUR_MS = 3_600_000;

/**
 * How far what the centre last said of a balance is behind, by the steps at which a till without a line allows less
 * (N6): `old` gives half of the limits, `stale` none of them.
 *
 * @param asOfMs Of the PC's clock, as `nowMs`. A time that is still to come is fresh.
 */
export function ageOf(
  asOfMs: number,
  nowMs: number,
  { halfAfterHours, noneAfterHours }: AgeLimits,
): BalanceAge {
  const ageMs = nowMs - asOfMs;
  if (ageMs > noneAfterHours * HOUR_MS) return 'stale';
  return ageMs > halfAfterHours * HOUR_MS ? 'old' : 'fresh';
}

/** The chain's own steps, or the usual ones. */
export const ageLimitsOf = ({ chain }: Pick<TillView, 'chain'>): AgeLimits =>
  chain?.spendPolicy ?? DEFAULT_SPEND_POLICY;
