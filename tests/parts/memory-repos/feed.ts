import type * as Real from '../../../crm/repos/feed.ts';
import { must } from '../../../sync/base/must.ts';
import type { Rows } from '../../../sync/model/feed.ts';
import { tillOpKey, unitOf, type UnitTables } from '../memory-centre.ts';

export * from '../../../crm/repos/feed.ts';

/** What an answer carries at most; the product's own limit where nothing else is said. */
export const limits = { rowsMax: Infinity };

function acksAfter(tables: UnitTables, pull: Real.Pull): Real.Ack[] {
  const acks: Real.Ack[] = [];
  for (let tseq = pull.ackedTseq + 1; acks.length < pull.acksMax; tseq += 1) {
    const seq = tables.tillOps.get(tillOpKey({ ...pull, tseq }));
    if (seq === undefined) break;
    acks.push({ tseq, seq, held: must(tables.ops.get(String(seq)), 'a numbered op is kept').held });
  }
  return acks;
}

function rowsAfter(tables: UnitTables, storeId: string | null, cursor: number): Rows {
  const after = <Row extends { seq: number }>(rows: Iterable<Row>): Row[] =>
    [...rows].filter(({ seq }) => seq > cursor).sort((left, right) => left.seq - right.seq);
  return {
    documents: after(tables.documents.values()),
    members: after([...tables.members.values()].map(({ row }) => row)),
    cards: after(tables.cards.values()),
    accounts: after(tables.accounts.values()),
    entries: after(
      [...tables.entries.values()].filter((entry) => storeId === null || entry.storeId === storeId),
    ),
  };
}

function lastOpOf(tables: UnitTables, headSeq: number): Real.LastOp | null {
  for (let seq = headSeq; seq > 0; seq -= 1) {
    const found = tables.ops.get(String(seq));
    if (found !== undefined) return { seq, hash: found.hash };
  }
  return null;
}

export const readFeed: typeof Real.readFeed = async (sql, pull) => {
  const { tables, step } = unitOf(sql);
  await step();
  const head = must(tables.head.get('head'), 'the centre has its head');
  const till = must(tables.tills.get(pull.tillId), 'a till is known');
  const acks = acksAfter(tables, pull);
  const isFateKnown = (acks.at(-1)?.tseq ?? pull.ackedTseq) >= till.hiTseq;
  const ackedSeq = tables.tillOps.get(tillOpKey({ ...pull, tseq: pull.ackedTseq }));
  const rows = rowsAfter(tables, pull.isWholeLedger === true ? null : till.storeId, pull.cursor);
  const isFarBehind =
    Object.values(rows).reduce((sum, list) => sum + list.length, 0) > Math.min(pull.rowsMax, limits.rowsMax);
  const isWhole = isFateKnown && !isFarBehind;
  const nothing: Rows = { documents: [], members: [], cards: [], accounts: [], entries: [] };
  return {
    epoch: head.epoch,
    headSeq: head.seq,
    lastOp: lastOpOf(tables, head.seq),
    hiTseq: till.hiTseq,
    ackedHash: ackedSeq === undefined ? null : (tables.ops.get(String(ackedSeq))?.hash ?? null),
    ...{ acks, isFateKnown, isFarBehind },
    until: isWhole ? head.seq : pull.cursor,
    rows: isWhole ? rows : { ...nothing, documents: rows.documents.slice(0, pull.rowsMax) },
  };
};
