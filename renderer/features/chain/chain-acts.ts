import type { StoreApi } from 'zustand/vanilla';
import type { CoreClient } from '../../../electron/contract/index.ts';
import { failureOf } from '../../lib/failure.ts';
import { newOpId } from '../../lib/new-op-id.ts';
import { IDLE, toLists, type ChainState } from './chain-state.ts';
import { toPersonDraft, toRulesDraft, toShopDraft, type ChainDraft } from './drafts.ts';
import { readDraft, type DraftScene } from './read-draft.ts';

type Api = Pick<StoreApi<ChainState>, 'getState' | 'setState'>;

/** Only the latest reading counts. `read`: false when it was overtaken. */
export function createReading(core: CoreClient, { setState }: Api) {
  let latest = 0;
  return {
    read: async (): Promise<boolean> => {
      latest += 1;
      const mine = latest;
      const lists = await Promise.all([
        core['documents.list']({ kind: 'staff' }),
        core['documents.list']({ kind: 'store' }),
        core['documents.list']({ kind: 'chain' }),
      ]);
      if (mine !== latest) return false;
      setState(toLists(lists));
      return true;
    },
    drop: (): void => {
      latest += 1;
    },
  };
}
type Reading = ReturnType<typeof createReading>;

/** The form in front, and the id of the press that saves it: another content is another intent. */
export function createForm({ getState, setState }: Api) {
  let scene: DraftScene = { decimals: 2, selfId: '' };
  let saveId = newOpId();
  const draftOf = (id: string | null): ChainDraft | null => {
    const { part, people, shops, chain } = getState();
    if (part === 'people') return toPersonDraft(people.find(({ staffId }) => staffId === id) ?? null);
    if (part === 'shops') return toShopDraft(shops.find(({ storeId }) => storeId === id) ?? null, shops[0]);
    return chain === null ? null : toRulesDraft(chain, scene.decimals);
  };
  return {
    draftOf,
    scene: () => scene,
    setScene: (now: DraftScene): void => {
      scene = now;
    },
    saveId: () => saveId,
    isUntouched: (): boolean => getState().draft === getState().opened,
    show: (draft: ChainDraft | null): void => {
      saveId = newOpId();
      setState({ draft, opened: draft, problems: {}, deed: IDLE });
    },
    change: (draft: ChainDraft): void => {
      saveId = newOpId();
      setState({ draft, deed: IDLE });
    },
  };
}
type ChainForm = ReturnType<typeof createForm>;

const failedBy = (cause: unknown): Pick<ChainState, 'deed'> => ({
  deed: { status: 'failed', failure: failureOf(cause) },
});

export function createRefresh({ getState, setState }: Api, { read }: Reading, form: ChainForm) {
  return async (): Promise<void> => {
    try {
      const isLatest = await read();
      const { draft, part, deed } = getState();
      if (!isLatest || !form.isUntouched() || deed.status === 'busy') return;
      if (draft === null && part === 'rules') return form.show(form.draftOf(null));
      // Nobody has typed: what is in front is shown as it is now.
      const next = draft === null || draft.known === null ? draft : form.draftOf(draft.id);
      setState({ draft: next, opened: next });
    } catch (cause) {
      setState(failedBy(cause));
    }
  };
}

export function createSave(
  core: CoreClient,
  { getState, setState }: Api,
  parts: { reading: Reading; form: ChainForm },
) {
  const { reading, form } = parts;
  /** What is in front after the save: the new version, under whatever was typed meanwhile. */
  const settle = (saved: ChainDraft): void => {
    const { draft } = getState();
    // Whoever went on to something else stays there.
    if (draft?.id !== saved.id) return;
    const next = form.draftOf(saved.id);
    if (draft === saved || next === null) form.show(next);
    // Cast: the same document, so the same kind of form.
    else setState({ draft: { ...draft, known: next.known } as ChainDraft, opened: next });
    setState({ deed: { status: 'saved', name: saved.texts.name.trim() } });
  };
  return async (): Promise<void> => {
    const { draft, deed } = getState();
    if (draft === null || deed.status === 'busy') return;
    const result = readDraft(draft, form.scene());
    setState({ problems: 'problems' in result ? result.problems : {} });
    if ('problems' in result) return;
    setState({ deed: { status: 'busy' } });
    try {
      await core['documents.save']({ opId: form.saveId(), ...result.saving });
      await reading.read();
      settle(draft);
    } catch (cause) {
      if (getState().draft?.id === draft.id) setState(failedBy(cause));
      // What somebody else saved meanwhile stands in the list at least.
      await reading.read().catch(() => false);
    }
  };
}
