import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CoreClient } from '../../../electron/contract/index.ts';
import type { MemberView } from '../../../electron/contract/views.ts';
import { failureOf, type Failure } from '../../lib/failure.ts';
import { newOpId } from '../../lib/new-op-id.ts';
import { differingParts, draftFrom, isTakenByItself, type MergePart } from './merge-fields.ts';

type MemberId = MemberView['memberId'];
type OpId = ReturnType<typeof newOpId>;
type Picks = Readonly<Partial<Record<MergePart, MemberId>>>;

/** Two profiles side by side, and what is said of them so far. */
export interface Pair {
  readonly own: MemberView;
  readonly other: MemberView;
  /** The profile that stays. */
  readonly keepId: MemberId;
  /** Whose value stays, where somebody has said so. */
  readonly picks: Picks;
  readonly reason: string;
}

export type Merging =
  | { readonly status: 'closed' }
  /**
   * The other one is looked for in the box. `isSame`: the last one that was taken is this very member. `isMasked`: one of
   * the two came with masks, and what is masked would count as empty.
   */
  | {
      readonly status: 'finding';
      readonly own: MemberView;
      readonly isSame: boolean;
      readonly isMasked: boolean;
      readonly failure: Failure | null;
      /** What was said so far, of whoever was beside her last: it counts again if she is taken again. */
      readonly before: Pair | null;
    }
  | ({
      readonly status: 'choosing' | 'busy';
      readonly opId: OpId;
      readonly editOpId: OpId;
      readonly failure: Failure | null;
    } & Pair);

export interface MergeState {
  readonly merging: Merging;
  open(own: MemberView): void;
  /** Somebody was taken from the box, or her card was scanned. */
  pick(memberId: MemberId): Promise<void>;
  stay(memberId: MemberId): void;
  take(part: MergePart, memberId: MemberId): void;
  typeReason(reason: string): void;
  /** Back to the box: it was somebody else. */
  again(): void;
  save(): Promise<void>;
  close(): void;
}

/** A merge that was refused, or got no answer, when its page was no longer on the screen. */
export interface LateMerge {
  readonly memberId: MemberId;
  readonly name: string;
  readonly failure: Failure;
}

export interface MergeStoreOptions {
  readonly core: Pick<CoreClient, 'members.get' | 'members.merge'>;
  /** Saved here; the two are one once the centre has confirmed it. */
  readonly onSaved: (stays: MemberView, goes: MemberView) => void;
  /** The page is what the manager sees. */
  readonly isInFront: () => boolean;
  /** Failed where nobody sees it any more; told of the profile that it began at. */
  readonly onLate: (late: LateMerge) => void;
}

export const staysOf = ({ own, other, keepId }: Pair): MemberView =>
  other.memberId === keepId ? other : own;
export const goesOf = ({ own, other, keepId }: Pair): MemberView => (other.memberId === keepId ? own : other);

/** Whose value of the part stays, as things are. */
export function keptFrom(pair: Pair, part: MergePart): MemberId {
  const [stays, goes] = [staysOf(pair), goesOf(pair)];
  const byItself = isTakenByItself(part, stays.fields, goes.fields) ? goes : stays;
  return pair.picks[part] ?? byItself.memberId;
}

/** Values of the one that goes which the one that stays is given. */
export function takenParts(pair: Pair): readonly MergePart[] {
  const goes = goesOf(pair);
  return differingParts(pair.own.fields, pair.other.fields).filter(
    (part) => keptFrom(pair, part) === goes.memberId,
  );
}

type Parts = Pick<StoreApi<MergeState>, 'getState' | 'setState'>;

/** Two profiles with the ids of what saves them: another choice is another intent. */
const freshIds = () => ({ opId: newOpId(), editOpId: newOpId(), failure: null });

const saidOf = ({ keepId, picks, reason }: Pair): Pick<Pair, 'keepId' | 'picks' | 'reason'> => ({
  ...{ keepId, picks, reason },
});

const isMasked = ({ masked }: MemberView): boolean => Object.keys(masked).length > 0;

/**
 * Reads the other profile, and its own anew where it came with masks. Of several that were taken only the last
 * counts.
 */
function createPicker({ core }: MergeStoreOptions, { getState, setState }: Parts) {
  let latest = 0;
  return async (memberId: MemberId): Promise<void> => {
    latest += 1;
    const mine = latest;
    const { merging } = getState();
    if (merging.status !== 'finding') return;
    const { own: shown } = merging;
    const isOpen = (): boolean => {
      const { merging: now } = getState();
      return mine === latest && now.status === 'finding' && now.own === shown;
    };
    try {
      const own = isMasked(shown) ? await core['members.get']({ memberId: shown.memberId }) : shown;
      if (!isOpen()) return;
      const other = await core['members.get']({ memberId });
      if (!isOpen()) return;
      if (other.memberId === own.memberId)
        return setState({ merging: { ...merging, isSame: true, isMasked: false, failure: null } });
      if (isMasked(own) || isMasked(other))
        return setState({ merging: { ...merging, isSame: false, isMasked: true, failure: null } });
      const { before } = merging;
      const isAgain = before?.other.memberId === other.memberId;
      const said = isAgain ? saidOf(before) : { keepId: own.memberId, picks: {}, reason: '' };
      setState({ merging: { status: 'choosing', ...said, own, other, ...freshIds() } });
    } catch (cause) {
      if (isOpen())
        setState({ merging: { ...merging, isSame: false, isMasked: false, failure: failureOf(cause) } });
    }
  };
}

/** Two profiles of one person: which one stays, and which values. */
export const createMergeStore = (options: MergeStoreOptions) =>
  createStore<MergeState>()((set, get, api) => {
    const change = (to: Partial<Pair>): void => {
      const { merging } = get();
      if (merging.status === 'choosing') set({ merging: { ...merging, ...to, ...freshIds() } });
    };
    const find = (own: MemberView, before: Pair | null = null): void =>
      set({ merging: { status: 'finding', own, isSame: false, isMasked: false, failure: null, before } });
    return {
      merging: { status: 'closed' },
      open: (own) => find(own),
      pick: createPicker(options, api),
      stay: (keepId) => change({ keepId }),
      take: (part, memberId) => {
        const { merging } = get();
        if (merging.status === 'choosing') change({ picks: { ...merging.picks, [part]: memberId } });
      },
      typeReason: (reason) => change({ reason }),
      again: () => {
        const { merging } = get();
        if (merging.status === 'choosing') find(merging.own, merging);
      },
      save: async () => {
        const { merging } = get();
        if (merging.status !== 'choosing' || merging.reason.trim() === '') return;
        const [stays, goes, parts] = [staysOf(merging), goesOf(merging), takenParts(merging)];
        const { opId, editOpId, reason } = merging;
        const keeps = parts.length === 0 ? null : { opId: editOpId, draft: draftFrom(goes.fields, parts) };
        const mine: Merging = { ...merging, status: 'busy', failure: null };
        set({ merging: mine });
        const asked = { opId, memberId: goes.memberId, intoId: stays.memberId, reason: reason.trim(), keeps };
        try {
          await options.core['members.merge'](asked);
          if (get().merging !== mine) return;
          set({ merging: { status: 'closed' } });
          options.onSaved(stays, goes);
        } catch (cause) {
          const failure = failureOf(cause);
          const isOpen = get().merging === mine;
          const { memberId, name } = merging.own;
          if (!isOpen || !options.isInFront()) options.onLate({ memberId, name, failure });
          if (isOpen) set({ merging: { ...mine, status: 'choosing', failure } });
        }
      },
      close: () => set({ merging: { status: 'closed' } }),
    };
  });
export type MergeStore = ReturnType<typeof createMergeStore>;
