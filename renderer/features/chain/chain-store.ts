import { createStore } from 'zustand/vanilla';
import type { CoreClient } from '../../../electron/contract/index.ts';
import { DEFAULT_SPEND_POLICY } from '../../../sync/model/spend-policy.ts';
import { createReading, createRefresh, createSave } from './chain-acts.ts';
import { createForm } from './chain-form.ts';
import { EMPTY, IDLE, type ChainState } from './chain-state.ts';
import { toLimitTexts, type ChainDraft } from './drafts.ts';

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
        form.dropPins();
        set({ problems: {}, deed: IDLE, ...(form.isUntouched() && { draft: null, opened: null }) });
        await refresh();
      },
      refresh,
      turnTo: form.turnTo,
      typeFind: (find) => set({ find }),
      choose: form.choose,
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
      discard: () => {
        const { opened, deed } = get();
        // What is on its way is not taken back by this.
        if (opened !== null && deed.status !== 'busy') form.show(opened);
      },
      save: createSave(core, api, { reading, form }),
      dropPins: form.dropPins,
      leave: () => {
        reading.drop();
        form.forget();
        set(EMPTY);
      },
    };
  });
export type ChainStore = ReturnType<typeof createChainStore>;
