import { z } from 'zod';
import type { ImportsDb, RowAction, StoredRun } from '../../../db/imports/types.ts';
import { ImportReason } from '../../contract/import-reasons.ts';
import {
  ImportColumn,
  ImportEncoding,
  ImportMode,
  ImportState,
  type ImportCounts,
  type ImportRun,
} from '../../contract/imports.ts';
import { Session } from '../../contract/till.ts';
import { CardTypeId } from '../../../sync/base/ids.ts';

const Count = z.int().min(0);

/** What is kept of a run, beside its rows. */
const Facts = z.strictObject({
  fileName: z.string(),
  byteCount: Count,
  startedAtMs: z.int(),
  endedAtMs: z.int().nullable(),
  /** Whoever began the run; its ops are theirs. */
  session: Session,
  format: z.enum(['csv', 'xlsx']).nullable(),
  encoding: ImportEncoding.nullable(),
  delimiter: z.string().nullable(),
  is1904: z.boolean(),
  headerRow: Count,
  mode: ImportMode,
  pointsCardTypeId: CardTypeId.nullable(),
  creditCardTypeId: CardTypeId.nullable(),
  columns: z.array(ImportColumn),
  refusal: z.strictObject({ code: ImportReason, detail: z.string() }).nullable(),
  rows: Count,
  create: Count,
  update: Count,
  skip: Count,
  invalid: Count,
  waiting: Count,
  done: Count,
  undone: Count,
  kept: Count,
  /** Rows up to this one were worked on. */
  cursor: Count,
  /** Rows behind `from` up to `cursor` whose ops may not be saved: whoever goes on looks. */
  from: Count,
  /** What rows said of people is gone: nothing can be undone any more. */
  isBlanked: z.boolean(),
});
export type Facts = z.infer<typeof Facts>;

/** A run in hand. */
export interface Run {
  readonly runNo: number;
  readonly runId: string;
  state: ImportState;
  facts: Facts;
}

export const newFacts = (
  given: Pick<Facts, 'fileName' | 'byteCount' | 'startedAtMs' | 'session'>,
): Facts => ({
  ...given,
  endedAtMs: null,
  ...{ format: null, encoding: null, delimiter: null, is1904: false, headerRow: 0 },
  ...{
    mode: 'create-and-update',
    pointsCardTypeId: null,
    creditCardTypeId: null,
    columns: [],
    refusal: null,
  },
  ...{ rows: 0, create: 0, update: 0, skip: 0, invalid: 0, waiting: 0, done: 0, undone: 0, kept: 0 },
  ...{ cursor: 0, from: 0, isBlanked: false },
});

export const NO_COUNTS = {
  ...{ rows: 0, create: 0, update: 0, skip: 0, invalid: 0, waiting: 0, done: 0, undone: 0, kept: 0 },
  ...{ cursor: 0, from: 0, refusal: null, endedAtMs: null },
} as const;

export const toRun = ({ runNo, runId, state, body }: StoredRun): Run => ({
  runNo,
  runId,
  state: ImportState.parse(state),
  facts: Facts.parse(JSON.parse(body)),
});

export const saveRun = (db: ImportsDb, { runNo, runId, state, facts }: Run): void =>
  db.saveRun({ runNo, runId, state, body: JSON.stringify(facts) });

/** A row that was counted as one thing is another now. */
export function recount(facts: Facts, from: RowAction, to: RowAction): void {
  facts[from] -= 1;
  facts[to] += 1;
}

function countsOf({ facts }: Run): ImportCounts {
  const { rows, create, update, skip, invalid, waiting, done, kept } = facts;
  return { rows, valid: create + update + skip, invalid, create, update, skip, waiting, done, kept };
}

/** @param progress 0 .. 1 of what goes on now; null where nothing does. */
export function viewOf(run: Run, progress: number | null): ImportRun {
  const { facts, state } = run;
  const isUndoable =
    facts.done > facts.undone && !facts.isBlanked && ['done', 'waiting', 'stopped'].includes(state);
  return {
    runId: run.runId,
    runNo: run.runNo,
    state,
    ...{ fileName: facts.fileName, byteCount: facts.byteCount },
    ...{ startedAtMs: facts.startedAtMs, endedAtMs: facts.endedAtMs, operator: facts.session.person.name },
    ...{ format: facts.format, encoding: facts.encoding, delimiter: facts.delimiter, mode: facts.mode },
    ...{ pointsCardTypeId: facts.pointsCardTypeId, creditCardTypeId: facts.creditCardTypeId },
    ...{ columns: facts.columns, counts: countsOf(run), refusal: facts.refusal, progress, isUndoable },
  };
}
