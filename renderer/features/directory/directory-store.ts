import { createStore } from 'zustand/vanilla';
import type { DirectoryLayout } from '../../../electron/contract/directory.ts';
import type { CoreClient } from '../../../electron/contract/index.ts';
import type { MemberId } from '../../../sync/base/ids.ts';
import type { RegisterChoice } from '../../../sync/model/register.ts';
import { failureOf } from '../../lib/failure.ts';
import { type DirectoryScene, FRESH } from './directory-state.ts';
import { createRowReader, type ReaderParts } from './row-reader.ts';

export interface DirectoryStoreState extends DirectoryScene {
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

const AGAIN_MS = 250;

/** The rows, and what stands around them; looks again until the list is made. */
function createListReader(parts: ReaderParts, schedule: DirectoryStoreOptions['schedule']) {
  const { core, get, set } = parts;
  let stopWaiting: (() => void) | null = null;
  const fail = (cause: unknown): void => set({ failure: failureOf(cause) });
  const wait = (): void => {
    stopWaiting?.();
    stopWaiting = schedule(() => void lookAgain().catch(fail), AGAIN_MS);
  };
  const rows = createRowReader(parts, wait);
  const readAround = async (): Promise<void> => {
    const [setup, totals] = await Promise.all([core['directory.setUp']({}), core['directory.totals']({})]);
    const layout = get().setup === null ? setup.layout : get().layout;
    set({ setup, totals, layout });
  };
  const lookAgain = async (): Promise<void> => {
    const list = await core['directory.prepare']({});
    set({ list });
    if (!list.isReady) return wait();
    await readAround();
    await rows.ask();
  };
  const forget = (): void => {
    stopWaiting?.();
    rows.forget();
  };
  return { rows, readAround, forget, fail };
}

export const createDirectoryStore = ({ core, schedule }: DirectoryStoreOptions) =>
  createStore<DirectoryStoreState>()((set, get) => {
    const { rows, readAround, forget, fail } = createListReader({ core, get, set }, schedule);
    return {
      ...FRESH,
      open: async () => {
        try {
          await readAround();
        } catch (cause) {
          return fail(cause);
        }
        await rows.ask();
      },
      refresh: async () => {
        if (get().setup === null) return;
        await readAround().catch(fail);
        await rows.ask();
      },
      see: rows.see,
      setLayout: (change) => {
        const layout = { ...get().layout, ...change };
        set({ layout });
        void core['directory.keepLayout'](layout).catch(fail);
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
