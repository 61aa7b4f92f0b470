import type { StoreApi } from 'zustand/vanilla';
import type { HeldOpView, InboxItem, InboxView } from '../../../electron/contract/inbox.ts';
import type { Failure } from '../../lib/failure.ts';
import { NOBODY, type Choice, type Second } from './choices.ts';
import type { HeldTexts } from './held-values.ts';

export type Saying =
  | { readonly status: 'idle' }
  /** One choice is open, with what goes along with it. */
  | { readonly status: 'asking' | 'busy'; readonly choice: Choice }
  | { readonly status: 'failed'; readonly choice: Choice | null; readonly failure: Failure };

export type InboxTab = 'open' | 'answered';

export interface Outrun {
  readonly item: InboxItem;
  readonly decided: InboxItem | null;
}

export interface InboxState {
  readonly tab: InboxTab;
  /** Null until it was read. */
  readonly view: InboxView | null;
  readonly chosenId: string | null;
  /** The held op of the chosen item, as it lies at the centre; null while it is not read, or is none. */
  readonly held: HeldOpView | null;
  readonly texts: HeldTexts;
  readonly saying: Saying;
  readonly reason: string;
  /** Kept while this screen is open: a manager with a full inbox types it once. */
  readonly pin: string;
  /** Who stands by an answer that takes two, and her PIN: for this one answer. */
  readonly second: Second;
  /** Her answer came second: to what, and what was decided, null where that could not be read. */
  readonly outrun: Outrun | null;
  open(): Promise<void>;
  showTab(tab: InboxTab): Promise<void>;
  refresh(): Promise<void>;
  choose(id: string): Promise<void>;
  /** The next page of the list, behind what is there. */
  more(): Promise<void>;
  ask(choice: Choice): void;
  cancel(): void;
  typeReason(reason: string): void;
  typePin(pin: string): void;
  typeSecond(second: Partial<Second>): void;
  typeField(path: string, text: string): void;
  /** Says what is asked. @param decimals Of the chain's money. */
  say(decimals: number): Promise<void>;
  /** The screen is left: nothing of a person stays, and no PIN. */
  leave(): void;
  /** Another page is in front for a while: the list stays as it is, the PIN does not. */
  pause(): void;
}

export const IDLE: Saying = { status: 'idle' };
export const EMPTY = {
  view: null,
  chosenId: null,
  held: null,
  texts: {},
  saying: IDLE,
  reason: '',
  pin: '',
  second: NOBODY,
  outrun: null,
} as const;

export type Parts = Pick<StoreApi<InboxState>, 'getState' | 'setState'>;

export const chosenOf = ({ view, chosenId }: InboxState): InboxItem | null =>
  view?.items.find(({ id }) => id === chosenId) ?? null;
