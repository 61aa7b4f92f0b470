import type * as Real from '../../../crm/repos/erasures.ts';
import { ERASURES_PER_PULL_MAX } from '../../../sync/protocol/erasures.ts';
import { unitOf } from '../memory-centre.ts';

export * from '../../../crm/repos/erasures.ts';

export const readErasures: typeof Real.readErasures = async (sql, after) => {
  const { tables, step } = unitOf(sql);
  await step();
  const found = [...tables.erasures.values()]
    .filter(({ erasureNo }) => erasureNo > after)
    .sort((left, right) => left.erasureNo - right.erasureNo)
    .slice(0, ERASURES_PER_PULL_MAX);
  return { memberIds: found.map(({ memberId }) => memberId), upTo: found.at(-1)?.erasureNo ?? after };
};

export const noteReceipt: typeof Real.noteReceipt = async (sql, { tillId, erasureNo }) => {
  const { tables, step } = unitOf(sql);
  await step();
  tables.receipts.set(tillId, Math.min(erasureNo, [...tables.erasures.values()].length));
};

export const listErasedAt: typeof Real.listErasedAt = async (tx, memberIds) => {
  const { tables, step } = unitOf(tx);
  await step();
  const known = new Map([...tables.erasures.values()].map(({ memberId, seq }) => [memberId as string, seq]));
  return new Map(memberIds.map((id) => [id, known.get(id) ?? Number.MAX_SAFE_INTEGER]));
};
