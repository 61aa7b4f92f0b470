import type { OpKind } from '../../../sync/model/op.ts';
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
  'credit.spent': 'minor',
};
export const unitOfKind = (kind: string): Balance['unit'] | null => UNITS[kind] ?? null;

/** Each kind of op has words; a new one does not compile without. */
const KINDS: Readonly<Record<OpKind, true>> = {
  'member.created': true,
  'member.changed': true,
  'member.state': true,
  'member.merged': true,
  'member.unmerged': true,
  'consent.recorded': true,
  'card.issued': true,
  'card.replaced': true,
  'card.status': true,
  'stamp.added': true,
  'points.credited': true,
  'points.debited': true,
  'visit.deducted': true,
  'visits.added': true,
  'credit.toppedUp': true,
  'credit.spent': true,
  'reward.redeemed': true,
  'entry.corrected': true,
};

/** A kind that this program has words for; null for one of a later program. */
export const knownKind = (kind: string): OpKind | null =>
  Object.hasOwn(KINDS, kind) ? (kind as OpKind) : null;

/** True where the centre has counted something else. */
export const isOther = ({ count, units, centre }: CloseLine): boolean =>
  centre !== null && (centre.count !== count || centre.units !== units);

/** Enough of a hash or signature to be read out and compared. */
export const shortHex = (hex: string): string => hex.slice(0, 16).replaceAll(/(.{4})(?=.)/g, '$1 ');
