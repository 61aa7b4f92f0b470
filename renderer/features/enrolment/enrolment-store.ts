import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CoreClient, Output } from '../../../electron/contract/index.ts';
import type { DuplicateHit } from '../../../electron/contract/members.ts';
import type { ActionReply, CardView } from '../../../electron/contract/views.ts';
import { failureOf, type Failure } from '../../lib/failure.ts';
import { newOpId } from '../../lib/new-op-id.ts';
import type { CustomerType, Gender, ProfileField } from '../../lib/member-fields.ts';
import { bare, createDuplicateSearch, stillTrue } from './duplicate-search.ts';
import { EMPTY_TEXTS, isEmptyDraft, nameOf, problemsOf, toDraft, type DraftTexts } from './draft.ts';
import { extrasOf, fieldsFor, hasWrongValue, readAttributes } from './own-fields.ts';

type CardTypeId = CardView['cardTypeId'];

export type Join =
  | { readonly status: 'filling' }
  /** Join was pressed with something missing: what is missing is said from now on. */
  | { readonly status: 'checking' }
  | { readonly status: 'busy' }
  | { readonly status: 'failed'; readonly failure: Failure };

export interface EnrolmentForm {
  readonly opId: ActionReply['opId'];
  readonly texts: DraftTexts;
  readonly gender: Gender;
  /** A customer is on the books without being of the programme (F33). */
  readonly customerType: CustomerType;
  readonly cardTypeId: CardTypeId | null;
  /** '' takes the next number of this till. */
  readonly cardNumber: string;
  readonly hasMarketingConsent: boolean;
  readonly isCreditAllowed: boolean;
  /** Fields of the chain's own that are asked for when somebody joins (F24); none until they are known. */
  readonly attributes: Output<'attributes.list'>;
  /** What was typed into them, by id. */
  readonly custom: Readonly<Record<string, string>>;
  readonly duplicates: readonly DuplicateHit[];
  readonly join: Join;
}

export interface EnrolmentStart {
  readonly cardTypeId: CardTypeId | null;
  readonly hasMarketingConsent: boolean;
  readonly cardNumber?: string;
  readonly texts?: Partial<DraftTexts>;
}

export interface EnrolmentState {
  readonly form: EnrolmentForm | null;
  /**
   * Opens a new form, or goes on with the one that is open: what was typed is never lost to a second start, and one
   * into which nothing was typed takes over the texts of the new start.
   */
  start(start: EnrolmentStart): void;
  type(field: ProfileField, text: string): void;
  typeCustom(attributeId: string, text: string): void;
  set(
    change: Partial<
      Pick<
        EnrolmentForm,
        'gender' | 'customerType' | 'cardTypeId' | 'cardNumber' | 'hasMarketingConsent' | 'isCreditAllowed'
      >
    >,
  ): void;
  join(): Promise<void>;
  close(): void;
}

export interface EnrolmentStoreOptions {
  readonly core: CoreClient;
  readonly today: () => string;
  /** Of the person who is signed in now: an unfinished form may be another's. */
  readonly isSupervisor: () => boolean;
  readonly onJoined: (reply: ActionReply) => void;
  readonly onRefused: () => void;
  /** The form is what the cashier sees. */
  readonly isInFront: () => boolean;
  /** Refused where nobody sees it any more. */
  readonly onLate: (name: string, failure: Failure) => void;
}
export type EnrolmentParts = Pick<StoreApi<EnrolmentState>, 'getState' | 'setState'>;

/** Enrolment: member and first card in one act, with an op id that is made when the form opens. */
export const createEnrolmentStore = (options: EnrolmentStoreOptions) =>
  createStore<EnrolmentState>()((set, get, api) => {
    const parts: EnrolmentParts = api;
    const lookForDuplicates = createDuplicateSearch(options, parts);
    const change = (next: Partial<EnrolmentForm>): void => {
      const { form } = get();
      if (form)
        set({
          form: { ...form, ...next, ...(form.join.status === 'failed' && { join: { status: 'checking' } }) },
        });
    };
    return {
      form: null,
      start: ({ cardTypeId, hasMarketingConsent, cardNumber, texts }) => {
        const { form } = get();
        if (form) {
          const prefill = texts !== undefined && isEmptyDraft(form.texts);
          if (prefill) lookForDuplicates();
          return change({
            ...(cardNumber !== undefined && { cardNumber }),
            ...(prefill && { texts: { ...form.texts, ...texts } }),
          });
        }
        set({
          form: {
            opId: newOpId(),
            texts: { ...EMPTY_TEXTS, ...texts },
            gender: '',
            customerType: 'member',
            cardTypeId,
            cardNumber: cardNumber ?? '',
            hasMarketingConsent,
            isCreditAllowed: false,
            attributes: [],
            custom: {},
            duplicates: [],
            join: { status: 'filling' },
          },
        });
        void readAttributes(options.core, parts);
        if (texts) lookForDuplicates();
      },
      typeCustom: (attributeId, text) => {
        const { form } = get();
        if (form) change({ custom: { ...form.custom, [attributeId]: text } });
      },
      type: (field, text) => {
        const { form } = get();
        if (!form) return;
        const texts = { ...form.texts, [field]: text };
        change({ texts, duplicates: stillTrue(form, texts) });
        lookForDuplicates();
      },
      set: change,
      join: () => joinNow(options, parts),
      close: () => set({ form: null }),
    };
  });
export type EnrolmentStore = ReturnType<typeof createEnrolmentStore>;

/** '' when the number can be sent, else why not. */
export const isSendableNumber = (text: string): boolean => /^(?:\d{16})?$/.test(bare(text));

async function joinNow(
  options: EnrolmentStoreOptions,
  { getState, setState }: EnrolmentParts,
): Promise<void> {
  const { core, today, isSupervisor, onJoined, onRefused, isInFront, onLate } = options;
  const { form } = getState();
  if (!form || form.join.status === 'busy') return;
  const put = (join: Join): void => {
    const now = getState().form;
    if (now?.opId === form.opId) setState({ form: { ...now, join } });
  };
  const own = { attributes: fieldsFor(form, isSupervisor()), custom: form.custom };
  const isRefused = form.duplicates.some(({ isRefusal }) => isRefusal);
  const isWrong = problemsOf(form.texts, today()).length > 0 || hasWrongValue(own);
  if (isWrong || isRefused || !isSendableNumber(form.cardNumber)) {
    onRefused();
    return put({ status: 'checking' });
  }
  put({ status: 'busy' });
  try {
    const reply = await core['members.add']({
      opId: form.opId,
      draft: {
        ...toDraft(form.texts, today()),
        gender: form.gender,
        customerType: form.customerType,
        ...(form.isCreditAllowed && { isCreditAllowed: true }),
      },
      cardTypeId: form.cardTypeId,
      cardNumber: form.cardNumber === '' ? null : bare(form.cardNumber),
      hasMarketingConsent: form.hasMarketingConsent,
      ...extrasOf(own),
    });
    if (getState().form?.opId === form.opId) setState({ form: null });
    onJoined(reply);
  } catch (cause) {
    onRefused();
    const failure = failureOf(cause);
    put({ status: 'failed', failure });
    const now = getState().form;
    if (now?.opId !== form.opId || !isInFront()) onLate(nameOf(form.texts), failure);
    // Saved the first time after all, with other content: what the form says now is a new intent.
    if (failure.code === 'op_id_reused' && now?.opId === form.opId)
      setState({ form: { ...now, opId: newOpId() } });
  }
}
