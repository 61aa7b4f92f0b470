import type * as Real from '../../../crm/repos/feed-files.ts';
import type { LaneFile, SegmentRef } from '../../../sync/feed/manifest.ts';
import { unitOf, type KeptSegment, type UnitTables } from '../memory-centre.ts';

export * from '../../../crm/repos/feed-files.ts';

const NONE: Real.FeedCut = { cutSeq: 0, cutAtMs: 0, nextAccountNo: 1, nextFileId: 1, hashedSeq: 0 };

/** What PostgreSQL says when the row that is locked was changed since the transaction's instant. */
const overtaken = (): Error => Object.assign(new Error('could not serialize access'), { code: '40001' });

export const lockCut: typeof Real.lockCut = async (tx) => {
  const { tables, step, tryLock, isOvertaken } = unitOf(tx);
  await step();
  if (!tryLock('feed cut')) return undefined;
  if (isOvertaken('feedCut', 'cut')) throw overtaken();
  return { ...(tables.feedCut.get('cut') ?? NONE) };
};

export const readCut: typeof Real.readCut = async (sql) => {
  const { tables, step } = unitOf(sql);
  await step();
  return { ...(tables.feedCut.get('cut') ?? NONE) };
};

export const saveCut: typeof Real.saveCut = async (tx, cut) => {
  const { tables, step } = unitOf(tx);
  await step();
  tables.feedCut.set('cut', { ...cut });
};

export const skipFiles: typeof Real.skipFiles = async (tx, count) => {
  const { tables, step } = unitOf(tx);
  await step();
  const cut = tables.feedCut.get('cut') ?? NONE;
  tables.feedCut.set('cut', { ...cut, nextFileId: cut.nextFileId + count });
};

export const insertSegment: typeof Real.insertSegment = async (tx, segment) => {
  const { tables, step } = unitOf(tx);
  await step();
  tables.feedSegments.add(String(segment.segmentId), { ...segment, isCovered: false, isGone: false });
};

const fileOf = ({ body, count, sha256 }: Real.LaneBody): LaneFile | null =>
  body === null || sha256 === null ? null : { bytes: body.length, count, sha256 };

const toRef = ({ segmentId, level, fromSeq, toSeq, balances, rows }: KeptSegment): SegmentRef => ({
  ...{ segmentId, level, fromSeq, toSeq },
  balances: fileOf(balances),
  rows: fileOf(rows),
});

const living = (tables: UnitTables): KeptSegment[] =>
  [...tables.feedSegments.values()].filter(({ isGone }) => !isGone);

export const listSegments: typeof Real.listSegments = async (sql, ...[sinceMs, limit]) => {
  const { tables, step } = unitOf(sql);
  await step();
  return living(tables)
    .filter(({ isCovered, madeAtMs }) => !isCovered || madeAtMs > sinceMs)
    .sort((a, b) => a.toSeq - b.toSeq || a.level - b.level)
    .slice(-(limit ?? 1_000))
    .map(toRef);
};

export const listOpenSegments: typeof Real.listOpenSegments = async (sql, level, limit) => {
  const { tables, step } = unitOf(sql);
  await step();
  return living(tables)
    .filter((segment) => segment.level === level && !segment.isCovered)
    .sort((a, b) => a.fromSeq - b.fromSeq)
    .slice(0, limit)
    .map(toRef);
};

export const findLane: typeof Real.findLane = async (sql, segmentId, lane) => {
  const { tables, step } = unitOf(sql);
  await step();
  const segment = tables.feedSegments.get(String(segmentId));
  return segment === undefined || segment.isGone ? undefined : (segment[lane].body ?? undefined);
};

export const replaceRowLane: typeof Real.replaceRowLane = async (tx, { from, to, lane }) => {
  const { tables, step } = unitOf(tx);
  await step();
  const segment = tables.feedSegments.get(String(from));
  if (segment === undefined) return;
  tables.feedSegments.set(String(from), { ...segment, isGone: true });
  tables.feedSegments.add(String(to), { ...segment, segmentId: to, rows: lane });
};

/** Changes those that are there; all of them at one instant. */
async function change(
  tx: Parameters<typeof Real.saveCut>[0],
  isMeant: (segment: KeptSegment) => boolean,
  changed: (segment: KeptSegment) => Partial<KeptSegment>,
): Promise<void> {
  const { tables, step } = unitOf(tx);
  await step();
  for (const segment of living(tables).filter(isMeant))
    tables.feedSegments.set(String(segment.segmentId), { ...segment, ...changed(segment) });
}

export const markCovered: typeof Real.markCovered = (tx, ids) =>
  change(
    tx,
    ({ segmentId }) => ids.includes(segmentId),
    () => ({ isCovered: true }),
  );

export const raiseLevel: typeof Real.raiseLevel = (tx, ids) =>
  change(
    tx,
    ({ segmentId }) => ids.includes(segmentId),
    ({ level }) => ({ level: level + 1 }),
  );

/** @returns How many went. */
async function remove(
  tx: Parameters<typeof Real.saveCut>[0],
  isMeant: (segment: KeptSegment) => boolean,
): Promise<number> {
  const before = living(unitOf(tx).tables).length;
  await change(tx, isMeant, () => ({ isGone: true }));
  return before - living(unitOf(tx).tables).length;
}

export const removeSegments: typeof Real.removeSegments = (tx, { coveredMs, allMs }) =>
  remove(tx, ({ isCovered, madeAtMs }) => (isCovered && madeAtMs < coveredMs) || madeAtMs < allMs);

export const removeAllSegments: typeof Real.removeAllSegments = async (tx) => {
  await remove(tx, () => true);
};

export const removeOldest: typeof Real.removeOldest = async (tx, kept) => {
  const { tables } = unitOf(tx);
  const open = living(tables).filter(({ isCovered }) => !isCovered);
  const last = open.sort((a, b) => b.toSeq - a.toSeq)[kept]?.toSeq ?? 0;
  return remove(tx, ({ isCovered, toSeq }) => !isCovered && toSeq <= last);
};
