import type * as Real from '../../../crm/repos/feed-changes.ts';
import { unitOf } from '../memory-centre.ts';

export * from '../../../crm/repos/feed-changes.ts';

export const eachChanged: typeof Real.eachChanged = async (tx, { table, fromSeq }, visit) => {
  const { tables, step } = unitOf(tx);
  await step();
  const all =
    table === 'members' ? [...tables.members.values()].map(({ row }) => row) : [...tables.cards.values()];
  const page = [...all].filter(({ seq }) => seq > fromSeq).sort((a, b) => a.seq - b.seq);
  // Cast: rows of the table that was asked for.
  if (page.length > 0) await visit(page as never);
};

/** As there: by the entries and cards of these numbers, not by the accounts themselves. */
export const eachChangedAccount: typeof Real.eachChangedAccount = async (tx, { fromSeq }, visit) => {
  const { tables, step } = unitOf(tx);
  await step();
  const moved = [...tables.entries.values(), ...tables.cards.values()].filter(({ seq }) => seq > fromSeq);
  const ids = moved.map(({ accountId }) => accountId);
  const rows = fromSeq === 0 ? [...tables.accounts.values()] : tables.accounts.found(ids);
  const page = rows.filter(({ seq }) => seq > fromSeq).map((row) => ({ ...row }));
  if (page.length > 0) await visit(page);
};

export const listChangedDocuments: typeof Real.listChangedDocuments = async (tx, fromSeq) => {
  const { tables, step } = unitOf(tx);
  await step();
  return [...tables.documents.values()].filter(({ seq }) => seq > fromSeq).sort((a, b) => a.seq - b.seq);
};
