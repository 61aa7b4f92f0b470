import { createStore } from 'zustand/vanilla';
import type { CoreClient } from '../../../electron/contract/index.ts';
import type { Preferences, ScannerView } from '../../../electron/contract/till.ts';
import { failureOf, type Failure } from '../../lib/failure.ts';

export type Saving =
  | { readonly status: 'idle' | 'busy' | 'saved' }
  | { readonly status: 'failed'; readonly failure: Failure };
type ScannerChoice = Pick<ScannerView, 'path' | 'profile'>;

export interface SettingsState {
  /** As edited; null while the till's own values are shown. */
  readonly draft: ScannerChoice | null;
  readonly saving: Saving;
  edit(choice: ScannerChoice): void;
  saveScanner(): Promise<void>;
  prefer(change: Partial<Preferences>): Promise<void>;
  close(): void;
}

export interface SettingsStoreOptions {
  readonly core: CoreClient;
  readonly onPreferred: (preferences: Preferences) => void;
}

export const createSettingsStore = ({ core, onPreferred }: SettingsStoreOptions) =>
  createStore<SettingsState>()((set, get) => {
    const save = async (act: () => Promise<unknown>, saved: Saving): Promise<void> => {
      set({ saving: { status: 'busy' } });
      try {
        await act();
        set({ saving: saved, draft: null });
      } catch (cause) {
        set({ saving: { status: 'failed', failure: failureOf(cause) } });
      }
    };
    return {
      draft: null,
      saving: { status: 'idle' },
      edit: (draft) => set({ draft, saving: { status: 'idle' } }),
      saveScanner: async () => {
        const { draft, saving } = get();
        if (!draft || saving.status === 'busy') return;
        await save(() => core['scanner.set']({ ...draft, path: draft.path.trim() }), { status: 'saved' });
      },
      prefer: async (change) => {
        const { draft } = get();
        await save(() => core['preferences.set'](change).then(onPreferred), { status: 'idle' });
        if (draft) set({ draft });
      },
      close: () => set({ draft: null, saving: { status: 'idle' } }),
    };
  });
export type SettingsStore = ReturnType<typeof createSettingsStore>;
