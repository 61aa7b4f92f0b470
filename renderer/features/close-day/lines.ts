import type { CloseLine } from '../../../electron/contract/closes.ts';
import type { Balance } from '../../../electron/contract/views.ts';

/** The unit of what a kind moves. Kinds that are not here move nothing, or units of several cards. */
const UNITS: Readonly<Record<string, Balance['unit']>> = {
  'stamp.added': 'stamps',
  'points.credited': 'points',
  'points.debited': 'points',
  'visit.deducted': 'visits',
  'visits.added': 'visits',
  'credit.toppedUp': 'minor',
  'credit.earned': 'minor',
  'credit.spent': 'minor',
  'credit.paidOut': 'minor',
};
export const unitOfKind = (kind: string): Balance['unit'] | null => UNITS[kind] ?? null;

/** True where the centre has counted something else. */
export const isOther = ({ count, units, centre }: CloseLine): boolean =>
  centre !== null && (centre.count !== count || centre.units !== units);

/** Enough of a hash or signature to be read out and compared. */
export const shortHex = (hex: string): string => hex.slice(0, 16).replaceAll(/(.{4})(?=.)/g, '$1 ');
