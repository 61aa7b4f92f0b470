import { createStore } from 'zustand/vanilla';
import type {
  DirectoryLayout,
  DirectoryPageReply,
  DirectoryRow,
  DirectorySetup,
  DirectoryState as ListState,
  DirectoryTotals,
} from '../../../electron/contract/directory.ts';
import type { CoreClient } from '../../../electron/contract/index.ts';
import type { MemberId } from '../../../sync/base/ids.ts';
import { NO_FILTER, type RegisterChoice } from '../../../sync/model/register.ts';
import { failureOf, type Failure } from '../../lib/failure.ts';

/** Rows of one question. */
export const PAGE_ROWS = 100;
/** Pages that stay; others are asked for again. */
const PAGES_KEPT = 12;

export interface DirectoryStoreState {
  readonly setup: DirectorySetup | null;
  readonly layout: DirectoryLayout;
  readonly choice: RegisterChoice;
  readonly totals: DirectoryTotals | null;
  readonly list: ListState;
  readonly order: DirectoryPageReply['order'];
  readonly total: number;
  readonly pages: ReadonlyMap<number, readonly DirectoryRow[]>;
  /** The row that keys act on. */
  readonly activeAt: number;
  readonly selected: ReadonlySet<MemberId>;
  readonly failure: Failure | null;
  open(): Promise<void>;
  /** Rows or the list itself have changed. */
  refresh(): Promise<void>;
  see(first: number, end: number): void;
  setLayout(change: Partial<DirectoryLayout>): void;
  choose(change: Partial<RegisterChoice>): void;
  move(at: number): void;
  mark(memberId: MemberId): void;
  clearMarks(): void;
  forget(): void;
}

export interface DirectoryStoreOptions {
  readonly core: CoreClient;
  /** Runs later; used while the list is being made. @returns ends it */
  readonly schedule: (act: () => void, delayMs: number) => () => void;
}

const FIRST_LAYOUT: DirectoryLayout = { columns: ['name'], sort: { column: 'name', direction: 'up' } };
const FRESH = {
  setup: null,
  layout: FIRST_LAYOUT,
  choice: { filter: NO_FILTER, search: '' },
  totals: null,
  list: { isReady: false, progress: 0 },
  order: 'arrival',
  total: 0,
  pages: new Map(),
  activeAt: 0,
  selected: new Set(),
  failure: null,
} as const satisfies Partial<DirectoryStoreState>;
const AGAIN_MS = 250;

/** The newest pages, those in sight last. */
function keepPage(
  pages: ReadonlyMap<number, readonly DirectoryRow[]>,
  [page, rows]: readonly [number, readonly DirectoryRow[]],
): Map<number, readonly DirectoryRow[]> {
  const kept = new Map([...pages].filter(([each]) => each !== page));
  kept.set(page, rows);
  return new Map([...kept].slice(-PAGES_KEPT));
}

export const createDirectoryStore = ({ core, schedule }: DirectoryStoreOptions) =>
  createStore<DirectoryStoreState>()((set, get) => {
    /** Raised by whatever makes the answers under way worthless. */
    let question = 0;
    let inSight: readonly [number, number] = [0, PAGE_ROWS];
    let isAsking = false;
    let stopWaiting: (() => void) | null = null;
    const fail = (cause: unknown): void => set({ failure: failureOf(cause) });

    const askPage = async (page: number): Promise<void> => {
      const asked = question;
      const { layout, choice } = get();
      const limits = { offset: page * PAGE_ROWS, limit: PAGE_ROWS };
      const reply = await core['directory.page']({
        ...choice,
        sort: layout.sort,
        columns: layout.columns,
        ...limits,
      });
      if (asked !== question) return;
      const { state: list, order, total } = reply;
      const pages = keepPage(get().pages, [page, reply.rows]);
      set({
        list,
        order,
        total,
        pages,
        activeAt: Math.min(get().activeAt, Math.max(0, total - 1)),
        failure: null,
      });
    };
    /** Pages in sight, one at a time: of those scrolled past meanwhile, none is asked for. */
    const fill = async (): Promise<void> => {
      if (isAsking) return;
      isAsking = true;
      try {
        for (;;) {
          const wanted = missing();
          if (wanted === undefined) return;
          await askPage(wanted);
        }
      } catch (cause) {
        fail(cause);
      } finally {
        isAsking = false;
      }
    };
    const missing = (): number | undefined => {
      const { pages, total } = get();
      const last = Math.max(0, Math.min(inSight[1], total) - 1);
      const [from, to] = [Math.floor(inSight[0] / PAGE_ROWS), Math.floor(last / PAGE_ROWS)];
      for (let page = from; page <= to; page += 1) if (!pages.has(page)) return page;
      return undefined;
    };
    /** Another question: the old rows stay until the first new ones are there. */
    const ask = async (): Promise<void> => {
      question += 1;
      const asked = question;
      try {
        const first = Math.floor(inSight[0] / PAGE_ROWS);
        const { layout, choice } = get();
        const reply = await core['directory.page']({
          ...choice,
          ...{ sort: layout.sort, columns: layout.columns, offset: first * PAGE_ROWS, limit: PAGE_ROWS },
        });
        if (asked !== question) return;
        const { state: list, order, total, rows } = reply;
        set({ list, order, total, pages: new Map([[first, rows]]), failure: null });
        set({ activeAt: Math.min(get().activeAt, Math.max(0, total - 1)) });
        if (!list.isReady) waitForList();
        await fill();
      } catch (cause) {
        if (asked === question) fail(cause);
      }
    };
    const readAround = async (): Promise<void> => {
      const [setup, totals] = await Promise.all([core['directory.setUp']({}), core['directory.totals']({})]);
      const layout = get().setup === null ? setup.layout : get().layout;
      set({ setup, totals, layout });
    };
    const waitForList = (): void => {
      stopWaiting?.();
      stopWaiting = schedule(() => void lookAgain(), AGAIN_MS);
    };
    const lookAgain = async (): Promise<void> => {
      try {
        const list = await core['directory.prepare']({});
        set({ list });
        if (!list.isReady) return waitForList();
        await readAround();
        await ask();
      } catch (cause) {
        fail(cause);
      }
    };
    const restart = (): void => {
      inSight = [0, PAGE_ROWS];
      set({ activeAt: 0 });
      void ask();
    };
    return {
      ...FRESH,
      open: async () => {
        try {
          await readAround();
        } catch (cause) {
          return fail(cause);
        }
        await ask();
      },
      refresh: async () => {
        if (get().setup === null) return;
        await readAround().catch(fail);
        await ask();
      },
      see: (first, end) => {
        inSight = [first, end];
        void fill();
      },
      setLayout: (change) => {
        const layout = { ...get().layout, ...change };
        set({ layout });
        void core['directory.keepLayout'](layout).catch(fail);
        if (change.sort === undefined) void ask();
        else restart();
      },
      choose: (change) => {
        set({ choice: { ...get().choice, ...change }, selected: new Set() });
        restart();
      },
      move: (at) => set({ activeAt: Math.max(0, Math.min(get().total - 1, at)) }),
      mark: (memberId) => {
        const selected = new Set(get().selected);
        if (!selected.delete(memberId)) selected.add(memberId);
        set({ selected });
      },
      clearMarks: () => set({ selected: new Set() }),
      forget: () => {
        question += 1;
        stopWaiting?.();
        inSight = [0, PAGE_ROWS];
        set(FRESH);
      },
    };
  });
export type DirectoryStore = ReturnType<typeof createDirectoryStore>;

/** The row at a place of the list, where it is there. */
export const rowAt = ({ pages }: Pick<DirectoryStoreState, 'pages'>, at: number): DirectoryRow | undefined =>
  pages.get(Math.floor(at / PAGE_ROWS))?.[at % PAGE_ROWS];
