import type { MemberId } from '../base/ids.ts';
import type { RowReader } from './rows.ts';

/** Whoever is merged into `top`, over however many steps, `top` included. */
export function below(rows: RowReader, ids: readonly MemberId[], top: MemberId): ReadonlySet<MemberId> {
  const leadsThere = (id: MemberId): boolean => {
    const seen = new Set<MemberId>();
    for (
      let at: MemberId | null = id;
      at !== null && !seen.has(at);
      at = rows.member(at)?.mergedIntoId ?? null
    ) {
      if (at === top) return true;
      seen.add(at);
    }
    return false;
  };
  return new Set(ids.filter(leadsThere));
}
