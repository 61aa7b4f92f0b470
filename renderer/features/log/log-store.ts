import { createStore } from 'zustand/vanilla';
import type { CoreClient, Output } from '../../../electron/contract/index.ts';
import type { ErasureView, LogView } from '../../../electron/contract/log.ts';
import { failureOf, type Failure } from '../../lib/failure.ts';

export type LogPart = 'actions' | 'signIns' | 'looks' | 'erasures';

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
  /** Of the part that is open: PINs, or looks. Null until they were read. */
  readonly signIns: Output<'signIns.list'> | null;
  readonly failure: Failure | null;
  /** Reads the day that runs now. */
  open(): Promise<void>;
  turnTo(part: LogPart): Promise<void>;
  narrow(filter: Partial<LogFilter>): Promise<void>;
  /** The next page behind what is shown. */
  more(): Promise<void>;
  moreSignIns(): Promise<void>;
  /** Reads the first page anew, unless somebody is further down already. */
  refresh(): Promise<void>;
  leave(): void;
}

const ALL: LogFilter = { businessDay: null, storeId: '', person: '', kind: '' };

/** What was sent meanwhile comes once more, from the centre, and stands once. */
function joined(view: LogView, { entries, after }: LogView): LogView {
  const isShown = new Set(view.entries.map(({ opId }) => opId));
  return { ...view, entries: [...view.entries, ...entries.filter(({ opId }) => !isShown.has(opId))], after };
}

type Asking = <Answer>(ask: () => Promise<Answer>, show: (answer: Answer) => void) => Promise<void>;

/** Only the latest question counts: a slower answer to an earlier one is dropped. */
function createQuestions(onFailure: (failure: Failure) => void) {
  let latest = 0;
  const asking: Asking = async (ask, show) => {
    latest += 1;
    const mine = latest;
    try {
      const answer = await ask();
      if (mine === latest) show(answer);
    } catch (cause) {
      if (mine === latest) onFailure(failureOf(cause));
    }
  };
  return { asking, drop: (): void => void (latest += 1) };
}

interface Parts {
  get(): LogState;
  set(change: Partial<LogState>): void;
}

/** Reads sign-ins, or looks where these are open; those before a number behind what is shown. */
const signInReader =
  (core: CoreClient, { get, set }: Parts) =>
  (asking: Asking, beforeNo: number | null): Promise<void> =>
    asking(
      () => core['signIns.list']({ kind: get().part === 'looks' ? 'looks' : 'pins', beforeNo }),
      ({ lines, nextNo }) => {
        const before = beforeNo === null ? [] : (get().signIns?.lines ?? []);
        set({ signIns: { lines: [...before, ...lines], nextNo }, failure: null });
      },
    );

export const createLogStore = (core: CoreClient) =>
  createStore<LogState>()((set, get) => {
    let isFurther = false;
    const { asking, drop } = createQuestions((failure) => set({ failure }));
    const read = (): Promise<void> => {
      isFurther = false;
      return asking(
        () => core['log.list'](get().filter),
        (view) => set({ view, failure: null }),
      );
    };
    const readErasures = (): Promise<void> =>
      asking(
        () => core['erasures.list']({}),
        ({ erasures }) => set({ erasures, failure: null }),
      );
    const readSignIns = signInReader(core, { get, set });
    const reading: Record<LogPart, () => Promise<void>> = {
      actions: read,
      signIns: () => readSignIns(asking, null),
      looks: () => readSignIns(asking, null),
      erasures: readErasures,
    };
    return {
      part: 'actions',
      filter: ALL,
      view: null,
      erasures: 'unread',
      signIns: null,
      failure: null,
      open: async () => {
        set({ part: 'actions', filter: ALL, failure: null });
        await read();
      },
      turnTo: async (part) => {
        set({ part, signIns: null, failure: null });
        await reading[part]();
      },
      narrow: async (filter) => {
        const { filter: before, view } = get();
        // Until the answer is there, nothing stands behind what is still shown.
        set({ filter: { ...before, ...filter }, view: view && { ...view, after: null } });
        await read();
      },
      more: async () => {
        const { filter, view } = get();
        if (view === null || view.after === null) return;
        const { after } = view;
        isFurther = true;
        await asking(
          () => core['log.list']({ ...filter, after }),
          (next) => set({ view: joined(view, next), failure: null }),
        );
      },
      moreSignIns: async () => {
        const nextNo = get().signIns?.nextNo ?? null;
        if (nextNo !== null) await readSignIns(asking, nextNo);
      },
      refresh: async () => {
        const { part, view } = get();
        if (part === 'actions' && view !== null && !isFurther) await read();
      },
      leave: () => {
        drop();
        set({ part: 'actions', filter: ALL, view: null, erasures: 'unread', signIns: null, failure: null });
      },
    };
  });
export type LogStore = ReturnType<typeof createLogStore>;
