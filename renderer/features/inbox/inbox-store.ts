import { createStore } from 'zustand/vanilla';
import type { CoreClient } from '../../../electron/contract/index.ts';
import type { InboxView } from '../../../electron/contract/inbox.ts';
import { failureOf } from '../../lib/failure.ts';
import { createAnswering } from './answering.ts';
import { NOBODY } from './choices.ts';
import { chosenOf, EMPTY, IDLE, type InboxState, type InboxTab, type Parts } from './inbox-state.ts';

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

/** A manager's inbox: what waits at the centre, and her answers to it. */
export const createInboxStore = (core: CoreClient) =>
  createStore<InboxState>()((set, get, api) => {
    const { read, choose, readMore } = createReader(core, api);
    const say = createAnswering(core, api, read);
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
        if (get().saying.status === 'busy') return;
        set({ outrun: null });
        await choose(id);
      },
      more: async () => {
        if (get().saying.status !== 'busy') await readMore();
      },
      ask: (choice) => {
        if (get().saying.status !== 'busy')
          set({ saying: { status: 'asking', choice }, reason: '', second: NOBODY, outrun: null });
      },
      cancel: () => set({ saying: IDLE, second: NOBODY }),
      typeReason: (reason) => set(({ second }) => ({ reason, second: { ...second, pin: '' } })),
      typePin: (pin) => set({ pin }),
      // Whoever is named is not whose PIN was typed before.
      typeSecond: (typed) => set(({ second }) => ({ second: { ...second, pin: '', ...typed } })),
      typeField: (path, text) => set(({ texts }) => ({ texts: { ...texts, [path]: text } })),
      say,
      leave: () => set({ ...EMPTY, tab: 'open' }),
      pause: () =>
        set(({ saying }) => ({ pin: '', second: NOBODY, saying: saying.status === 'busy' ? saying : IDLE })),
    };
  });
export type InboxStore = ReturnType<typeof createInboxStore>;
