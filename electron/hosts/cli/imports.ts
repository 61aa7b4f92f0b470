import { open as openPath, stat } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { AppError } from '../../contract/errors.ts';
import { reasonWords, type ImportReason } from '../../contract/import-reasons.ts';
import { IMPORT_PIECE_BYTES_MAX, type ImportMode, type ImportRun } from '../../contract/imports.ts';
import type { CoreClient } from '../../contract/index.ts';
import { CardTypeId } from '../../../sync/base/ids.ts';
import { must } from '../../../sync/base/must.ts';
import { UsageError } from './arguments.ts';
import { type Command, FLAG, type Outcome, TEXT, textOf, TRUTH } from './command.ts';

/** So often a run that is at work is asked how far it is. */
const ASKED_EVERY_MS = 50;
/** Rows with a reason that one answer lists. */
const ERRORS_MAX = 10_000;
const PAGE_ROWS = 200;

interface RowError {
  row: number;
  code: ImportReason;
  message: string;
}

const toError = (row: number, code: ImportReason, detail = ''): RowError => ({
  row,
  code,
  message: detail === '' ? reasonWords(code, 'en') : `${reasonWords(code, 'en')} (${detail})`,
});

async function sendFile(client: CoreClient, path: string): Promise<ImportRun> {
  const { size } = await stat(path).catch(() => {
    throw new AppError('not_found', 'The file can not be read. Nothing was done; check its name.');
  });
  const runId = randomUUID();
  const begun = await client['imports.begin']({ runId, fileName: basename(path), byteCount: size });
  if (begun.state === 'refused') return begun;
  const file = await openPath(path);
  try {
    const piece = Buffer.alloc(IMPORT_PIECE_BYTES_MAX);
    for (let at = 0; at < size;) {
      const { bytesRead } = await file.read(piece, 0, piece.length, at);
      if (bytesRead === 0) break;
      await client['imports.put']({ runId, at, base64: piece.toString('base64', 0, bytesRead) });
      at += bytesRead;
    }
  } finally {
    await file.close();
  }
  return client['imports.open']({ runId, encoding: null, delimiter: null });
}

async function untilStill(client: CoreClient, runId: string): Promise<ImportRun> {
  for (;;) {
    const run = await client['imports.get']({ runId });
    if (!['checking', 'running', 'undoing'].includes(run.state)) return run;
    await new Promise((resolve) => setTimeout(resolve, ASKED_EVERY_MS));
  }
}

async function listErrors(client: CoreClient, { runId }: ImportRun): Promise<RowError[]> {
  const errors: RowError[] = [];
  for (let afterRow = 0; errors.length < ERRORS_MAX;) {
    const rows = await client['imports.listRows']({ runId, action: 'invalid', afterRow, limit: PAGE_ROWS });
    errors.push(...rows.map(({ rowNo, codes }) => toError(rowNo, codes[0] ?? 'BASE_CHANGED')));
    const last = rows.at(-1);
    if (rows.length < PAGE_ROWS || last === undefined) break;
    afterRow = last.rowNo;
  }
  return errors;
}

async function toOutcome(client: CoreClient, run: ImportRun): Promise<Outcome> {
  const { counts, refusal, state, columns } = run;
  const unknown = columns.filter(({ isUnknown }) => isUnknown).map(({ header }) => header);
  const headers = state === 'mapping' ? unknown.map((header) => toError(1, 'HEADER_UNKNOWN', header)) : [];
  const whole = refusal === null ? [] : [toError(1, refusal.code, refusal.detail)];
  const errors = [...whole, ...headers, ...(await listErrors(client, run))];
  const data = {
    ...{ run: run.runId, state, rows: counts.rows, valid: counts.valid, invalid: counts.invalid },
    ...{ created: counts.create, updated: counts.update, skipped: counts.skip },
    ...{ done: counts.done, waiting: counts.waiting, kept: counts.kept, errors },
  };
  const lines = errors.slice(0, 50).map(({ row, code, message }) => `row ${row}: ${code}: ${message}`);
  const text =
    `${state}: ${counts.rows} rows, ${counts.valid} valid, ${counts.invalid} invalid; ${counts.create} created, ` +
    `${counts.update} updated, ${counts.skip} skipped\nrun ${run.runId}`;
  const outcome: Outcome = { data, text: [text, ...lines].join('\n') };
  const problem = problemOf(run, headers.length > 0);
  return problem === null ? outcome : { ...outcome, problem };
}

function problemOf({ refusal, state }: ImportRun, hasUnknown: boolean): AppError | null {
  if (refusal !== null)
    return new AppError('bad_request', `${reasonWords(refusal.code, 'en')} Nothing was changed.`);
  if (hasUnknown)
    return new AppError('bad_request', `${reasonWords('HEADER_UNKNOWN', 'en')} Nothing was changed.`);
  if (state !== 'stopped') return null;
  return new AppError(
    'bad_request',
    'The import stopped. What was saved stays; the same command with --resume goes on.',
  );
}

interface Wanted {
  mode: ImportMode;
  points: string | null;
  credit: string | null;
  ignoresUnknown: boolean;
}

async function rehearse(client: CoreClient, path: string, wanted: Wanted): Promise<ImportRun> {
  const opened = await sendFile(client, path);
  const isUnknown = opened.columns.some((column) => column.isUnknown);
  if (opened.state !== 'mapping' || (isUnknown && !wanted.ignoresUnknown)) return opened;
  const typeOf = (id: string | null): CardTypeId | null => (id === null ? null : CardTypeId.parse(id));
  const checking = await client['imports.check']({
    runId: opened.runId,
    mode: wanted.mode,
    columns: opened.columns.map(({ to }) => to),
    pointsCardTypeId: typeOf(wanted.points),
    creditCardTypeId: typeOf(wanted.credit),
  });
  return checking.state === 'checking' ? untilStill(client, opened.runId) : checking;
}

/** @param named A run's id, or `last`. */
async function goOn(
  client: CoreClient,
  named: string,
  act: 'imports.start' | 'imports.undo',
): Promise<ImportRun> {
  const [last] = named === 'last' ? await client['imports.history']({ beforeNo: null }) : [];
  const runId = last?.runId ?? named;
  await client[act]({ runId });
  return untilStill(client, runId);
}

const modeOf = (text: string | null): ImportMode | null =>
  text === 'update' || text === 'create-and-update' ? text : null;

const importMembers: Command = {
  name: 'import',
  operands: ['FILE'],
  options: {
    mode: TEXT,
    rehearse: FLAG,
    run: FLAG,
    undo: TEXT,
    resume: TEXT,
    'points-card': TEXT,
    'credit-card': TEXT,
    'ignore-unknown': TRUTH,
  },
  about:
    'members from CSV or XLSX: --rehearse changes nothing, --run does it, --undo RUN takes a whole run back, --resume RUN goes on; RUN may be last',
  check: (args) => {
    const acts = ['rehearse', 'run', 'undo', 'resume'].filter((name) => args.values[name] !== undefined);
    if (acts.length !== 1)
      throw new UsageError('import takes one of --rehearse, --run, --undo RUN, --resume RUN');
    const isFile = acts[0] === 'rehearse' || acts[0] === 'run';
    if (isFile && modeOf(textOf(args, 'mode')) === null) {
      throw new UsageError('--mode is update or create-and-update');
    }
  },
  run: async ({ args, open }) => {
    const client = await open('write');
    const [undo, resume] = [textOf(args, 'undo'), textOf(args, 'resume')];
    if (undo !== null) return toOutcome(client, await goOn(client, undo, 'imports.undo'));
    if (resume !== null) return toOutcome(client, await goOn(client, resume, 'imports.start'));
    const checked = await rehearse(client, must(args.operands[0], 'the form has one operand'), {
      mode: must(modeOf(textOf(args, 'mode')), 'checked above'),
      points: textOf(args, 'points-card'),
      credit: textOf(args, 'credit-card'),
      ignoresUnknown: args.values['ignore-unknown'] === true,
    });
    const isToRun = args.values['run'] === true && checked.state === 'checked';
    return toOutcome(client, isToRun ? await goOn(client, checked.runId, 'imports.start') : checked);
  },
};

export const importCommands: readonly Command[] = [importMembers];
