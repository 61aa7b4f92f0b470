import { createStore } from 'zustand/vanilla';
import type { CoreClient } from '../../../electron/contract/index.ts';
import { type RegisterChoice, SavedFilter } from '../../../sync/model/register.ts';
import { failureOf, type Failure } from '../../lib/failure.ts';
import { newOpId } from '../../lib/new-op-id.ts';

export interface SavedFilterState {
  readonly saved: readonly SavedFilter[];
  readonly isBusy: boolean;
  readonly failure: Failure | null;
  load(): Promise<void>;
  /** A filter of the same name is replaced. @returns false when it was not saved */
  save(name: string, choice: RegisterChoice): Promise<boolean>;
  rename(filter: SavedFilter, name: string): Promise<boolean>;
  /** Offered nowhere any more. */
  retire(filter: SavedFilter): Promise<boolean>;
}

export const createSavedFilterStore = (core: CoreClient) =>
  createStore<SavedFilterState>()((set, get) => {
    /** Of several readings only the one begun last counts. */
    let latest = 0;
    const load = async (): Promise<void> => {
      latest += 1;
      const mine = latest;
      try {
        const documents = await core['documents.list']({ kind: 'filter' });
        if (mine !== latest) return;
        const saved = documents.flatMap(({ body }) => SavedFilter.safeParse(body).data ?? []);
        set({ saved: saved.filter(({ isRetired }) => !isRetired), failure: null });
      } catch (cause) {
        if (mine === latest) set({ failure: failureOf(cause) });
      }
    };
    /** On top of the version that she saw: who was quicker keeps theirs. */
    const keep = async (body: SavedFilter): Promise<boolean> => {
      set({ isBusy: true, failure: null });
      try {
        const { filterId: id, version } = body;
        const next = { ...body, version: version + 1 };
        await core['documents.save']({
          ...{ opId: newOpId(), kind: 'filter', id, baseVersion: version },
          body: next,
        });
        await load();
        return true;
      } catch (cause) {
        set({ failure: failureOf(cause) });
        return false;
      } finally {
        set({ isBusy: false });
      }
    };
    return {
      saved: [],
      isBusy: false,
      failure: null,
      load,
      save: (name, choice) => {
        const before = get().saved.find((each) => each.name === name);
        const { filterId = newOpId(), version = 0 } = before ?? {};
        return keep({ filterId, version, name, ...choice, isRetired: false });
      },
      rename: (filter, name) => keep({ ...filter, name }),
      retire: (filter) => keep({ ...filter, isRetired: true }),
    };
  });
export type SavedFilterStore = ReturnType<typeof createSavedFilterStore>;
