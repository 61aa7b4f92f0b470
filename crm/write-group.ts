import { must } from '../sync/base/must.ts';
import type { Staff } from '../sync/model/chain.ts';
import type { Sql } from './database.ts';
import { decide, type Surroundings } from './decide.ts';
import type { PreparedOp, Push } from './prepared-push.ts';
import { CentreRefusal } from './refusal.ts';
import { listStaffByIds } from './repos/documents.ts';
import { lockHead, saveHead, type FeedHead } from './repos/feed-head.ts';
import { insertOps, listHashes, listKnownOpIds, type NumberedOp } from './repos/ops.ts';
import { loadRows, saveRows } from './repos/rows.ts';
import { listTillsByIds, saveTillProgress, type TillRow } from './repos/tills.ts';
import { triage } from './triage.ts';
import { createWorkingSet, keysOf } from './working-set.ts';

/** What became of one push: taken (repeats dropped), or refused as a whole. */
export type PushResult = { refusal: null } | { refusal: CentreRefusal };

type Hashes = Map<string, string>;
const hashKey = (tillId: string, tseq: number): string => `${tillId} ${tseq}`;

/** Hashes that the triage compares with: each till's latest, and those under repeated ops. */
async function loadHashes(
  tx: Sql,
  pushes: readonly Push[],
  tills: ReadonlyMap<string, TillRow>,
): Promise<Hashes> {
  const hashes: Hashes = new Map();
  for (const till of tills.values()) hashes.set(hashKey(till.tillId, till.hiTseq), till.headHash);
  for (const push of pushes) {
    const till = tills.get(push.tillId);
    if (till === undefined || push.ackedTseq >= till.hiTseq) continue;
    const known = await listHashes(tx, {
      tillId: push.tillId,
      incarnation: push.incarnation,
      fromTseq: push.ackedTseq,
      toTseq: push.ackedTseq + push.ops.length,
    });
    for (const { tillId, tseq, hash } of known) hashes.set(hashKey(tillId, tseq), hash);
  }
  return hashes;
}

interface Group {
  head: FeedHead;
  tills: Map<string, TillRow>;
  hashes: Hashes;
  numbered: NumberedOp[];
  around: Surroundings & { opIds: Set<string> };
}

async function loadGroup(tx: Sql, pushes: readonly Push[], nowMs: number): Promise<Group> {
  const head = await lockHead(tx);
  const tillRows = await listTillsByIds(tx, [...new Set(pushes.map((push) => push.tillId))]);
  const tills = new Map(tillRows.map((till) => [till.tillId as string, till]));
  const hashes = await loadHashes(tx, pushes, tills);
  const ops = pushes.flatMap((push) =>
    push.ops.filter(({ op }) => op.tseq > (tills.get(op.tillId)?.hiTseq ?? 0)),
  );
  const opIds = new Set(
    await listKnownOpIds(
      tx,
      ops.map(({ op }) => op.opId),
    ),
  );
  const staffRows = await listStaffByIds(tx, [...new Set(ops.map(({ op }) => op.actorId))]);
  const staff = new Map<string, Staff>(staffRows.map((row) => [row.staffId, row]));
  const rows = createWorkingSet(await loadRows(tx, keysOf(ops)), () => head.nextAccountNo++);
  return { head, tills, hashes, numbered: [], around: { rows, staff, opIds, nowMs } };
}

/** Gives each fresh op its number, held ones too, and applies what can be applied. */
function numberOps(group: Group, till: TillRow, fresh: readonly PreparedOp[]): void {
  for (const prepared of fresh) {
    group.head.seq += 1;
    const seq = group.head.seq;
    const { held, flags } = decide(prepared, { seq, till, order: group.numbered.length }, group.around);
    group.numbered.push({ seq, op: prepared.op, hash: prepared.hash, held, flags });
    group.around.opIds.add(prepared.op.opId);
    group.hashes.set(hashKey(till.tillId, prepared.op.tseq), prepared.hash);
    till.hiTseq = prepared.op.tseq;
    till.headHash = prepared.hash;
  }
}

function takePush(group: Group, push: Push): PushResult {
  const till = must(group.tills.get(push.tillId), 'a push comes from a till that was found by its token');
  const hashAt = (tseq: number): string | undefined => group.hashes.get(hashKey(push.tillId, tseq));
  const sorted = triage(push, till, { head: group.head, hashAt });
  if (sorted.refusal !== null) {
    if (sorted.isFork) till.state = 'quarantined';
    return { refusal: sorted.refusal };
  }
  numberOps(group, till, sorted.fresh);
  return { refusal: null };
}

/**
 * Pushes of several tills in one transaction under the head's lock: numbers become visible in their order,
 * so a reader that remembers the last one misses nothing. All or nothing; the caller answers only after the
 * commit.
 *
 * @returns One result per push, in order.
 */
export async function writeGroup(tx: Sql, pushes: readonly Push[], nowMs: number): Promise<PushResult[]> {
  const group = await loadGroup(tx, pushes, nowMs);
  const results = pushes.map((push) => takePush(group, push));
  await insertOps(tx, group.numbered, nowMs);
  await saveRows(tx, group.around.rows.changed());
  await saveTillProgress(tx, [...group.tills.values()]);
  await saveHead(tx, group.head);
  return results;
}
