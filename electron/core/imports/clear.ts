import type { ImportsDb } from '../../../db/imports/types.ts';
import { toRun, type Run } from './facts.ts';
import { createSlices } from './slices.ts';

const PIECES_AT_ONCE = 20;
const ROWS_AT_ONCE = 500;
/** So many runs are looked at, the newest first. */
const RUNS = 1_000;
/** So long rows say whom they were about; then only counts stay. */
const KEPT_DAYS = 30;

/** A run whose people are forgotten, and until when it may be worked on. */
export interface Clearing {
  db: ImportsDb;
  /** The program ends: what is left is done at the next start. */
  isClosed: () => boolean;
}

export const runsOf = (db: ImportsDb): Run[] => db.listRuns(Number.MAX_SAFE_INTEGER, RUNS).map(toRun);

/** Nothing of a file stays once nobody wants it. */
export async function dropFile({ db, isClosed }: Clearing, { runNo }: Run): Promise<void> {
  const slices = createSlices();
  while (!isClosed() && db.transaction(() => db.dropPieces(runNo, PIECES_AT_ONCE))) await slices.rest();
}

/** Nor anything of a run that did nothing. */
export async function dropAll(clearing: Clearing, run: Run): Promise<void> {
  const { db, isClosed } = clearing;
  const slices = createSlices();
  while (!isClosed() && db.transaction(() => db.dropRows(run.runNo, ROWS_AT_ONCE))) await slices.rest();
  await dropFile(clearing, run);
}

const PAGES_AT_ONCE = 500;

/** The room of what was dropped goes back to the disk: a file of a gigabyte took twice as much. */
export async function giveBack({ db, isClosed }: Clearing): Promise<void> {
  const slices = createSlices();
  let isAny = false;
  while (!isClosed() && db.quickly(() => db.shrink(PAGES_AT_ONCE))) {
    isAny = true;
    await slices.rest();
  }
  if (isAny && !isClosed()) db.cut();
}

async function blank({ db, isClosed }: Clearing, { runNo }: Run, which: 'all' | 'nobodys'): Promise<void> {
  const slices = createSlices();
  for (let last: number | null = 0; last !== null && !isClosed();) {
    const from: number = last;
    last = db.transaction(() =>
      which === 'all' ? db.blankRows(runNo, from, ROWS_AT_ONCE) : db.blankNobodys(runNo, from, ROWS_AT_ONCE),
    );
    await slices.rest();
  }
}

/** What might name an erased member and can not be told from the rest: whole files, and rows that are nobody's. */
export async function forgetNobodys(clearing: Clearing): Promise<void> {
  for (const run of runsOf(clearing.db)) {
    await dropFile(clearing, run);
    await blank(clearing, run, 'nobodys');
  }
}

/** At a start: what a cut left of ended runs goes, and old runs keep their counts only. */
export async function forgetOld(
  clearing: Clearing,
  { nowMs, save }: { nowMs: number; save: (run: Run) => void },
): Promise<void> {
  const before = nowMs - KEPT_DAYS * 86_400_000;
  for (const run of runsOf(clearing.db)) {
    if (run.facts.isBlanked || clearing.isClosed()) continue;
    if (run.state === 'cancelled' || run.state === 'refused') await dropAll(clearing, run);
    else if (['done', 'waiting', 'stopped', 'undone'].includes(run.state)) await dropFile(clearing, run);
    if (run.facts.startedAtMs > before) continue;
    await dropFile(clearing, run);
    await blank(clearing, run, 'all');
    if (clearing.isClosed()) return;
    run.facts.isBlanked = true;
    save(run);
  }
}
