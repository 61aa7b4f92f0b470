import { isForAll, type SavedFilter } from '../model/register.ts';
import type { Segment } from '../model/segment.ts';

/** Whom a message to many is for. */
export type MessageTarget =
  | { readonly kind: 'segment'; readonly segment: Segment }
  | { readonly kind: 'filter'; readonly saved: SavedFilter };

/** Why nobody is written to: it is not there or was put away; it is another than was counted; it asks nothing. */
export type TargetFault = 'segment_unknown' | 'filter_changed' | 'filter_empty';

/** What has the one id that a request names: both kinds have ids that nothing else has. */
export interface NamedTarget {
  readonly segment: Segment | undefined;
  readonly saved: SavedFilter | undefined;
}

/**
 * The one that may be written to, by the same rule on every node.
 *
 * @param filterVersion Of a saved filter: the version that was counted. Of another one nobody was told whom it means.
 */
export function targetOf(
  { segment, saved }: NamedTarget,
  filterVersion: number | undefined,
): MessageTarget | TargetFault {
  if (segment !== undefined) return segment.isRetired ? 'segment_unknown' : { kind: 'segment', segment };
  if (saved === undefined || saved.isRetired) return 'segment_unknown';
  if (saved.version !== filterVersion) return 'filter_changed';
  return isForAll(saved) ? 'filter_empty' : { kind: 'filter', saved };
}
