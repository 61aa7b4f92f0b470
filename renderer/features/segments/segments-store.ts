import { createStore } from 'zustand/vanilla';
import type { CoreClient } from '../../../electron/contract/index.ts';
import type { SegmentChoice, SegmentMember } from '../../../electron/contract/segments.ts';
import { newId } from '../../../sync/base/ids.ts';
import type { Segment, TagRule } from '../../../sync/model/segment.ts';
import { failureOf } from '../../lib/failure.ts';
import {
  draftOf,
  draftOfRule,
  draftOfRules,
  NEW_DRAFT,
  toTrial,
  toSegment,
  toTagRule,
  type SegmentDraft,
} from './draft.ts';
import { namesOf } from './names.ts';
import { saveRule, saveSegment } from './saves.ts';
import type { SegmentsState } from './segments-state.ts';

const PAGE = 50;
type Held =
  | 'all'
  | 'rfm'
  | 'view'
  | 'chosenId'
  | 'shown'
  | 'draft'
  | 'found'
  | 'words'
  | 'names'
  | 'attributes'
  | 'failure'
  | 'isSaving';
const EMPTY: Pick<SegmentsState, Held> = {
  ...{ all: null, rfm: null, view: 'plot', chosenId: null, shown: null, draft: null, found: null },
  ...{ words: {}, names: {}, attributes: [], failure: null, isSaving: false },
};

type Set = (next: Partial<SegmentsState>) => void;

/** Runs `act`; what goes wrong is told on the page and nothing else changes. */
async function told(set: Set, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (cause) {
    set({ failure: failureOf(cause), isSaving: false });
  }
}

interface Parts {
  core: CoreClient;
  set: Set;
  get: () => SegmentsState;
}

/** Only the latest question counts: a slower answer to an earlier one is dropped. */
function createReading({ core, set }: Parts) {
  let asked = 0;
  let listsAsked = 0;
  const ask = (): number => (asked += 1);
  const isLatest = (mine: number): boolean => mine === asked;
  const read = async (): Promise<void> => {
    const mine = (listsAsked += 1);
    const [all, rfm, groups, attributes] = await Promise.all([
      core['segments.list']({}),
      core['segments.rfm']({}),
      core['documents.list']({ kind: 'group' }),
      core['attributes.list']({}),
    ]);
    const names = namesOf(groups, attributes);
    // An answer that was asked for before a save must not take the saved segment off the list again.
    if (mine === listsAsked)
      set({ all, rfm, names, attributes: attributes.filter(({ isRetired }) => !isRetired) });
  };
  const readPage = async (choice: SegmentChoice, before: readonly SegmentMember[]): Promise<void> => {
    const mine = ask();
    const page = await core['segments.members']({ choice, offset: before.length, limit: PAGE });
    if (isLatest(mine)) set({ shown: { choice, total: page.total, members: [...before, ...page.members] } });
  };
  return { ask, isLatest, read, readPage };
}
type Reading = ReturnType<typeof createReading>;

function showing({ set, get }: Parts, { read, readPage }: Reading) {
  return {
    open: async () => {
      set({ failure: null });
      await told(set, read);
    },
    refresh: async () => {
      await told(set, async () => {
        await read();
        const { shown, draft } = get();
        if (shown !== null && draft === null) await readPage(shown.choice, []);
      });
    },
    leave: () => set(EMPTY),
    showPlot: () => set({ view: 'plot', chosenId: null, shown: null, draft: null }),
    showSegment: async (segmentId: string) => {
      set({ view: 'segment', chosenId: segmentId, shown: null, draft: null, failure: null });
      await told(set, () => readPage({ kind: 'segment', segmentId }, []));
    },
    showMembers: async (choice: SegmentChoice) => {
      set({ failure: null });
      await told(set, () => readPage(choice, []));
    },
    showMore: async () => {
      const { shown } = get();
      if (shown !== null) await told(set, () => readPage(shown.choice, shown.members));
    },
  } satisfies Partial<SegmentsState>;
}

function editing({ core, set, get }: Parts, { ask, isLatest, read }: Reading) {
  const begin = (draft: SegmentDraft, decimals: number): void => {
    set({ view: 'edit', failure: null, found: null });
    void get().change(draft, decimals);
    for (const { field } of draft.conditions) void get().readWords(field);
  };
  /** What is edited is saved, and its page comes back. @returns False while it is not whole. */
  const saving = (draft: SegmentDraft, decimals: number): (() => Promise<void>) | null => {
    if (draft.rule !== null) {
      const rule = toTagRule(draft, decimals);
      return rule === null
        ? null
        : async () => {
            await saveRule(core, rule);
            set({ draft: null, isSaving: false });
            get().showPlot();
          };
    }
    const id = draft.segment?.segmentId ?? `s-${newId<string>().slice(-12)}`;
    const segment = toSegment(draft, id, decimals);
    return segment === null
      ? null
      : async () => {
          await saveSegment(core, segment, draft.segment?.version ?? 0);
          set({ draft: null, isSaving: false });
          await read();
          await get().showSegment(id);
        };
  };
  return {
    edit: (segment: Segment | null, decimals: number) =>
      begin(segment === null ? NEW_DRAFT : draftOf(segment, decimals), decimals),
    keepAs: (rules, name, decimals) => begin(draftOfRules(rules, name, decimals), decimals),
    editRule: (rule: TagRule, ownerId: string, decimals: number) =>
      begin(draftOfRule(rule, ownerId, decimals), decimals),
    change: async (draft: SegmentDraft, decimals: number) => {
      const mine = ask();
      set({ draft, found: null });
      const trial = toTrial(draft, decimals);
      if (trial === null) return;
      await told(set, async () => {
        const { members } = await core['segments.try'](trial);
        if (isLatest(mine)) set({ found: members });
      });
    },
    cancel: () => {
      const { chosenId } = get();
      set({ draft: null, found: null, failure: null, view: chosenId === null ? 'plot' : 'segment' });
    },
    save: async (decimals: number) => {
      const { draft, isSaving } = get();
      const act = draft === null ? null : saving(draft, decimals);
      if (act === null || isSaving) return;
      set({ isSaving: true, failure: null });
      await told(set, act);
    },
    retire: async (segment: Segment) => {
      await told(set, async () => {
        await saveSegment(core, { ...segment, isRetired: true }, segment.version);
        get().showPlot();
        await read();
      });
    },
    readWords: async (field: string) => {
      await told(set, async () => {
        const words = await core['segments.words']({ field });
        set({ words: { ...get().words, [field]: words } });
      });
    },
  } satisfies Partial<SegmentsState>;
}

export const createSegmentsStore = (core: CoreClient) =>
  createStore<SegmentsState>()((set, get) => {
    const parts: Parts = { core, set, get };
    const reading = createReading(parts);
    return { ...EMPTY, ...showing(parts, reading), ...editing(parts, reading) };
  });
export type SegmentsStore = ReturnType<typeof createSegmentsStore>;
