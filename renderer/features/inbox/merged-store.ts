import { createStore } from 'zustand/vanilla';
import type { CoreClient } from '../../../electron/contract/index.ts';
import type { InboxPerson } from '../../../electron/contract/inbox.ts';
import { failureOf, type Failure } from '../../lib/failure.ts';
import { newOpId } from '../../lib/new-op-id.ts';

type MemberId = InboxPerson['memberId'];
type OpId = ReturnType<typeof newOpId>;

export type Parting =
  | { readonly status: 'idle' }
  | { readonly status: 'asking' | 'busy'; readonly from: MemberId; readonly opId: OpId }
  | { readonly status: 'failed'; readonly from: MemberId; readonly opId: OpId; readonly failure: Failure }
  /** Saved here; they are two again once the centre has confirmed it. */
  | { readonly status: 'done'; readonly from: MemberId };

export interface MergedState {
  /** Whose page it is; null: nobody's. */
  readonly memberId: MemberId | null;
  readonly people: readonly InboxPerson[];
  readonly parting: Parting;
  readonly reason: string;
  /** Of another member than before everything begins anew. */
  read(memberId: MemberId | null): Promise<void>;
  ask(from: MemberId): void;
  typeReason(reason: string): void;
  cancel(): void;
  part(): Promise<void>;
}

const IDLE: Parting = { status: 'idle' };
const NOBODY = { memberId: null, people: [], parting: IDLE, reason: '' } as const;

/** Who goes on as the member in front since a merge, and the way back. */
export const createMergedStore = (core: CoreClient) =>
  createStore<MergedState>()((set, get) => ({
    ...NOBODY,
    read: async (memberId) => {
      if (memberId !== get().memberId) set({ ...NOBODY, memberId });
      if (memberId === null) return;
      try {
        const { people } = await core['members.listMerged']({ memberId });
        if (get().memberId === memberId) set({ people });
      } catch {
        // It only offers something: her page stands without it, and the next change asks again.
      }
    },
    ask: (from) => {
      if (get().parting.status !== 'busy')
        set({ parting: { status: 'asking', from, opId: newOpId() }, reason: '' });
    },
    typeReason: (reason) => set({ reason }),
    cancel: () => {
      if (get().parting.status !== 'busy') set({ parting: IDLE });
    },
    part: async () => {
      const { parting, memberId, reason } = get();
      const isAsked = parting.status === 'asking' || parting.status === 'failed';
      if (!isAsked || memberId === null || reason.trim() === '') return;
      const { from, opId } = parting;
      const mine: Parting = { status: 'busy', from, opId };
      set({ parting: mine });
      try {
        await core['members.unmerge']({ opId, memberId: from, intoId: memberId, reason: reason.trim() });
        if (get().parting === mine) set({ parting: { status: 'done', from }, reason: '' });
      } catch (cause) {
        if (get().parting === mine)
          set({ parting: { status: 'failed', from, opId, failure: failureOf(cause) } });
      }
    },
  }));
export type MergedStore = ReturnType<typeof createMergedStore>;
