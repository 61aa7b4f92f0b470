import { createStore } from 'zustand/vanilla';
import type { CoreClient, Output } from '../../../electron/contract/index.ts';
import { failureOf, type Failure } from '../../lib/failure.ts';

export interface ExportLogState {
  /** Null before it was read. */
  readonly log: Output<'exports.list'> | null;
  /** Why it was not read as it is now. */
  readonly failure: Failure | null;
  read(): Promise<void>;
  /** Somebody else may sit down here: nothing of it stays, nor does an answer that is under way come in. */
  forget(): void;
}

/** Who took data out as a file. Of several readings only the one begun last counts. */
export const createExportLogStore = (core: CoreClient) =>
  createStore<ExportLogState>()((set) => {
    let latest = 0;
    return {
      log: null,
      failure: null,
      read: async () => {
        latest += 1;
        const mine = latest;
        try {
          const log = await core['exports.list']({});
          if (mine === latest) set({ log, failure: null });
        } catch (cause) {
          if (mine === latest) set({ failure: failureOf(cause) });
        }
      },
      forget: () => {
        latest += 1;
        set({ log: null, failure: null });
      },
    };
  });
export type ExportLogStore = ReturnType<typeof createExportLogStore>;
