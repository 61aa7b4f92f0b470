import type * as Real from '../../../crm/repos/tiers.ts';
import type { MemberId } from '../../../sync/base/ids.ts';
import { effectiveSeq } from '../../sim/ledger.ts';
import { unitOf, type UnitTables } from '../memory-centre.ts';

export * from '../../../crm/repos/tiers.ts';

const START = { seq: 0, rulesSeq: 0, day: '' };
const MOVES: ReadonlySet<string> = new Set(['member.merged', 'member.unmerged', 'member.removed']);

export const lockTierClock: typeof Real.lockTierClock = async (tx) => {
  const { tables, step, tryLock } = unitOf(tx);
  await step();
  return tryLock('tiers') ? { ...(tables.tierClock.get('clock') ?? START) } : null;
};

export const saveTierClock: typeof Real.saveTierClock = async (tx, clock) => {
  const { tables, step } = unitOf(tx);
  await step();
  tables.tierClock.set('clock', { ...clock });
};

export const listSpending: typeof Real.listSpending = async (sql, after, upTo) => {
  const { tables, step } = unitOf(sql);
  await step();
  const isIn = ({ seq }: { seq: number }): boolean => seq > after && seq <= upTo;
  return [...tables.entries.values()].filter(isIn).map((entry) => ({
    entry: { ...entry },
    undone: entry.correctsOpId === null ? null : (tables.entries.get(entry.correctsOpId) ?? null),
  }));
};

export const listMoved: typeof Real.listMoved = async (sql, after, upTo) => {
  const { tables, step } = unitOf(sql);
  await step();
  return [...tables.ops.values()].flatMap((kept) => {
    const seq = effectiveSeq(kept);
    if (!MOVES.has(kept.op.kind) || seq === null || seq <= after || seq > upTo) return [];
    const body = kept.settled?.body ?? kept.body;
    return [body?.['memberId'], body?.['intoId']].filter((id): id is MemberId => typeof id === 'string');
  });
};

export const addSpent: typeof Real.addSpent = async (tx, rows) => {
  const { tables, step } = unitOf(tx);
  await step();
  for (const row of rows) {
    const key = `${row.memberId} ${row.day}`;
    const known = tables.spentDays.get(key);
    tables.spentDays.set(key, {
      ...row,
      spentMinor: row.spentMinor + (known?.spentMinor ?? 0),
      lastAtMs: Math.max(row.lastAtMs, known?.lastAtMs ?? 0),
    });
  }
};

export const listSpent: typeof Real.listSpent = async (sql, memberIds) => {
  const { tables, step } = unitOf(sql);
  await step();
  const asked = new Set(memberIds);
  return [...tables.spentDays.values()].filter((row) => asked.has(row.memberId));
};

function mark({ tierDue }: UnitTables, memberIds: readonly MemberId[]): void {
  for (const memberId of memberIds) tierDue.set(memberId, { memberId, isDue: true });
}

export const addTierDue: typeof Real.addTierDue = async (tx, memberIds) => {
  const { tables, step } = unitOf(tx);
  await step();
  mark(tables, memberIds);
};

export const listTierDue: typeof Real.listTierDue = async (sql, limit) => {
  const { tables, step } = unitOf(sql);
  await step();
  const due = [...tables.tierDue.values()].filter(({ isDue }) => isDue);
  return due.slice(0, limit).map(({ memberId }) => memberId);
};

export const clearTierDue: typeof Real.clearTierDue = async (tx, memberIds) => {
  const { tables, step } = unitOf(tx);
  await step();
  for (const memberId of memberIds) tables.tierDue.set(memberId, { memberId, isDue: false });
};

export const markAllSpent: typeof Real.markAllSpent = async (tx) => {
  const { tables, step } = unitOf(tx);
  await step();
  mark(
    tables,
    [...tables.spentDays.values()].map(({ memberId }) => memberId),
  );
};

export const markRunOut: typeof Real.markRunOut = async (tx, from, before) => {
  const { tables, step } = unitOf(tx);
  await step();
  const isOut = (until: string | null): boolean => until !== null && until >= from && until < before;
  const out = [...tables.members.values()].filter(({ row }) => isOut(row.tierUntil));
  mark(
    tables,
    out.map(({ row }) => row.memberId),
  );
};

export const markSpentAhead: typeof Real.markSpentAhead = async (tx, after, upTo) => {
  const { tables, step } = unitOf(tx);
  await step();
  const ahead = [...tables.spentDays.values()].filter(
    ({ day, spentMinor }) => day > after && day <= upTo && spentMinor !== 0,
  );
  mark(
    tables,
    ahead.map(({ memberId }) => memberId),
  );
};
