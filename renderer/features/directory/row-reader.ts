import type { CoreClient } from '../../../electron/contract/index.ts';
import { failureOf } from '../../lib/failure.ts';
import { COLUMNS_MAX } from '../../../electron/contract/directory.ts';
import { type DirectoryScene, keepPage, PAGE_ROWS, type Pages } from './directory-state.ts';

export interface ReaderParts {
  readonly core: CoreClient;
  readonly get: () => DirectoryScene;
  readonly set: (change: Partial<DirectoryScene>) => void;
}

type Sight = readonly [first: number, end: number];
const TOP: Sight = [0, PAGE_ROWS];
const pageOf = (row: number): number => Math.floor(row / PAGE_ROWS);

/** Those shown, and what tells two people of one name apart where something is done for a row. */
const askedColumns = (columns: readonly string[]): string[] =>
  [...new Set([...columns, 'name', 'mobile'])].slice(0, COLUMNS_MAX);

/** A page in sight whose rows are not there. */
function missingIn({ pages, total }: DirectoryScene, [first, end]: Sight): number | undefined {
  const last = pageOf(Math.max(0, Math.min(end, total) - 1));
  for (let page = pageOf(first); page <= last; page += 1) if (!pages.has(page)) return page;
  return undefined;
}

/** Reads the rows in sight, a page at a time; answers to a question that has changed meanwhile count for nothing. */
export function createRowReader({ core, get, set }: ReaderParts, onUnready: () => void) {
  /** Raised by whatever makes the answers under way worthless. */
  let question = 0;
  let inSight = TOP;
  let isAsking = false;

  const askPage = async (page: number, pagesBefore: () => Pages): Promise<void> => {
    const asked = question;
    const { layout, choice, within } = get();
    const { sort } = layout;
    const columns = askedColumns(layout.columns);
    const place = { offset: page * PAGE_ROWS, limit: PAGE_ROWS };
    const reply = await core['directory.page']({
      ...choice,
      within: within?.choice ?? null,
      ...{ sort, columns },
      ...place,
    });
    if (asked !== question) return;
    const { state: list, order, total, rows } = reply;
    const pages = keepPage(pagesBefore(), [page, rows]);
    const activeAt = Math.min(get().activeAt, Math.max(0, total - 1));
    set({ list, order, total, pages, activeAt, failure: null });
  };
  /** Pages in sight, one at a time: of those scrolled past meanwhile, none is asked for. */
  const fill = async (): Promise<void> => {
    if (isAsking) return;
    isAsking = true;
    try {
      for (;;) {
        const wanted = missingIn(get(), inSight);
        if (wanted === undefined) return;
        await askPage(wanted, () => get().pages);
      }
    } catch (cause) {
      set({ failure: failureOf(cause) });
    } finally {
      isAsking = false;
    }
  };
  /** Another question: the old rows stay until the first new ones are there. */
  const ask = async (): Promise<void> => {
    question += 1;
    const asked = question;
    try {
      await askPage(pageOf(inSight[0]), () => new Map());
      if (asked !== question) return;
      if (!get().list.isReady) onUnready();
      await fill();
    } catch (cause) {
      if (asked === question) set({ failure: failureOf(cause) });
    }
  };
  return {
    ask,
    askFromTop: (): Promise<void> => {
      inSight = TOP;
      set({ activeAt: 0, turn: get().turn + 1 });
      return ask();
    },
    see: (first: number, end: number): void => {
      inSight = [first, end];
      void fill();
    },
    forget: (): void => {
      question += 1;
      inSight = TOP;
    },
  };
}
