import type * as Real from '../../../crm/repos/holds.ts';
import type { CardType } from '../../../sync/model/chain.ts';
import { WAITS_FOR_ANSWER_MS, type Hold } from '../../../sync/spending/holds.ts';
import { unitOf, type UnitTables } from '../memory-centre.ts';

export * from '../../../crm/repos/holds.ts';

/** One with nothing left is gone. */
const living = (tables: UnitTables): Hold[] => [...tables.holds.values()].filter(({ left }) => left > 0);

const end = (tables: UnitTables, isOver: (hold: Hold) => boolean): void => {
  for (const hold of living(tables)) if (isOver(hold)) tables.holds.set(hold.holdId, { ...hold, left: 0 });
};

export const listHolds: typeof Real.listHolds = async (sql, ids) => {
  const { tables, step } = unitOf(sql);
  await step();
  return living(tables).filter(({ holdId }) => ids.includes(holdId));
};

export const listHoldsOn: typeof Real.listHoldsOn = async (sql, accountIds) => {
  const { tables, step } = unitOf(sql);
  await step();
  return living(tables).filter(({ accountId }) => accountIds.includes(accountId));
};

export const saveHolds: typeof Real.saveHolds = async (tx, holds) => {
  const { tables, step } = unitOf(tx);
  await step();
  for (const hold of holds) tables.holds.set(hold.holdId, { ...hold });
};

export const freeHolds: typeof Real.freeHolds = async (tx, tillId, incarnation) => {
  const { tables, step } = unitOf(tx);
  await step();
  const isOver = ({ lapsesAtMs }: Hold): boolean => lapsesAtMs !== WAITS_FOR_ANSWER_MS;
  end(tables, (hold) => hold.tillId === tillId && hold.incarnation < incarnation && isOver(hold));
};

export const listHoldsOf: typeof Real.listHoldsOf = async (sql, { tillId, incarnation }) => {
  const { tables, step } = unitOf(sql);
  await step();
  return living(tables).filter((hold) => hold.tillId === tillId && hold.incarnation === incarnation);
};

export const listBalances: typeof Real.listBalances = async (tx, accountIds) => {
  const { tables, step } = unitOf(tx);
  await step();
  return tables.accounts.found(accountIds).map(({ accountId, balance, cardTypeId }) => {
    const type = tables.documents.get(`card-type ${cardTypeId}`)?.body as CardType | undefined;
    return { accountId, balance, kind: type?.kind ?? null };
  });
};
