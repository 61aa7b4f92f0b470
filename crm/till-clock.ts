import type { Centre } from './centre.ts';
import { noteClockOff } from './repos/till-clocks.ts';

const OFF_MS = 5 * 60_000;

/**
 * Notes a till whose PC clock is off, once for each time that it is set: nothing is refused for it, and somebody
 * may want to know. A request's own way is part of the difference.
 */
export async function noteTillClock(
  centre: Centre,
  tillId: string,
  { wallMs, nowMs }: { wallMs: number; nowMs: number },
): Promise<void> {
  const aheadMs = wallMs - nowMs;
  if (Math.abs(aheadMs) <= OFF_MS) return;
  const isNew = await noteClockOff(centre.database.sql, { tillId, aheadMs, nowMs, stepMs: OFF_MS });
  if (isNew) centre.log.warn({ tillId, aheadMs }, 'the clock of a till is off');
}
