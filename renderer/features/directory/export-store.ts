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

/** What somebody is saying before a file goes out: it outlives whatever takes the form's place. */
export interface ExportDraft extends Pick<ExportAsk, 'purpose' | 'reason' | 'hasBom'> {
  /** Null where nobody has chosen: those that were marked when it was opened, else all. */
  readonly whom: 'marked' | 'all' | null;
}

const NO_DRAFT: ExportDraft = { whom: null, purpose: 'administration', reason: '', hasBom: true };

export interface ExportStoreState {
  readonly exporting: Exporting;
  readonly draft: ExportDraft;
  /** The form is on the screen. */
  readonly isOpen: boolean;
  open(): void;
  /** Something else takes its place: what was told of the last file goes, what was typed waits. */
  close(): void;
  say(change: Partial<ExportDraft>): void;
  /** Whoever typed it wants none of it. */
  drop(): void;
  begin(ask: ExportAsk): Promise<void>;
  /** Stops at once: nothing is offered, and the core lets go of what it held. */
  cancel(): void;
  /** Somebody else may sit down here: nothing of it stays. */
  forget(): void;
}

type SaveStream = (
  file: { readonly name: string; readonly type: string },
  pieces: AsyncIterable<string>,
  signal: AbortSignal,
) => Promise<void>;

export const createExportStore = ({ core, saveStream }: { core: CoreClient; saveStream: SaveStream }) =>
  createStore<ExportStoreState>()((set, get) => {
    let stop = new AbortController();
    const isBusy = (): boolean => get().exporting.status === 'busy';

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
        // The next file is for another reason.
        set({ exporting: { status: 'done', rowsRead: rows, rows }, draft: { ...get().draft, reason: '' } });
      } finally {
        await core['directory.endExport']({ exportId });
      }
    };
    return {
      exporting: { status: 'idle' },
      draft: NO_DRAFT,
      isOpen: false,
      open: () => set({ isOpen: true }),
      close: () => set({ isOpen: false, ...(!isBusy() && { exporting: { status: 'idle' } }) }),
      say: (change) => {
        if (!isBusy()) set({ draft: { ...get().draft, ...change } });
      },
      drop: () => {
        if (!isBusy()) set({ draft: NO_DRAFT });
      },
      begin: async (ask) => {
        if (isBusy()) return;
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
      forget: () => {
        stop.abort();
        set({ draft: NO_DRAFT });
      },
    };
  });
export type ExportStore = ReturnType<typeof createExportStore>;
