import { createStore } from 'zustand/vanilla';
import type { CoreClient } from '../../../electron/contract/index.ts';
import type { DayFigures } from '../../../electron/contract/till.ts';
import type { MemberHit } from '../../../electron/contract/views.ts';

export interface HomeState {
  /** Null until first read: the place stays empty rather than saying "none". */
  readonly recent: readonly MemberHit[] | null;
  readonly figures: DayFigures | null;
  /** Reads both again. What can not be read keeps its last value: this page helps, it does not decide. */
  refresh(): Promise<void>;
  forget(): void;
}

export const createHomeStore = (core: CoreClient) =>
  createStore<HomeState>()((set) => {
    let latest = 0;
    return {
      recent: null,
      figures: null,
      refresh: async () => {
        latest += 1;
        const mine = latest;
        const [recent, figures] = await Promise.allSettled([
          core['members.listRecent']({}),
          core['day.getFigures']({}),
        ]);
        if (mine !== latest) return;
        if (recent.status === 'fulfilled') set({ recent: recent.value });
        if (figures.status === 'fulfilled') set({ figures: figures.value });
      },
      forget: () => {
        latest += 1;
        set({ recent: null, figures: null });
      },
    };
  });
export type HomeStore = ReturnType<typeof createHomeStore>;
