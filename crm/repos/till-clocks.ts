import type { Sql } from '../database.ts';

/** False when it is known already, to within `stepMs`. */
export async function noteClockOff(
  sql: Sql,
  { tillId, aheadMs, nowMs, stepMs }: { tillId: string; aheadMs: number; nowMs: number; stepMs: number },
): Promise<boolean> {
  const { rowCount } = await sql.query(
    `insert into till_clocks (till_id, ahead_ms, noted_at_ms) values ($1, $2, $3)
     on conflict (till_id) do update set ahead_ms = excluded.ahead_ms, noted_at_ms = excluded.noted_at_ms
     where abs(till_clocks.ahead_ms - excluded.ahead_ms) > $4`,
    [tillId, aheadMs, nowMs, stepMs],
  );
  return (rowCount ?? 0) > 0;
}
