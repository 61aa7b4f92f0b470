import type * as Real from '../../../crm/repos/documents.ts';
import type { Chain } from '../../../sync/model/chain.ts';
import { unitOf } from '../memory-centre.ts';

export * from '../../../crm/repos/documents.ts';

export const findChain: typeof Real.findChain = async (sql) => {
  const { tables, step } = unitOf(sql);
  await step();
  return (tables.documents.get('chain chain')?.body as Chain | undefined) ?? null;
};
