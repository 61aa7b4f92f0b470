import type { ImportsDb, RowOutcome, StagedRow } from '../../../db/imports/types.ts';
import type { OpId } from '../../../sync/base/ids.ts';
import type { ImportReason } from '../../contract/import-reasons.ts';
import type { Ctx } from '../ctx.ts';
import type { BatchedOp } from '../op-writer.ts';
import { cardFacts } from '../views/member-view.ts';
import { createCardSupply, type CardSupply } from './card-refill.ts';
import { recount, saveRun, type Run } from './facts.ts';
import type { Freshness } from './freshness.ts';
import { planKnown, planRow, type PlanRules } from './plan.ts';
import type { Given } from './reading/row-reader.ts';
import { opIdsOf, toWork, type RowPlace } from './row-ops.ts';
import type { RunIds } from './run-ids.ts';
import { createSlices, SAVING_SLICE_MS } from './slices.ts';

const READ_ROWS = 400;

export interface RunParts {
  ctx: Ctx;
  db: ImportsDb;
  run: Run;
  rules: PlanRules;
  ids: RunIds;
  freshness: Freshness;
  /** Throws when somebody stopped the run. */
  assertWanted: () => void;
  onProgress: (done: number | null) => void;
}

type AddOp = (op: BatchedOp) => void;
/** What becomes of a row, and its ops handed to `add`; null: nothing to note. `later`: once `Pauses.lack` was. */
export type WorkOnRow = (row: StagedRow, add: AddOp) => RowOutcome | null | 'later';

/** What is done where nothing is open. */
interface Pauses {
  /** Before each page of rows. */
  page(): void;
  /** A row was put off: what it lacks is asked for. */
  lack(): Promise<void>;
}
const NO_PAUSES: Pauses = { page: () => undefined, lack: () => Promise.resolve() };

export const isSaved = (ctx: Ctx, opIds: readonly OpId[]): boolean =>
  opIds.some((opId) => ctx.till.ops.find(opId) !== undefined);

/**
 * Works on the rows behind the run's cursor, in batches of one transaction in `till.db` each. What a batch comes
 * to is written to the run's own file first, with its borders; a cut between the two is found out by whoever goes
 * on, because the ids of a row's ops follow from the row.
 */
export async function workOnRows(parts: RunParts, work: WorkOnRow, pauses = NO_PAUSES): Promise<void> {
  const slices = createSlices(SAVING_SLICE_MS);
  const { ctx, db, run, freshness, assertWanted, onProgress } = parts;
  const { facts, runNo } = run;
  for (;;) {
    const rows = db.listRows(runNo, facts.cursor, READ_ROWS);
    if (rows.length === 0) break;
    pauses.page();
    for (let at = 0; at < rows.length;) {
      await slices.pause();
      assertWanted();
      const before = { ...facts };
      let isPutOff = false;
      if (!freshness.isFresh()) freshness.forget();
      try {
        ctx.writer.commitAll(facts.session, (add) => {
          const outcomes: RowOutcome[] = [];
          facts.from = facts.cursor;
          while (at < rows.length && (outcomes.length === 0 || !slices.isOver())) {
            const row = rows[at];
            if (row === undefined) break;
            const outcome = work(row, add);
            isPutOff = outcome === 'later';
            if (outcome === 'later') break;
            if (outcome !== null) outcomes.push(outcome);
            facts.cursor = row.rowNo;
            at += 1;
          }
          // Of a member who was there before only this file knows how she was. All else comes of the rows again.
          const isAlone = outcomes.some(({ action }) => action === 'update');
          const note = isAlone ? db.transaction : db.quickly;
          note(() => {
            for (const outcome of outcomes) db.saveRow(runNo, outcome);
            saveRun(db, run);
          });
        });
      } catch (cause) {
        // Whether the batch is saved is looked up by whoever goes on.
        Object.assign(facts, before, { from: before.cursor, cursor: facts.cursor });
        throw cause;
      }
      if (freshness.isKept()) freshness.note();
      if (isPutOff) await pauses.lack();
      onProgress(facts.rows === 0 ? null : Math.min(1, facts.cursor / (facts.rows + facts.headerRow)));
    }
  }
}

/** The row as it was before its batch. */
export interface Settling {
  isSaved: (row: StagedRow) => boolean;
  takeBack: (row: StagedRow) => RowOutcome | null;
}

/** After a cut: rows of the last batch whose ops are not in `till.db` are as they were. */
export function settle(
  { db, run }: Pick<RunParts, 'db' | 'run'>,
  { isSaved: isIn, takeBack }: Settling,
): void {
  const { facts, runNo } = run;
  if (facts.from === facts.cursor) return;
  const rows = db.listRows(runNo, facts.from, READ_ROWS).filter(({ rowNo }) => rowNo <= facts.cursor);
  db.transaction(() => {
    for (const row of rows) {
      const before = isIn(row) ? null : takeBack(row);
      if (before !== null) db.saveRow(runNo, before);
    }
    facts.from = facts.cursor;
    saveRun(db, run);
  });
}

/** Counts as the rows have them: after a cut they may be those of the batch before. */
export function countAgain(db: ImportsDb, run: Run): void {
  const { facts } = run;
  const sums = { create: 0, update: 0, skip: 0, invalid: 0, waiting: 0, done: 0, undone: 0, kept: 0 };
  for (const { action, status, count } of db.countRows(run.runNo)) {
    sums[action] += count;
    if (status === 'waiting' || status === 'kept' || status === 'undone') sums[status] += count;
    if (status === 'done' || status === 'kept' || status === 'undone') sums.done += count;
  }
  Object.assign(facts, sums);
}

function createWorker({ ctx, run, rules, ids, freshness }: RunParts, supply: CardSupply): WorkOnRow {
  const { facts, runId } = run;
  const businessDay = cardFacts(ctx).businessDay;
  const placeOf = (rowNo: number): RowPlace => {
    let taken = 0;
    return { runId, ids, businessDay, rowNo, takeNumber: () => supply.next(taken++) };
  };
  const refuse = (row: StagedRow, codes: readonly ImportReason[]): RowOutcome => {
    recount(facts, row.action, 'invalid');
    return { ...outcomeOf(row), action: 'invalid', status: 'checked', codes: codes.join(' ') };
  };
  return (row, add) => {
    if (row.action === 'invalid' || row.action === 'skip') return null;
    if (row.status !== 'checked' && row.status !== 'waiting') return null;
    if (row.status === 'waiting') facts.waiting -= 1;
    // Erased with the member whom it is about.
    if (row.given === '') return refuse(row, ['BASE_CHANGED']);
    // Cast: the check wrote it.
    const given = JSON.parse(row.given) as Given;
    const isNew = row.action === 'create' && freshness.isKept();
    const plan = isNew ? planKnown(given, rules) : planRow(ctx, given, rules);
    const isAsChecked = plan.action === row.action && (plan.laid?.member.memberId ?? '') === row.memberId;
    if (plan.action === 'skip') {
      recount(facts, row.action, 'skip');
      return { ...outcomeOf(row), action: 'skip', status: 'checked', codes: plan.codes.join(' ') };
    }
    if (!isAsChecked)
      return refuse(row, plan.codes.length > 0 && plan.action === 'invalid' ? plan.codes : ['BASE_CHANGED']);
    const made = toWork(ctx, plan, placeOf(row.rowNo));
    if (made === undefined && !supply.isDry()) {
      if (row.status === 'waiting') facts.waiting += 1;
      return 'later';
    }
    if (made === undefined) {
      facts.waiting += 1;
      return { ...outcomeOf(row), status: 'waiting', codes: 'CARD_STOCK' };
    }
    for (const op of made.ops) add(op);
    facts.done += 1;
    const email = row.action === 'update' ? plan.change.fields.email : null;
    if (email) rules.ownWords.note(made.memberId, email);
    return {
      ...{ rowNo: row.rowNo, action: row.action, status: 'done', codes: plan.codes.join(' ') },
      ...{ memberId: made.memberId, former: JSON.stringify(made.former) },
    };
  };
}

/** Without `former`: the row was read before a pause, and its member may be erased since. */
const outcomeOf = ({ rowNo, action, status, codes, memberId }: StagedRow): RowOutcome => ({
  ...{ rowNo, action, status, codes, memberId },
});

/** @throws Whatever stops it; the run can be started again and goes on where it was. */
export async function runRows(parts: RunParts): Promise<void> {
  const { ctx, db, run, ids } = parts;
  settle(parts, {
    isSaved: (row) => row.status !== 'done' || isSaved(ctx, opIdsOf(ids, row.rowNo)),
    takeBack: (row) => ({
      ...outcomeOf(row),
      status: 'checked',
      ...(row.action === 'create' && { memberId: '' }),
      former: '',
    }),
  });
  // From the top: rows that are done are passed over, those that wait have their turn again.
  Object.assign(run.facts, { cursor: 0, from: 0 });
  countAgain(db, run);
  const supply = createCardSupply(parts);
  const page = (): void => {
    supply.hope();
    parts.rules.ownWords.forget();
  };
  await workOnRows(parts, createWorker(parts, supply), { page, lack: () => supply.refill() });
}
