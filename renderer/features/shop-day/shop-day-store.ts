import type { PdfState } from '../../parts/paper.tsx';
import { createStore } from 'zustand/vanilla';
import type { CoreClient } from '../../../electron/contract/index.ts';
import type { ShopDay } from '../../../electron/contract/shop-day.ts';
import { failureOf, type Failure } from '../../lib/failure.ts';
import type { SavePdf } from '../../lib/host.ts';
import { losingPart, type LosingPart } from './losing.ts';

export interface ShopDayState extends LosingPart {
  /** The day in front; null until it was read. */
  readonly shown: ShopDay | null;
  readonly failure: Failure | null;
  /** What came of the last PDF of the day in front. `none`: there is nothing to say. */
  readonly pdf: PdfState;
  /** False in a browser: its printing makes one. */
  readonly canSavePdf: boolean;
  /** Reads the day that runs now. */
  open(): Promise<void>;
  show(businessDay: string): Promise<void>;
  choose(storeId: string): Promise<void>;
  /** Reads again what is in front; what is shown stays until the answer is there. */
  refresh(): Promise<void>;
  savePdf(): Promise<void>;
  leave(): void;
}

interface Wanted {
  businessDay: string | null;
  storeId: string | null;
}

export const createShopDayStore = (core: CoreClient, savePdf: SavePdf | null = null) =>
  createStore<ShopDayState>()((set, get) => {
    let latest = 0;
    let wanted: Wanted = { businessDay: null, storeId: null };
    let reading = false;
    let isStale = false;
    /** Only the latest question counts: a slower answer to an earlier one is dropped. */
    const read = async (next: Wanted): Promise<void> => {
      latest += 1;
      const mine = latest;
      wanted = next;
      reading = true;
      try {
        const shown = await core['day.getShop'](next);
        if (mine === latest) set({ shown, failure: null });
      } catch (cause) {
        if (mine === latest) set({ failure: failureOf(cause) });
      }
      if (mine !== latest) return;
      reading = false;
      if (isStale) await reread();
    };
    /** What changed while the ledger was being read is read once more, not once for each change. */
    const reread = async (): Promise<void> => {
      isStale = reading;
      if (!reading) await read(wanted);
    };
    return {
      shown: null,
      failure: null,
      pdf: 'none',
      canSavePdf: savePdf !== null,
      open: async () => {
        set({ failure: null, pdf: 'none' });
        await read({ businessDay: null, storeId: wanted.storeId });
      },
      show: async (businessDay) => {
        set({ pdf: 'none' });
        await read({ ...wanted, businessDay });
      },
      choose: async (storeId) => {
        set({ pdf: 'none' });
        await read({ ...wanted, storeId });
      },
      refresh: reread,
      savePdf: async () => {
        const { shown, pdf } = get();
        if (shown === null || savePdf === null || pdf === 'saving') return;
        set({ pdf: 'saving' });
        const outcome = await savePdf(`Counterfoil ${shown.businessDay} ${shown.store.name}`);
        // Another day in front has nothing to do with it.
        if (get().pdf === 'saving') set({ pdf: outcome === 'cancelled' ? 'none' : outcome });
      },
      ...losingPart(core, { set, get, reread }),
      leave: () => {
        latest += 1;
        reading = false;
        isStale = false;
        wanted = { businessDay: null, storeId: null };
        set({ shown: null, failure: null, losing: null, pdf: 'none' });
      },
    };
  });
export type ShopDayStore = ReturnType<typeof createShopDayStore>;
