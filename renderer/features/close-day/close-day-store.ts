import type { PdfState } from '../../parts/paper.tsx';
import { createStore } from 'zustand/vanilla';
import type { CloseSummary, CloseView, DayReport } from '../../../electron/contract/closes.ts';
import type { CoreClient } from '../../../electron/contract/index.ts';
import { failureOf, type Failure } from '../../lib/failure.ts';
import type { SavePdf } from '../../lib/host.ts';

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
  /** What came of the last PDF of the day in front. `none`: there is nothing to say. */
  readonly pdf: PdfState;
  /** False in a browser: its printing makes one. */
  readonly canSavePdf: boolean;
  /** Reads the days, and the one that runs now. */
  open(): Promise<void>;
  show(businessDay: string): Promise<void>;
  /** Reads again what is in front; what is shown stays until the answer is there. */
  refresh(): Promise<void>;
  ask(): void;
  cancel(): void;
  closeDay(): Promise<void>;
  savePdf(): Promise<void>;
}

const IDLE: Closing = { status: 'idle' };

export const createCloseDayStore = (core: CoreClient, savePdf: SavePdf | null = null) =>
  createStore<CloseDayState>()((set, get) => {
    let latest = 0;
    /** The day that the person looks at, also while it is still being read; null: the one that runs now. */
    let wanted: string | null = null;
    /** Only the latest question counts: a slower answer to an earlier one is dropped. */
    const read = async (businessDay: string | null): Promise<void> => {
      latest += 1;
      const mine = latest;
      wanted = businessDay;
      try {
        const [days, close] = await Promise.all([
          core['day.listCloses']({}),
          core['day.getClose']({ businessDay }),
        ]);
        if (mine !== latest) return;
        wanted = close.businessDay;
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
      pdf: 'none',
      canSavePdf: savePdf !== null,
      open: async () => {
        set({ closing: IDLE, pdf: 'none' });
        await read(null);
      },
      show: async (businessDay) => {
        set({ closing: IDLE, pdf: 'none' });
        await read(businessDay);
      },
      refresh: async () => {
        const { close } = get();
        if (close !== null) await read(close.businessDay);
      },
      savePdf: async () => {
        const { close, pdf } = get();
        if (close === null || savePdf === null || pdf === 'saving') return;
        set({ pdf: 'saving' });
        const outcome = await savePdf(`Counterfoil ${close.businessDay} ${close.tillId}`);
        // Another day in front has nothing to do with it.
        if (get().pdf === 'saving') set({ pdf: outcome === 'cancelled' ? 'none' : outcome });
      },
      ask: () => set({ closing: { status: 'asking' } }),
      cancel: () => set({ closing: IDLE }),
      closeDay: async () => {
        const { close, closing } = get();
        if (close === null || closing.status === 'busy') return;
        set({ closing: { status: 'busy' } });
        try {
          const closed = await core['day.close']({ businessDay: close.businessDay });
          set({ closing: IDLE });
          // Whoever has gone on to another day meanwhile stays there.
          if (wanted === null || wanted === closed.businessDay) {
            set({ close: closed });
            await read(closed.businessDay);
          } else await read(wanted);
        } catch (cause) {
          set({ closing: { status: 'failed', failure: failureOf(cause) } });
        }
      },
    };
  });
export type CloseDayStore = ReturnType<typeof createCloseDayStore>;
