import type * as Real from '../../../crm/repos/incarnations.ts';
import type { TillRow } from '../../../crm/repos/tills.ts';
import { must } from '../../../sync/base/must.ts';
import { CHAIN_START } from '../../../sync/model/op.ts';
import { unitOf } from '../memory-centre.ts';

export * from '../../../crm/repos/incarnations.ts';

const keyOf = (tillId: string, incarnation: number): string => `${tillId} ${incarnation}`;

export const insertIncarnation: typeof Real.insertIncarnation = async (tx, begun) => {
  const { tables, step } = unitOf(tx);
  await step();
  const { tillId, incarnation, requestId } = begun;
  tables.incarnations.add(keyOf(tillId, incarnation), { tillId, incarnation, requestId, closed: null });
};

export const turnIncarnation: typeof Real.turnIncarnation = async (tx, till, { requestId, nowMs, after }) => {
  const { tables, step } = unitOf(tx);
  await step();
  const key = keyOf(till.tillId, till.incarnation);
  tables.incarnations.set(key, {
    ...must(tables.incarnations.get(key), 'it began once'),
    closed: { ...till },
  });
  const fresh = { incarnation: (after ?? till.incarnation) + 1, hiTseq: 0, headHash: CHAIN_START, fence: '' };
  const next: TillRow = { ...till, ...fresh, state: 'live' };
  await insertIncarnation(tx, { ...next, requestId, nowMs });
  await step();
  const kept = must(tables.tills.get(till.tillId), 'the till is known');
  tables.tills.set(till.tillId, { ...kept, ...fresh, state: 'live' });
  return next;
};

export const findBegun: typeof Real.findBegun = async (tx, tillId, requestId) => {
  const { tables, step } = unitOf(tx);
  await step();
  const all = [...tables.incarnations.values()];
  return all.find((each) => each.tillId === tillId && each.requestId === requestId)?.incarnation ?? null;
};
