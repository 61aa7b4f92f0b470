import { createStore } from 'zustand/vanilla';
import type { CoreClient } from '../../../electron/contract/index.ts';
import { failureOf, type Failure } from '../../lib/failure.ts';

export type SignIn =
  | { readonly status: 'choosing' }
  | { readonly status: 'typing' | 'busy'; readonly login: string }
  /** The same person works at another page; the PIN waits for the answer whether to go on here. */
  | { readonly status: 'elsewhere'; readonly login: string; readonly failure: Failure }
  | { readonly status: 'failed'; readonly login: string; readonly failure: Failure };

export const PIN_SIGNS_MAX = 20;

export interface SignInState {
  readonly signIn: SignIn;
  /** Never kept longer than the try it was typed for, and the question that it may raise. */
  readonly pin: string;
  choose(login: string): void;
  typePin(pin: string): void;
  enter(): Promise<void>;
  /** Ends the session at the other page, after it was asked. */
  takeOver(): Promise<void>;
  back(): void;
}

export interface SignInStoreOptions {
  readonly core: CoreClient;
  readonly onOutcome: (isGood: boolean) => void;
}

export const createSignInStore = ({ core, onOutcome }: SignInStoreOptions) =>
  createStore<SignInState>()((set, get) => {
    const attempt = async (login: string, takesOver: boolean): Promise<void> => {
      const { pin } = get();
      const mine = { status: 'busy', login } as const;
      set({ signIn: mine });
      try {
        await core['session.signIn']({ login, pin, ...(takesOver ? { takesOver } : {}) });
        onOutcome(true);
        set({ signIn: { status: 'choosing' }, pin: '' });
      } catch (cause) {
        // Somebody else is at it by now, or the same person anew: this says nothing about that try.
        if (get().signIn !== mine) return;
        onOutcome(false);
        const failure = failureOf(cause);
        if (failure.code === 'signed_in_elsewhere') set({ signIn: { status: 'elsewhere', login, failure } });
        else set({ signIn: { status: 'failed', login, failure }, pin: '' });
      }
    };
    return {
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
        await attempt(signIn.login, false);
      },
      takeOver: async () => {
        const { signIn } = get();
        if (signIn.status === 'elsewhere') await attempt(signIn.login, true);
      },
      back: () => set({ signIn: { status: 'choosing' }, pin: '' }),
    };
  });
export type SignInStore = ReturnType<typeof createSignInStore>;
