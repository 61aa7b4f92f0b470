import type { CoreClient } from '../../../electron/contract/index.ts';
import type { HistoryScope } from '../../../electron/contract/records.ts';
import type { ExportPurpose } from '../../../sync/model/export.ts';
import { failureOf, type Failure } from '../../lib/failure.ts';
import type { MemberId } from './member-state.ts';

export type HistoryExport =
  | { readonly status: 'idle' | 'busy' | 'done' }
  | { readonly status: 'failed'; readonly failure: Failure };

/** A file of a history: of whom, under which name, what for and why. */
export interface HistoryAsk {
  readonly scope: HistoryScope;
  readonly name: string;
  readonly purpose: ExportPurpose;
  readonly reason: string;
}

/** What somebody is saying before such a file goes out, and on whose page: it outlives whatever lies over the form. */
export interface HistoryDraft extends HistoryAsk {
  readonly memberId: MemberId;
}

/** A history as a file: why it goes out is asked before. */
export interface HistoryFile {
  readonly exporting: HistoryExport;
  /** Null while nobody is asked why. */
  readonly asking: HistoryDraft | null;
  /** Asks why; of the other file of the same page what was said already stays. */
  ask(of: Pick<HistoryDraft, 'memberId' | 'scope' | 'name'>): void;
  say(change: Partial<Pick<HistoryDraft, 'purpose' | 'reason'>>): void;
  stopAsking(): void;
  /** Makes the file that is asked about; only one that is whole ends the question. */
  exportHistory(): Promise<void>;
}

export type SaveStream = (
  file: { readonly name: string; readonly type: string },
  pieces: AsyncIterable<string>,
) => Promise<void>;

type Asked = Omit<HistoryAsk, 'name'>;

async function* piecesOf(core: CoreClient, { scope, purpose, reason }: Asked): AsyncGenerator<string> {
  for (let after: number | null = null; ;) {
    const { text, next }: { text: string; next: number | null } = await core['history.export']({
      ...{ scope, purpose, reason, after },
    });
    yield text;
    if (next === null) return;
    after = next;
  }
}

interface Parts {
  readonly core: CoreClient;
  readonly saveStream: SaveStream;
  readonly get: () => Pick<HistoryFile, 'exporting' | 'asking'>;
  readonly set: (change: Partial<HistoryFile>) => void;
}

/** Her history as a file, or that of all who hold a kind of card. What goes out is what was said when it began. */
export const createHistoryFile = ({ core, get, set, saveStream }: Parts) => {
  const isBusy = (): boolean => get().exporting.status === 'busy';
  return {
    ask: (of: Pick<HistoryDraft, 'memberId' | 'scope' | 'name'>): void => {
      const { asking } = get();
      const kept = asking?.memberId === of.memberId ? asking : null;
      const purpose = kept?.name === of.name ? kept.purpose : 'administration';
      if (!isBusy()) set({ asking: { ...of, purpose, reason: kept?.reason ?? '' } });
    },
    say: (change: Partial<Pick<HistoryDraft, 'purpose' | 'reason'>>): void => {
      const { asking } = get();
      if (asking !== null && !isBusy()) set({ asking: { ...asking, ...change } });
    },
    stopAsking: (): void => {
      if (!isBusy()) set({ asking: null });
    },
    exportHistory: async (): Promise<void> => {
      const { asking } = get();
      if (asking === null || isBusy()) return;
      set({ exporting: { status: 'busy' } });
      try {
        await saveStream({ name: asking.name, type: 'text/csv;charset=utf-8' }, piecesOf(core, asking));
        // Somebody else's page may be in front by now, with a question of its own.
        const isSame = get().asking === asking;
        set({ exporting: { status: 'done' }, ...(isSame && { asking: null }) });
      } catch (cause) {
        set({ exporting: { status: 'failed', failure: failureOf(cause) } });
      }
    },
  };
};
