import type { MemberId } from '../base/ids.ts';
import { isRemoved } from '../model/extras.ts';
import type { MemberRow } from '../model/member.ts';
import type { OpBodyOf } from '../model/op.ts';
import type { Applied } from './apply-op.ts';
import { isCarriedFrom } from './consents.ts';
import { below } from './former-selves.ts';
import type { Outcome, RowReader } from './rows.ts';

/**
 * The member that `id` goes on as: the end of its chain of merges, itself where it was merged into nobody. A
 * member that is not known (a row still to come) ends the chain.
 */
export function rootOf(
  memberOf: (id: MemberId) => Pick<MemberRow, 'mergedIntoId'> | undefined,
  id: MemberId,
): MemberId {
  let at = id;
  // Bounded, because a copy may hold rows of two moments, and between them a chain may close.
  for (const seen = new Set<MemberId>([at]); ;) {
    const next = memberOf(at)?.mergedIntoId ?? null;
    if (next === null || seen.has(next)) return at;
    seen.add(next);
    at = next;
  }
}

/** The row with its pointer set, or taken away. */
const point = (rows: RowReader, { seq }: Applied, row: MemberRow): Outcome => ({
  held: null,
  changes: [{ table: 'member', row: { ...row, seq }, clocks: rows.fieldClocks(row.memberId) }],
  flags: [],
});

/**
 * Both are one person from now on. One pointer is set and nothing is moved: cards, accounts and entries keep
 * their member, so it can be taken back without a trace. In the order of the feed: who is merged already, and
 * whoever would close a ring, is held; so is a merge into somebody who was removed, until she is taken back, and one
 * into somebody who was anonymised: a manager decides.
 */
export function mergeMember(rows: RowReader, applied: Applied, body: OpBodyOf<'member.merged'>): Outcome {
  const from = rows.member(body.memberId);
  if (from === undefined || rows.member(body.intoId) === undefined) return { held: 'unknown_target' };
  if (from.mergedIntoId === body.intoId) return point(rows, applied, from);
  const rootId = rootOf((id) => rows.member(id), body.intoId);
  const closesRing = rootId === body.memberId;
  if (from.mergedIntoId !== null || closesRing) return { held: 'already_merged' };
  // A living person would go with the one who was removed, or is not known any more.
  const root = rows.member(rootId);
  const isGone = (row: MemberRow): boolean => isRemoved(row) || row.state === 'anonymised';
  if (root !== undefined && isGone(root) && !isGone(from)) return { held: 'unknown_target' };
  return point(rows, applied, { ...from, mergedIntoId: body.intoId });
}

/**
 * What was agreed to on one profile counted for the person who it was taken for; of those who go now, whoever had the
 * same word as one who stays had it from there, and had said no before.
 */
function takeBackWords(rows: RowReader, memberId: MemberId): ReadonlySet<MemberId> {
  const all = rows.mergedSet(memberId);
  const going = below(rows, all, memberId);
  const staying = all.filter((id) => !going.has(id)).flatMap((id) => rows.member(id) ?? []);
  const isCarried = (id: MemberId): boolean => {
    const row = rows.member(id);
    return row !== undefined && isCarriedFrom(row, staying);
  };
  return new Set([...going].filter(isCarried));
}

/** Takes one merge back. Where it was taken back already, nothing is left to do. */
export function unmergeMember(rows: RowReader, applied: Applied, body: OpBodyOf<'member.unmerged'>): Outcome {
  const from = rows.member(body.memberId);
  if (from === undefined) return { held: 'unknown_target' };
  if (from.mergedIntoId !== body.intoId) return point(rows, applied, from);
  const without = takeBackWords(rows, body.memberId);
  const outcome = point(rows, applied, {
    ...{ ...from, mergedIntoId: null },
    hasMarketingConsent: from.hasMarketingConsent && !without.has(from.memberId),
  });
  if (outcome.held !== null) return outcome;
  for (const id of without) {
    const row = rows.member(id);
    if (id === from.memberId || row === undefined) continue;
    const taken = { ...row, hasMarketingConsent: false, seq: applied.seq };
    outcome.changes.push({ table: 'member', row: taken, clocks: rows.fieldClocks(id) });
  }
  return outcome;
}
