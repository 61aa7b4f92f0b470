import {
  accountRowHash,
  bucketOfId,
  bucketOfNo,
  cardHash,
  memberHash,
  type DigestTable,
} from '../../sync/feed/digest.ts';
import { countLaneRows, emptyLaneRows } from '../../sync/feed/row-lane.ts';
import type { Segment } from '../../sync/feed/segment.ts';
import { must } from '../../sync/base/must.ts';
import type { AccountRow, CardRow } from '../../sync/model/card.ts';
import type { MemberRow } from '../../sync/model/member.ts';
import type { Database, Sql } from '../database.ts';
import { eachChanged, eachChangedAccount, listChangedDocuments } from '../repos/feed-changes.ts';
import { saveHashes, type RowHash } from '../repos/feed-digests.ts';
import { readHead, type FeedHead } from '../repos/feed-head.ts';
import { insertSegment, lockCut, removeAllSegments, saveCut, type FeedCut } from '../repos/feed-files.ts';
import { forgetMembers } from './forget.ts';
import { packSegment } from './lanes.ts';

const PAGE_ROWS = 5_000;
/** A segment is made in memory; whoever misses more than this is better served by a snapshot. */
const SEGMENT_ROWS_MAX = 200_000;
const SERIALIZATION_FAILURE = '40001';

export interface CutRule {
  nowMs: number;
  /** Cut when so many numbers were given since the last cut … */
  changesMin: number;
  /** … or when the last cut is so long ago and anything has changed. */
  ageMsMin: number;
  /**
   * Notes the rows' hashes too, of earlier cuts as well, so that digests are as of this one: once so many numbers were
   * given since that was done last. 1: at once; infinite: not at all.
   */
  hashAfter: number;
  /** Default 200,000: with more changed rows the chain of segments begins anew. */
  rowsMax?: number;
}
export const CUT_CHANGES = 4_096;
export const CUT_AGE_MS = 2_000;

const isHashing = (head: FeedHead, { hashedSeq }: FeedCut, { hashAfter }: CutRule): boolean =>
  head.seq - hashedSeq >= hashAfter;

const isDue = (head: FeedHead, cut: FeedCut, rule: CutRule): boolean => {
  const changes = head.seq - cut.cutSeq;
  // Of another process, whose clock may be ahead.
  const isOld = Math.abs(rule.nowMs - cut.cutAtMs) >= rule.ageMsMin;
  const isOwing = isHashing(head, cut, rule) && cut.hashedSeq < cut.cutSeq;
  return changes >= rule.changesMin || ((changes > 0 || isOwing) && isOld);
};

const hashMember = (row: MemberRow): RowHash => ({
  id: row.memberId,
  bucket: bucketOfId(row.memberId),
  hash: memberHash(row),
});

const hashCard = (row: CardRow): RowHash => ({
  id: row.cardId,
  bucket: bucketOfId(row.cardId),
  hash: cardHash(row),
});

const hashAccount = (row: AccountRow): RowHash => ({
  id: row.accountId,
  bucket: bucketOfNo(must(row.accountNo, 'the centre numbers accounts')),
  hash: accountRowHash(row),
});

const addErased = (erased: Set<string>, rows: readonly MemberRow[]): void => {
  for (const { state, memberId } of rows) if (state === 'anonymised') erased.add(memberId);
};

/**
 * Everything behind the cut, its hashes noted on the way where that is asked for, with those of rows that were cut
 * before; no segment when it is too much for one.
 */
async function readSegment(
  tx: Sql,
  cut: FeedCut,
  { toSeq, rowsMax, hashes }: { toSeq: number; rowsMax: number; hashes: boolean },
): Promise<{ segment: Segment | null; erased: Set<string> }> {
  const erased = new Set<string>();
  const segment: Segment = { fromSeq: cut.cutSeq, toSeq, balances: [], rows: emptyLaneRows() };
  const from = { fromSeq: hashes ? cut.hashedSeq : cut.cutSeq, pageRows: PAGE_ROWS };
  let count = 0;
  const take = async <Row extends { seq: number }>(
    { table, hash, page }: { table: DigestTable; hash: (row: Row) => RowHash; page: readonly Row[] },
    add: (fresh: Row[]) => void,
  ): Promise<void> => {
    if (hashes) await saveHashes(tx, table, page.map(hash));
    const fresh = page.filter(({ seq }) => seq > cut.cutSeq);
    count += fresh.length;
    if (count <= rowsMax) add(fresh);
  };
  const { rows } = segment;
  await eachChanged(tx, { ...from, table: 'members' }, (page) => {
    addErased(erased, page);
    return take({ table: 'members', hash: hashMember, page }, (fresh) => rows.members.push(...fresh));
  });
  await eachChanged(tx, { ...from, table: 'cards' }, (page) =>
    take({ table: 'cards', hash: hashCard, page }, (fresh) => rows.cards.push(...fresh)),
  );
  await eachChangedAccount(tx, from, (page) =>
    take({ table: 'accounts', hash: hashAccount, page }, (fresh) => addAccounts(segment, cut, fresh)),
  );
  if (count > rowsMax) return { segment: null, erased };
  segment.rows.documents = await listChangedDocuments(tx, cut.cutSeq);
  segment.balances.sort((left, right) => left.accountNo - right.accountNo);
  return { segment, erased };
}

function addAccounts(segment: Segment, cut: FeedCut, rows: readonly AccountRow[]): void {
  for (const row of rows) {
    const { balance, entryCount, lastEntryAtMs, purchaseCount, spentMinor } = row;
    const accountNo = must(row.accountNo, 'the centre numbers accounts');
    if (accountNo >= cut.nextAccountNo) segment.rows.accounts.push(row);
    else {
      const figures = { balance, entryCount, lastEntryAtMs, purchaseCount, spentMinor };
      segment.balances.push({ accountNo, ...figures });
    }
  }
}

async function cutIn(tx: Sql, rule: CutRule): Promise<number | null> {
  const cut = await lockCut(tx);
  if (cut === undefined) return null;
  const head = await readHead(tx);
  if (!isDue(head, cut, rule)) return null;
  const hashes = isHashing(head, cut, rule);
  const { segment, erased } = await readSegment(tx, cut, {
    toSeq: head.seq,
    rowsMax: rule.rowsMax ?? SEGMENT_ROWS_MAX,
    hashes,
  });
  const hashedSeq = hashes ? head.seq : cut.hashedSeq;
  const next = { cutSeq: head.seq, cutAtMs: rule.nowMs, nextAccountNo: head.nextAccountNo, hashedSeq };
  if (head.seq === cut.cutSeq) {
    await saveCut(tx, { ...cut, hashedSeq });
    return null;
  }
  if (segment === null) {
    await removeAllSegments(tx);
    await forgetMembers(tx, erased, cut);
    // A list of files is kept for as long as this number stands.
    await saveCut(tx, { ...cut, ...next, nextFileId: cut.nextFileId + 1 });
    return null;
  }
  await forgetMembers(tx, erased, cut);
  const isEmpty = countLaneRows(segment.rows) + segment.balances.length === 0;
  const segmentId = cut.nextFileId;
  const { fromSeq, toSeq } = segment;
  const packed = await packSegment(segment);
  await insertSegment(tx, { segmentId, level: 0, fromSeq, toSeq, madeAtMs: rule.nowMs, ...packed });
  await saveCut(tx, { ...cut, ...next, nextFileId: segmentId + 1 });
  return isEmpty ? null : segmentId;
}

/** Another process changed the row that this one was about to lock: it did the work. */
export const isOvertaken = (cause: unknown): boolean =>
  cause instanceof Error && 'code' in cause && cause.code === SERIALIZATION_FAILURE;

/**
 * Cuts one segment when the rule says so: the rows that changed since the last one, all of one instant whose
 * head is its `toSeq`. Of several processes only the one that gets the row's lock does it; nobody waits.
 *
 * @returns The new segment's number; null when nothing was due, another process is at it, or so much has
 * changed that only a snapshot can tell it: then the chain of segments begins anew.
 */
export async function cutSegment(
  database: Pick<Database, 'transaction'>,
  rule: CutRule,
): Promise<number | null> {
  try {
    return await database.transaction((tx) => cutIn(tx, rule), 'instant');
  } catch (cause) {
    if (isOvertaken(cause)) return null;
    throw cause;
  }
}
