import type { EntryRow } from '../../../sync/model/card.ts';
import type { Connection } from '../../open.ts';

/** Entries of one shop's business day. */
export interface ShopDayAsked {
  storeId: string;
  businessDay: string;
}

type Facts = Pick<EntryRow, 'opId' | 'kind' | 'delta' | 'amountMinor' | 'tillId' | 'actorId' | 'wallMs'>;
type Undone = Pick<EntryRow, 'kind' | 'delta' | 'amountMinor'>;

/** What the figures of a day look at of an entry. */
export interface DayEntry extends Facts {
  /** Null while the copy lacks the account. */
  cardTypeId: string | null;
  /** The entry that it corrects, of whatever day; null where it corrects none, or one that is not here. */
  undone: Undone | null;
}

type Row = Facts & {
  cardTypeId: string | null;
  undoneKind: Undone['kind'] | null;
  undoneDelta: number;
  undoneAmountMinor: number | null;
};

/** What happened in a shop on a day, whichever till it was. Reads that day of all shops that the copy holds. */
export function dayEntries(raw: Connection, { storeId, businessDay }: ShopDayAsked): DayEntry[] {
  const rows = raw
    .prepare<[string, string], Row>(
      `SELECT e.op_id AS opId, e.kind, e.delta, e.amount_minor AS amountMinor, e.till_id AS tillId,
         e.actor_id AS actorId, e.wall_ms AS wallMs, a.card_type_id AS cardTypeId, u.kind AS undoneKind,
         u.delta AS undoneDelta, u.amount_minor AS undoneAmountMinor
       FROM entries e LEFT JOIN accounts a ON a.account_id = e.account_id
         LEFT JOIN entries u ON u.op_id = e.corrects_op_id
       WHERE e.store_id = ? AND e.business_day = ?`,
    )
    .all(storeId, businessDay);
  return rows.map(({ undoneKind, undoneDelta, undoneAmountMinor, ...facts }) => ({
    ...facts,
    undone:
      undoneKind === null ? null : { kind: undoneKind, delta: undoneDelta, amountMinor: undoneAmountMinor },
  }));
}
