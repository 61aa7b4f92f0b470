import { createStore } from 'zustand/vanilla';
import type { CoreClient } from '../../../electron/contract/index.ts';
import { failureOf, type Failure } from '../../lib/failure.ts';

export type SignIn =
  | { readonly status: 'choosing' }
  | { readonly status: 'typing' | 'busy'; readonly login: string }
  | { readonly status: 'failed'; readonly login: string; readonly failure: Failure };

export const PIN_SIGNS_MAX = 20;

export interface SignInState {
  readonly signIn: SignIn;
  /** Never kept longer than the try it was typed for. */
  readonly pin: string;
  choose(login: string): void;
  typePin(pin: string): void;
  enter(): Promise<void>;
  back(): void;
}

export interface SignInStoreOptions {
  readonly core: CoreClient;
  readonly onOutcome: (isGood: boolean) => void;
}

export const createSignInStore = ({ core, onOutcome }: SignInStoreOptions) =>
  createStore<SignInState>()((set, get) => ({
    signIn: { status: 'choosing' },
    pin: '',
    choose: (login) => set({ signIn: { status: 'typing', login }, pin: '' }),
    typePin: (pin) => {
      const { signIn } = get();
      if (signIn.status === 'choosing' || signIn.status === 'busy') return;
      // What the last try came to stays readable until the next key.
      set({ signIn: { status: 'typing', login: signIn.login }, pin: pin.slice(0, PIN_SIGNS_MAX) });
    },
    enter: async () => {
      const { signIn, pin } = get();
      if (signIn.status === 'choosing' || signIn.status === 'busy' || pin === '') return;
      const { login } = signIn;
      const mine = { status: 'busy', login } as const;
      set({ signIn: mine });
      try {
        await core['session.signIn']({ login, pin });
        onOutcome(true);
        set({ signIn: { status: 'choosing' }, pin: '' });
      } catch (cause) {
        // Somebody else is at it by now, or the same person anew: this says nothing about that try.
        if (get().signIn !== mine) return;
        onOutcome(false);
        set({ signIn: { status: 'failed', login, failure: failureOf(cause) }, pin: '' });
      }
    },
    back: () => set({ signIn: { status: 'choosing' }, pin: '' }),
  }));
export type SignInStore = ReturnType<typeof createSignInStore>;
