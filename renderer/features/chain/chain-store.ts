import { createStore } from 'zustand/vanilla';
import type { CoreClient } from '../../../electron/contract/index.ts';
import { DEFAULT_SPEND_POLICY } from '../../../sync/model/spend-policy.ts';
import { createForm, createReading, createRefresh, createSave } from './chain-acts.ts';
import { EMPTY, IDLE, type ChainState } from './chain-state.ts';
import { toLimitTexts, withoutPins, type ChainDraft } from './drafts.ts';

/** People, shops and settings of the chain, for a manager. */
export const createChainStore = (core: CoreClient) =>
  createStore<ChainState>()((set, get, api) => {
    const reading = createReading(core, api);
    const form = createForm(api);
    const refresh = createRefresh(api, reading, form);
    return {
      ...EMPTY,
      open: async (scene) => {
        form.setScene(scene);
        const draft = form.isUntouched() ? null : withoutPins(get().draft);
        set({ draft, problems: {}, deed: IDLE, ...(draft === null && { opened: null }) });
        await refresh();
      },
      refresh,
      turnTo: (part) => {
        set({ part });
        form.show(part === 'rules' ? form.draftOf(null) : null);
      },
      typeFind: (find) => set({ find }),
      choose: (id) => form.show(form.draftOf(id)),
      type: (field, text) => {
        const { draft, problems } = get();
        if (draft === null) return;
        // Cast: a form shows its own fields only.
        form.change({ ...draft, texts: { ...draft.texts, [field]: text } } as ChainDraft);
        // What was wrong with it is being put right.
        const { [field]: _, ...others } = problems;
        set({ problems: others });
      },
      turn: (isOn) => {
        const { draft } = get();
        if (draft !== null) form.change({ ...draft, isOn });
      },
      takeUsualLimits: () => {
        const { draft } = get();
        if (draft?.part !== 'rules') return;
        const usual = toLimitTexts(DEFAULT_SPEND_POLICY, form.scene().decimals);
        form.change({ ...draft, texts: { ...draft.texts, ...usual } });
      },
      save: createSave(core, api, { reading, form }),
      leave: () => {
        reading.drop();
        set(EMPTY);
      },
    };
  });
export type ChainStore = ReturnType<typeof createChainStore>;
