import type { Sql } from '../../../crm/database.ts';
import type * as Real from '../../../crm/repos/tills.ts';
import { unitOf } from '../memory-centre.ts';

export * from '../../../crm/repos/tills.ts';

const change = async (sql: Sql, tillId: string, changed: Partial<Real.TillRow>): Promise<void> => {
  const { tables, step } = unitOf(sql);
  await step();
  const till = tables.tills.get(tillId);
  if (till !== undefined) tables.tills.set(tillId, { ...till, ...changed });
};

export const findTillByToken: typeof Real.findTillByToken = async (sql, tokenHash) => {
  const { tables, step } = unitOf(sql);
  await step();
  const till = tables.tills.get(tables.tokens.get(tokenHash) ?? '');
  return till === undefined ? undefined : { ...till };
};

export const insertTill: typeof Real.insertTill = async (tx, till, tokenHash) => {
  const { tables, step } = unitOf(tx);
  await step();
  tables.tills.add(till.tillId, { ...till });
  tables.tokens.add(tokenHash, till.tillId);
};

export const lockTill: typeof Real.lockTill = async (tx, tillId) => {
  const unit = unitOf(tx);
  await unit.step();
  await unit.lock();
  const till = unit.tables.tills.get(tillId);
  return till === undefined ? undefined : { ...till };
};

export const findFence: typeof Real.findFence = async (sql, tillId) => {
  const { tables, step } = unitOf(sql);
  await step();
  return tables.tills.get(tillId)?.fence ?? '';
};

export const noteSchema: typeof Real.noteSchema = (sql, tillId, opSchema) =>
  change(sql, tillId, { opSchema });
export const noteContact: typeof Real.noteContact = (sql, { tillId, nowMs, told }) =>
  change(sql, tillId, { lastContactAtMs: nowMs, ...(told !== null && { toldAtMs: nowMs }) });
export const saveLastBlock: typeof Real.saveLastBlock = (tx, tillId, blockId) =>
  change(tx, tillId, { lastBlockId: blockId });

export const listTillsByIds: typeof Real.listTillsByIds = async (sql, ids) => {
  const { tables, step } = unitOf(sql);
  await step();
  return tables.tills.found(ids).map((till) => ({ ...till }));
};
