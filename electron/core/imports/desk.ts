import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openImports } from '../../../db/imports/open.ts';
import type { ImportsDb } from '../../../db/imports/types.ts';
import { DbError } from '../../../db/errors.ts';
import { AppError } from '../../contract/errors.ts';
import type { ImportRun, ImportState } from '../../contract/imports.ts';
import type { Core, Ctx } from '../ctx.ts';
import { createArriving, type Arriving } from './arriving.ts';
import { checkFile } from './check-job.ts';
import { dropAll, dropFile, forgetNobodys, forgetOld, giveBack, runsOf, type Clearing } from './clear.ts';
import { columnsFor } from './columns.ts';
import { saveRun, toRun, viewOf, type Run } from './facts.ts';
import { Freshness } from './freshness.ts';
import { FileRefusal } from './refusal.ts';
import { createRowReader } from './reading/row-reader.ts';
import { createRunIds, type RunIds } from './run-ids.ts';
import { runRows } from './run-job.ts';
import { planRulesOf, readingRulesOf } from './rules.ts';
import { createSlices } from './slices.ts';
import { undoRows } from './undo-job.ts';

const FILE = 'imports.db';
/** A page is told of progress so often. */
const TOLD_EVERY_MS = 250;

/** Somebody has stopped the work. */
class Stopped extends Error {
  override readonly name = 'Stopped';
}

interface Job {
  run: Run;
  isStopped: boolean;
  progress: number | null;
  toldAtMs: number;
  finished: Promise<void>;
}

export interface ImportDesk {
  readonly arriving: Arriving;
  db(): ImportsDb;
  find(runId: string): Run;
  save(run: Run): void;
  view(run: Run): ImportRun;
  idsOf(run: Run): RunIds;
  /** Throws when another run is at work. */
  assertFree(run: Run): void;
  isAtWork(run: Run): boolean;
  /** Begins what `state` says, or goes on with it; returns at once. */
  begin(run: Run, state: 'checking' | 'running' | 'undoing'): void;
  /** Ends what goes on with the run; resolves when it stands. */
  stop(runId: string): Promise<void>;
  /** Ends a run that has done nothing; its file and rows are forgotten behind the answer. */
  cancel(run: Run): void;
  /**
   * Of an anonymised member nothing is kept. What may name her and can not be told from the rest goes with it, which
   * takes a while: false until then, and whoever was told so asks again.
   */
  erase(memberId: string): boolean;
  /** Goes on with what the last start left. */
  resume(): void;
  close(): Promise<void>;
}

/** What is done with a run, and the state that it ends in. */
async function work(
  ctx: Ctx,
  {
    job,
    tell,
    ...desk
  }: Pick<ImportDesk, 'db' | 'idsOf'> & { job: Job; tell: () => void; freshness: Freshness },
): Promise<ImportState> {
  const { freshness } = desk;
  const { run } = job;
  const assertWanted = (): void => {
    if (job.isStopped) throw new Stopped();
  };
  const onProgress = (progress: number | null): void => {
    job.progress = progress;
    tell();
  };
  const ids = desk.idsOf(run);
  const db = desk.db();
  const rules = planRulesOf(ctx, run, ids);
  const parts = { ctx, db, run, rules, ids, freshness, assertWanted, onProgress };
  if (run.state === 'checking') {
    const reading = readingRulesOf(ctx, run.facts);
    const columns = columnsFor(ctx.directory.attributes());
    const known = new Map(columns.map((column) => [column.name, column]));
    const places = run.facts.columns.map(({ to }) => (to === null ? null : (known.get(to) ?? null)));
    // Noted first: what changes during the check makes it stale.
    freshness.note(run.runId);
    await checkFile({ ...parts, read: createRowReader(places, reading) });
    if (!freshness.isFresh()) freshness.forget();
    return 'checked';
  }
  if (run.runId !== freshness.runId) freshness.forget();
  if (run.state === 'undoing') {
    await undoRows(parts);
    return 'undone';
  }
  await runRows(parts);
  return run.facts.waiting > 0 ? 'waiting' : 'done';
}

class Desk implements ImportDesk {
  readonly arriving = createArriving();
  readonly #core: () => Core;
  readonly #path: string;
  readonly #keyHex: string;
  readonly #freshness: Freshness;
  #opened: ImportsDb | undefined;
  #job: Job | undefined;
  #isClosed = false;
  /** Members of whom nothing can be left, as long as the process lives. */
  readonly #erased = new Set<string>();
  readonly #toErase = new Set<string>();
  #isErasing = false;
  /** What is forgotten behind the answers, one after the other. */
  #behind: Promise<void> = Promise.resolve();

  constructor(core: () => Core, { dataDir, keyHex }: { dataDir: string; keyHex: string }) {
    this.#core = core;
    this.#path = join(dataDir, FILE);
    this.#keyHex = keyHex;
    this.#freshness = new Freshness(core);
  }

  db(): ImportsDb {
    return (this.#opened ??= openImports({ path: this.#path, keyHex: this.#keyHex }));
  }

  find(runId: string): Run {
    if (this.#job?.run.runId === runId) return this.#job.run;
    const stored = this.db().findRun(runId);
    if (stored === undefined) throw new AppError('not_found', 'There is no such import. Nothing was done.');
    return toRun(stored);
  }

  save(run: Run): void {
    const db = this.db();
    db.transaction(() => saveRun(db, run));
  }

  view(run: Run): ImportRun {
    return viewOf(run, this.isAtWork(run) ? (this.#job?.progress ?? null) : null);
  }

  idsOf({ runId, facts }: Run): RunIds {
    return createRunIds(runId, facts.startedAtMs);
  }

  assertFree(run: Run): void {
    if (this.#job === undefined || this.isAtWork(run)) return;
    throw new AppError(
      'import_busy',
      'Another import is at work. Nothing was done; wait for its end, or stop it.',
    );
  }

  isAtWork({ runId }: Run): boolean {
    return this.#job?.run.runId === runId;
  }

  begin(run: Run, state: 'checking' | 'running' | 'undoing'): void {
    this.#enter(run, state);
    const mine: Job = { run, isStopped: false, progress: null, toldAtMs: 0, finished: Promise.resolve() };
    this.#job = mine;
    mine.finished = this.#toEnd(mine);
  }

  async stop(runId: string): Promise<void> {
    if (this.#job?.run.runId !== runId) return;
    this.#job.isStopped = true;
    await this.#job.finished;
  }

  cancel(run: Run): void {
    this.#enter(run, 'cancelled');
    this.#dropBehind(run);
  }

  erase(memberId: string): boolean {
    if (this.#opened === undefined && !existsSync(this.#path)) return true;
    const db = this.db();
    db.transaction(() => db.erase(memberId));
    if (this.#erased.has(memberId)) return true;
    this.#toErase.add(memberId);
    if (!this.#isErasing && this.#job === undefined) this.#eraseNobodys();
    return false;
  }

  resume(): void {
    if (!existsSync(this.#path)) return;
    // A check is not begun again by itself: a file that ends the process would do so at each start.
    for (const run of this.db().listInState('checking').map(toRun)) this.#enter(run, 'mapping');
    for (const state of ['undoing', 'running'] as const) {
      const [stored] = this.db().listInState(state);
      if (stored === undefined) continue;
      this.begin(toRun(stored), state);
      break;
    }
    const nowMs = this.#core().clock.wallMs();
    this.#doBehind(async () => {
      await forgetOld(this.#clearing(), { nowMs, save: (run) => this.save(run) });
      await giveBack(this.#clearing());
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#job !== undefined) {
      this.#job.isStopped = true;
      await this.#job.finished;
    }
    await this.#behind;
    this.#opened?.close();
    this.#opened = undefined;
  }

  #tell(run: Run): void {
    this.#core().publish('imports.changed', this.view(run));
  }

  #enter(run: Run, state: ImportState): void {
    run.state = state;
    if (['done', 'waiting', 'stopped', 'undone', 'cancelled', 'refused'].includes(state)) {
      run.facts.endedAtMs = this.#core().clock.wallMs();
    }
    this.save(run);
  }

  #clearing(): Clearing {
    return { db: this.db(), isClosed: () => this.#isClosed };
  }

  #doBehind(act: () => Promise<void>): void {
    const told = (cause: unknown): void => this.#core().log.error({ err: cause }, 'imports were not cleared');
    this.#behind = this.#behind.then(act).catch(told);
  }

  /** Of a large file it takes half a minute, for which nobody waits; what an end cuts off the next start does. */
  #dropBehind(run: Run): void {
    this.#doBehind(async () => {
      await dropAll(this.#clearing(), run);
      await giveBack(this.#clearing());
    });
  }

  /** Files may name the members, and rows that are nobody's: runs that still need their file are cancelled. */
  #eraseNobodys(): void {
    this.#isErasing = true;
    for (const run of runsOf(this.db()))
      if (run.state === 'receiving' || run.state === 'mapping') this.#enter(run, 'cancelled');
    this.#doBehind(async () => {
      const members = [...this.#toErase];
      this.#toErase.clear();
      try {
        await forgetNobodys(this.#clearing());
        if (!this.#isClosed) for (const memberId of members) this.#erased.add(memberId);
      } finally {
        this.#isErasing = false;
      }
    });
  }

  /** What ended the work otherwise than well. */
  async #endBadly(run: Run, cause: unknown): Promise<void> {
    const was = run.state;
    if (cause instanceof FileRefusal) {
      run.facts.refusal = { code: cause.code, detail: cause.detail };
      this.#enter(run, 'refused');
      this.#dropBehind(run);
    } else if (this.#isClosed) {
      // It goes on with the next start.
    } else if (cause instanceof Stopped) {
      if (was === 'checking') return this.cancel(run);
      this.#enter(run, 'stopped');
      await dropFile(this.#clearing(), run);
    } else {
      this.#core().log.error({ err: cause, state: was }, 'an import stopped');
      if (cause instanceof DbError) this.#core().onDbError(cause);
      this.#enter(run, was === 'checking' ? 'mapping' : 'stopped');
    }
  }

  async #toEnd(mine: Job): Promise<void> {
    const { run } = mine;
    const tellSometimes = (): void => {
      const nowMs = performance.now();
      if (nowMs - mine.toldAtMs < TOLD_EVERY_MS) return;
      mine.toldAtMs = nowMs;
      this.#tell(run);
    };
    try {
      // The answer to whoever began it goes first.
      await createSlices().pause();
      const ctx: Ctx = { ...this.#core(), session: run.facts.session };
      const end = await work(ctx, {
        db: () => this.db(),
        idsOf: (each) => this.idsOf(each),
        ...{ job: mine, tell: tellSometimes, freshness: this.#freshness },
      });
      // Every row is in the run's own file by now. First, so that whoever sees the end can begin the next one.
      if (end !== 'checked') await dropFile(this.#clearing(), run);
      this.#enter(run, end);
    } catch (cause) {
      const told = (again: unknown): void =>
        this.#core().log.error({ err: again }, 'an import could not be ended');
      await this.#endBadly(run, cause).catch(told);
    } finally {
      this.#job = undefined;
      if (!this.#isClosed) {
        this.#tell(run);
        this.#doBehind(() => giveBack(this.#clearing()));
      }
    }
  }
}

export const createImportDesk = (core: () => Core, place: { dataDir: string; keyHex: string }): ImportDesk =>
  new Desk(core, place);
