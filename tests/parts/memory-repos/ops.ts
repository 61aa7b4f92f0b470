import type * as Real from '../../../crm/repos/ops.ts';
import { RELEASES_MAX } from '../../../sync/protocol/releases.ts';
import { unitOf } from '../memory-centre.ts';

export * from '../../../crm/repos/ops.ts';

export const findOpHash: typeof Real.findOpHash = async (sql, seq) => {
  const { tables, step } = unitOf(sql);
  await step();
  return tables.ops.get(String(seq))?.hash;
};

export const listReleases: typeof Real.listReleases = async (sql, { tillId, afterSeq }) => {
  const { tables, step } = unitOf(sql);
  await step();
  return [...tables.ops.values()]
    .flatMap(({ op, branch, settled }) =>
      op.tillId === tillId && branch === 0 && settled !== null && settled.releasedSeq > afterSeq
        ? [{ incarnation: op.incarnation, tseq: op.tseq, seq: settled.releasedSeq }]
        : [],
    )
    .sort((left, right) => left.seq - right.seq)
    .slice(0, RELEASES_MAX);
};
