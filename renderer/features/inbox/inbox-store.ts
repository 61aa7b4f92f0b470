import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CoreClient } from '../../../electron/contract/index.ts';
import type { HeldOpView, InboxAnswer, InboxItem, InboxView } from '../../../electron/contract/inbox.ts';
import { failureOf, type Failure } from '../../lib/failure.ts';
import { backing, intoIdOf, NOBODY, type Choice, type Second } from './choices.ts';
import { toValues, type HeldTexts } from './held-values.ts';

export type Saying =
  | { readonly status: 'idle' }
  /** One choice is open, with what goes along with it. */
  | { readonly status: 'asking' | 'busy'; readonly choice: Choice }
  | { readonly status: 'failed'; readonly choice: Choice | null; readonly failure: Failure };

export type InboxTab = 'open' | 'answered';

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

const IDLE: Saying = { status: 'idle' };
const EMPTY = {
  view: null,
  chosenId: null,
  held: null,
  texts: {},
  saying: IDLE,
  reason: '',
  pin: '',
  second: NOBODY,
} as const;

type Parts = Pick<StoreApi<InboxState>, 'getState' | 'setState'>;

export const chosenOf = ({ view, chosenId }: InboxState): InboxItem | null =>
  view?.items.find(({ id }) => id === chosenId) ?? null;

/** So many pages of the list, one behind the other. */
async function readPages(core: CoreClient, state: InboxTab, pageCount: number): Promise<InboxView> {
  let view = await core['inbox.list']({ state });
  for (let page = 1; page < pageCount && view.hasMore; page += 1) {
    const next = await core['inbox.list']({ state, after: view.items.at(-1)?.id ?? '' });
    // The line went meanwhile: what is there already stays readable.
    if (next.line === 'down') return view;
    view = { ...next, items: [...view.items, ...next.items] };
  }
  return view;
}

/** Reads the list and what is chosen in it. Only the latest question counts. */
function createReader(core: CoreClient, { getState, setState }: Parts) {
  let latest = 0;
  let pageCount = 1;
  const readHeld = async (): Promise<void> => {
    const item = chosenOf(getState());
    if (item === null || item.kind !== 'held_op' || item.state !== 'open') return;
    try {
      const held = await core['inbox.getHeld']({ seq: item.seq });
      if (getState().chosenId === item.id) setState({ held });
    } catch (cause) {
      if (getState().chosenId === item.id)
        setState({ saying: { status: 'failed', choice: null, failure: failureOf(cause) } });
    }
  };
  const choose = async (id: string | null): Promise<void> => {
    if (id === getState().chosenId && getState().held !== null) return;
    setState({ chosenId: id, held: null, texts: {}, saying: IDLE, reason: '', second: NOBODY });
    await readHeld();
  };
  const read = async (pages = pageCount): Promise<void> => {
    latest += 1;
    const mine = latest;
    pageCount = pages;
    const { tab } = getState();
    try {
      const view = await readPages(core, tab, pages);
      if (mine !== latest) return;
      const { chosenId, view: before } = getState();
      setState({ view });
      // Of what was answered the next one takes the place, where the eye is.
      const at = before?.items.findIndex(({ id }) => id === chosenId) ?? 0;
      const isThere = view.items.some(({ id }) => id === chosenId);
      const next = view.items[Math.min(Math.max(0, at), view.items.length - 1)]?.id ?? null;
      if (!isThere) await choose(next);
    } catch (cause) {
      if (mine === latest)
        setState({ saying: { status: 'failed', choice: null, failure: failureOf(cause) } });
    }
  };
  return { read, choose, readMore: () => read(pageCount + 1) };
}

function toAnswer(choice: Choice, { held, texts }: InboxState, decimals: number): InboxAnswer | null {
  const { action } = choice;
  const intoId = intoIdOf(choice);
  if (action === 'merge') return intoId === null ? null : { action, intoId };
  if (action !== 'repair') return { action };
  return held === null ? null : { action, seq: held.seq, values: toValues(held.fields, texts, decimals) };
}

/** A manager's inbox: what waits at the centre, and her answers to it. */
export const createInboxStore = (core: CoreClient) =>
  createStore<InboxState>()((set, get, api) => {
    const { read, choose, readMore } = createReader(core, api);
    return {
      tab: 'open',
      ...EMPTY,
      open: async () => {
        set({ ...EMPTY, tab: 'open' });
        await read(1);
      },
      showTab: async (tab) => {
        const { pin } = get();
        set({ ...EMPTY, tab, pin });
        await read(1);
      },
      refresh: async () => {
        if (get().saying.status === 'idle') await read();
      },
      choose: async (id) => {
        // Her answer is on its way, and what comes of it belongs to what she sees.
        if (get().saying.status !== 'busy') await choose(id);
      },
      more: async () => {
        if (get().saying.status !== 'busy') await readMore();
      },
      ask: (choice) => {
        if (get().saying.status !== 'busy')
          set({ saying: { status: 'asking', choice }, reason: '', second: NOBODY });
      },
      cancel: () => set({ saying: IDLE, second: NOBODY }),
      typeReason: (reason) => set(({ second }) => ({ reason, second: { ...second, pin: '' } })),
      typePin: (pin) => set({ pin }),
      // Whoever is named is not whose PIN was typed before.
      typeSecond: (typed) => set(({ second }) => ({ second: { ...second, pin: '', ...typed } })),
      typeField: (path, text) => set(({ texts }) => ({ texts: { ...texts, [path]: text } })),
      say: async (decimals) => {
        const { saying, reason, pin, second } = get();
        const item = chosenOf(get());
        if (item === null || saying.status === 'idle' || saying.status === 'busy' || saying.choice === null)
          return;
        const { choice } = saying;
        const answer = toAnswer(choice, get(), decimals);
        if (answer === null) return;
        const mine: Saying = { status: 'busy', choice };
        set({ saying: mine });
        try {
          await core['inbox.answer']({ id: item.id, pin, reason, answer, ...backing(choice, second) });
          if (get().saying !== mine) return;
          set({ saying: IDLE, reason: '', held: null, texts: {}, second: NOBODY });
          await read();
        } catch (cause) {
          if (get().saying !== mine) return;
          const failure = failureOf(cause);
          // Hers is for one press; the manager's own stays for the next, unless it may be the wrong one.
          set({
            saying: { status: 'failed', choice, failure },
            second: { ...second, pin: '' },
            ...(failure.code === 'pin_wrong' && { pin: '' }),
          });
        }
      },
      leave: () => set({ ...EMPTY, tab: 'open' }),
      pause: () =>
        set(({ saying }) => ({ pin: '', second: NOBODY, saying: saying.status === 'busy' ? saying : IDLE })),
    };
  });
export type InboxStore = ReturnType<typeof createInboxStore>;
