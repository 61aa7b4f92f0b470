import { createStore } from 'zustand/vanilla';
import type { CallInput, CoreClient } from '../../../electron/contract/index.ts';
import type { MemberId } from '../../../sync/base/ids.ts';
import { failureOf, type Failure } from '../../lib/failure.ts';
import { newOpId } from '../../lib/new-op-id.ts';
import type { RowMember } from './directory-state.ts';

type Issue = CallInput<'cards.issue'>;
/** What became of the last press. */
export type Giving =
  | { readonly status: 'idle' }
  | { readonly status: 'busy' | 'done'; readonly issue: Issue; readonly name: string }
  | { readonly status: 'failed'; readonly issue: Issue; readonly name: string; readonly failure: Failure };

export interface CouponState {
  /** Whom the panel was opened for; the list below it may move meanwhile. */
  readonly member: RowMember | null;
  readonly giving: Giving;
  /** Opens the panel for a member of the list, whose page stays closed; what became of the last coupon is over. */
  openFor(member: RowMember): void;
  close(): void;
  /** Gives her a coupon, whoever stands in the row by now. */
  give(cardTypeId: Issue['cardTypeId']): Promise<void>;
}

export const createCouponStore = (core: CoreClient) =>
  createStore<CouponState>()((set, get) => {
    /** The same press after one that failed is that one again: it may have been saved all the same. */
    const issueFor = (memberId: MemberId, cardTypeId: Issue['cardTypeId']): Issue => {
      const { giving } = get();
      const isAgain =
        giving.status === 'failed' &&
        giving.failure.code !== 'op_id_reused' &&
        giving.issue.memberId === memberId &&
        giving.issue.cardTypeId === cardTypeId;
      return isAgain ? giving.issue : { opId: newOpId(), memberId, cardTypeId, cardNumber: null };
    };
    return {
      member: null,
      giving: { status: 'idle' },
      openFor: (member) => set({ member, giving: { status: 'idle' } }),
      close: () => set({ member: null, giving: { status: 'idle' } }),
      give: async (cardTypeId) => {
        const { member, giving } = get();
        if (member === null || giving.status === 'busy') return;
        const { memberId, name } = member;
        const issue = issueFor(memberId, cardTypeId);
        set({ giving: { status: 'busy', issue, name } });
        const isMine = (): boolean => {
          const { giving } = get();
          return giving.status === 'busy' && giving.issue === issue;
        };
        try {
          await core['cards.issue'](issue);
          if (isMine()) set({ giving: { status: 'done', issue, name } });
        } catch (cause) {
          if (isMine()) set({ giving: { status: 'failed', issue, name, failure: failureOf(cause) } });
        }
      },
    };
  });
export type CouponStore = ReturnType<typeof createCouponStore>;
