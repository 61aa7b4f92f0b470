import { hlcMs } from '../base/clock.ts';
import { EMPTY_EXTRAS, readExtras, writeExtras } from '../model/extras.ts';
import {
  MEMBER_FIELDS,
  type FieldClocks,
  type FieldWriter,
  type MemberField,
  type MemberFields,
  type MemberRow,
} from '../model/member.ts';
import type { OpBodyOf } from '../model/op.ts';
import type { Applied } from './apply-op.ts';
import { openCard } from './cards.ts';
import { consentOf } from './consents.ts';
import { conflictTask, judge, lateEditTask, writerOf, type Collision } from './last-writer.ts';
import type { Outcome, RowReader } from './rows.ts';

interface Taken {
  row: MemberRow;
  clocks: FieldClocks | null;
  collisions: Collision[];
}

/** Takes each field of `edits` whose last writer is older; see `judge`. Returns fresh objects. */
function takeFields(
  { row, clocks }: { row: MemberRow; clocks: FieldClocks | null },
  edits: { [Field in MemberField]?: MemberFields[Field] | undefined },
  by: { writer: FieldWriter; seenSeq: number },
): Taken {
  const taken: Partial<Record<MemberField, unknown>> = {};
  const nextClocks: FieldClocks | null = clocks === null ? null : { ...clocks };
  const collisions: Collision[] = [];
  for (const field of MEMBER_FIELDS) {
    const value = edits[field];
    if (value === undefined) continue;
    const { wins, collision } = judge({ field, before: row[field], value }, clocks, by);
    if (collision !== null) collisions.push(collision);
    if (!wins) continue;
    taken[field] = value;
    if (nextClocks !== null) nextClocks[field] = by.writer;
  }
  return { row: { ...row, ...(taken as Partial<MemberFields>) }, clocks: nextClocks, collisions };
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
    mergedIntoId: null,
    extras: writeExtras(body.extras ?? EMPTY_EXTRAS),
  };
  const consent = consentOf(applied, {
    memberId: body.memberId,
    purpose: 'marketing',
    isGranted: body.hasMarketingConsent,
    policyVersion: body.pdpaPolicy,
    channel: 'enrolment',
  });
  const changes: (Outcome & { held: null })['changes'] = [
    { table: 'member', row, clocks: { all: writerOf(applied) } },
    { table: 'consent', row: consent },
  ];
  if (body.card === null) return { held: null, changes, flags: [] };
  const opened = openCard(rows, applied, { ...body.card, memberId: body.memberId, replacesCardId: null });
  if (opened.held !== null) return opened;
  return { ...opened, changes: [...changes, ...opened.changes] };
}

/** Of an anonymised member nothing is taken: that an edit came is told, what it said is not kept. */
export function changeMember(rows: RowReader, applied: Applied, body: OpBodyOf<'member.changed'>): Outcome {
  const { memberId } = body;
  const member = rows.member(memberId);
  if (member === undefined) return { held: 'unknown_target' };
  const clocks = rows.fieldClocks(memberId);
  if (member.state === 'anonymised') {
    const row = { ...member, seq: applied.seq };
    const tasks = [lateEditTask(memberId, body.kind)];
    return { held: null, changes: [{ table: 'member', row, clocks }], flags: [], tasks };
  }
  const seenSeq = applied.seenSeq ?? Number.MAX_SAFE_INTEGER;
  const taken = takeFields({ row: member, clocks }, body.fields, { writer: writerOf(applied), seenSeq });
  const row = { ...taken.row, seq: applied.seq };
  return {
    held: null,
    changes: [{ table: 'member', row, clocks: taken.clocks }],
    flags: [],
    tasks: taken.collisions.map((each) => conflictTask(memberId, applied.op.opId, each)),
  };
}

/**
 * The tier that spending came to, with the reason beside it. Its fields have their last writer like any others, so a
 * supervisor's word that came later stands.
 */
export function earnTier(rows: RowReader, applied: Applied, body: OpBodyOf<'tier.earned'>): Outcome {
  const member = rows.member(body.memberId);
  if (member === undefined || member.state === 'anonymised') return { held: 'unknown_target' };
  const clocks = rows.fieldClocks(body.memberId);
  const { reached } = body;
  const edits = { tier: reached?.tierId ?? '', tierUntil: reached?.until ?? null };
  const by = { writer: writerOf(applied), seenSeq: applied.seenSeq ?? Number.MAX_SAFE_INTEGER };
  const taken = takeFields({ row: member, clocks }, edits, by);
  const extras = writeExtras({ ...readExtras(member.extras), tier: reached });
  const row = { ...taken.row, extras, seq: applied.seq };
  return { held: null, changes: [{ table: 'member', row, clocks: taken.clocks }], flags: [] };
}

/** More than a minute ahead of the centre: accepted, clamped, and shown. */
export const isClockAhead = (hlc: string, serverNowMs: number): boolean => hlcMs(hlc) > serverNowMs + 60_000;
