import type { Erasures } from '../../sync/protocol/erasures.ts';
import type { Sql } from '../database.ts';
import { noteReceipt, readErasures } from '../repos/erasures.ts';

/** Takes a till's receipt and tells it who was anonymised since; null when nobody was. */
export async function tellErasures(
  sql: Sql,
  { tillId, purged, nowMs }: { tillId: string; purged: number; nowMs: number },
): Promise<Erasures | null> {
  const told = await readErasures(sql, purged);
  // Also 0, of a till that begins anew: what it once confirmed is not true of the copy that it has now.
  if (purged > 0 || told.memberIds.length > 0) await noteReceipt(sql, { tillId, erasureNo: purged, nowMs });
  return told.memberIds.length === 0 ? null : told;
}
