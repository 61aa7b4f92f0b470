import type { StoreApi } from 'zustand/vanilla';
import type { DocumentView } from '../../../electron/contract/documents.ts';
import type { CoreClient } from '../../../electron/contract/index.ts';
import { failureOf } from '../../lib/failure.ts';
import type { ChainForm } from './chain-form.ts';
import { toLists, type ChainState, type Lists } from './chain-state.ts';
import { carryOver, type ChainDraft } from './drafts.ts';
import { readDraft } from './read-draft.ts';

type Api = Pick<StoreApi<ChainState>, 'getState' | 'setState'>;

/** Only the latest reading counts. `read`: what the core said, also where another reading overtook it. */
export function createReading(core: CoreClient, { setState }: Api) {
  let latest = 0;
  return {
    read: async (): Promise<{ lists: Lists; isLatest: boolean }> => {
      latest += 1;
      const mine = latest;
      const documents = await Promise.all([
        core['documents.list']({ kind: 'staff' }),
        core['documents.list']({ kind: 'store' }),
        core['documents.list']({ kind: 'chain' }),
      ]);
      const lists = toLists(documents);
      const isLatest = mine === latest;
      if (isLatest) setState(lists);
      return { lists, isLatest };
    },
    drop: (): void => {
      latest += 1;
    },
  };
}
type Reading = ReturnType<typeof createReading>;

const failedBy = (cause: unknown): Pick<ChainState, 'deed'> => ({
  deed: { status: 'failed', failure: failureOf(cause) },
});

export function createRefresh({ getState, setState }: Api, { read }: Reading, form: ChainForm) {
  return async (): Promise<void> => {
    try {
      const { isLatest } = await read();
      const { draft, part, deed } = getState();
      if (!isLatest || !form.isUntouched() || deed.status === 'busy') return;
      if (draft === null && part === 'rules') return form.show(form.draftOf('chain'));
      // Nobody has typed: what is in front is shown as it is now.
      const next = draft === null || draft.known === null ? draft : (form.draftOf(draft.id) ?? draft);
      setState({ draft: next, opened: next });
    } catch (cause) {
      const { status } = getState().deed;
      // What is being saved, or is, is no worse for a list that could not be read.
      if (status !== 'busy' && status !== 'saved') setState(failedBy(cause));
    }
  };
}

export function createSave(
  core: CoreClient,
  { getState, setState }: Api,
  parts: { reading: Reading; form: ChainForm },
) {
  const { reading, form } = parts;
  /** What the core answered is in front now, under whatever was typed meanwhile; no list has to tell it. */
  const settle = (saved: ChainDraft, reply: DocumentView): void => {
    const next = form.toDraft(reply);
    form.settleKept(saved, next);
    const { draft } = getState();
    // Whoever went on to something else stays there.
    if (draft?.id !== saved.id) return;
    form.show(next, carryOver(draft, saved, next));
    setState({ deed: { status: 'saved', name: saved.texts.name.trim() } });
  };
  /** Somebody else saved it meanwhile: her own words stand over that version, and the next press is about it. */
  const takeChanged = (refused: ChainDraft, lists: Lists): void => {
    const { draft, opened } = getState();
    const next = form.draftOf(refused.id, lists);
    if (draft?.id !== refused.id || draft.known !== refused.known || opened === null || next === null) return;
    form.renew();
    setState({ draft: carryOver(draft, opened, next), opened: next });
  };
  return async (): Promise<void> => {
    const { draft, deed } = getState();
    if (draft === null || deed.status === 'busy') return;
    const result = readDraft(draft, form.scene());
    setState({ problems: 'problems' in result ? result.problems : {} });
    if ('problems' in result) return;
    setState({ deed: { status: 'busy' } });
    let refusal: unknown = null;
    try {
      settle(draft, await core['documents.save']({ opId: form.saveId(), ...result.saving }));
    } catch (cause) {
      refusal = cause;
      if (getState().draft?.id === draft.id) setState(failedBy(cause));
    }
    // Saved is saved, whatever a list has to say; and what somebody else saved meanwhile stands in it at least.
    const read = await reading.read().catch(() => null);
    if (read !== null && refusal !== null && failureOf(refusal).code === 'document_changed')
      takeChanged(draft, read.lists);
  };
}
