import { createStore } from 'zustand/vanilla';
import type { EndReason } from '../../electron/contract/events.ts';
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
  /** Why whoever worked at this page was signed out; null once somebody has signed in. */
  readonly ended: EndReason | null;
  /** Reads all three again; only the latest answer counts, and never over what was heard after it. */
  refresh(): Promise<void>;
  hearPreferences(preferences: Preferences): void;
  hearSync(status: SyncStatus): void;
  hearEnd(reason: EndReason): void;
  hearScanner(scanner: ScannerView): void;
  syncNow(): Promise<void>;
  signOut(): Promise<void>;
}

/** Where this till stands: shop, people, session, line and scanner. */
export const createTillStore = (core: CoreClient) =>
  createStore<TillState>()((set, get) => {
    let latest = 0;
    const preferencesNow = (): Preferences | null => {
      const { till } = get();
      return till.status === 'shown' ? till.view.preferences : null;
    };
    /** Each answer counts from when it came: the others may keep it waiting while newer events arrive. */
    const read = async (isLatest: () => boolean): Promise<TillView> => {
      const [{ view, preferences }] = await Promise.all([
        core['till.get']({}).then((view) => ({ view, preferences: preferencesNow() })),
        core['sync.getStatus']({}).then((sync) => isLatest() && set({ sync })),
        // An office has none.
        core['scanner.get']({}).then(
          (scanner) => isLatest() && set({ scanner }),
          () => undefined,
        ),
      ]);
      const chosen = preferencesNow();
      return chosen === null || chosen === preferences ? view : { ...view, preferences: chosen };
    };
    return {
      till: { status: 'loading' },
      sync: null,
      scanner: null,
      ended: null,
      refresh: async () => {
        latest += 1;
        const mine = latest;
        try {
          const view = await read(() => mine === latest);
          if (mine !== latest) return;
          set({ till: { status: 'shown', view }, ...(view.session === null ? {} : { ended: null }) });
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
      hearEnd: (ended) => set({ ended }),
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
