import { createStore } from 'zustand/vanilla';
import type { CloseSummary, CloseView, DayReport } from '../../../electron/contract/closes.ts';
import type { CoreClient } from '../../../electron/contract/index.ts';
import { failureOf, type Failure } from '../../lib/failure.ts';

export type Closing =
  | { readonly status: 'idle' }
  /** Asked once: what is closed can not be opened again. */
  | { readonly status: 'asking' | 'busy' }
  | { readonly status: 'failed'; readonly failure: Failure };

export interface CloseDayState {
  readonly days: readonly CloseSummary[];
  /** The day in front; null until it was read. */
  readonly close: CloseView | null;
  /** The same day by cashier, programme and hour; null until it was read. */
  readonly report: DayReport | null;
  readonly closing: Closing;
  /** Reads the days, and the one that runs now. */
  open(): Promise<void>;
  show(businessDay: string): Promise<void>;
  /** Reads again what is in front; what is shown stays until the answer is there. */
  refresh(): Promise<void>;
  ask(): void;
  cancel(): void;
  closeDay(): Promise<void>;
}

const IDLE: Closing = { status: 'idle' };

export const createCloseDayStore = (core: CoreClient) =>
  createStore<CloseDayState>()((set, get) => {
    let latest = 0;
    /** Only the latest question counts: a slower answer to an earlier one is dropped. */
    const read = async (businessDay: string | null): Promise<void> => {
      latest += 1;
      const mine = latest;
      try {
        const [days, close] = await Promise.all([
          core['day.listCloses']({}),
          core['day.getClose']({ businessDay }),
        ]);
        if (mine !== latest) return;
        const isSame = get().report?.businessDay === close.businessDay;
        set(isSame ? { days, close } : { days, close, report: null });
        // It reads the shop's ledger: the certificate does not wait for it.
        const report = await core['day.getReport']({ businessDay: close.businessDay });
        if (mine === latest) set({ report });
      } catch (cause) {
        if (mine === latest) set({ closing: { status: 'failed', failure: failureOf(cause) } });
      }
    };
    return {
      days: [],
      close: null,
      report: null,
      closing: IDLE,
      open: async () => {
        set({ closing: IDLE });
        await read(null);
      },
      show: async (businessDay) => {
        set({ closing: IDLE });
        await read(businessDay);
      },
      refresh: async () => {
        const { close } = get();
        if (close !== null) await read(close.businessDay);
      },
      ask: () => set({ closing: { status: 'asking' } }),
      cancel: () => set({ closing: IDLE }),
      closeDay: async () => {
        const { close, closing } = get();
        if (close === null || closing.status === 'busy') return;
        set({ closing: { status: 'busy' } });
        try {
          const closed = await core['day.close']({ businessDay: close.businessDay });
          set({ close: closed, closing: IDLE });
          await read(closed.businessDay);
        } catch (cause) {
          set({ closing: { status: 'failed', failure: failureOf(cause) } });
        }
      },
    };
  });
export type CloseDayStore = ReturnType<typeof createCloseDayStore>;
