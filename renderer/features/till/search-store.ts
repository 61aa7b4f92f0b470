import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CoreClient, Output } from '../../../electron/contract/index.ts';
import { LOOKUP_TEXT_MAX } from '../../../electron/contract/members.ts';
import type { MemberHit } from '../../../electron/contract/views.ts';
import { failureOf, type Failure } from '../../lib/failure.ts';

export type Found = Output<'members.lookup'>;
export type Lookup =
  | { readonly status: 'idle' }
  /** Asked for the first time; what was found for an earlier text stays on the screen as `found` instead. */
  | { readonly status: 'searching' }
  | { readonly status: 'failed'; readonly failure: Failure }
  /** `text` is what was asked, which may be behind what is typed. */
  | { readonly status: 'found'; readonly text: string; readonly found: Found }
  /** Several members behind one scan: somebody must choose. */
  | { readonly status: 'choice'; readonly text: string; readonly members: readonly MemberHit[] };

export interface SearchState {
  readonly text: string;
  readonly lookup: Lookup;
  /** The line that Enter takes. */
  readonly activeAt: number;
  type(text: string): void;
  step(by: 1 | -1): void;
  /** Takes the active line, as soon as the answer to what is typed is there. */
  take(): void;
  pick(hit: MemberHit): void;
  choose(text: string, members: readonly MemberHit[]): void;
  /** Members have come in: asks again where the last answer may have missed somebody. */
  refresh(): void;
  clear(): void;
}

export interface SearchStoreOptions {
  readonly core: CoreClient;
  readonly onPick: (hit: MemberHit, cardNumber: string | null) => void;
}

export const hitsOf = (lookup: Lookup): readonly MemberHit[] =>
  lookup.status === 'found' ? lookup.found.members : lookup.status === 'choice' ? lookup.members : [];

/** The first copy is on its way: who was not found may come with it. */
const isArriving = (lookup: Lookup): boolean =>
  lookup.status === 'found' && lookup.found.incomplete === 'arriving';

type Parts = Pick<StoreApi<SearchState>, 'getState' | 'setState'>;

const isCurrent = ({ text, lookup }: SearchState): boolean =>
  lookup.status === 'choice' || (lookup.status === 'found' && lookup.text === text.trim());

/** One question at a time is under way; of what was typed meanwhile only the latest is asked. */
function createAsker({ core, onPick }: SearchStoreOptions, { getState, setState }: Parts) {
  let isAsking = false;
  let isTaking = false;
  /** Members came in while a question was under way: its answer may lack them. */
  let isStale = false;
  let generation = 0;

  const takeNow = (): void => {
    const { lookup, activeAt } = getState();
    const hit = hitsOf(lookup)[activeAt];
    isTaking = hit === undefined && isArriving(lookup);
    if (hit) onPick(hit, lookup.status === 'found' ? lookup.found.cardNumber : null);
  };
  const ask = async (): Promise<void> => {
    if (isAsking) return;
    isAsking = true;
    const asked = { text: getState().text.trim(), generation };
    try {
      const found = await core['members.lookup']({ text: asked.text });
      if (asked.generation === generation) {
        setState({ lookup: { status: 'found', text: asked.text, found }, activeAt: 0 });
      }
    } catch (cause) {
      if (asked.generation === generation)
        setState({ lookup: { status: 'failed', failure: failureOf(cause) } });
    }
    isAsking = false;
    settle(asked);
  };
  const settle = (asked: { text: string; generation: number }): void => {
    const text = getState().text.trim();
    if (text === '') return;
    // By what was asked, not by what came of it: a question that failed leaves the newer text to be asked too.
    const isAgain = isStale && isArriving(getState().lookup);
    isStale = false;
    if (asked.generation !== generation || asked.text !== text || isAgain) void ask();
    else if (isTaking) takeNow();
  };

  return {
    /** Something else was typed: a wish to take the first result no longer holds. */
    ask: (): void => {
      isTaking = false;
      void ask();
    },
    /** A wish to take the first result still holds: it may be among those who were missing. */
    askAgain: (): void => {
      isStale = isAsking;
      void ask();
    },
    /** Answers to what was asked so far are of no use any more. */
    forget: (): void => {
      generation += 1;
      isTaking = false;
    },
    take: (): void => {
      const now = getState();
      if (now.text.trim() === '' && now.lookup.status !== 'choice') return;
      if (isCurrent(now)) return takeNow();
      isTaking = true;
      // Enter on a look-up that failed asks once more; while a question is open this does nothing.
      void ask();
    },
  };
}

/** The one box. */
export const createSearchStore = (options: SearchStoreOptions) =>
  createStore<SearchState>()((set, get, api) => {
    const asker = createAsker(options, api);
    const reset = (text: string): void => {
      asker.forget();
      set({ text, lookup: { status: 'idle' }, activeAt: 0 });
    };
    return {
      text: '',
      lookup: { status: 'idle' },
      activeAt: 0,
      type: (typed) => {
        const text = typed.slice(0, LOOKUP_TEXT_MAX);
        if (text.trim() === '') return reset(text);
        const { lookup } = get();
        const keeps = lookup.status === 'found' || lookup.status === 'failed';
        set({ text, lookup: keeps ? lookup : { status: 'searching' } });
        asker.ask();
      },
      step: (by) => {
        const { lookup, activeAt } = get();
        const last = hitsOf(lookup).length - 1;
        set({ activeAt: Math.max(0, Math.min(last, activeAt + by)) });
      },
      take: asker.take,
      pick: (hit) => {
        const { lookup } = get();
        options.onPick(hit, lookup.status === 'found' ? lookup.found.cardNumber : null);
      },
      choose: (text, members) => {
        asker.forget();
        set({ text: '', lookup: { status: 'choice', text, members }, activeAt: 0 });
      },
      refresh: () => {
        const { lookup } = get();
        if (lookup.status === 'searching' || isArriving(lookup)) asker.askAgain();
      },
      clear: () => reset(''),
    };
  });
export type SearchStore = ReturnType<typeof createSearchStore>;
