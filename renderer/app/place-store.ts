import { createStore } from 'zustand/vanilla';
import type { MemberView } from '../../electron/contract/views.ts';
import type { Failure } from '../lib/failure.ts';

export type Place = 'home' | 'member' | 'enrol' | 'edit' | 'settings';

/** What a scan came to when it has no place to go by itself, and that somebody has joined. */
export type ScanNotice =
  | { readonly kind: 'unknown-card'; readonly cardNumber: string; readonly isOwnStock: boolean }
  /** A member's card while a form is open: the form stays, and she is one press away. */
  | { readonly kind: 'held'; readonly member: MemberView; readonly cardNumber: string }
  | { readonly kind: 'card-taken'; readonly cardNumber: string }
  | { readonly kind: 'filled'; readonly cardNumber: string }
  | { readonly kind: 'joined'; readonly name: string }
  | { readonly kind: 'not-a-card'; readonly text: string }
  | { readonly kind: 'payment-card' | 'bad-read' | 'sign-in-first' }
  | { readonly kind: 'failed'; readonly failure: Failure };

export interface PlaceState {
  readonly place: Place;
  readonly notice: ScanNotice | null;
  readonly isKeySheetOpen: boolean;
  go(place: Place): void;
  say(notice: ScanNotice | null): void;
  showKeys(isOpen: boolean): void;
}

/** Which screen is in front, and what the last scan had to say. */
export const createPlaceStore = () =>
  createStore<PlaceState>()((set) => ({
    place: 'home',
    notice: null,
    isKeySheetOpen: false,
    go: (place) => set({ place, notice: null }),
    say: (notice) => set({ notice }),
    showKeys: (isKeySheetOpen) => set({ isKeySheetOpen }),
  }));
