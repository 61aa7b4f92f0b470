import type { Connection } from '../../open.ts';

interface TseqRun {
  fromTseq: number;
  toTseq: number;
}

/**
 * First tseq of `from` .. `last` for which `isPast` holds, `last` + 1 when there is none. `isPast` must stay true
 * once it is. Some twenty seeks find a border in a million ops, and an append has one index less to write.
 */
export function firstPast(last: number, isPast: (tseq: number) => boolean, from = 1): number {
  let low = from;
  let high = last + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isPast(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Borders in the row of own ops. They exist because tseq is dense, a till's business day never goes back but
 * at a turn (triggers say so), and acks are contiguous (checked by whoever writes them).
 */
export function createTseqSearch(raw: Connection) {
  const lastTseq = raw.prepare<[], number | null>('SELECT max(tseq) FROM ops').pluck();
  const dayOf = raw.prepare<[number], string>('SELECT business_day FROM ops WHERE tseq = ?').pluck();
  const ackOf = raw.prepare<[number], number | null>('SELECT ack_seq FROM ops WHERE tseq = ?').pluck();
  const turns = raw.prepare<[], number>('SELECT tseq FROM clock_turns ORDER BY tseq').pluck();
  const last = (): number => lastTseq.get() ?? 0;
  /** Runs of ops within which days rise. A turn whose op was never appended names none. */
  const runs = (): TseqRun[] => {
    const lastOp = last();
    const starts = [1, ...turns.all().filter((tseq) => tseq <= lastOp)];
    return starts.map((fromTseq, at) => ({ fromTseq, toTseq: (starts[at + 1] ?? lastOp + 1) - 1 }));
  };
  const isFrom = (day: string) => (tseq: number) => (dayOf.get(tseq) ?? '') >= day;
  const isAfter = (day: string) => (tseq: number) => (dayOf.get(tseq) ?? '') > day;
  return {
    last,
    runsOfDay: (day: string): TseqRun[] =>
      runs()
        .map((run) => ({
          fromTseq: firstPast(run.toTseq, isFrom(day), run.fromTseq),
          toTseq: firstPast(run.toTseq, isAfter(day), run.fromTseq) - 1,
        }))
        .filter(({ fromTseq, toTseq }) => fromTseq <= toTseq),
    /** Days that have ops, newest op first, each once. */
    days: (limit: number): string[] => {
      const days = new Set<string>();
      for (const { fromTseq, toTseq } of runs().reverse()) {
        for (let tseq = toTseq; tseq >= fromTseq && days.size < limit;) {
          const day = dayOf.get(tseq) ?? '';
          days.add(day);
          tseq = firstPast(tseq, isFrom(day), fromTseq) - 1;
        }
      }
      return [...days];
    },
    /** Highest tseq with a known number; 0 before the first. */
    acked: (): number => firstPast(last(), (tseq) => (ackOf.get(tseq) ?? null) === null) - 1,
    /** Highest tseq with a number of at most `seq`; 0 when there is none. */
    ackedUpTo: (seq: number): number => firstPast(last(), (tseq) => (ackOf.get(tseq) ?? Infinity) > seq) - 1,
  };
}
