import { WHOLE_CHAIN, type MemberId } from '../../../sync/base/ids.ts';
import { HeldReason } from '../../../sync/model/feed.ts';
import { LOG_PAGE_MAX } from '../../../sync/protocol/log.ts';
import type { LogEntry } from '../../contract/log.ts';
import type { StoredOp } from '../../../db/till/types.ts';
import { opsIn } from '../close/own-ops.ts';
import type { Ctx } from '../ctx.ts';
import { nameOf } from './member-view.ts';

export type LogParts = Pick<Ctx, 'till' | 'overlay' | 'directory' | 'settings'>;

/** '' for everybody, every kind and every shop. */
export interface OwnAsked {
  day: string;
  storeId: string;
  person: string;
  kind: string;
}

/** '' where she is anonymised, or not in this copy. */
export function nameIn({ overlay }: Pick<Ctx, 'overlay'>, memberId: string | null): string {
  const member = memberId === null ? undefined : overlay.lay(memberId as MemberId)?.member;
  return member === undefined ? '' : nameOf(member);
}

export const staffName = ({ directory }: Pick<Ctx, 'directory'>, id: string): string =>
  directory.staff(id)?.name ?? id;

function toEntry(parts: LogParts, { op, heldReason }: StoredOp, acked: number): LogEntry {
  const memberId = op.body.memberId === WHOLE_CHAIN ? null : op.body.memberId;
  const tillName = parts.settings.enrolment()?.tillName ?? '';
  return {
    ...{ opId: op.opId, atMs: op.wallMs, kind: op.kind, actorName: staffName(parts, op.actorId), tillName },
    ...{ memberId, memberName: nameIn(parts, memberId) },
    held: HeldReason.nullable().catch(null).parse(heldReason),
    isPending: op.tseq > acked,
  };
}

/**
 * A page of what this till did itself, as its own file has it, behind its action `behind`; pending is what comes after
 * `acked`. `next`: the last action of the page where more follow. Only the entries of the page are named.
 */
export function ownLog(
  parts: LogParts,
  { day, storeId, person, kind }: OwnAsked,
  { acked, behind }: { acked: number; behind: number },
): { entries: LogEntry[]; next: number | null } {
  const { till } = parts;
  const ranges = till.ops
    .dayRanges(day)
    .map(({ fromTseq, toTseq }) => ({ fromTseq: Math.max(fromTseq, behind + 1), toTseq }));
  const page: StoredOp[] = [];
  for (const stored of opsIn(till, ranges)) {
    const { op } = stored;
    if ((storeId !== '' && op.storeId !== storeId) || (kind !== '' && op.kind !== kind)) continue;
    if (person !== '' && op.actorId !== person) continue;
    if (page.length === LOG_PAGE_MAX) {
      const next = page.at(-1)?.op.tseq ?? null;
      return { entries: page.map((each) => toEntry(parts, each, acked)), next };
    }
    page.push(stored);
  }
  return { entries: page.map((each) => toEntry(parts, each, acked)), next: null };
}
