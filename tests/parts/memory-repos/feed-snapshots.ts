import type * as Real from '../../../crm/repos/feed-snapshots.ts';
import { unitOf, type KeptSnapshot, type UnitTables } from '../memory-centre.ts';
import { readCut } from './feed-files.ts';

export * from '../../../crm/repos/feed-snapshots.ts';

export const tryLockSnapshots: typeof Real.tryLockSnapshots = async (tx) => {
  const { step, tryLock } = unitOf(tx);
  await step();
  return tryLock('snapshots');
};

export const takeFileId: typeof Real.takeFileId = async (sql) => {
  const cut = await readCut(sql);
  if (cut === undefined) return 0;
  const { tables, untilFree } = unitOf(sql);
  // Whoever cuts holds the row and saves the numbers that it has used.
  await untilFree('feed cut');
  // Read and written in one statement, at one instant.
  const now = tables.feedCut.get('cut') ?? cut;
  tables.feedCut.set('cut', { ...now, nextFileId: now.nextFileId + 1 });
  return now.nextFileId;
};

export const insertSnapshot: typeof Real.insertSnapshot = async (sql, { snapshotId, madeAtMs }) => {
  const { tables, step } = unitOf(sql);
  await step();
  tables.feedSnapshots.add(String(snapshotId), {
    ...{ snapshotId, seq: 0, untilSeq: 0, madeAtMs, isReady: false, isGone: false },
    chunks: [],
  });
};

/** Changes one that is there. @returns False when it is not. */
function change(
  tables: UnitTables,
  snapshotId: number,
  changed: (snapshot: KeptSnapshot) => Partial<KeptSnapshot>,
): boolean {
  const snapshot = tables.feedSnapshots.get(String(snapshotId));
  if (snapshot === undefined || snapshot.isGone) return false;
  tables.feedSnapshots.set(String(snapshotId), { ...snapshot, ...changed(snapshot) });
  return true;
}

export const noteSnapshotSeq: typeof Real.noteSnapshotSeq = async (sql, snapshotId, seq) => {
  const { tables, step } = unitOf(sql);
  await step();
  change(tables, snapshotId, () => ({ seq, untilSeq: seq }));
};

/** What PostgreSQL says of a row whose other row is gone. */
const orphaned = (): Error => Object.assign(new Error('no such snapshot any more'), { code: '23503' });

export const insertChunk: typeof Real.insertChunk = async (sql, chunk) => {
  const { tables, step } = unitOf(sql);
  await step();
  const { bytes, plainBytes, sha256, members, cards, accounts, body } = chunk;
  const kept = { bytes, plainBytes, sha256, members, cards, accounts, body: Buffer.from(body) };
  if (!change(tables, chunk.snapshotId, ({ chunks }) => ({ chunks: [...chunks, kept] }))) throw orphaned();
};

export const finishSnapshot: typeof Real.finishSnapshot = async (sql, snapshotId) => {
  const { tables, step, untilFree } = unitOf(sql);
  await step();
  await untilFree('feed cut');
  const cut = tables.feedCut.get('cut');
  if (cut !== undefined) tables.feedCut.set('cut', { ...cut, nextFileId: cut.nextFileId + 1 });
  const seq = tables.feedSnapshots.get(String(snapshotId))?.seq ?? 0;
  const isSpoilt = [...tables.members.values()].some(
    ({ row }) => row.seq > seq && row.state === 'anonymised',
  );
  const untilSeq = tables.head.get('head')?.seq ?? 0;
  return !isSpoilt && change(tables, snapshotId, () => ({ untilSeq, isReady: true }));
};

const ready = (tables: UnitTables) =>
  [...tables.feedSnapshots.values()]
    .filter(({ isReady, isGone }) => isReady && !isGone)
    .sort((a, b) => b.snapshotId - a.snapshotId)[0];

export const findSnapshot: typeof Real.findSnapshot = async (sql) => {
  const { tables, step } = unitOf(sql);
  await step();
  const found = ready(tables);
  if (found === undefined) return null;
  const { snapshotId, seq, untilSeq, madeAtMs } = found;
  const chunks = found.chunks.map(({ bytes, plainBytes, sha256, members, cards, accounts }) => ({
    ...{ bytes, plainBytes, sha256, members, cards, accounts },
  }));
  const sum = (of: (chunk: (typeof chunks)[number]) => number): number =>
    chunks.reduce((total, chunk) => total + of(chunk), 0);
  return {
    ...{ snapshotId, seq, untilSeq, madeAtMs, chunks },
    members: sum(({ members }) => members),
    cards: sum(({ cards }) => cards),
    accounts: sum(({ accounts }) => accounts),
  };
};

export const findChunk: typeof Real.findChunk = async (sql, snapshotId, at) => {
  const { tables, step } = unitOf(sql);
  await step();
  const snapshot = tables.feedSnapshots.get(String(snapshotId));
  return snapshot === undefined || snapshot.isGone ? undefined : snapshot.chunks[at]?.body;
};

function remove(tables: UnitTables, isMeant: (snapshot: KeptSnapshot) => boolean): void {
  for (const snapshot of [...tables.feedSnapshots.values()].filter(isMeant))
    change(tables, snapshot.snapshotId, () => ({ isGone: true, chunks: [] }));
}

export const removeSnapshot: typeof Real.removeSnapshot = async (sql, snapshotId) => {
  const { tables, step } = unitOf(sql);
  await step();
  remove(tables, (snapshot) => snapshot.snapshotId === snapshotId);
};

export const removeSnapshots: typeof Real.removeSnapshots = async (sql, beforeMs) => {
  const { tables, step } = unitOf(sql);
  await step();
  const newest = ready(tables)?.snapshotId;
  remove(tables, ({ snapshotId, madeAtMs }) => madeAtMs < beforeMs && snapshotId !== newest);
};

export const removeSnapshotsBefore: typeof Real.removeSnapshotsBefore = async (sql, seq) => {
  const { tables, step } = unitOf(sql);
  await step();
  remove(tables, (snapshot) => snapshot.seq < seq);
};

export const readChunkPage: typeof Real.readChunkPage = async (sql, afterId, limit) => {
  const { tables, step } = unitOf(sql);
  await step();
  const members = [...tables.members.values()]
    .map(({ row }) => row)
    .filter(({ memberId }) => memberId > afterId)
    .sort((a, b) => (a.memberId < b.memberId ? -1 : 1))
    .slice(0, limit);
  const ids = new Set<string>(members.map(({ memberId }) => memberId));
  const cards = [...tables.cards.values()].filter(({ memberId }) => ids.has(memberId));
  const accounts = tables.accounts
    .found(cards.map(({ accountId }) => accountId))
    .sort((a, b) => (a.accountNo ?? 0) - (b.accountNo ?? 0));
  return {
    members: JSON.stringify(members),
    cards: JSON.stringify(cards),
    accounts: JSON.stringify(accounts),
    lastId: members.at(-1)?.memberId ?? null,
    count: members.length,
  };
};
