import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CallInput, CoreClient } from '../../../electron/contract/index.ts';
import type { CardFilter, CardListRow } from '../../../electron/contract/card-list.ts';
import { failureOf, type Failure } from '../../lib/failure.ts';
import type { Attribute } from '../../parts/attribute-field.tsx';
import { changeOf, isWrong } from '../../parts/card-data-draft.ts';
import { newOpId } from '../../lib/new-op-id.ts';
import { openForm, sendDeed, type CardDeed, type DeedChange, type DeedForm } from './card-deeds.ts';

export type CardSort = CallInput<'cards.list'>['sort'];
type Mark = NonNullable<CallInput<'cards.list'>['after']>;

export type Doing =
  | { readonly status: 'idle' | 'busy' }
  | { readonly status: 'done'; readonly deed: CardDeed }
  | { readonly status: 'failed'; readonly failure: Failure };

export interface CardsState {
  readonly text: string;
  readonly filter: CardFilter;
  readonly sort: CardSort;
  readonly isDescending: boolean;
  /** What the chain keeps of each card. */
  readonly attributes: readonly Attribute[];
  readonly rows: readonly CardListRow[];
  readonly total: number;
  /** Where the pages before this one began, the first one's null included. */
  readonly marks: readonly (Mark | null)[];
  /** Of the page behind this one; null at the end. */
  readonly next: Mark | null;
  readonly isReading: boolean;
  readonly chosenId: string | null;
  readonly form: DeedForm | null;
  readonly doing: Doing;
  open(): Promise<void>;
  refresh(): Promise<void>;
  type(text: string): Promise<void>;
  narrow(change: Partial<CardFilter>): Promise<void>;
  clear(): Promise<void>;
  sortBy(sort: CardSort): Promise<void>;
  turn(by: 'next' | 'back'): Promise<void>;
  choose(cardId: string): void;
  ask(deed: CardDeed, picked?: string): void;
  fill(change: DeedChange): void;
  cancel(): void;
  submit(): Promise<void>;
  leave(): void;
}

export const PAGE_ROWS = 50;
export const NO_FILTER: CardFilter = {
  statuses: [],
  cardTypeIds: [],
  balanceFrom: null,
  balanceTo: null,
  issuedFrom: null,
  issuedTo: null,
  expiresFrom: null,
  expiresTo: null,
  isInstalled: null,
  own: [],
};
const IDLE: Doing = { status: 'idle' };
const FIRST = { marks: [null], next: null } as const;
const EMPTY = {
  text: '',
  filter: NO_FILTER,
  sort: 'number',
  isDescending: false,
  attributes: [],
  rows: [],
  total: 0,
  ...FIRST,
  isReading: false,
  chosenId: null,
  form: null,
  doing: IDLE,
} as const;

export const chosenOf = ({ rows, chosenId }: Pick<CardsState, 'rows' | 'chosenId'>): CardListRow | null =>
  rows.find(({ card }) => card.cardId === chosenId) ?? null;

type Api = Pick<StoreApi<CardsState>, 'getState' | 'setState'>;

/** Only the latest question counts. What is shown stays until the answer is there. */
function createReader(core: CoreClient, { getState, setState }: Api) {
  let latest = 0;
  const read = async (): Promise<void> => {
    latest += 1;
    const mine = latest;
    const { text, filter, sort, isDescending, marks } = getState();
    setState({ isReading: true });
    try {
      const after = marks.at(-1) ?? null;
      const [list, attributes] = await Promise.all([
        core['cards.list']({ text, filter, sort, isDescending, after, limit: PAGE_ROWS }),
        core['cards.listAttributes']({}),
      ]);
      if (mine !== latest) return;
      const { chosenId } = getState();
      const isThere = list.rows.some(({ card }) => card.cardId === chosenId);
      setState({
        rows: list.rows,
        attributes,
        total: list.total,
        next: list.after,
        isReading: false,
        ...(isThere ? {} : { chosenId: list.rows[0]?.card.cardId ?? null, form: null }),
      });
    } catch (cause) {
      if (mine === latest)
        setState({ isReading: false, doing: { status: 'failed', failure: failureOf(cause) } });
    }
  };
  /** An answer that is still on its way is nobody's. */
  const drop = (): void => {
    latest += 1;
  };
  return { read, drop };
}

/** Every card of the copy, a page at a time, and what can be done with each. */
export const createCardsStore = (core: CoreClient) =>
  createStore<CardsState>()((set, get, api) => {
    const { read, drop } = createReader(core, api);
    const again = async (change: Partial<CardsState>): Promise<void> => {
      set({ ...change, ...FIRST, doing: IDLE });
      await read();
    };
    return {
      ...EMPTY,
      open: async () => again({}),
      refresh: read,
      type: async (text) => again({ text }),
      narrow: async (change) => again({ filter: { ...get().filter, ...change } }),
      clear: async () => again({ text: '', filter: NO_FILTER }),
      sortBy: async (sort) => again({ sort, isDescending: get().sort === sort && !get().isDescending }),
      turn: async (by) => {
        const { marks, next } = get();
        if (by === 'next' && next !== null) set({ marks: [...marks, next] });
        else if (by === 'back' && marks.length > 1) set({ marks: marks.slice(0, -1) });
        else return;
        await read();
      },
      choose: (chosenId) => {
        if (chosenId !== get().chosenId) set({ chosenId, form: null, doing: IDLE });
      },
      ask: (deed, picked = '') => set({ form: openForm(deed, picked), doing: IDLE }),
      fill: (change) => set(({ form }) => ({ form: form === null ? null : { ...form, ...change } })),
      cancel: () => set({ form: null, doing: IDLE }),
      submit: async () => {
        const { form, doing } = get();
        const row = chosenOf(get());
        if (form === null || row === null || doing.status === 'busy') return;
        if (form.deed === 'data') {
          const change = changeOf(form.data, row.card);
          if (change === null) return;
          if (isWrong(get().attributes, change)) return set({ form: { ...form, isSaying: true } });
        }
        set({ doing: { status: 'busy' } });
        try {
          await sendDeed(core, form, row);
          if (get().form?.opId === form.opId) set({ form: null, doing: { status: 'done', deed: form.deed } });
          await read();
        } catch (cause) {
          const { form: now } = get();
          if (now?.opId !== form.opId) return;
          const failure = failureOf(cause);
          // Done the first time after all, with what the form said then: what it says now is another intent.
          const opId = failure.code === 'op_id_reused' ? newOpId() : now.opId;
          set({ form: { ...now, opId, isSaying: true }, doing: { status: 'failed', failure } });
          // An attribute may be another by now: the field that it was refused for is marked by the rules of today.
          if (form.deed === 'data') await read();
        }
      },
      leave: () => {
        drop();
        set({ ...EMPTY });
      },
    };
  });
export type CardsStore = ReturnType<typeof createCardsStore>;
