import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CoreClient } from '../../../electron/contract/index.ts';
import type { OpId } from '../../../sync/base/ids.ts';
import { isForAll, SavedFilter } from '../../../sync/model/register.ts';
import { Segment } from '../../../sync/model/segment.ts';
import { textSum } from '../../../sync/model/message.ts';
import { MessageTemplate } from '../../../sync/model/template.ts';
import { failureOf, type Failure } from '../../lib/failure.ts';
import { newOpId } from '../../lib/new-op-id.ts';
import { EMPTY, type MessagesState, namesOf, type Target, targetNow } from './messages-state.ts';
import { draftOf, EMPTY_DRAFT, problemsOf, toTemplate } from './template-draft.ts';

/** A segment and a saved filter are asked for alike: no two of either have one id. */
function toOf(target: Target) {
  if (target.kind === 'member') return { memberId: target.memberId, segmentId: '' };
  if (target.kind === 'segment') return { memberId: null, segmentId: target.segmentId };
  return { memberId: null, segmentId: target.filterId, filterVersion: target.version };
}

async function readBodies<Body>(
  core: CoreClient,
  kind: 'template' | 'segment' | 'filter',
  read: (body: unknown) => { success: boolean; data?: Body },
): Promise<Body[]> {
  const documents = await core['documents.list']({ kind });
  return documents.flatMap(({ body }) => {
    const { data } = read(body);
    return data === undefined ? [] : [data];
  });
}

/** The text that was chosen is another by now: whoever pressed a moment later would send what she has not read. */
const OTHER_TEXT: Failure = { code: 'document_changed', message: 'Somebody saved another text meanwhile.' };

/** Of the message that is chosen. */
const textOf = (templates: readonly MessageTemplate[], id: string): string | undefined => {
  const chosen = templates.find(({ templateId }) => templateId === id);
  return chosen && textSum(chosen);
};

type Parts = Pick<StoreApi<MessagesState>, 'getState' | 'setState'>;

const failWith =
  ({ setState }: Parts) =>
  (cause: unknown): void =>
    setState({ act: { status: 'failed', failure: failureOf(cause) } });

/** What is asked of the core. Only the latest question about a count is heard. */
function createReader(core: CoreClient, api: Parts) {
  const { getState, setState } = api;
  const fail = failWith(api);
  let asked = 0;
  const count = async (): Promise<void> => {
    const mine = (asked += 1);
    const { target, templateId } = getState();
    setState({ count: null });
    if (target === null || templateId === '') return;
    try {
      const counted = await core['messages.count']({ templateId, ...toOf(target) });
      if (mine === asked) setState({ count: counted });
    } catch (cause) {
      if (mine === asked) fail(cause);
    }
  };
  let lists = 0;
  const refresh = async (): Promise<void> => {
    const mine = (lists += 1);
    try {
      const isLive = ({ isRetired }: { isRetired: boolean }): boolean => !isRetired;
      const templates = await readBodies(core, 'template', (body) => MessageTemplate.safeParse(body));
      const segments = await readBodies(core, 'segment', (body) => Segment.safeParse(body));
      const filters = await readBodies(core, 'filter', (body) => SavedFilter.safeParse(body));
      if (mine !== lists) return;
      const names = namesOf({ templates, segments, filters });
      const mayBeAsked = (filter: SavedFilter): boolean => isLive(filter) && !isForAll(filter);
      const live = { segments: segments.filter(isLive), filters: filters.filter(mayBeAsked) };
      const { target: before, count: counted, templates: known, templateId, act } = getState();
      const target = targetNow(before, live);
      const next = templates.filter(isLive);
      const isOtherText = textOf(next, templateId) !== textOf(known, templateId);
      const isOther = target !== before || isOtherText;
      setState({
        templates: next,
        ...live,
        names,
        target,
        ...(isOther && { count: null }),
        ...(isOtherText && { templateId: '' }),
        // What is on its way names the text that was read, and tells its own end.
        ...(isOtherText && act.status !== 'busy' && { act: { status: 'failed', failure: OTHER_TEXT } }),
      });
      // Nothing can be sent until it is counted, and what nobody could count a moment ago somebody may by now.
      if (isOther || counted === null || counted.willGet === null) await count();
      // A cashier writes to one member and sees no list of what went out.
      const view = await core['messages.list']({}).catch(() => null);
      if (mine === lists) setState({ view });
    } catch (cause) {
      if (mine === lists) fail(cause);
    }
  };
  const showSends = async (opId: OpId): Promise<void> => {
    try {
      const { sends } = await core['messages.sends']({ opId });
      setState((state) => ({ sends: { ...state.sends, [opId]: sends } }));
    } catch (cause) {
      fail(cause);
    }
  };
  return { count, refresh, showSends };
}

/** What changes something. An intent keeps its id until it was saved: pressed again it is the same one. */
function createActs(core: CoreClient, api: Parts, refresh: () => Promise<void>) {
  const { getState, setState } = api;
  const fail = failWith(api);
  let opId = newOpId();
  const act = async (work: () => Promise<Partial<MessagesState>>): Promise<void> => {
    if (getState().act.status === 'busy') return;
    setState({ act: { status: 'busy' } });
    try {
      setState(await work());
      opId = newOpId();
      await refresh();
    } catch (cause) {
      // Done the first time after all, with what was chosen then: what is chosen now is another intent.
      if (failureOf(cause).code === 'op_id_reused') opId = newOpId();
      fail(cause);
    }
  };
  const send = async (): Promise<void> => {
    const { target, templateId, templates } = getState();
    const template = templates.find((each) => each.templateId === templateId);
    if (target === null || template === undefined) return;
    await act(async () => {
      const text = { templateId, templateVersion: template.version, templateSum: textSum(template) };
      await core['messages.send']({ opId, ...text, ...toOf(target) });
      return { act: { status: 'sent', name: template.name }, templateId: '', count: null };
    });
  };
  /** What was chosen to be sent may be just the one that was saved: it is chosen again first. */
  const unchosen = (id: string) => getState().templateId === id && { templateId: '', count: null };
  const save = async (): Promise<void> => {
    const { draft } = getState();
    if (draft === null || problemsOf(draft).length > 0) return;
    await act(async () => {
      const id = draft.templateId === '' ? `t-${opId.slice(-12)}` : draft.templateId;
      const { baseVersion } = draft;
      const body = toTemplate(draft, id);
      await core['documents.save']({ opId, kind: 'template', id, baseVersion, body });
      return { draft: null, act: { status: 'saved' }, ...unchosen(id) };
    });
  };
  const retire = (template: MessageTemplate): Promise<void> =>
    act(async () => {
      const { templateId: id, version: baseVersion } = template;
      const body = { ...template, isRetired: true };
      await core['documents.save']({ opId, kind: 'template', id, baseVersion, body });
      return { act: { status: 'saved' }, ...unchosen(id) };
    });
  return { send, save, retire };
}

/** Messages: what was prepared, whom to, what became of them. */
export const createMessagesStore = (core: CoreClient) =>
  createStore<MessagesState>()((set, _get, api) => {
    const { count, refresh, showSends } = createReader(core, api);
    return {
      ...EMPTY,
      ...createActs(core, api, refresh),
      refresh,
      showSends,
      open: async (target) => {
        set({ ...EMPTY, target: target ?? null });
        await refresh();
      },
      showTab: (tab) => {
        set({ tab, act: { status: 'idle' }, draft: null });
        // The centre sends by itself: what was read a while ago is old.
        if (tab === 'sent') void refresh();
      },
      aim: async (target) => {
        set({ target, act: { status: 'idle' } });
        await count();
      },
      choose: async (templateId) => {
        set({ templateId, act: { status: 'idle' } });
        await count();
      },
      edit: (template) =>
        set({ draft: template === null ? EMPTY_DRAFT : draftOf(template), act: { status: 'idle' } }),
      type: (change) => set(({ draft }) => ({ draft: draft === null ? null : { ...draft, ...change } })),
      closeDraft: () => set({ draft: null, act: { status: 'idle' } }),
      leave: () => set(EMPTY),
    };
  });
export type MessagesStore = ReturnType<typeof createMessagesStore>;
