import { createStore } from 'zustand/vanilla';
import type { CoreClient } from '../../electron/contract/index.ts';
import type { Preferences, ScannerView, SyncStatus, TillView } from '../../electron/contract/till.ts';
import { failureOf, type Failure } from '../lib/failure.ts';

export type Till =
  | { readonly status: 'loading' }
  | { readonly status: 'failed'; readonly failure: Failure }
  | { readonly status: 'shown'; readonly view: TillView };

export interface TillState {
  readonly till: Till;
  readonly sync: SyncStatus | null;
  readonly scanner: ScannerView | null;
  /** Reads all three again; only the latest answer counts. */
  refresh(): Promise<void>;
  hearPreferences(preferences: Preferences): void;
  hearSync(status: SyncStatus): void;
  hearScanner(scanner: ScannerView): void;
  syncNow(): Promise<void>;
  signOut(): Promise<void>;
}

/** Where this till stands: shop, people, session, line and scanner. */
export const createTillStore = (core: CoreClient) =>
  createStore<TillState>()((set, get) => {
    let latest = 0;
    return {
      till: { status: 'loading' },
      sync: null,
      scanner: null,
      refresh: async () => {
        latest += 1;
        const mine = latest;
        try {
          const [view, sync, scanner] = await Promise.all([
            core['till.get']({}),
            core['sync.getStatus']({}),
            core['scanner.get']({}),
          ]);
          if (mine === latest) set({ till: { status: 'shown', view }, sync, scanner });
        } catch (cause) {
          const isNew = get().till.status !== 'shown';
          if (mine === latest && isNew) set({ till: { status: 'failed', failure: failureOf(cause) } });
        }
      },
      hearPreferences: (preferences) => {
        const { till } = get();
        if (till.status === 'shown') set({ till: { ...till, view: { ...till.view, preferences } } });
      },
      hearSync: (sync) => set({ sync }),
      hearScanner: (scanner) => set({ scanner }),
      // Whatever comes of it shows in the status that the core tells anyway.
      syncNow: () =>
        core['sync.run']({}).then(
          () => undefined,
          () => undefined,
        ),
      signOut: async () => {
        await core['session.signOut']({}).catch(() => undefined);
        await get().refresh();
      },
    };
  });
export type TillStore = ReturnType<typeof createTillStore>;
