import type * as Real from '../../../crm/repos/closes.ts';
import { tillOpKey, unitOf } from '../memory-centre.ts';

export * from '../../../crm/repos/closes.ts';

export const eachLedgerOp: typeof Real.eachLedgerOp = async (sql, { tillId, incarnation, range }, visit) => {
  const { tables, step } = unitOf(sql);
  await step();
  for (let tseq = range.fromTseq; tseq <= range.toTseq; tseq += 1) {
    const seq = tables.tillOps.get(tillOpKey({ tillId, incarnation, tseq }));
    const kept = seq === undefined ? undefined : tables.ops.get(String(seq));
    if (kept === undefined) continue;
    const { op, body, commitment, held, settled } = kept;
    visit({
      ...{ tseq, header: op, body, commitment, heldReason: held },
      releasedSeq: settled?.releasedSeq ?? null,
      releasedBy: settled?.by ?? null,
      repairedBody: (settled?.body ?? null) as Real.LedgerOp['repairedBody'],
      delta: tables.entries.get(op.opId)?.delta ?? null,
    });
  }
};

export const countElsewhere: typeof Real.countElsewhere = async (
  sql,
  { tillId, incarnation, businessDay },
) => {
  const { tables, step } = unitOf(sql);
  await step();
  return [...tables.ops.values()].filter(
    ({ op, branch }) =>
      op.tillId === tillId && (op.incarnation < incarnation || branch > 0) && op.businessDay === businessDay,
  ).length;
};

export const saveClose: typeof Real.saveClose = async (sql, close) => {
  const { tables, step } = unitOf(sql);
  await step();
  if (!tables.closes.has(close.certificateHash)) tables.closes.set(close.certificateHash, { ...close });
};

export const saveReceipt: typeof Real.saveReceipt = async (sql, receipt) => {
  const { tables, step } = unitOf(sql);
  await step();
  tables.closeReceipts.set(`${receipt.certificateHash} ${receipt.checkedAtMs}`, receipt);
};
