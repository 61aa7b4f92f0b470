import { createStore } from 'zustand/vanilla';
import type { CoreClient } from '../../../electron/contract/index.ts';
import type { MemberDraft } from '../../../electron/contract/members.ts';
import type { ActionReply, MemberView } from '../../../electron/contract/views.ts';
import { PersonalField } from '../../../sync/model/personal.ts';
import { failureOf, type Failure } from '../../lib/failure.ts';
import {
  PROFILE_FIELDS,
  profileText,
  toFieldValue,
  type CustomerType,
  type Gender,
} from '../../lib/member-fields.ts';
import { newOpId } from '../../lib/new-op-id.ts';
import type { LateDeed } from './member-state.ts';

export const EDIT_FIELDS = [...PROFILE_FIELDS, 'tier', 'tierUntil'] as const;
export type EditField = (typeof EDIT_FIELDS)[number];
export type EditTexts = Readonly<Record<EditField, string>>;
export interface EditChoices {
  readonly gender: Gender;
  readonly customerType: CustomerType;
  readonly isCreditAllowed: boolean;
}
/** A profile in the form: as typed and as chosen. */
export type Profile = Readonly<{ texts: EditTexts; choices: EditChoices }>;

export type Editing =
  | { readonly status: 'closed' }
  | {
      readonly status: 'open' | 'busy' | 'failed';
      readonly opId: ActionReply['opId'];
      readonly memberId: MemberView['memberId'];
      readonly name: string;
      /** As it was when the form opened: only what differs is sent, so that others' changes live on. */
      readonly before: Profile;
      readonly now: Profile;
      readonly failure: Failure | null;
    };

type Opened = Exclude<Editing, { status: 'closed' }>;

export interface EditState {
  readonly editing: Editing;
  open(member: MemberView): void;
  /** An edit of the same member that somebody left goes on where it was, if anything was typed; else it opens anew. */
  goOn(member: MemberView): void;
  type(field: EditField, text: string): void;
  choose(change: Partial<EditChoices>): void;
  save(): Promise<void>;
  close(): void;
}

export interface EditStoreOptions {
  readonly core: CoreClient;
  readonly today: () => string;
  readonly onSaved: (reply: ActionReply) => void;
  readonly onRefused: () => void;
  /** The form is what the cashier sees. */
  readonly isInFront: () => boolean;
  /** Refused where nobody sees it any more. */
  readonly onLate: (late: LateDeed) => void;
}

/** What is masked stands in the form as it is shown: untouched it differs in nothing, and so is never sent. */
function profileOf(member: MemberView): Profile {
  const { gender, customerType, isCreditAllowed } = member.fields;
  // Cast: every field of the list is made here.
  const texts = Object.fromEntries(
    EDIT_FIELDS.map((field) => [field, profileText(member, field)]),
  ) as EditTexts;
  return { texts, choices: { gender, customerType, isCreditAllowed } };
}

/** With what is personal and was left alone as the page shows it now: whole values do not outlive a look. */
function asShownNow(before: Profile, now: Profile, member: MemberView): Pick<Opened, 'before' | 'now'> {
  const left = PersonalField.options.filter(
    (field) => now.texts[field].trim() === before.texts[field].trim(),
  );
  const shown = Object.fromEntries(left.map((field) => [field, profileText(member, field)]));
  const withShown = (profile: Profile): Profile => ({ ...profile, texts: { ...profile.texts, ...shown } });
  return { before: withShown(before), now: withShown(now) };
}

/** The fields that differ from how they were, as the core wants them. */
export function changesOf(before: Profile, now: Profile, today: string): MemberDraft {
  const changed = EDIT_FIELDS.filter((field) => now.texts[field].trim() !== before.texts[field].trim());
  const { gender, customerType, isCreditAllowed } = now.choices;
  return {
    ...Object.fromEntries(changed.map((field) => [field, toFieldValue(field, now.texts[field], today)])),
    ...(gender !== before.choices.gender && { gender }),
    ...(customerType !== before.choices.customerType && { customerType }),
    ...(isCreditAllowed !== before.choices.isCreditAllowed && { isCreditAllowed }),
  };
}

export const createEditStore = (options: EditStoreOptions) =>
  createStore<EditState>()((set, get) => {
    const change = (to: (now: Profile) => Profile): void => {
      const { editing } = get();
      if (editing.status === 'closed' || editing.status === 'busy') return;
      set({ editing: { ...editing, status: 'open', failure: null, now: to(editing.now) } });
    };
    return {
      editing: { status: 'closed' },
      open: (member) => {
        const profile = profileOf(member);
        const { memberId, name } = member;
        const opened = { status: 'open', opId: newOpId(), failure: null } as const;
        set({ editing: { ...opened, memberId, name, before: profile, now: profile } });
      },
      goOn: (member) => {
        const { editing } = get();
        if (editing.status === 'closed' || editing.memberId !== member.memberId) return get().open(member);
        const { status, before, now } = editing;
        if (status === 'busy') return;
        const isTyped = Object.keys(changesOf(before, now, options.today())).length > 0;
        if (!isTyped) return get().open(member);
        set({ editing: { ...editing, ...asShownNow(before, now, member) } });
      },
      type: (field, text) => {
        // No tier has a last day.
        const alone = field === 'tier' && text === '' ? { tierUntil: '' } : {};
        change((now) => ({ ...now, texts: { ...now.texts, [field]: text, ...alone } }));
      },
      choose: (chosen) => change((now) => ({ ...now, choices: { ...now.choices, ...chosen } })),
      save: async () => {
        const { editing } = get();
        if (editing.status === 'closed' || editing.status === 'busy') return;
        const draft = changesOf(editing.before, editing.now, options.today());
        if (Object.keys(draft).length === 0) return set({ editing: { status: 'closed' } });
        set({ editing: { ...editing, status: 'busy', failure: null } });
        const { opId, memberId, name } = editing;
        // Somebody may have gone on to another member meanwhile: then the answer must not take the screen.
        const isStillOpen = (): boolean => {
          const now = get().editing;
          return now.status !== 'closed' && now.opId === opId;
        };
        try {
          const reply = await options.core['members.edit']({ opId, memberId, draft });
          if (!isStillOpen()) return;
          set({ editing: { status: 'closed' } });
          options.onSaved(reply);
        } catch (cause) {
          options.onRefused();
          const failure = failureOf(cause);
          if (!isStillOpen() || !options.isInFront())
            options.onLate({ memberId, name, method: 'members.edit', failure });
          if (!isStillOpen()) return;
          // Saved the first time after all, with other content: what the form says now is a new intent.
          const next = failure.code === 'op_id_reused' ? newOpId() : opId;
          set({ editing: { ...editing, opId: next, status: 'failed', failure } });
        }
      },
      close: () => set({ editing: { status: 'closed' } }),
    };
  });
export type EditStore = ReturnType<typeof createEditStore>;
