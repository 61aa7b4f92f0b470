import type { EntryRow } from '../../sync/model/card.ts';
import type { Hold } from '../../sync/spending/holds.ts';
import type { SpendAhead } from '../../sync/protocol/exchange.ts';
import type { PreparedOp, Push } from '../prepared-push.ts';
import { RESERVATION_MS } from './holds.ts';

export interface SetAside {
  push: Pick<Push, 'tillId' | 'incarnation' | 'spendsAhead'>;
  /** What of the push was new. */
  fresh: readonly PreparedOp[];
  entryOf: (opId: string) => EntryRow | undefined;
  /** Ids of ops that have a number. */
  opIds: Pick<ReadonlySet<string>, 'has'>;
  nowMs: number;
}

/** Units that these ops earned, by account. An edited purchase books two entries, which count together. */
function earnedBy({ fresh, entryOf }: SetAside): Map<string, number> {
  const earned = new Map<string, number>();
  for (const { op, body } of fresh) {
    const entry = entryOf(op.opId);
    if (entry === undefined) continue;
    const anew = body?.kind === 'purchase.edited' ? (entryOf(body.entryId)?.delta ?? 0) : 0;
    const delta = Math.max(0, entry.delta + anew);
    earned.set(entry.accountId, (earned.get(entry.accountId) ?? 0) + delta);
  }
  return earned;
}

/**
 * Sets aside what a push earned for spends of the same till that come later: a reservation each, under the spend's own
 * id, which its arrival settles. One that was reserved for it before stays beside that. A till is not believed: no more
 * than this push earned on the account. Changes `holds`.
 */
export function setGainsAside(holds: Map<string, Hold>, facts: SetAside): void {
  const { push, opIds, nowMs } = facts;
  const { tillId, incarnation, spendsAhead = [] } = push;
  if (spendsAhead.length === 0) return;
  const earned = earnedBy(facts);
  const raise = ({ opId, accountId }: SpendAhead, to: number): void => {
    const known = holds.get(opId);
    const isOwn = known === undefined || (known.tillId === tillId && known.accountId === accountId);
    if (opIds.has(opId) || !isOwn || known?.kind === 'grant') return;
    const free = earned.get(accountId) ?? 0;
    const left = known?.left ?? 0;
    const more = Math.min(to - left, free);
    if (more <= 0) return;
    earned.set(accountId, free - more);
    const hold = { holdId: opId, accountId, tillId, incarnation, kind: 'reservation' as const };
    holds.set(opId, { ...hold, left: left + more, lapsesAtMs: nowMs + RESERVATION_MS });
  };
  for (const spend of spendsAhead) raise(spend, spend.gain);
  // What is left goes to those that had something reserved already: that was not of these units.
  for (const spend of spendsAhead) raise(spend, spend.gain + spend.grant);
}
