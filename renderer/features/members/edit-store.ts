import { createStore } from 'zustand/vanilla';
import type { CoreClient } from '../../../electron/contract/index.ts';
import type { MemberDraft } from '../../../electron/contract/members.ts';
import type { ActionReply, MemberView } from '../../../electron/contract/views.ts';
import { failureOf, type Failure } from '../../lib/failure.ts';
import { newOpId } from '../../lib/new-op-id.ts';
import { parseBirthday } from '../../lib/parse.ts';

export const EDIT_FIELDS = [
  'lastName',
  'firstName',
  'mobile',
  'phone',
  'email',
  'dateOfBirth',
  'lookupId',
  'street1',
  'street2',
  'postalCode',
  'city',
  'region',
  'country',
  'notes',
  'tier',
] as const;
export type EditField = (typeof EDIT_FIELDS)[number];
export type EditTexts = Readonly<Record<EditField, string>>;

export type Editing =
  | { readonly status: 'closed' }
  | {
      readonly status: 'open' | 'busy' | 'failed';
      readonly opId: ActionReply['opId'];
      readonly memberId: MemberView['memberId'];
      /** As it was when the form opened: only what differs is sent, so that others' changes live on. */
      readonly before: EditTexts;
      readonly texts: EditTexts;
      readonly isCreditBefore: boolean;
      readonly isCreditAllowed: boolean;
      readonly failure: Failure | null;
    };

export interface EditState {
  readonly editing: Editing;
  open(member: MemberView): void;
  type(field: EditField, text: string): void;
  allowCredit(isAllowed: boolean): void;
  save(): Promise<void>;
  close(): void;
}

export interface EditStoreOptions {
  readonly core: CoreClient;
  readonly today: () => string;
  readonly onSaved: (reply: ActionReply) => void;
  readonly onRefused: () => void;
}

const textsOf = ({ fields }: MemberView): EditTexts =>
  // Cast: every field of the list is made here.
  Object.fromEntries(EDIT_FIELDS.map((field) => [field, fields[field] ?? ''])) as EditTexts;

const NULLABLE: ReadonlySet<EditField> = new Set(['mobile', 'phone', 'email', 'dateOfBirth']);

/** The fields that differ from how they were, as the core wants them. */
export function changesOf(before: EditTexts, texts: EditTexts, today: string): MemberDraft {
  const changed = EDIT_FIELDS.filter((field) => texts[field].trim() !== before[field].trim());
  const toValue = (field: EditField): string | null => {
    const text = texts[field].trim();
    if (NULLABLE.has(field) && text === '') return null;
    return field === 'dateOfBirth' ? (parseBirthday(text, today) ?? text) : text;
  };
  return Object.fromEntries(changed.map((field) => [field, toValue(field)])) as MemberDraft;
}

export const createEditStore = (options: EditStoreOptions) =>
  createStore<EditState>()((set, get) => ({
    editing: { status: 'closed' },
    open: (member) => {
      const { isCreditAllowed } = member.fields;
      const texts = textsOf(member);
      set({
        editing: {
          status: 'open',
          opId: newOpId(),
          memberId: member.memberId,
          before: texts,
          texts,
          isCreditBefore: isCreditAllowed,
          isCreditAllowed,
          failure: null,
        },
      });
    },
    type: (field, text) => {
      const { editing } = get();
      if (editing.status === 'closed' || editing.status === 'busy') return;
      set({
        editing: { ...editing, status: 'open', failure: null, texts: { ...editing.texts, [field]: text } },
      });
    },
    allowCredit: (isCreditAllowed) => {
      const { editing } = get();
      if (editing.status !== 'closed') set({ editing: { ...editing, isCreditAllowed } });
    },
    save: async () => {
      const { editing } = get();
      if (editing.status === 'closed' || editing.status === 'busy') return;
      const draft: MemberDraft = {
        ...changesOf(editing.before, editing.texts, options.today()),
        ...(editing.isCreditAllowed !== editing.isCreditBefore && {
          isCreditAllowed: editing.isCreditAllowed,
        }),
      };
      if (Object.keys(draft).length === 0) return set({ editing: { status: 'closed' } });
      set({ editing: { ...editing, status: 'busy', failure: null } });
      const { opId, memberId } = editing;
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
        if (!isStillOpen()) return;
        const failure = failureOf(cause);
        // Saved the first time after all, with other content: what the form says now is a new intent.
        const next = failure.code === 'op_id_reused' ? newOpId() : opId;
        set({ editing: { ...editing, opId: next, status: 'failed', failure } });
      }
    },
    close: () => set({ editing: { status: 'closed' } }),
  }));
export type EditStore = ReturnType<typeof createEditStore>;
