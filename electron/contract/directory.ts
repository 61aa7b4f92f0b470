import { z } from 'zod';
import { MemberId } from '../../sync/base/ids.ts';
import { Attribute } from '../../sync/model/attributes.ts';
import { ExportPurpose, ExportReason } from '../../sync/model/export.ts';
import { ColumnId, RegisterChoice, RegisterFilter, RegisterSort } from '../../sync/model/register.ts';
import { command, query, type Method } from './method.ts';
import { SegmentChoice } from './segments.ts';

export const DIRECTORY_ROWS_MAX = 200;
/** So many members can be marked one by one for an export. */
export const SELECTED_MAX = 5_000;
export const COLUMNS_MAX = 40;
const Columns = z.array(ColumnId).max(COLUMNS_MAX);

/** Only members of a segment, of a square of the plot, or of rules; null for everybody. The choice counts besides. */
const Within = { within: SegmentChoice.nullable().default(null) };

/** How far the list is: it is made when a manager signs in, and let go when nobody needs it. */
export const DirectoryState = z.strictObject({
  isReady: z.boolean(),
  /** Of the making, 0 to 1. */
  progress: z.number(),
});
export type DirectoryState = z.infer<typeof DirectoryState>;

/** Text, number, milliseconds, values of a column of choices; null for none. Numbers of phones may be masked. */
export const DirectoryCell = z.union([z.string(), z.number(), z.array(z.string()), z.null()]);
export type DirectoryCell = z.infer<typeof DirectoryCell>;
export const DirectoryRow = z.strictObject({
  memberId: MemberId,
  cells: z.record(z.string(), DirectoryCell),
  /** Only this till knows the member yet. */
  isPending: z.boolean(),
});
export type DirectoryRow = z.infer<typeof DirectoryRow>;

export const DirectoryPageReply = z.strictObject({
  state: DirectoryState,
  /** Members that the choice means. While the list is being made: of the copy, whoever they are. */
  total: z.int(),
  /**
   * `asked`: as asked. `arrival`: the list is still being made; without a choice these are the newest members of the
   * copy, with one there are none yet.
   */
  order: z.enum(['asked', 'arrival']),
  rows: z.array(DirectoryRow).max(DIRECTORY_ROWS_MAX),
});
export type DirectoryPageReply = z.infer<typeof DirectoryPageReply>;

/** A value of a column of choices: its name in both languages, '' where the value is its own name. */
export const DirectoryValue = z.strictObject({
  value: z.string(),
  name: z.string(),
  nameZh: z.string(),
  /** Listed members that have it; null while the list is being made. */
  count: z.int().nullable(),
});
export type DirectoryValue = z.infer<typeof DirectoryValue>;

export const DirectoryLayout = z.strictObject({
  /** In order, as she chose them. */
  columns: Columns,
  sort: RegisterSort,
});
export type DirectoryLayout = z.infer<typeof DirectoryLayout>;

export const DirectorySetup = z.strictObject({
  /** Columns of the chain's own. */
  attributes: z.array(Attribute),
  /** Those that are not shown any more; a saved filter may still ask for one. */
  retired: z.array(Attribute),
  /** What the chain keeps of each card, retired ones with it. */
  ofCards: z.array(Attribute),
  layout: DirectoryLayout,
  /** Of every column of choices. */
  values: z.record(z.string(), z.array(DirectoryValue)),
  /** Whether she may see phone numbers whole, and export. */
  isManager: z.boolean(),
});
export type DirectorySetup = z.infer<typeof DirectorySetup>;

export const DirectoryTotals = z.strictObject({
  state: DirectoryState,
  members: z.int(),
  transactions: z.int().nullable(),
  /** Reviews that members wrote, and their mean rating to one place; null for none and while it is counted. */
  reviews: z.int().nullable(),
  rating: z.number().nullable(),
  /** Members with an entry in the last 30 days. */
  active: z.int().nullable(),
  /** Members who joined in the calendar month of the store. */
  added: z.int().nullable(),
});
export type DirectoryTotals = z.infer<typeof DirectoryTotals>;

/** The list of all members, for supervisors and managers. */
export const directory = {
  /** Begins to make the list where it is not there; asked again, says how far it is. */
  'directory.prepare': query(z.strictObject({}), DirectoryState),
  'directory.setUp': query(z.strictObject({}), DirectorySetup),
  /** Kept on this till for whoever is signed in. */
  'directory.keepLayout': command(DirectoryLayout, z.strictObject({})),
  'directory.page': query(
    RegisterChoice.extend({
      ...Within,
      sort: RegisterSort,
      columns: Columns,
      offset: z.int().min(0),
      limit: z.int().min(1).max(DIRECTORY_ROWS_MAX),
    }),
    DirectoryPageReply,
  ),
  'directory.count': query(
    z.strictObject({ filter: RegisterFilter, search: z.string().max(120), ...Within }),
    z.strictObject({ state: DirectoryState, total: z.int().nullable() }),
  ),
  'directory.totals': query(z.strictObject({}), DirectoryTotals),
  /**
   * A file of members, in pieces, for a manager. `marketing`: nobody without consent. Columns of sensitive attributes
   * hold the last four signs only.
   */
  'directory.beginExport': command(
    RegisterChoice.extend({
      ...Within,
      purpose: ExportPurpose,
      reason: ExportReason,
      /** Just these; null for everybody whom the choice means. */
      memberIds: z.array(MemberId).min(1).max(SELECTED_MAX).nullable(),
      /** The file begins with the mark by which spreadsheets know UTF-8. */
      hasBom: z.boolean().default(true),
    }),
    z.strictObject({ exportId: z.string(), fileName: z.string(), rows: z.int() }),
  ),
  /** The next lines; an empty text is the end of the file. */
  'directory.readExport': command(
    z.strictObject({ exportId: z.string().max(40) }),
    z.strictObject({ text: z.string(), rowsRead: z.int() }),
  ),
  /** Done, or given up: nothing more of it can be read. */
  'directory.endExport': command(z.strictObject({ exportId: z.string().max(40) }), z.strictObject({})),
} satisfies Record<string, Method>;
