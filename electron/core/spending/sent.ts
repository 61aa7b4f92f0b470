import type { TillDb } from '../../../db/till/types.ts';
import type { TillSettings } from '../till-settings.ts';

/**
 * Notes durably, before a request leaves, that all own ops so far may be at the centre: what they earned is no longer
 * this till's alone to spend, whatever becomes of the answer.
 */
export function noteSent(till: TillDb, settings: TillSettings): void {
  const lastTseq = till.ops.last()?.tseq ?? 0;
  if (lastTseq > settings.sentTseq()) settings.setSentTseq(lastTseq);
}
