import { createStore } from 'zustand/vanilla';
import type { CallInput, CoreClient } from '../../../electron/contract/index.ts';
import type { MemberId } from '../../../sync/base/ids.ts';
import { failureOf, type Failure } from '../../lib/failure.ts';
import { newOpId } from '../../lib/new-op-id.ts';

type Issue = CallInput<'cards.issue'>;
/** What became of the last press. */
export type Giving =
  | { readonly status: 'idle' }
  | { readonly status: 'busy' | 'done'; readonly issue: Issue; readonly name: string }
  | { readonly status: 'failed'; readonly issue: Issue; readonly name: string; readonly failure: Failure };

export interface CouponState {
  readonly giving: Giving;
  /** Gives a coupon to a member of the list, whose page stays closed. */
  give(
    member: { readonly memberId: MemberId; readonly name: string },
    cardTypeId: Issue['cardTypeId'],
  ): Promise<void>;
  reset(): void;
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
      giving: { status: 'idle' },
      give: async ({ memberId, name }, cardTypeId) => {
        if (get().giving.status === 'busy') return;
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
      reset: () => set({ giving: { status: 'idle' } }),
    };
  });
export type CouponStore = ReturnType<typeof createCouponStore>;
