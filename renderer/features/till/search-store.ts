import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CoreClient } from '../../../electron/contract/index.ts';
import { LOOKUP_TEXT_MAX } from '../../../electron/contract/members.ts';
import type { MemberHit } from '../../../electron/contract/views.ts';
import { failureOf } from '../../lib/failure.ts';
import { centreOf, createCentreAsker, hitsOf, isArriving, type Found, type Lookup } from './lookup.ts';

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

type Parts = Pick<StoreApi<SearchState>, 'getState' | 'setState'>;

const isCurrent = ({ text, lookup }: SearchState): boolean =>
  lookup.status === 'choice' || (lookup.status === 'found' && lookup.text === text.trim());

/** That Enter was pressed and nobody could be taken yet. */
interface Wish {
  isTaking: boolean;
}

/** Takes the first result, or keeps the wish for it while the centre is asked or members arrive. */
function createTaker({ core, onPick }: SearchStoreOptions, { getState, setState }: Parts, wish: Wish) {
  const takeNow = (): void => {
    const { lookup, activeAt } = getState();
    const hit = hitsOf(lookup)[activeAt];
    const isAsked = lookup.status === 'found' && lookup.centre === 'asking';
    wish.isTaking = hit === undefined && (isAsked || isArriving(lookup));
    if (hit) return onPick(hit, lookup.status === 'found' ? lookup.found.cardNumber : null);
    // Enter on "nobody" asks for what is not asked by itself, and once more where no answer came.
    if (!isAsked && lookup.status === 'found' && lookup.found.askCentre && lookup.centre !== 'nobody') {
      wish.isTaking = true;
      void askCentre();
    }
  };
  const askCentre = createCentreAsker(core, { getState, setState }, () => {
    // Something else is typed by now: the wish is for the answer to that.
    if (!wish.isTaking || !isCurrent(getState())) return;
    const { lookup } = getState();
    if (hitsOf(lookup).length > 0) takeNow();
    // Not asked again by itself: only the copy that is on its way may still bring her.
    else wish.isTaking = isArriving(lookup);
  });
  /** A card or a phone whose holder is not here: nobody has to ask for the question. */
  const keepFound = (text: string, found: Found): void => {
    const centre = found.members.length > 0 ? undefined : centreOf(getState().lookup, text);
    setState({
      lookup: { status: 'found', text, found, ...(centre && { centre }) },
      activeAt: 0,
    });
    if (found.askCentre === 'now' && centre === undefined) void askCentre();
  };
  return { takeNow, keepFound };
}

/** One question at a time is under way; of what was typed meanwhile only the latest is asked. */
function createAsker(options: SearchStoreOptions, { getState, setState }: Parts) {
  const { core } = options;
  let isAsking = false;
  const wish: Wish = { isTaking: false };
  /** Members came in while a question was under way: its answer may lack them. */
  let isStale = false;
  let generation = 0;

  const { takeNow, keepFound } = createTaker(options, { getState, setState }, wish);
  const ask = async (): Promise<void> => {
    if (isAsking) return;
    isAsking = true;
    const asked = { text: getState().text.trim(), generation };
    try {
      const found = await core['members.lookup']({ text: asked.text });
      if (asked.generation === generation) keepFound(asked.text, found);
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
    else if (wish.isTaking) takeNow();
  };

  return {
    /** Something else was typed: a wish to take the first result no longer holds. */
    ask: (): void => {
      wish.isTaking = false;
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
      wish.isTaking = false;
    },
    take: (): void => {
      const now = getState();
      if (now.text.trim() === '' && now.lookup.status !== 'choice') return;
      if (isCurrent(now)) return takeNow();
      wish.isTaking = true;
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
