import { createStore } from 'zustand/vanilla';
import type { CoreClient } from '../../../electron/contract/index.ts';
import type { HistoryScope } from '../../../electron/contract/records.ts';
import { failureOf, type Failure } from '../../lib/failure.ts';
import { readAside, readConsents, type Aside } from './aside-state.ts';
import type { MemberId } from './member-state.ts';

export type HistoryExport =
  | { readonly status: 'idle' | 'busy' | 'done' }
  | { readonly status: 'failed'; readonly failure: Failure };

export interface AsideState {
  /** Null before it was read, and while another member is read. */
  readonly aside: Aside | null;
  readonly exporting: HistoryExport;
  /** Reads what is beside the cards, once for a member; call it when the page is painted. */
  read(memberId: MemberId): Promise<void>;
  readConsents(memberId: MemberId): Promise<void>;
  /** Something changed: what is shown is read anew, and stays meanwhile. */
  refresh(): Promise<void>;
  exportHistory(scope: HistoryScope, name: string): Promise<void>;
  leave(): void;
}

export type SaveStream = (
  file: { readonly name: string; readonly type: string },
  pieces: AsyncIterable<string>,
) => Promise<void>;

async function* piecesOf(core: CoreClient, scope: HistoryScope): AsyncGenerator<string> {
  for (let after: number | null = null; ;) {
    const { text, next }: { text: string; next: number | null } = await core['history.export']({
      scope,
      after,
    });
    yield text;
    if (next === null) return;
    after = next;
  }
}

/** What is known beside a member's cards, and her history as a file. */
export const createAsideStore = ({ core, saveStream }: { core: CoreClient; saveStream: SaveStream }) =>
  createStore<AsideState>()((set, get) => {
    let wanted: MemberId | null = null;
    const put = async (memberId: MemberId): Promise<void> => {
      const aside = await readAside(core, memberId);
      const { consents = null } = get().aside ?? {};
      const isSame = get().aside?.memberId === memberId;
      // Somebody else may be on the screen by now.
      if (wanted === memberId) set({ aside: { ...aside, consents: isSame ? consents : null } });
    };
    return {
      aside: null,
      exporting: { status: 'idle' },
      read: async (memberId) => {
        if (wanted === memberId) return;
        wanted = memberId;
        set({ aside: null, exporting: { status: 'idle' } });
        await put(memberId);
      },
      readConsents: async (memberId) => {
        const consents = await readConsents(core, memberId);
        const { aside } = get();
        if (wanted === memberId && aside !== null) set({ aside: { ...aside, consents } });
      },
      refresh: async () => {
        const { aside } = get();
        if (wanted === null) return;
        await put(wanted);
        if (aside?.consents != null) await get().readConsents(aside.memberId);
      },
      exportHistory: async (scope, name) => {
        if (get().exporting.status === 'busy') return;
        set({ exporting: { status: 'busy' } });
        try {
          await saveStream({ name, type: 'text/csv;charset=utf-8' }, piecesOf(core, scope));
          set({ exporting: { status: 'done' } });
        } catch (cause) {
          set({ exporting: { status: 'failed', failure: failureOf(cause) } });
        }
      },
      leave: () => {
        wanted = null;
        set({ aside: null, exporting: { status: 'idle' } });
      },
    };
  });
export type AsideStore = ReturnType<typeof createAsideStore>;
