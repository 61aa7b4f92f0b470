import type * as Real from '../../../crm/repos/holders.ts';
import { unitOf } from '../memory-centre.ts';

export * from '../../../crm/repos/holders.ts';

export const listHolders: typeof Real.listHolders = async (sql, cardIds) => {
  if (cardIds.length === 0) return new Map();
  const { tables, step } = unitOf(sql);
  await step();
  return new Map(
    tables.cards.found(cardIds).map(({ cardId, memberId, accountId }) => [cardId, { memberId, accountId }]),
  );
};
