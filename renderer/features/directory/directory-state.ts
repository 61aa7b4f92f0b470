import type {
  DirectoryLayout,
  DirectoryPageReply,
  DirectoryRow,
  DirectorySetup,
  DirectoryState as ListState,
  DirectoryTotals,
} from '../../../electron/contract/directory.ts';
import type { SegmentChoice } from '../../../electron/contract/segments.ts';
import type { MemberId } from '../../../sync/base/ids.ts';
import { NO_FILTER, type RegisterChoice } from '../../../sync/model/register.ts';
import type { Failure } from '../../lib/failure.ts';

/** Rows of one question. */
export const PAGE_ROWS = 100;
/** Pages that stay; others are asked for again. */
const PAGES_KEPT = 12;

export type Pages = ReadonlyMap<number, readonly DirectoryRow[]>;

/** A segment, or a part of the plot, that the list is bound to, as a person knows it. */
export interface ListWithin {
  readonly choice: SegmentChoice;
  readonly name: string;
}

/** What the page shows. */
export interface DirectoryScene {
  readonly setup: DirectorySetup | null;
  readonly layout: DirectoryLayout;
  readonly choice: RegisterChoice;
  /** Null: of everybody. */
  readonly within: ListWithin | null;
  readonly totals: DirectoryTotals | null;
  readonly list: ListState;
  readonly order: DirectoryPageReply['order'];
  readonly total: number;
  readonly pages: Pages;
  /** The row that keys act on. */
  readonly activeAt: number;
  /** Raised by every question that begins at the top: wherever she had scrolled to, she is to see its first rows. */
  readonly turn: number;
  readonly selected: ReadonlySet<MemberId>;
  readonly failure: Failure | null;
}

export const FRESH: DirectoryScene = {
  setup: null,
  layout: { columns: ['name'], sort: { column: 'name', direction: 'up' } },
  choice: { filter: NO_FILTER, search: '' },
  within: null,
  totals: null,
  list: { isReady: false, progress: 0 },
  order: 'arrival',
  total: 0,
  pages: new Map(),
  activeAt: 0,
  turn: 0,
  selected: new Set(),
  failure: null,
};

/** The newest pages, those in sight last. */
export function keepPage(pages: Pages, [page, rows]: readonly [number, readonly DirectoryRow[]]): Pages {
  const kept = new Map([...pages].filter(([each]) => each !== page));
  kept.set(page, rows);
  return new Map([...kept].slice(-PAGES_KEPT));
}

/** The row at a place of the list, where it is there. */
export const rowAt = ({ pages }: Pick<DirectoryScene, 'pages'>, at: number): DirectoryRow | undefined =>
  pages.get(Math.floor(at / PAGE_ROWS))?.[at % PAGE_ROWS];

/** Who stands in the row that keys act on; null while it is on its way. */
export function memberAt(scene: Pick<DirectoryScene, 'pages' | 'activeAt'>): RowMember | null {
  const row = rowAt(scene, scene.activeAt);
  return row === undefined ? null : namedRow(row);
}

export interface RowMember {
  readonly memberId: MemberId;
  readonly name: string;
  /** As she may see it; '' for none. */
  readonly mobile: string;
}
/** One for each row, so that whoever looks at it sees a change only where there is one. */
const namedRows = new WeakMap<DirectoryRow, RowMember>();
function namedRow(row: DirectoryRow): RowMember {
  const known = namedRows.get(row);
  if (known !== undefined) return known;
  const { name, mobile } = row.cells;
  const named = { memberId: row.memberId, name: String(name ?? ''), mobile: String(mobile ?? '') };
  namedRows.set(row, named);
  return named;
}
