import type { Day } from '../../../sync/base/business-day.ts';
import { CloseReceipt } from '../../../sync/close/receipt.ts';
import type { DayLine } from '../../../sync/close/tally.ts';
import type { CloseLine, CloseSummary, CloseView } from '../../contract/closes.ts';
import type { Ctx } from '../ctx.ts';
import { chainHeadOf, countDay, readCertificate } from './certificate.ts';
import { isClosable } from './days.ts';

export const HELD_SHOWN_MAX = 100;

/** The centre's newest answer about a day, checked when it came; null while there is none. */
export function receiptOf({ till }: Pick<Ctx, 'till'>, day: Day): CloseReceipt | null {
  const stored = till.closes.receiptOf(day);
  return stored === undefined ? null : CloseReceipt.parse(JSON.parse(stored.receipt));
}

function toLines(own: readonly DayLine[], centre: readonly DayLine[] | null): CloseLine[] {
  const theirs = new Map((centre ?? []).map((line) => [line.kind, line]));
  const kinds = [...new Set([...own, ...(centre ?? [])].map(({ kind }) => kind))].sort();
  return kinds.map((kind) => {
    const mine = own.find((line) => line.kind === kind) ?? { kind, count: 0, units: 0 };
    const { count = 0, units = 0 } = theirs.get(kind) ?? {};
    return { ...mine, centre: centre === null ? null : { count, units } };
  });
}

const proofOf = (isClosed: boolean, receipt: CloseReceipt | null): CloseView['proof'] => ({
  state: isClosed ? (receipt?.verdict ?? 'pending') : 'open',
  checkedAtMs: receipt?.checkedAtMs ?? null,
  differenceCount: receipt?.differenceCount ?? 0,
  differences: receipt?.differences ?? [],
  elsewhere: receipt?.elsewhere ?? 0,
});

/** A day as a manager sees it: its certificate where it is closed, what is there so far where it is not. */
export function closeView(ctx: Ctx, day: Day): CloseView {
  const { till, settings, directory } = ctx;
  const stored = till.closes.find(day);
  const certificate = stored === undefined ? null : readCertificate(stored.certificate);
  const enrolment = settings.enrolment();
  const now = countDay(ctx, day);
  const receipt = receiptOf(ctx, day);
  const { ranges, opCount, lines } = certificate ?? now;
  return {
    businessDay: day,
    tillId: certificate?.tillId ?? enrolment?.tillId ?? '',
    incarnation: certificate?.incarnation ?? enrolment?.incarnation ?? 0,
    isClosable: isClosable(ctx, day),
    closedAtMs: certificate?.closedAtMs ?? null,
    closedBy: certificate === null ? '' : (directory.staff(certificate.actorId)?.name ?? certificate.actorId),
    ranges: ranges.map(({ fromTseq, toTseq }) => ({ fromTseq, toTseq })),
    opCount,
    lines: toLines(lines, receipt?.lines ?? null),
    chainHead: certificate?.chainHead ?? chainHeadOf(ctx),
    signature: stored?.signature ?? '',
    outstanding: now.outstanding,
    held: now.held.slice(0, HELD_SHOWN_MAX),
    heldCount: now.held.length,
    problem: ctx.sync.status().problem,
    proof: proofOf(certificate !== null, receipt),
  };
}

/** The same in one line of the list of days. */
export function closeSummary(ctx: Ctx, day: Day): CloseSummary {
  const stored = ctx.till.closes.find(day);
  if (stored === undefined) {
    const runs = ctx.till.ops.dayRanges(day);
    const opCount = runs.reduce((sum, { fromTseq, toTseq }) => sum + toTseq - fromTseq + 1, 0);
    return { businessDay: day, opCount, closedAtMs: null, proof: 'open' };
  }
  const { opCount, closedAtMs } = readCertificate(stored.certificate);
  return { businessDay: day, opCount, closedAtMs, proof: receiptOf(ctx, day)?.verdict ?? 'pending' };
}
