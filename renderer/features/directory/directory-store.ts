import { createStore } from 'zustand/vanilla';
import type { DirectoryLayout } from '../../../electron/contract/directory.ts';
import type { CoreClient } from '../../../electron/contract/index.ts';
import type { MemberId } from '../../../sync/base/ids.ts';
import { kindsOf, knownLayout, type RegisterChoice } from '../../../sync/model/register.ts';
import { failureOf } from '../../lib/failure.ts';
import { type DirectoryScene, FRESH, type ListWithin } from './directory-state.ts';
import { createRowReader, type ReaderParts } from './row-reader.ts';

export interface DirectoryStoreState extends DirectoryScene {
  /** @param within Null for everybody. Another one begins without rows, and a segment without conditions. */
  open(within?: ListWithin | null): Promise<void>;
  /** The list is of everybody again. */
  widen(): void;
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

const AGAIN_MS = 250;

/** The rows, and what stands around them; looks again until the list is made. */
function createListReader(parts: ReaderParts, schedule: DirectoryStoreOptions['schedule']) {
  const { core, get, set } = parts;
  let stopWaiting: (() => void) | null = null;
  /** Raised when somebody else takes the desk: whatever is under way is not for her. */
  let life = 0;
  /** Of several readings of what stands around only the one begun last counts. */
  let latest = 0;
  const wait = (): void => {
    stopWaiting?.();
    stopWaiting = schedule(() => void guarded(lookAgain), AGAIN_MS);
  };
  const rows = createRowReader(parts, wait);
  const readAround = async (): Promise<void> => {
    latest += 1;
    const mine = latest;
    const [setup, totals] = await Promise.all([core['directory.setUp']({}), core['directory.totals']({})]);
    if (mine !== latest) return;
    const layout = get().setup === null ? setup.layout : get().layout;
    // A column may have been retired while the page is open.
    set({ setup, totals, layout: knownLayout(layout, kindsOf(setup.attributes)) });
  };
  const readAll = async (): Promise<void> => {
    const mine = life;
    await readAround();
    if (mine !== life) return;
    await rows.ask();
    const { list, totals } = get();
    // The list was finished between the two: its values and figures were not there yet.
    if (mine === life && list.isReady && totals?.state.isReady === false) await readAround();
  };
  const lookAgain = async (): Promise<void> => {
    const mine = life;
    const list = await core['directory.prepare']({});
    if (mine !== life) return;
    set({ list });
    if (!list.isReady) return wait();
    await readAll();
  };
  const guarded = async (act: () => Promise<void>): Promise<void> => {
    const mine = life;
    try {
      await act();
    } catch (cause) {
      if (mine === life) set({ failure: failureOf(cause) });
    }
  };
  const forget = (): void => {
    life += 1;
    latest += 1;
    stopWaiting?.();
    rows.forget();
  };
  return { rows, readAll, forget, guarded };
}

export const createDirectoryStore = ({ core, schedule }: DirectoryStoreOptions) =>
  createStore<DirectoryStoreState>()((set, get) => {
    const { rows, readAll, forget, guarded } = createListReader({ core, get, set }, schedule);
    /** Rows and their number go at once: whatever is under way, nobody else stands under its name. */
    const bind = (within: ListWithin | null): void => {
      rows.forget();
      const { total, pages, order, activeAt, choice } = FRESH;
      set({ within, total, pages, order, activeAt, choice, selected: new Set(), turn: get().turn + 1 });
    };
    return {
      ...FRESH,
      open: async (within = null) => {
        const isOther = (within?.choice ?? null) !== (get().within?.choice ?? null);
        if (isOther) bind(within);
        await guarded(readAll);
      },
      widen: () => {
        bind(null);
        void rows.askFromTop();
      },
      refresh: async () => {
        if (get().setup !== null) await guarded(readAll);
      },
      see: rows.see,
      setLayout: (change) => {
        const layout = { ...get().layout, ...change };
        set({ layout });
        void guarded(() => core['directory.keepLayout'](layout).then(() => undefined));
        void (change.sort === undefined ? rows.ask() : rows.askFromTop());
      },
      choose: (change) => {
        set({ choice: { ...get().choice, ...change }, selected: new Set() });
        void rows.askFromTop();
      },
      move: (at) => set({ activeAt: Math.max(0, Math.min(get().total - 1, at)) }),
      mark: (memberId) => {
        const selected = new Set(get().selected);
        if (!selected.delete(memberId)) selected.add(memberId);
        set({ selected });
      },
      clearMarks: () => set({ selected: new Set() }),
      forget: () => {
        forget();
        set(FRESH);
      },
    };
  });
export type DirectoryStore = ReturnType<typeof createDirectoryStore>;
