import type { ExtraKey, ExtraValue } from '../model/extras.ts';
import type { InboxDetail, WrittenValue } from '../model/inbox.ts';
import type { FieldClocks, FieldWriter, MemberField, MemberRow } from '../model/member.ts';
import type { Applied } from './apply-op.ts';
import type { InboxTask } from './rows.ts';

/** A field of the profile, or one of the extras: each has its own last writer. */
export type WrittenField = MemberField | ExtraKey;

export const writerOf = ({ op, seq, hlc }: Applied): FieldWriter => ({
  hlc,
  tillId: op.tillId,
  seq,
  actorId: op.actorId,
});

/**
 * By (clock, till), so that every node breaks a tie the same way. A till's own ops tie where the centre
 * clamped both; they come in their order, so the one that comes now is the later one.
 */
const isLater = (left: FieldWriter, right: FieldWriter): boolean =>
  left.hlc > right.hlc || (left.hlc === right.hlc && left.tillId >= right.tillId);

interface Write {
  field: WrittenField;
  before: ExtraValue;
  value: ExtraValue;
}

interface Verdict {
  wins: boolean;
  /** Null where nobody has to be told. */
  collision: Collision | null;
}
export interface Collision {
  field: WrittenField;
  kept: WrittenValue;
  other: WrittenValue;
}

/**
 * Whether a value is taken: its writer is not older than the field's last. A collision is an edit that loses, or
 * one that wins over another till's value which its author can not have seen (`seenSeq`); whoever saw the value
 * and changed it is no collision.
 */
export function judge(
  { field, before, value }: Write,
  clocks: FieldClocks | null,
  { writer, seenSeq }: { writer: FieldWriter; seenSeq: number },
): Verdict {
  const last = clocks?.[field] ?? clocks?.all;
  if (last === undefined) return { wins: true, collision: null };
  const wins = isLater(writer, last);
  if (last.tillId === writer.tillId || before === value) return { wins, collision: null };
  const mine: WrittenValue = { value, ...writer };
  const theirs: WrittenValue = { value: before, ...last };
  if (!wins) return { wins, collision: { field, kept: theirs, other: mine } };
  return { wins, collision: last.seq > seenSeq ? { field, kept: mine, other: theirs } : null };
}

export function conflictTask(
  memberId: MemberRow['memberId'],
  opId: string,
  { field, kept, other }: Collision,
): InboxTask {
  const detail: InboxDetail = {
    kind: 'field_conflict',
    rule: kept.hlc === other.hlc ? 'till_order' : 'later_clock',
    field,
    kept,
    other,
  };
  return { topic: `field_conflict ${opId} ${field}`, memberId, detail };
}

/** Of an anonymised member nothing is taken: that an edit came is told, what it said is not kept. */
export const lateEditTask = (memberId: MemberRow['memberId'], opKind: string): InboxTask => ({
  topic: `late_edit ${memberId}`,
  memberId,
  detail: { kind: 'late_edit', opKind },
});
