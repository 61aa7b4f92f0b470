import { z } from 'zod';
import { CardTypeId, MemberId } from '../../sync/base/ids.ts';
import { ImportReason } from './import-reasons.ts';
import { command, query, type Method } from './method.ts';

export const IMPORT_BYTES_MAX = 1024 * 1024 * 1024;
export const IMPORT_ROWS_MAX = 1_000_000;
export const IMPORT_COLUMNS_MAX = 256;
/** Bytes of the file in one call; in base64 they fit a message. */
export const IMPORT_PIECE_BYTES_MAX = 180_000;
/** Rows of one answer. */
export const IMPORT_ROWS_SHOWN_MAX = 200;

const RunId = z.uuid().lowercase();
const OfRun = z.strictObject({ runId: RunId });

/** `null`: found out from the file. */
export const ImportEncoding = z.enum(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'gb18030']);
export type ImportEncoding = z.infer<typeof ImportEncoding>;
export const ImportMode = z.enum(['update', 'create-and-update']);
export type ImportMode = z.infer<typeof ImportMode>;

/**
 * `receiving` the file is on its way; `mapping` its headers wait for a word; `checking`, `checked`: rows are
 * Pending, then Valid or Invalid, and nothing was changed; `running`, `done`; `waiting`: some rows need what is
 * not there yet, the run can be started again; `stopped` by a person between two rows; `undoing`, `undone`;
 * `cancelled`: nothing was changed; `refused`: the file can not be read.
 */
export const ImportState = z.enum([
  ...(['receiving', 'mapping', 'checking', 'checked', 'running', 'done', 'waiting', 'stopped'] as const),
  ...(['undoing', 'undone', 'cancelled', 'refused'] as const),
]);
export type ImportState = z.infer<typeof ImportState>;

export const ImportColumn = z.strictObject({
  header: z.string(),
  /** The template's name of what it holds; null: it is left out. */
  to: z.string().nullable(),
  /** The header says nothing to us, and nobody has said yet what it means. */
  isUnknown: z.boolean(),
  /** First cells, so that a person sees what it holds. */
  samples: z.array(z.string()).max(5),
});
export type ImportColumn = z.infer<typeof ImportColumn>;

const Counts = z.strictObject({
  rows: z.int(),
  valid: z.int(),
  invalid: z.int(),
  /** By what becomes, or became, of them. */
  create: z.int(),
  update: z.int(),
  skip: z.int(),
  waiting: z.int(),
  /** Rows whose ops are saved. */
  done: z.int(),
  /** Rows of an undone run that somebody changed since. */
  kept: z.int(),
});
export type ImportCounts = z.infer<typeof Counts>;

export const ImportRun = z.strictObject({
  runId: RunId,
  /** Grows from run to run. */
  runNo: z.int(),
  state: ImportState,
  fileName: z.string(),
  byteCount: z.int(),
  startedAtMs: z.int(),
  endedAtMs: z.int().nullable(),
  operator: z.string(),
  format: z.enum(['csv', 'xlsx']).nullable(),
  encoding: ImportEncoding.nullable(),
  delimiter: z.string().nullable(),
  mode: ImportMode,
  pointsCardTypeId: CardTypeId.nullable(),
  creditCardTypeId: CardTypeId.nullable(),
  columns: z.array(ImportColumn),
  counts: Counts,
  /** Why the file as a whole is not taken, and about which header. */
  refusal: z.strictObject({ code: ImportReason, detail: z.string() }).nullable(),
  /** 0 .. 1 of what goes on now; null where nothing does. */
  progress: z.number().nullable(),
  isUndoable: z.boolean(),
});
export type ImportRun = z.infer<typeof ImportRun>;

export const ImportChange = z.strictObject({
  field: z.string(),
  before: z.string(),
  after: z.string(),
});

export const ImportRow = z.strictObject({
  rowNo: z.int(),
  action: z.enum(['create', 'update', 'skip', 'invalid']),
  status: z.enum(['checked', 'done', 'waiting', 'undone', 'kept']),
  codes: z.array(ImportReason),
  name: z.string(),
  memberId: MemberId.nullable(),
  /** Field by field; empty once the run was done. */
  changes: z.array(ImportChange),
});
export type ImportRow = z.infer<typeof ImportRow>;

export const ImportTemplate = z.enum(['members-csv', 'members-xlsx', 'tags-csv']);
export type ImportTemplate = z.infer<typeof ImportTemplate>;

/** Manager only. Every act may be repeated: a run is named by its page before the first call. */
export const imports = {
  'imports.begin': command(
    z.strictObject({
      runId: RunId,
      fileName: z.string().min(1).max(200),
      byteCount: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
    }),
    ImportRun,
  ),
  /** The next bytes of the file, in order, base64. */
  'imports.put': command(
    z.strictObject({
      runId: RunId,
      at: z.int().min(0),
      base64: z.base64().max(Math.ceil(IMPORT_PIECE_BYTES_MAX / 3) * 4),
    }),
    z.strictObject({ received: z.int() }),
  ),
  /** All bytes are there, or how they are read is to be changed: finds format, encoding and headers. */
  'imports.open': command(
    z.strictObject({
      runId: RunId,
      encoding: ImportEncoding.nullable(),
      delimiter: z.string().length(1).nullable(),
    }),
    ImportRun,
  ),
  /** Begins the check of all rows; answers at once. */
  'imports.check': command(
    z.strictObject({
      runId: RunId,
      mode: ImportMode,
      /** One for each column of the file, in order: the template's name, or null to leave it out. */
      columns: z.array(z.string().max(60).nullable()).max(IMPORT_COLUMNS_MAX),
      pointsCardTypeId: CardTypeId.nullable(),
      creditCardTypeId: CardTypeId.nullable(),
    }),
    ImportRun,
  ),
  'imports.start': command(OfRun, ImportRun),
  'imports.cancel': command(OfRun, ImportRun),
  'imports.undo': command(OfRun, ImportRun),
  'imports.get': query(OfRun, ImportRun),
  'imports.listRows': query(
    z.strictObject({
      runId: RunId,
      action: ImportRow.shape.action.nullable(),
      afterRow: z.int().min(0),
      limit: z.int().min(1).max(IMPORT_ROWS_SHOWN_MAX),
    }),
    z.array(ImportRow),
  ),
  'imports.history': query(z.strictObject({ beforeNo: z.int().nullable() }), z.array(ImportRun).max(50)),
  /**
   * Rows that were not taken, as CSV with a reason, piece by piece; `next` is null at the end. Kept in the record of
   * exports; it asks for no reason, because there is one: they are put right and come again.
   */
  'imports.failedRows': command(
    z.strictObject({ runId: RunId, afterRow: z.int().min(0) }),
    z.strictObject({ text: z.string(), next: z.int().nullable() }),
  ),
  'imports.getTemplate': query(
    z.strictObject({ template: ImportTemplate }),
    z.strictObject({ fileName: z.string(), base64: z.string() }),
  ),
  /** What a column of a file can be. */
  'imports.listColumns': query(
    z.strictObject({}),
    z.array(z.strictObject({ name: z.string(), label: z.string() })),
  ),
} satisfies Record<string, Method>;
