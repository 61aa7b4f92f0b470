import { createStore } from 'zustand/vanilla';
import type { MemberView } from '../../../electron/contract/views.ts';
import { intentFor } from './intent.ts';
import { createPerformer, createReader } from './member-acts.ts';
import {
  frontCard,
  type CardId,
  type MemberParts,
  type MemberState,
  type MemberStoreOptions,
} from './member-state.ts';
import { createAboutToggle, createPreviews } from './member-previews.ts';
import { openPanel, type Panel, type PanelText } from './panel.ts';
import { inStep } from './points-money.ts';
import { pinAfter, withoutPins } from './second-pin.ts';

const CHOSEN: ReadonlySet<PanelText> = new Set<PanelText>(['rewardId', 'cardTypeId', 'keepsPoints']);

/** The member on the screen, the card in front of her, and the one thing being done. */
export const createMemberStore = (options: MemberStoreOptions) =>
  createStore<MemberState>()((set, get, api) => {
    const reader = createReader(options.core, api);
    const look = createPreviews(options, api);
    const perform = createPerformer(options, api, reader.outdate);
    return {
      shown: { status: 'none' },
      cardId: null,
      act: { status: 'idle' },
      panel: null,
      preview: null,
      about: { status: 'closed' },
      scanCount: 0,
      open: reader.open,
      show: (member, cardNumber, isScan) => {
        reader.outdate();
        const scanCount = get().scanCount + (isScan ? 1 : 0);
        set({ ...broughtIn(get(), member, cardNumber), scanCount });
      },
      reread: reader.reread,
      reveal: reader.reveal,
      close: () => {
        reader.outdate();
        set({ shown: { status: 'none' }, cardId: null, act: { status: 'idle' }, panel: null });
      },
      choose: (step) => {
        const { shown, cardId } = get();
        if (shown.status !== 'shown') return;
        const next = isStep(step) ? stepCard(shown.member, cardId, step) : step;
        if (next !== cardId) set({ cardId: next, panel: null, act: { status: 'idle' } });
      },
      run: (call) => perform(intentFor(call, get().act)),
      submit: createSubmit(api, perform, look),
      look,
      retry: () => {
        const { act } = get();
        return act.status === 'failed' ? perform(act.intent) : Promise.resolve(false);
      },
      dismiss: () =>
        set(get().panel === null ? { act: { status: 'idle' } } : { panel: null, act: { status: 'idle' } }),
      openPanel: (kind, subject) => {
        const { shown, cardId } = get();
        if (shown.status !== 'shown') return;
        const card = shown.member.cards.find((each) => each.cardId === cardId);
        const cardTypeId = kind === 'issue' ? options.typeToIssue(shown.member) : '';
        set({
          panel: { ...openPanel(kind, card, subject), cardTypeId },
          preview: null,
          act: { status: 'idle' },
        });
        look();
      },
      setPanel: (field, value) => {
        set({ panel: typedInto(get(), [field, value], options.chain()) });
        if (field === 'amount') look();
      },
      setCardData: (change) => {
        const { panel } = get();
        if (panel) set({ panel: { ...panel, data: { ...panel.data, ...change }, isTyped: true } });
      },
      dropPins: () => set({ panel: withoutPins(get().panel) }),
      toggleAbout: createAboutToggle(options.core, api),
    };
  });
export type MemberStore = ReturnType<typeof createMemberStore>;

/** The form with what was typed, and what follows from it for its other fields. */
function typedInto(
  { panel, shown, cardId }: MemberState,
  [field, value]: readonly [PanelText, string],
  chain: ReturnType<MemberStoreOptions['chain']>,
): Panel | null {
  if (panel === null) return null;
  const cards = shown.status === 'shown' ? shown.member.cards : [];
  const card = cards.find((each) => each.cardId === cardId);
  // A choice among a few is no typing.
  const isTyped = panel.isTyped || !CHOSEN.has(field);
  const other = inStep(field, value, { kind: panel.kind, card, chain });
  return { ...panel, [field]: value, ...other, secondPin: pinAfter(panel, field, value), isTyped };
}

type Perform = ReturnType<typeof createPerformer>;

/** Does what the form says; a refusal that makes its figures old has them asked for anew, before the next press. */
const createSubmit =
  ({ getState, setState }: MemberParts, perform: Perform, look: () => void): MemberState['submit'] =>
  async (call) => {
    const { panel } = getState();
    if (panel === null) return false;
    const isDone = await perform({ opId: panel.opId, call });
    if (isOutdated(getState(), panel.opId)) {
      setState({ preview: null });
      look();
    }
    return isDone;
  };

/** Forms that show what they will book. */
const SHOWING: ReadonlySet<Panel['kind'] | undefined> = new Set(['receipt-back', 'anonymise']);

/** The core refused the form that is open since what it shows is no longer so. */
const isOutdated = ({ panel, act }: MemberState, opId: Panel['opId']): boolean =>
  panel !== null &&
  SHOWING.has(panel.kind) &&
  panel.opId === opId &&
  act.status === 'failed' &&
  act.intent.opId === opId &&
  act.failure.code === 'action_not_offered';

/** The member in place of who was there; what is being done stays with the same member and card. */
function broughtIn(
  { shown, cardId, panel }: MemberState,
  member: MemberView,
  cardNumber: string | null,
): Partial<MemberState> {
  const wanted = member.cards.find((card) => card.cardNumber === cardNumber)?.cardId ?? null;
  const isSame = shown.status === 'shown' && shown.member.memberId === member.memberId;
  const front = frontCard(member, wanted ?? (isSame ? cardId : null));
  const doing: Partial<MemberState> =
    isSame && front === cardId ? { panel } : { panel: null, act: { status: 'idle' } };
  return { shown: { status: 'shown', member }, cardId: front, ...doing };
}

const isStep = (step: string): step is 'next' | 'previous' => step === 'next' || step === 'previous';

function stepCard({ cards }: MemberView, from: CardId | null, step: 'next' | 'previous'): CardId | null {
  const at = cards.findIndex(({ cardId }) => cardId === from);
  const to = Math.min(cards.length - 1, Math.max(0, at + (step === 'next' ? 1 : -1)));
  return cards[to]?.cardId ?? null;
}
