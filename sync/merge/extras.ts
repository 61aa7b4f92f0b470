import {
  changesIn,
  extraOf,
  readExtras,
  withExtra,
  writeExtras,
  type ExtraKey,
  type ExtraValue,
} from '../model/extras.ts';
import { withReceipt, withTakenBack } from '../model/kept-receipts.ts';
import type { FieldClocks, MemberRow } from '../model/member.ts';
import type { OpBodyOf } from '../model/op.ts';
import type { Applied } from './apply-op.ts';
import { conflictTask, judge, lateEditTask, writerOf, type Collision } from './last-writer.ts';
import type { Outcome, RowReader } from './rows.ts';

interface Known {
  member: MemberRow;
  clocks: FieldClocks | null;
}

/** Nothing of it is taken; the row says that it was seen. */
const passOver = ({ member, clocks }: Known, { op, seq }: Applied): Outcome & { held: null } => ({
  held: null,
  changes: [{ table: 'member', row: { ...member, seq }, clocks }],
  flags: [],
  tasks: [lateEditTask(member.memberId, op.kind)],
});

/** Takes each change whose field's last writer is older, like those of the profile. */
function takeExtras(
  { member, clocks }: Known,
  changes: ReadonlyMap<ExtraKey, ExtraValue>,
  applied: Applied,
): { known: Known; collisions: Collision[]; taken: ReadonlySet<ExtraKey> } {
  const by = { writer: writerOf(applied), seenSeq: applied.seenSeq ?? Number.MAX_SAFE_INTEGER };
  const collisions: Collision[] = [];
  const taken = new Set<ExtraKey>();
  const nextClocks: FieldClocks | null = clocks === null ? null : { ...clocks };
  let extras = readExtras(member.extras);
  for (const [field, value] of changes) {
    const before = extraOf(extras, field);
    const { wins, collision } = judge({ field, before, value }, clocks, by);
    if (collision !== null) collisions.push(collision);
    if (!wins) continue;
    extras = withExtra(extras, field, value);
    taken.add(field);
    if (nextClocks !== null) nextClocks[field] = by.writer;
  }
  const row = { ...member, extras: writeExtras(extras), seq: applied.seq };
  return { known: { member: row, clocks: nextClocks }, collisions, taken };
}

/**
 * A receipt is a fact, and so is the word that takes one back: neither has a last writer, and who said it and when is
 * its op's word.
 */
function takeReceipts(
  member: MemberRow,
  { op }: Applied,
  { receipt, takeBack }: OpBodyOf<'member.extras'>,
): MemberRow {
  if (receipt === undefined && takeBack === undefined) return member;
  const by = { actorId: op.actorId, wallMs: op.wallMs };
  let extras = readExtras(member.extras);
  if (receipt !== undefined) extras = withReceipt(extras, op.opId, { ...receipt, ...by });
  if (takeBack !== undefined)
    extras = withTakenBack(extras, takeBack.receiptId, { reason: takeBack.reason, ...by });
  return { ...member, extras: writeExtras(extras) };
}

/** Tags, groups, custom values and marks: each a field of its own, last writer wins. */
export function changeExtras(rows: RowReader, applied: Applied, body: OpBodyOf<'member.extras'>): Outcome {
  const { memberId } = body;
  const member = rows.member(memberId);
  if (member === undefined) return { held: 'unknown_target' };
  const known = { member, clocks: rows.fieldClocks(memberId) };
  if (member.state === 'anonymised') return passOver(known, applied);
  const { known: after, collisions } = takeExtras(known, changesIn(body), applied);
  return {
    held: null,
    changes: [{ table: 'member', row: takeReceipts(after.member, applied, body), clocks: after.clocks }],
    flags: [],
    tasks: collisions.map((each) => conflictTask(memberId, applied.op.opId, each)),
  };
}

/**
 * A tombstone that is one more field: the later word counts, and her rows stay as they are, so that what other
 * tills booked meanwhile still counts and it can be taken back. `undone` goes with the word that was taken.
 */
export function removeMember(rows: RowReader, applied: Applied, body: OpBodyOf<'member.removed'>): Outcome {
  const { memberId, isRemoved, undone = null } = body;
  const member = rows.member(memberId);
  if (member === undefined) return { held: 'unknown_target' };
  const known = { member, clocks: rows.fieldClocks(memberId) };
  if (member.state === 'anonymised') return { ...passOver(known, applied), tasks: [] };
  const { known: after, collisions, taken } = takeExtras(known, new Map([['removed', isRemoved]]), applied);
  const row = after.member;
  if (taken.has('removed') && isRemoved) row.extras = writeExtras({ ...readExtras(row.extras), undone });
  return {
    held: null,
    changes: [{ table: 'member', row, clocks: after.clocks }],
    flags: [],
    tasks: collisions.map((each) => conflictTask(memberId, applied.op.opId, each)),
  };
}
