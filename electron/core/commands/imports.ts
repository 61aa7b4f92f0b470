import { AppError } from '../../contract/errors.ts';
import { IMPORT_BYTES_MAX, type ImportRun } from '../../contract/imports.ts';
import type { Ctx, Handler } from '../ctx.ts';
import { columnsFor } from '../imports/columns.ts';
import { newFacts, type Facts, type Run } from '../imports/facts.ts';
import { bytesOf, readHead } from '../imports/file-head.ts';
import { FileRefusal } from '../imports/refusal.ts';
import { createSlices } from '../imports/slices.ts';
import { roleNow } from '../op-writer.ts';
import { actor } from './shared.ts';

/** Imports are a manager's. */
export function assertManager(ctx: Ctx): void {
  if (roleNow(ctx.directory, actor(ctx)) === 'manager') return;
  throw new AppError('not_allowed', 'Imports need a manager. Nothing was done.');
}

function assertState(run: Run, ...allowed: Run['state'][]): void {
  if (allowed.includes(run.state)) return;
  throw new AppError('bad_request', `This import is ${run.state} now. Nothing was done; look at it again.`);
}

/** Files that may name an erased member are dropped. */
function assertFileThere(ctx: Ctx, { runNo }: Run): void {
  if (ctx.imports.db().pieceAt(runNo, 0) !== undefined) return;
  throw new AppError(
    'bad_request',
    'The file is not kept any more, because a member was erased since. Nothing was done; choose the file anew.',
  );
}

/** Somebody could be missing in what rows are compared with. */
function assertCopyWhole(ctx: Ctx): void {
  const copy = ctx.replica();
  if (copy.meta().settled > 0 && !copy.isPreparing()) return;
  throw new AppError(
    'import_not_ready',
    'This till is still fetching the members, so nobody can be compared yet. Nothing was done; try again in a while.',
  );
}

const refuse = (ctx: Ctx, run: Run, { code, detail }: FileRefusal): ImportRun => {
  run.facts.refusal = { code, detail };
  run.state = 'refused';
  ctx.imports.save(run);
  return ctx.imports.view(run);
};

export const beginImport: Handler<'imports.begin'> = (ctx, { runId, fileName, byteCount }) => {
  assertManager(ctx);
  const db = ctx.imports.db();
  if (db.findRun(runId) !== undefined) return ctx.imports.view(ctx.imports.find(runId));
  const startedAtMs = ctx.clock.wallMs();
  const facts = newFacts({ fileName, byteCount, startedAtMs, session: actor(ctx) });
  db.transaction(() => db.addRun({ runId, state: 'receiving', body: JSON.stringify(facts) }));
  const run = ctx.imports.find(runId);
  if (byteCount === 0) return refuse(ctx, run, new FileRefusal('FILE_EMPTY'));
  if (byteCount > IMPORT_BYTES_MAX) return refuse(ctx, run, new FileRefusal('FILE_TOO_LARGE'));
  return ctx.imports.view(run);
};

export const putImport: Handler<'imports.put'> = (ctx, { runId, at, base64 }) => {
  assertManager(ctx);
  const run = ctx.imports.find(runId);
  assertState(run, 'receiving');
  const db = ctx.imports.db();
  const bytes = Buffer.from(base64, 'base64');
  const received = db.receivedBytes(run.runNo);
  // A piece that came before is confirmed again; one that leaves a gap is not taken.
  if (at === received && at + bytes.length <= run.facts.byteCount) {
    db.transaction(() => db.addPiece(run.runNo, at, bytes));
    ctx.imports.arriving.look(runId, at, bytes);
  }
  return { received: db.receivedBytes(run.runNo) };
};

export const openImport: Handler<'imports.open'> = async (ctx, { runId, encoding, delimiter }) => {
  assertManager(ctx);
  const run = ctx.imports.find(runId);
  assertState(run, 'receiving', 'mapping');
  const bytes = bytesOf(ctx.imports.db(), run.runNo);
  if (bytes.size !== run.facts.byteCount) {
    throw new AppError(
      'bad_request',
      'The file is not here as a whole yet. Nothing was done; send the rest.',
    );
  }
  try {
    const attributes = ctx.directory.attributes();
    const found = encoding ?? ctx.imports.arriving.encodingOf(runId, bytes.size);
    const wanted = { encoding: found, delimiter };
    const head = await readHead(bytes, wanted, { attributes, slices: createSlices() });
    Object.assign(run.facts, head, { refusal: null });
  } catch (cause) {
    if (!(cause instanceof FileRefusal)) throw cause;
    if (cause.code !== 'FILE_ENCODING' || encoding === null) return refuse(ctx, run, cause);
    run.facts.refusal = { code: cause.code, detail: cause.detail };
  }
  run.state = 'mapping';
  ctx.imports.save(run);
  return ctx.imports.view(run);
};

const KEYS = ['card_number', 'lookup_id', 'mobile_number', 'email'];

/** What is wrong with the meanings that somebody gave the columns; null when nothing is. */
function wrongWith(
  columns: readonly (string | null)[],
  mode: Facts['mode'],
  known: ReadonlySet<string>,
): Facts['refusal'] {
  const named = columns.filter((name) => name !== null);
  const unknown = named.find((name) => !known.has(name));
  if (unknown !== undefined) return { code: 'HEADER_UNKNOWN', detail: unknown };
  const twice = named.find((name, at) => named.indexOf(name) !== at);
  if (twice !== undefined) return { code: 'HEADER_TWICE', detail: twice };
  const missing = (...names: string[]): boolean => !names.some((name) => named.includes(name));
  if (mode === 'update') return missing(...KEYS) ? { code: 'HEADER_MISSING', detail: KEYS.join(', ') } : null;
  if (missing('full_name', 'last_name', 'first_name')) return { code: 'HEADER_MISSING', detail: 'full_name' };
  return missing('mobile_number') ? { code: 'HEADER_MISSING', detail: 'mobile_number' } : null;
}

export const checkImport: Handler<'imports.check'> = (ctx, input) => {
  assertManager(ctx);
  const run = ctx.imports.find(input.runId);
  ctx.imports.assertFree(run);
  assertState(run, 'mapping', 'checked');
  assertCopyWhole(ctx);
  const { facts } = run;
  assertFileThere(ctx, run);
  if (input.columns.length !== facts.columns.length) {
    throw new AppError('bad_request', 'The file has other columns. Nothing was done; open it again.');
  }
  const known = new Set(columnsFor(ctx.directory.attributes()).map(({ name }) => name));
  const { mode, pointsCardTypeId, creditCardTypeId } = input;
  facts.refusal = wrongWith(input.columns, mode, known);
  facts.columns = facts.columns.map((column, at) => ({
    ...column,
    to: input.columns[at] ?? null,
    isUnknown: false,
  }));
  Object.assign(facts, { mode, pointsCardTypeId, creditCardTypeId });
  if (facts.refusal !== null) {
    run.state = 'mapping';
    ctx.imports.save(run);
  } else ctx.imports.begin(run, 'checking');
  return ctx.imports.view(run);
};

export const startImport: Handler<'imports.start'> = (ctx, { runId }) => {
  assertManager(ctx);
  const run = ctx.imports.find(runId);
  ctx.imports.assertFree(run);
  if (ctx.imports.isAtWork(run) || run.state === 'done') return ctx.imports.view(run);
  // One that is called running and is not at work was cut off.
  assertState(run, 'checked', 'waiting', 'stopped', 'running');
  assertCopyWhole(ctx);
  if (run.facts.undone > 0) {
    throw new AppError('bad_request', 'This import was being undone. Nothing was done; go on undoing it.');
  }
  run.facts.session = actor(ctx);
  ctx.imports.begin(run, 'running');
  return ctx.imports.view(run);
};

export const cancelImport: Handler<'imports.cancel'> = async (ctx, { runId }) => {
  assertManager(ctx);
  await ctx.imports.stop(runId);
  const run = ctx.imports.find(runId);
  if (['receiving', 'mapping', 'checked', 'checking'].includes(run.state)) {
    ctx.imports.cancel(run);
  }
  return ctx.imports.view(run);
};

export const undoImport: Handler<'imports.undo'> = (ctx, { runId }) => {
  assertManager(ctx);
  const run = ctx.imports.find(runId);
  ctx.imports.assertFree(run);
  if (run.state === 'undone' || (run.state === 'undoing' && ctx.imports.isAtWork(run)))
    return ctx.imports.view(run);
  assertState(run, 'done', 'waiting', 'stopped', 'undoing');
  if (run.facts.isBlanked) {
    throw new AppError(
      'undo_too_late',
      'After thirty days an import can not be undone as a whole. Nothing was done.',
    );
  }
  run.facts.session = actor(ctx);
  ctx.imports.begin(run, 'undoing');
  return ctx.imports.view(run);
};
