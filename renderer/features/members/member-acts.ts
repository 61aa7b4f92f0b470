import type { CoreClient } from '../../../electron/contract/index.ts';
import type { RevealReason } from '../../../electron/contract/members.ts';
import { failureOf, type Failure } from '../../lib/failure.ts';
import { newOpId } from '../../lib/new-op-id.ts';
import { isCounterable, sendIntent, withoutPin, type Intent } from './intent.ts';
import { panelAfter } from './second-pin.ts';
import {
  frontCard,
  UNDO_MS,
  type CardId,
  type MemberId,
  type MemberParts,
  type MemberStoreOptions,
  type Shown,
} from './member-state.ts';

/** A second press of the same kind within this time is the same press: a bouncing switch. */
export const BOUNCE_MS = 120;

/** Reads of which only the latest counts: an answer that something newer has overtaken is dropped. */
export function createReader(core: CoreClient, { getState, setState }: MemberParts) {
  let latest = 0;
  const read = async (memberId: MemberId): Promise<Shown | undefined> => {
    latest += 1;
    const mine = latest;
    try {
      const member = await core['members.get']({ memberId });
      return mine === latest ? { status: 'shown', member } : undefined;
    } catch (cause) {
      return mine === latest ? { status: 'failed', memberId, failure: failureOf(cause) } : undefined;
    }
  };
  const put = (shown: Shown | undefined): void => {
    if (shown === undefined) return;
    const cardId = shown.status === 'shown' ? frontCard(shown.member, getState().cardId) : null;
    setState({ shown, cardId });
  };
  return {
    outdate: (): void => {
      latest += 1;
    },
    open: async (memberId: MemberId, cardId: CardId | null = null): Promise<void> => {
      setState({ shown: { status: 'loading', memberId }, cardId, act: { status: 'idle' }, panel: null });
      put(await read(memberId));
    },
    reread: async (changed: readonly MemberId[] | null): Promise<void> => {
      const { shown } = getState();
      if (shown.status !== 'shown' || changed?.includes(shown.member.memberId) === false) return;
      const next = await read(shown.member.memberId);
      // A member that was readable a moment ago stays on the screen while the core is away.
      if (next?.status === 'shown') put(next);
    },
    reveal: async (reason: RevealReason): Promise<Failure | null> => {
      const { shown } = getState();
      if (shown.status !== 'shown') return null;
      latest += 1;
      const mine = latest;
      try {
        const member = await core['members.reveal']({ memberId: shown.member.memberId, reason });
        if (mine === latest) put({ status: 'shown', member });
        return null;
      } catch (cause) {
        return failureOf(cause);
      }
    },
  };
}

/** Does one intent at a time and keeps what became of it. */
export function createPerformer(
  options: MemberStoreOptions,
  { getState, setState }: MemberParts,
  outdate: () => void,
) {
  const { core, nowMs, onOutcome, isInFront, onLate } = options;
  let lastPress = { method: '', atMs: Number.NEGATIVE_INFINITY };
  const isBounce = ({ call }: Intent): boolean => {
    const press = { method: call.method, atMs: nowMs() };
    const bounced = press.method === lastPress.method && press.atMs - lastPress.atMs < BOUNCE_MS;
    if (!bounced) lastPress = press;
    return bounced;
  };
  const isStillThere = (memberId: MemberId): boolean => {
    const { shown } = getState();
    return shown.status === 'shown' && shown.member.memberId === memberId;
  };

  const fail = (intent: Intent, failure: Failure): void => {
    const { panel } = getState();
    // The first try did get through after all, with other content: what the form says now is a new intent.
    const isSpent = panel !== null && failure.code === 'op_id_reused';
    const kept = panel && panelAfter(panel, failure);
    setState({
      // What is tried again without its form has no second person: nobody's PIN is needed here any more.
      act: { status: 'failed', intent: withoutPin(intent), failure },
      panel: kept && isSpent ? { ...kept, opId: newOpId() } : kept,
    });
  };

  return async (intent: Intent): Promise<boolean> => {
    const { shown, act } = getState();
    if (shown.status !== 'shown' || act.status === 'busy' || isBounce(intent)) return false;
    const { memberId, name } = shown.member;
    setState({ act: { status: 'busy', intent } });
    const isInHand = (): boolean => {
      const { act: now } = getState();
      return isStillThere(memberId) && now.status === 'busy' && now.intent === intent;
    };
    try {
      const reply = await sendIntent(core, intent);
      onOutcome(true);
      if (!isStillThere(memberId)) return true;
      outdate();
      if (!isInHand()) {
        // Another card or panel is in hand by now: the answer brings its figures and leaves the rest alone.
        setState({ shown: { status: 'shown', member: reply.member } });
        return true;
      }
      const undoUntilMs = isCounterable(intent) ? nowMs() + UNDO_MS : 0;
      setState({
        shown: { status: 'shown', member: reply.member },
        cardId: frontCard(reply.member, reply.cardId ?? getState().cardId),
        panel: null,
        act: { status: 'done', intent: withoutPin(intent), opId: reply.opId, undoUntilMs },
      });
      return true;
    } catch (cause) {
      onOutcome(false);
      const failure = failureOf(cause);
      if (!isInHand() || !isInFront()) onLate({ memberId, name, method: intent.call.method, failure });
      if (isInHand()) fail(intent, failure);
      return false;
    }
  };
}
