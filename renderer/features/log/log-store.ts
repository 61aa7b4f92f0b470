import { createStore } from 'zustand/vanilla';
import type { CoreClient } from '../../../electron/contract/index.ts';
import type { ErasureView, LogView } from '../../../electron/contract/log.ts';
import { failureOf, type Failure } from '../../lib/failure.ts';

export type LogPart = 'actions' | 'erasures';

/** What the list is narrowed to; '' and null: not at all. */
export interface LogFilter {
  readonly businessDay: string | null;
  readonly storeId: string;
  readonly person: string;
  readonly kind: string;
}

export interface LogState {
  readonly part: LogPart;
  readonly filter: LogFilter;
  /** Null until it was read. */
  readonly view: LogView | null;
  /** `unread`; null: nobody could ask the centre. */
  readonly erasures: readonly ErasureView[] | null | 'unread';
  readonly failure: Failure | null;
  /** Reads the day that runs now. */
  open(): Promise<void>;
  turnTo(part: LogPart): Promise<void>;
  narrow(filter: Partial<LogFilter>): Promise<void>;
  /** The next page behind what is shown. */
  more(): Promise<void>;
  leave(): void;
}

const ALL: LogFilter = { businessDay: null, storeId: '', person: '', kind: '' };

export const createLogStore = (core: CoreClient) =>
  createStore<LogState>()((set, get) => {
    let latest = 0;
    /** Only the latest question counts: a slower answer to an earlier one is dropped. */
    const asking = async <Answer>(
      ask: () => Promise<Answer>,
      show: (answer: Answer) => void,
    ): Promise<void> => {
      latest += 1;
      const mine = latest;
      try {
        const answer = await ask();
        if (mine === latest) show(answer);
      } catch (cause) {
        if (mine === latest) set({ failure: failureOf(cause) });
      }
    };
    const read = (): Promise<void> =>
      asking(
        () => core['log.list'](get().filter),
        (view) => set({ view, failure: null }),
      );
    const readErasures = (): Promise<void> =>
      asking(
        () => core['erasures.list']({}),
        ({ erasures }) => set({ erasures, failure: null }),
      );
    return {
      part: 'actions',
      filter: ALL,
      view: null,
      erasures: 'unread',
      failure: null,
      open: async () => {
        set({ part: 'actions', filter: ALL, failure: null });
        await read();
      },
      turnTo: async (part) => {
        set({ part, failure: null });
        await (part === 'actions' ? read() : readErasures());
      },
      narrow: async (filter) => {
        set({ filter: { ...get().filter, ...filter } });
        await read();
      },
      more: () =>
        asking(
          () => core['log.list']({ ...get().filter, after: get().view?.after ?? 0 }),
          (next) => {
            const { view } = get();
            if (view !== null)
              set({ view: { ...view, entries: [...view.entries, ...next.entries], after: next.after } });
          },
        ),
      leave: () => {
        latest += 1;
        set({ part: 'actions', filter: ALL, view: null, erasures: 'unread', failure: null });
      },
    };
  });
export type LogStore = ReturnType<typeof createLogStore>;
