import { z } from 'zod';
import { MemberId, OpId } from '../../sync/base/ids.ts';
import { HeldReason } from '../../sync/model/feed.ts';
import { InboxDetail, InboxKind } from '../../sync/model/inbox.ts';
import { MemberState } from '../../sync/model/member.ts';
import { LeftBalance, MemberDraft } from './members.ts';
import { command, query, type Method } from './method.ts';
import { ActionReply, Balance, SecondPerson } from './views.ts';

const Reason = z.string().trim().max(200);
const ItemId = z.string().min(1).max(80);

/** One of the people that an item is about, beside whom another may stand to be compared. */
export const InboxPerson = z.strictObject({
  memberId: MemberId,
  /** False: this till does not hold her; nothing else is known then. */
  isHere: z.boolean(),
  name: z.string(),
  mobile: z.string(),
  email: z.string(),
  dateOfBirth: z.string().nullable(),
  lookupId: z.string(),
  state: MemberState,
  storeName: z.string(),
  createdAtMs: z.int(),
  lastVisitAtMs: z.int().nullable(),
  cards: z.array(
    z.strictObject({
      cardNumber: z.string(),
      cardType: z.string(),
      cardTypeZh: z.string(),
      balance: z.int(),
      unit: Balance.shape.unit,
    }),
  ),
});
export type InboxPerson = z.infer<typeof InboxPerson>;

export const InboxAction = z.enum([
  'keep',
  'restore',
  'merge',
  'unmerge',
  'apply',
  'repair',
  'dismiss',
  'book',
  'discard',
  'pursue',
  'anonymise',
  'resume',
  'switch_off',
]);
export type InboxAction = z.infer<typeof InboxAction>;

const Place = z.strictObject({
  tillId: z.string(),
  name: z.string(),
  storeName: z.string(),
  isOwn: z.boolean(),
});
const Side = z.strictObject({
  value: z.union([z.string(), z.boolean(), z.null()]),
  place: Place,
  actorName: z.string(),
  atMs: z.int(),
});

/** What waits for a manager: what happened, and what she can say to it. */
export const InboxItem = z.strictObject({
  id: ItemId,
  kind: InboxKind,
  state: z.enum(['open', 'answered']),
  atMs: z.int(),
  place: Place,
  detail: InboxDetail,
  /** Number under which a held op is asked for (`inbox.getHeld`). */
  seq: z.int(),
  people: z.array(InboxPerson).max(2),
  /** Of a conflict: the value that counts, and the other one. */
  sides: z.tuple([Side, Side]).nullable(),
  /** Of the own-card watch: who booked. Whoever it is does not answer for herself. */
  actor: z.strictObject({ name: z.string(), isYou: z.boolean() }).nullable(),
  /** Of a card type's account: the unit of what is missing or was booked. */
  unit: Balance.shape.unit.nullable(),
  answers: z.array(InboxAction),
  answered: z
    .strictObject({ answer: z.string(), by: z.string(), atMs: z.int().nullable(), reason: z.string() })
    .nullable(),
});
export type InboxItem = z.infer<typeof InboxItem>;

/** An op of this till that waits at the centre; known here with and without a line. */
export const OwnHeld = z.strictObject({
  opId: OpId,
  tseq: z.int(),
  kind: z.string(),
  reason: HeldReason,
  wallMs: z.int(),
  memberName: z.string(),
});
export type OwnHeld = z.infer<typeof OwnHeld>;

export const InboxView = z.strictObject({
  /** `down`: only the centre decides, and nobody could ask it now; `items` is empty then. */
  line: z.enum(['up', 'down']),
  items: z.array(InboxItem).max(100),
  hasMore: z.boolean(),
  open: z.int(),
  own: z.strictObject({ count: z.int(), ops: z.array(OwnHeld).max(50) }),
});
export type InboxView = z.infer<typeof InboxView>;

/** One field of a held op that a person can put right. `isWrong`: the rules can not read it as it is. */
export const HeldField = z.strictObject({
  path: z.string(),
  kind: z.enum(['text', 'count', 'money', 'phone', 'day']),
  value: z.union([z.string(), z.number(), z.null()]),
  isWrong: z.boolean(),
});
export type HeldField = z.infer<typeof HeldField>;

export const HeldOpView = z.strictObject({
  seq: z.int(),
  opKind: z.string(),
  reason: HeldReason,
  wallMs: z.int(),
  businessDay: z.string(),
  actorName: z.string(),
  person: InboxPerson.nullable(),
  /** Empty where nothing that a form could mend is wrong. */
  fields: z.array(HeldField),
  /**
   * Why she can only drop it, whichever till made it. `late_person`: a person's version over which another was saved;
   * nobody's word brings it back. `own_act`: it takes two, and the other can not be she who asked for it.
   * `into_anonymised`: a merge into somebody whom nobody knows any more. Null: no such reason is known here.
   */
  hopeless: z.enum(['late_person', 'own_act', 'into_anonymised']).nullable(),
});
export type HeldOpView = z.infer<typeof HeldOpView>;

export const InboxAnswer = z.discriminatedUnion('action', [
  z.strictObject({ action: z.enum(['keep', 'restore', 'unmerge', 'apply', 'book', 'resume', 'switch_off']) }),
  z.strictObject({ action: z.literal('merge'), intoId: MemberId }),
  /** The fields that were put right, by their path; the rest stays as it was made. */
  z.strictObject({
    action: z.literal('repair'),
    seq: z.int(),
    values: z.record(z.string().max(60), z.union([z.string().max(1_000), z.number(), z.null()])),
  }),
  /** No effect, ever; or something is wrong: somebody has to say why. */
  z.strictObject({ action: z.enum(['dismiss', 'discard', 'pursue', 'anonymise']) }),
]);
export type InboxAnswer = z.infer<typeof InboxAnswer>;

export const inbox = {
  /** For a manager. A page of items, oldest first; `after`: the last id of the page before, '' for the first. */
  'inbox.list': query(
    z.strictObject({
      state: z.enum(['open', 'answered']).default('open'),
      after: z.string().max(80).default(''),
      /** This one alone, as who was second reads what was decided; '' for all. */
      id: z.string().max(80).default(''),
    }),
    InboxView,
  ),
  /** How many items wait at the centre; null when nobody could ask it. For a manager. */
  'inbox.count': query(z.strictObject({}), z.strictObject({ open: z.int().nullable() })),
  'inbox.getHeld': query(z.strictObject({ seq: z.int().min(1) }), HeldOpView),
  /**
   * A manager decides, and the centre does it: her PIN goes along and is checked there. The same answer once more
   * changes nothing. Nothing is decided without a line.
   */
  'inbox.answer': command(
    z.strictObject({
      ...{ id: ItemId, pin: z.string().max(20), reason: Reason.default(''), answer: InboxAnswer },
      /** For `anonymise`: somebody else stands by it, her PIN checked at the centre too. */
      second: SecondPerson.nullable().default(null),
    }),
    z.strictObject({ ok: z.literal(true) }),
  ),
  /**
   * Both are one person from now on; shown once the centre has confirmed it. For a manager, also without a line.
   * `keeps`: what of the former profile the one that stays is given with the same press, as an edit of its own; a
   * later unmerge does not take it back.
   */
  'members.merge': command(
    z.strictObject({
      opId: OpId,
      memberId: MemberId,
      intoId: MemberId,
      reason: Reason.min(1),
      keeps: z.strictObject({ opId: OpId, draft: MemberDraft }).nullable().default(null),
    }),
    ActionReply,
  ),
  'members.unmerge': command(
    z.strictObject({ opId: OpId, memberId: MemberId, intoId: MemberId, reason: Reason.min(1) }),
    ActionReply,
  ),
  /** Profiles that go on as hers since a merge, once the centre has confirmed it; each can be parted. For a manager. */
  'members.listMerged': query(
    z.strictObject({ memberId: MemberId }),
    z.strictObject({ people: z.array(InboxPerson).max(20) }),
  ),
  /**
   * Final: whoever it was can not be told any more, anywhere. For a manager, with a second person beside her.
   * `left`: what her form said of balances (`members.previewRemoval`); is it something else by now, nothing is saved.
   */
  'members.anonymise': command(
    z.strictObject({
      ...{ opId: OpId, memberId: MemberId, reason: Reason.min(1), second: SecondPerson },
      left: z.array(LeftBalance).max(20).optional(),
    }),
    ActionReply,
  ),
} satisfies Record<string, Method>;
