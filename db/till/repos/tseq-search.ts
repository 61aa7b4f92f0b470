import type { Connection } from '../../open.ts';

/**
 * First tseq of 1 .. `last` for which `isPast` holds, `last` + 1 when there is none. `isPast` must stay true
 * once it is. Some twenty seeks find a border in a million ops, and an append has one index less to write.
 */
export function firstPast(last: number, isPast: (tseq: number) => boolean): number {
  let low = 1;
  let high = last + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isPast(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Borders in the row of own ops. They exist because tseq is dense, a till's business day never goes back
 * (both are triggers), and acks are contiguous (checked by whoever writes them).
 */
export function createTseqSearch(raw: Connection) {
  const lastTseq = raw.prepare<[], number | null>('SELECT max(tseq) FROM ops').pluck();
  const dayOf = raw.prepare<[number], string>('SELECT business_day FROM ops WHERE tseq = ?').pluck();
  const ackOf = raw.prepare<[number], number | null>('SELECT ack_seq FROM ops WHERE tseq = ?').pluck();
  const last = (): number => lastTseq.get() ?? 0;
  return {
    last,
    firstNotBefore: (day: string): number => firstPast(last(), (tseq) => (dayOf.get(tseq) ?? '') >= day),
    firstAfter: (day: string): number => firstPast(last(), (tseq) => (dayOf.get(tseq) ?? '') > day),
    /** Highest tseq with a known number; 0 before the first. */
    acked: (): number => firstPast(last(), (tseq) => (ackOf.get(tseq) ?? null) === null) - 1,
    /** Highest tseq with a number of at most `seq`; 0 when there is none. */
    ackedUpTo: (seq: number): number => firstPast(last(), (tseq) => (ackOf.get(tseq) ?? Infinity) > seq) - 1,
  };
}
