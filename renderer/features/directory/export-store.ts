import { createStore } from 'zustand/vanilla';
import type { CoreClient } from '../../../electron/contract/index.ts';
import type { SegmentChoice } from '../../../electron/contract/segments.ts';
import type { MemberId } from '../../../sync/base/ids.ts';
import type { ExportPurpose } from '../../../sync/model/export.ts';
import type { RegisterChoice } from '../../../sync/model/register.ts';
import { failureOf, type Failure } from '../../lib/failure.ts';

export type Exporting =
  | { readonly status: 'idle' | 'cancelled' }
  | { readonly status: 'busy' | 'done'; readonly rowsRead: number; readonly rows: number }
  | { readonly status: 'failed'; readonly failure: Failure };

export interface ExportAsk {
  readonly choice: RegisterChoice;
  readonly within: SegmentChoice | null;
  readonly memberIds: readonly MemberId[] | null;
  readonly purpose: ExportPurpose;
  readonly reason: string;
  readonly hasBom: boolean;
}

export interface ExportStoreState {
  readonly exporting: Exporting;
  begin(ask: ExportAsk): Promise<void>;
  /** Stops at once: nothing is offered, and the core lets go of what it held. */
  cancel(): void;
  reset(): void;
}

type SaveStream = (
  file: { readonly name: string; readonly type: string },
  pieces: AsyncIterable<string>,
  signal: AbortSignal,
) => Promise<void>;

export const createExportStore = ({ core, saveStream }: { core: CoreClient; saveStream: SaveStream }) =>
  createStore<ExportStoreState>()((set, get) => {
    let stop = new AbortController();

    async function* piecesOf(exportId: string, rows: number): AsyncGenerator<string> {
      for (;;) {
        const { text, rowsRead } = await core['directory.readExport']({ exportId });
        if (stop.signal.aborted || text === '') return;
        set({ exporting: { status: 'busy', rowsRead, rows } });
        yield text;
      }
    }
    const run = async ({ choice, memberIds, ...rest }: ExportAsk): Promise<void> => {
      const { signal } = stop;
      const marked = memberIds === null ? null : [...memberIds];
      const asked = { ...choice, ...rest, memberIds: marked };
      const { exportId, fileName, rows } = await core['directory.beginExport'](asked);
      try {
        signal.throwIfAborted();
        set({ exporting: { status: 'busy', rowsRead: 0, rows } });
        await saveStream(
          { name: fileName, type: 'text/csv;charset=utf-8' },
          piecesOf(exportId, rows),
          signal,
        );
        set({ exporting: { status: 'done', rowsRead: rows, rows } });
      } finally {
        await core['directory.endExport']({ exportId });
      }
    };
    return {
      exporting: { status: 'idle' },
      begin: async (ask) => {
        if (get().exporting.status === 'busy') return;
        stop = new AbortController();
        set({ exporting: { status: 'busy', rowsRead: 0, rows: 0 } });
        try {
          await run(ask);
        } catch (cause) {
          set({
            exporting: stop.signal.aborted
              ? { status: 'cancelled' }
              : { status: 'failed', failure: failureOf(cause) },
          });
        }
      },
      cancel: () => stop.abort(),
      reset: () => {
        if (get().exporting.status !== 'busy') set({ exporting: { status: 'idle' } });
      },
    };
  });
export type ExportStore = ReturnType<typeof createExportStore>;
