import { hlcMs } from '../base/clock.ts';
import {
  MEMBER_FIELDS,
  stateRank,
  type FieldClocks,
  type MemberFields,
  type MemberRow,
} from '../model/member.ts';
import type { OpBodyOf } from '../model/op.ts';
import type { Applied } from './apply-op.ts';
import { openCard } from './cards.ts';
import type { Outcome, RowReader } from './rows.ts';

/**
 * By (clock, till), so that every node breaks a tie the same way. A till's own ops tie where the centre
 * clamped both; they come in their order, so the one that comes now is the later one.
 */
const isLater = (left: { hlc: string; tillId: string }, right: { hlc: string; tillId: string }): boolean =>
  left.hlc > right.hlc || (left.hlc === right.hlc && left.tillId >= right.tillId);

/** Takes each field of `edits` whose last writer is older. Returns fresh objects. */
function takeFields(
  { row, clocks }: { row: MemberRow; clocks: FieldClocks | null },
  edits: { [Field in keyof MemberFields]?: MemberFields[Field] | undefined },
  writer: { hlc: string; tillId: string },
): { row: MemberRow; clocks: FieldClocks | null } {
  const taken: Partial<Record<keyof MemberFields, unknown>> = {};
  const nextClocks: FieldClocks | null = clocks === null ? null : { ...clocks };
  for (const field of MEMBER_FIELDS) {
    if (edits[field] === undefined) continue;
    const last = clocks?.[field];
    if (last !== undefined && !isLater(writer, last)) continue;
    taken[field] = edits[field];
    if (nextClocks !== null) nextClocks[field] = writer;
  }
  return { row: { ...row, ...(taken as Partial<MemberFields>) }, clocks: nextClocks };
}

export function createMember(rows: RowReader, applied: Applied, body: OpBodyOf<'member.created'>): Outcome {
  const { op, seq, hlc } = applied;
  if (rows.member(body.memberId) !== undefined && rows.fieldClocks(body.memberId) !== null)
    return { held: 'op_id_repeated' };
  const row: MemberRow = {
    ...body.fields,
    memberId: body.memberId,
    seq,
    supportId: body.supportId,
    storeId: body.storeId,
    createdAtMs: op.wallMs,
    state: 'active',
    stateEpoch: 0,
    stateReason: '',
    stateHlc: hlc,
    stateActorId: null,
    pdpaPolicy: body.pdpaPolicy,
    hasMarketingConsent: body.hasMarketingConsent,
    marketingHlc: hlc,
  };
  const writer = { hlc, tillId: op.tillId };
  const clocks = Object.fromEntries(MEMBER_FIELDS.map((field) => [field, writer])) as FieldClocks;
  const created: Outcome = { held: null, changes: [{ table: 'member', row, clocks }], flags: [] };
  if (body.card === null) return created;
  const opened = openCard(rows, applied, { ...body.card, memberId: body.memberId, replacesCardId: null });
  if (opened.held !== null) return opened;
  return { ...created, changes: [...created.changes, ...opened.changes] };
}

export function changeMember(rows: RowReader, applied: Applied, body: OpBodyOf<'member.changed'>): Outcome {
  const member = rows.member(body.memberId);
  if (member === undefined) return { held: 'unknown_target' };
  const writer = { hlc: applied.hlc, tillId: applied.op.tillId };
  const taken = takeFields({ row: member, clocks: rows.fieldClocks(body.memberId) }, body.fields, writer);
  const row = { ...taken.row, seq: applied.seq };
  return { held: null, changes: [{ table: 'member', row, clocks: taken.clocks }], flags: [] };
}

/**
 * A later epoch wins, then the higher state, then the later clock: the same result in any order of arrival.
 */
export function setMemberState(rows: RowReader, applied: Applied, body: OpBodyOf<'member.state'>): Outcome {
  const member = rows.member(body.memberId);
  if (member === undefined) return { held: 'unknown_target' };
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

/** The later word counts; at the same instant the withdrawal does. */
export function recordConsent(
  rows: RowReader,
  applied: Applied,
  body: OpBodyOf<'consent.recorded'>,
): Outcome {
  const member = rows.member(body.memberId);
  if (member === undefined) return { held: 'unknown_target' };
  const row: MemberRow = { ...member, seq: applied.seq };
  const isNewer =
    applied.hlc > member.marketingHlc || (applied.hlc === member.marketingHlc && !body.isGranted);
  if (isNewer) {
    row.hasMarketingConsent = body.isGranted;
    row.marketingHlc = applied.hlc;
  }
  return {
    held: null,
    changes: [{ table: 'member', row, clocks: rows.fieldClocks(body.memberId) }],
    flags: [],
  };
}

/** More than a minute ahead of the centre: accepted, clamped, and shown. */
export const isClockAhead = (hlc: string, serverNowMs: number): boolean => hlcMs(hlc) > serverNowMs + 60_000;
