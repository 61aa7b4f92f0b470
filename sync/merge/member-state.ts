import type { MemberId } from '../base/ids.ts';
import { isRemoved } from '../model/extras.ts';
import { blankMember, stateRank, type MemberRow } from '../model/member.ts';
import type { OpBodyOf } from '../model/op.ts';
import type { Applied } from './apply-op.ts';
import type { InboxTask, Outcome, RowChange, RowReader } from './rows.ts';

/** Booked on a member who was not to be served: provisional until a manager has looked. */
export function barredTask(member: MemberRow, opKind: string): InboxTask {
  const { memberId, stateEpoch } = member;
  const state = isRemoved(member) ? 'removed' : member.state;
  return {
    topic: `barred_member ${memberId} ${stateEpoch} ${state}`,
    memberId,
    detail: { kind: 'barred_member', state, opKind },
  };
}

/** Everybody who is the same person, so that no second profile of theirs stays readable. */
function anonymise(rows: RowReader, { op, seq, hlc }: Applied, memberId: MemberId): Outcome {
  const ids = new Set([memberId, ...rows.mergedSet(memberId)]);
  const changes = [...ids].flatMap((id): RowChange[] => {
    const member = rows.member(id);
    if (member === undefined) return [];
    if (member.state === 'anonymised') {
      return id === memberId
        ? [{ table: 'member', row: { ...member, seq }, clocks: rows.fieldClocks(id) }]
        : [];
    }
    const row = { ...blankMember(member), seq, stateHlc: hlc, stateActorId: op.actorId };
    return [{ table: 'member', row, clocks: rows.fieldClocks(id) === null ? null : {} }];
  });
  return { held: null, changes, flags: [] };
}

/**
 * A later epoch wins, then the higher state, then the later clock: the same result in any order of arrival.
 * Anonymised wins over all and is final. An epoch follows the one its author saw, so that nobody can claim
 * the last of them all.
 */
export function setMemberState(rows: RowReader, applied: Applied, body: OpBodyOf<'member.state'>): Outcome {
  const member = rows.member(body.memberId);
  if (member === undefined) return { held: 'unknown_target' };
  if (body.state === 'anonymised') return anonymise(rows, applied, body.memberId);
  if (body.epoch > member.stateEpoch + 1 && member.state !== 'anonymised') return { held: 'bad_body' };
  const rises =
    body.epoch !== member.stateEpoch
      ? body.epoch > member.stateEpoch
      : body.state !== member.state
        ? stateRank(body.state) > stateRank(member.state)
        : applied.hlc > member.stateHlc;
  const row: MemberRow = { ...member, seq: applied.seq };
  if (rises && member.state !== 'anonymised') {
    row.state = body.state;
    row.stateEpoch = body.epoch;
    row.stateReason = body.reason;
    row.stateHlc = applied.hlc;
    row.stateActorId = applied.op.actorId;
  }
  return {
    held: null,
    changes: [{ table: 'member', row, clocks: rows.fieldClocks(body.memberId) }],
    flags: [],
  };
}
