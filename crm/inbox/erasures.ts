import type { Erasures } from '../../sync/protocol/erasures.ts';
import type { Sql } from '../database.ts';
import { noteReceipt, readErasures } from '../repos/erasures.ts';

/** Takes a till's receipt and tells it who was anonymised since; null when nobody was. */
export async function tellErasures(
  sql: Sql,
  { tillId, purged, nowMs }: { tillId: string; purged: number; nowMs: number },
): Promise<Erasures | null> {
  if (purged > 0) await noteReceipt(sql, { tillId, erasureNo: purged, nowMs });
  const told = await readErasures(sql, purged);
  return told.memberIds.length === 0 ? null : told;
}
