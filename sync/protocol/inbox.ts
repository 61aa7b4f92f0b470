import { z } from 'zod';
import { ExportLine } from '../model/export.ts';
import { MemberId, OpId, StaffId, TillId } from '../base/ids.ts';
import { ConsentRow } from '../model/consent.ts';
import { ShownReason } from '../model/feed.ts';
import { InboxDetail, InboxKind } from '../model/inbox.ts';
import { Seq } from '../model/member.ts';
import { WireOp } from '../model/op.ts';

/** The longest id is that of two copies of a till: number, till, incarnation and branch, first op. */
export const ITEM_ID_MAX = 80;

export const InboxView = z.strictObject({
  id: z.string(),
  kind: InboxKind,
  state: z.enum(['open', 'answered']),
  memberId: MemberId.nullable(),
  tillId: TillId,
  opId: OpId.nullable(),
  /** Number of the op that raised it. */
  seq: Seq,
  atMs: z.int(),
  detail: InboxDetail,
  answer: z.string(),
  answeredBy: z.string(),
  /** What the manager said when she decided. */
  reason: z.string().default(''),
  answeredAtMs: z.int().nullable(),
});
export type InboxView = z.infer<typeof InboxView>;

export const INBOX_PAGE_MAX = 100;
/** Newest last. `after`: the last id of the page before, '' for the first. `id`: this one alone, '' for all. */
export const InboxQuery = z.strictObject({
  actorId: StaffId,
  state: z.enum(['open', 'answered']).default('open'),
  after: z.string().max(ITEM_ID_MAX).default(''),
  id: z.string().max(ITEM_ID_MAX).default(''),
});
export type InboxQuery = z.infer<typeof InboxQuery>;

export const InboxReply = z.strictObject({
  items: z.array(InboxView).max(INBOX_PAGE_MAX),
  hasMore: z.boolean(),
  open: z.int(),
  /** Tills that the items name, for people to read. */
  tills: z.array(z.strictObject({ tillId: z.string(), name: z.string(), storeId: z.string() })).default([]),
});
export type InboxReply = z.infer<typeof InboxReply>;

/** How many items wait, for a number beside a name. */
export const InboxCountReply = z.object({ open: z.int() });

/** What a member said about each purpose, in order. */
export const ConsentsReply = z.object({ consents: z.array(ConsentRow) });
export type ConsentsReply = z.infer<typeof ConsentsReply>;

/** What a manager may say to an item; which of them fits is told by its kind (`crm/inbox/answers.ts`). */
export const InboxAnswer = z.discriminatedUnion('action', [
  /** It was looked at and stays as it is. */
  z.strictObject({ action: z.literal('keep') }),
  /** Conflict: the other value comes back. */
  z.strictObject({ action: z.literal('restore') }),
  /** Shared mobile or look-up ID: one person. The other one of the pair goes on as `intoId`. */
  z.strictObject({ action: z.literal('merge'), intoId: MemberId }),
  /** A merge that this item led to is taken back. */
  z.strictObject({ action: z.literal('unmerge') }),
  /** Held: applied as it is, on the manager's responsibility. */
  z.strictObject({ action: z.literal('apply') }),
  /** Held: applied with this body instead of its own; its kind and its member stay. */
  z.strictObject({ action: z.literal('repair'), body: z.looseObject({ kind: z.string() }) }),
  /** Held: it shall have no effect, ever. */
  z.strictObject({ action: z.literal('dismiss') }),
  /** Two copies of a till: what waits beside the feed is numbered and applied like any other operation. */
  z.strictObject({ action: z.literal('book') }),
  /** The same: they shall have no effect, ever. */
  z.strictObject({ action: z.literal('discard') }),
  /** Own-card watch: something is wrong, and somebody goes after it. What comes later is told again. */
  z.strictObject({ action: z.literal('pursue') }),
  /** Nothing was booked for so long: whoever it was can not be told any more, anywhere. */
  z.strictObject({ action: z.literal('anonymise') }),
  /** A webhook that was given up: its receiver is told again, from where it stopped. */
  z.strictObject({ action: z.literal('resume') }),
  /** The same: it is switched off until somebody starts it. */
  z.strictObject({ action: z.literal('switch_off') }),
]);
export type InboxAnswer = z.infer<typeof InboxAnswer>;

const PAIRS: readonly InboxKind[] = ['shared_mobile', 'shared_lookup_id'];
/** What waits behind these would be out of reach, or forgotten, once they are answered. */
const NEVER_KEPT: readonly InboxKind[] = ['held_op', 'till_forked', 'webhook_dead'];
const KEPT = InboxKind.options.filter((kind) => !NEVER_KEPT.includes(kind));

/** Which kinds an answer fits. */
export const FITTING: Readonly<Record<InboxAnswer['action'], readonly InboxKind[]>> = {
  keep: KEPT,
  restore: ['field_conflict'],
  merge: PAIRS,
  unmerge: PAIRS,
  apply: ['held_op'],
  repair: ['held_op'],
  dismiss: ['held_op'],
  book: ['till_forked'],
  discard: ['till_forked'],
  pursue: ['own_card', 'hand_limit'],
  anonymise: ['inactive_member'],
  resume: ['webhook_dead'],
  switch_off: ['webhook_dead'],
};

/** A held op as the form of a repair shows it; `body` may be of any shape. */
export const HeldView = z.object({ seq: Seq, op: WireOp, reason: ShownReason });

/** One line of the centre's log of decisions; each holds the hash of the one before. No personal data. */
export const AuditView = z.strictObject({
  lineNo: z.int(),
  atMs: z.int(),
  actorId: z.string(),
  action: z.string(),
  objectId: z.string(),
  note: z.string(),
  prev: z.string(),
  hash: z.string(),
});

/** What left as a file, the newest first. */
/**
 * `exports`: as the first tills read them, which refuse what they do not know; what came later stands beside it.
 * `reasons`: words of whoever made one, by its id.
 */
export const ExportsReply = z.object({
  exports: z.array(ExportLine),
  failedRows: z.array(ExportLine).default([]),
  reasons: z.record(z.string(), z.string()).default({}),
});
export type ExportsReply = z.infer<typeof ExportsReply>;

/** A second person, by her own login and PIN. */
export const SecondPerson = z.strictObject({ login: z.string().trim().max(40), pin: z.string().max(20) });
export type SecondPerson = z.infer<typeof SecondPerson>;

export const InboxAnswerReply = z.object({ ok: z.literal(true) });

export const InboxAnswerRequest = z.strictObject({
  login: z.string().max(40),
  pin: z.string().max(20),
  reason: z.string().trim().max(200).default(''),
  answer: InboxAnswer,
  /** Somebody else who stands by it, for `anonymise`: a supervisor or more. */
  second: SecondPerson.nullable().default(null),
});
export type InboxAnswerRequest = z.infer<typeof InboxAnswerRequest>;
