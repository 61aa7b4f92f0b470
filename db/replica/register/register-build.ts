import { IdSlots } from './id-slots.ts';
import type { RegisterReader } from './register-reader.ts';
import type { RegisterTable } from './register-table.ts';

const ROWS_PER_SLICE = 5_000;

/** Where each former self of a person is, and the member she goes on as. */
export type MergedRoots = Map<number, number>;

export interface BuildPause {
  /** @param share of the work that is done, 0 to 1 */
  (share: number): Promise<void>;
}

/** Slots of the members that went on as somebody else, by whom they went on as in the end. */
function rootsOf(merged: readonly (readonly [slot: number, into: string])[], ids: IdSlots): MergedRoots {
  const next = new Map<number, number>();
  for (const [slot, into] of merged) {
    const to = ids.find(into);
    if (to >= 0) next.set(slot, to);
  }
  const roots: MergedRoots = new Map();
  for (const slot of next.keys()) {
    let root = slot;
    // A circle would be the centre's fault; it must not hang this till.
    for (let step = 0; step < next.size && next.has(root); step += 1) root = next.get(root) ?? root;
    roots.set(slot, root);
  }
  return roots;
}

/** Reads members, cards and accounts into an empty table, some thousand rows at a time. */
export async function buildTable(
  reader: RegisterReader,
  table: RegisterTable,
  pause: BuildPause,
): Promise<MergedRoots> {
  const last = reader.lastRows();
  const ids = new IdSlots(last.members + 1);
  const all = last.members + last.cards + last.accounts;
  let read = 0;
  const step = async (rows: number): Promise<void> => {
    read += rows;
    await pause(all === 0 ? 1 : Math.min(1, read / all));
  };
  const merged: [number, string][] = [];
  for (let after = 0; after < last.members; after += ROWS_PER_SLICE) {
    for (const member of reader.memberSlice(after, Math.min(after + ROWS_PER_SLICE, last.members))) {
      const slot = table.take(member.rid);
      ids.add(member.memberId, slot);
      table.setMember(slot, member.facts);
      if (member.mergedIntoId !== null) merged.push([slot, member.mergedIntoId]);
    }
    await step(ROWS_PER_SLICE);
  }
  const roots = rootsOf(merged, ids);
  // Whoever withdrew as one of two profiles did not ask for mail as the other.
  for (const [slot, root] of roots) if (!table.hasConsent(slot)) table.setConsent(root, false);
  const personAt = (memberId: string): number => {
    const slot = ids.find(memberId);
    return roots.get(slot) ?? slot;
  };
  for (let after = 0; after < last.cards; after += ROWS_PER_SLICE) {
    for (const [memberId, cardTypeId] of reader.cardSlice(after, after + ROWS_PER_SLICE)) {
      const slot = personAt(memberId);
      if (slot >= 0) table.addCard(slot, cardTypeId);
    }
    await step(ROWS_PER_SLICE);
  }
  for (let after = -1; ;) {
    const rows = reader.accountSlice(after, ROWS_PER_SLICE);
    for (const [, memberId, entryCount, lastEntryAtMs] of rows) {
      const slot = personAt(memberId);
      if (slot >= 0) table.addAccount(slot, { entryCount, lastEntryAtMs });
    }
    await step(rows.length);
    const end = rows.at(-1);
    if (end === undefined || rows.length < ROWS_PER_SLICE) return roots;
    [after] = end;
  }
}
