import { z } from 'zod';
import { AccountId, CardId, CardTypeId, MemberId, OpId, StoreId, TillId } from '../../sync/base/ids.ts';
import { CardStatus, EntryKind } from '../../sync/model/card.ts';
import { EXTRAS_MAX } from '../../sync/model/extras.ts';
import { DayText, MemberFields, MemberState, Seq } from '../../sync/model/member.ts';

/** Raised with every change of an event's shape that is more than a new field. */
export const EVENT_VERSION = 1;
export const EVENTS_PER_PAGE_MAX = 1_000;

export const Scope = z.enum(['read:ledger', 'read:people', 'write:members']);
export type Scope = z.infer<typeof Scope>;

/** What a key may see of a person. Notes are the staff's own. */
export const Person = MemberFields.omit({ notes: true }).extend({ supportId: z.string() });
export type Person = z.infer<typeof Person>;

const Told = {
  /** The same for each time that it is told; two states of one member have two. */
  id: z.string(),
  version: z.literal(EVENT_VERSION),
  /** Number of the feed; never falls. */
  seq: Seq,
  memberId: MemberId,
};

export const Event = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('member.changed'),
    ...Told,
    member: z.object({
      storeId: StoreId,
      createdAtMs: z.int(),
      state: MemberState,
      tier: z.string(),
      hasMarketingConsent: z.boolean(),
      /** Put away by the staff; it can be taken back. */
      isRemoved: z.boolean(),
      /** The member as whom this one goes on; its cards and entries keep their own member. */
      mergedIntoId: MemberId.nullable(),
    }),
    /** Null without the scope `read:people`. */
    person: Person.nullable(),
  }),
  /** Final. Whoever keeps anything of the person deletes it. */
  z.object({ kind: z.literal('member.anonymised'), ...Told }),
  z.object({
    kind: z.literal('card.changed'),
    ...Told,
    card: z.object({
      cardId: CardId,
      accountId: AccountId,
      cardTypeId: CardTypeId,
      /** Last four digits only without the scope `read:people`. */
      cardNumber: z.string(),
      status: CardStatus,
      issuedAtMs: z.int(),
      expiresOn: DayText.nullable(),
      replacesCardId: CardId.nullable(),
    }),
  }),
  z.object({
    kind: z.literal('ledger.entry'),
    ...Told,
    entry: z.object({
      opId: OpId,
      accountId: AccountId,
      cardId: CardId,
      kind: EntryKind,
      /** Units of the card type; a balance is the sum of these. */
      delta: z.int(),
      amountMinor: z.int().nullable(),
      receiptNo: z.string(),
      rewardId: z.string(),
      cardTypeVersion: z.int(),
      correctsOpId: OpId.nullable(),
      storeId: StoreId,
      tillId: TillId,
      businessDay: DayText,
      atMs: z.int(),
    }),
  }),
]);
export type Event = z.infer<typeof Event>;
export const EventKind = z.enum(['member.changed', 'member.anonymised', 'card.changed', 'ledger.entry']);
export type EventKind = z.infer<typeof EventKind>;

/** `E.N`: the centre's epoch and a number of its feed; a text for everybody else. */
export const CURSOR = /^[0-9a-f]{1,40}\.\d{1,15}$/;

export const EventPage = z.object({
  events: z.array(Event),
  /** Everything up to here was told; to be asked for next. */
  cursor: z.string(),
  /** True when more is there already. */
  hasMore: z.boolean(),
  /** People who were anonymised behind this page: delete them now, their own events are still to come. */
  anonymised: z.array(MemberId),
});
export type EventPage = z.infer<typeof EventPage>;

export const EventQuery = z.strictObject({
  /** Left out: from the first event on; `now`: from the latest on. */
  after: z.union([z.literal('now'), z.string().regex(CURSOR)]).optional(),
  limit: z.coerce.number().int().min(1).max(EVENTS_PER_PAGE_MAX).default(200),
});

export const ApiErrorCode = z.enum([
  'bad_request',
  'unauthorised',
  'not_allowed',
  'not_found',
  'values_refused',
  'values_taken',
  'version_missing',
  'version_changed',
  'request_key_missing',
  'request_key_reused',
  'member_closed',
  'epoch_changed',
  'not_set_up',
  'busy',
]);
export type ApiErrorCode = z.infer<typeof ApiErrorCode>;

/** One field that can not be stored as it came. */
export const FieldProblem = z.object({
  field: z.string(),
  code: z.enum(['required', 'malformed', 'too_long', 'taken', 'unknown']),
  message: z.string(),
});
export type FieldProblem = z.infer<typeof FieldProblem>;

export const ApiError = z.object({
  code: ApiErrorCode,
  message: z.string(),
  fields: z.array(FieldProblem).optional(),
});
export type ApiError = z.infer<typeof ApiError>;

const Consent = z.strictObject({ isGranted: z.boolean(), policyVersion: z.string().min(1).max(40) });

/** Fields as people type them: a phone number may stand in the notation of the chain's country. */
const TypedFields = z.record(z.string().max(40), z.union([z.string().max(2_000), z.boolean(), z.null()]));

/** The chain's own fields by id, and what other systems know (`rating`, `device`, `utm`); null takes one away. */
const TypedCustom = z.record(z.string().max(40), z.string().max(500).nullable());
const Words = z.array(z.string().max(60)).max(EXTRAS_MAX);
/** Each word is a field of its own: what is not named stays as it is. */
const WordChanges = z.strictObject({ add: Words.default([]), remove: Words.default([]) });

export const NewMemberRequest = z.strictObject({
  fields: TypedFields,
  custom: TypedCustom.default({}),
  tags: Words.default([]),
  /** Ids of the chain's groups. */
  groups: Words.default([]),
  /** Left out: the chain's first store. */
  storeId: z.string().max(40).optional(),
  /** The version of the policy that the person was shown, and what was said about marketing. */
  consent: Consent,
});
export type NewMemberRequest = z.infer<typeof NewMemberRequest>;

export const MemberPatch = z.strictObject({
  fields: TypedFields.default({}),
  custom: TypedCustom.default({}),
  tags: WordChanges.default({ add: [], remove: [] }),
  groups: WordChanges.default({ add: [], remove: [] }),
  /** Left out: nothing new was said. */
  consent: Consent.optional(),
});
export type MemberPatch = z.infer<typeof MemberPatch>;

/** `version` is the ETag of the member, for the next `If-Match`. */
export const MemberSaved = z.object({ memberId: MemberId, version: Seq });
export type MemberSaved = z.infer<typeof MemberSaved>;

export const MemberReply = z.object({
  memberId: MemberId,
  version: Seq,
  state: MemberState,
  hasMarketingConsent: z.boolean(),
  mergedIntoId: MemberId.nullable(),
  person: Person.nullable(),
  /** Null like `person`. Sensitive values are masked, as in the chain's own exports. */
  extras: z
    .object({
      custom: z.record(z.string(), z.string()),
      tags: z.array(z.string()),
      groups: z.array(z.object({ groupId: z.string(), name: z.string() })),
    })
    .nullable(),
});
export type MemberReply = z.infer<typeof MemberReply>;

const SignIn = { login: z.string().max(40), pin: z.string().max(20) };
export const KeyName = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .refine((text) => !/[\p{Cc}\p{Surrogate}]/u.test(text), 'These signs are not text.');
export const NewKeyRequest = z.strictObject({
  ...SignIn,
  name: KeyName,
  scopes: z.array(Scope).min(1).max(Scope.options.length),
});
export type NewKeyRequest = z.infer<typeof NewKeyRequest>;
export const SignInRequest = z.strictObject(SignIn);

export const KeyView = z.object({
  keyId: z.string(),
  name: z.string(),
  scopes: z.array(Scope),
  madeAtMs: z.int(),
  lastUsedAtMs: z.int(),
  revokedAtMs: z.int().nullable(),
});
export type KeyView = z.infer<typeof KeyView>;
/** `secret` is told this once. */
export const NewKeyReply = KeyView.extend({ secret: z.string() });

export const WebhookState = z.enum(['live', 'stopped', 'dead']);
export const NewWebhookRequest = z.strictObject({
  url: z.string().max(2_000),
  kinds: z.array(EventKind).min(1).max(EventKind.options.length),
  /** Left out: only what happens from now on; '' tells all from the first event. */
  after: z.union([z.literal(''), z.string().regex(CURSOR)]).optional(),
});
export type NewWebhookRequest = z.infer<typeof NewWebhookRequest>;

export const WebhookView = z.object({
  webhookId: z.string(),
  keyId: z.string(),
  url: z.string(),
  kinds: z.array(EventKind),
  state: WebhookState,
  cursor: z.string(),
  failures: z.int(),
  failingSinceMs: z.int().nullable(),
  /** A code or a status; never an answer's text. */
  lastProblem: z.string(),
});
export type WebhookView = z.infer<typeof WebhookView>;
/** `secret` is told this once. */
export const WebhookSecret = WebhookView.extend({ secret: z.string() });
export type WebhookSecret = z.infer<typeof WebhookSecret>;
/** The body of a webhook's request: a page of events, and whose. */
export const WebhookBody = EventPage.extend({ webhookId: z.string() });
