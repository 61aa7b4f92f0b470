import { z } from 'zod';
import { CardTypeId, MemberId, OpId } from '../../sync/base/ids.ts';
import { CardNumber } from '../../sync/model/card.ts';
import { Attribute } from '../../sync/model/attributes.ts';
import { ExtrasPatch, NewExtras } from '../../sync/model/extras.ts';
import { MemberFields } from '../../sync/model/member.ts';
import { command, query, type Method } from './method.ts';
import { ActionReply, Balance, MemberHit, MemberView } from './views.ts';

export const LOOKUP_TEXT_MAX = 120;
export const LOOKUP_RESULTS_MAX = 50;

const Reason = z.string().trim().max(200);

/** Why somebody looks at what is masked: a choice and no words, for the list of looks holds nothing personal. */
export const RevealReason = z.enum(['asked', 'contact', 'correct', 'complaint']);
export type RevealReason = z.infer<typeof RevealReason>;

/** What a form sends: phones in any notation, dates as `YYYY-MM-DD`; the core normalises and refuses. */
export const MemberDraft = z.strictObject({
  ...MemberFields.partial().shape,
  mobile: z.string().max(40).nullable().optional(),
  phone: z.string().max(40).nullable().optional(),
  email: z.string().max(200).nullable().optional(),
  lookupId: z.string().max(40).optional(),
  dateOfBirth: z.string().max(20).nullable().optional(),
});
export type MemberDraft = z.infer<typeof MemberDraft>;

export const DuplicateHit = z.strictObject({
  memberId: MemberId,
  name: z.string(),
  maskedMobile: z.string(),
  /** The field that both share. `mobile` and `lookupId` refuse enrolment; the others only warn. */
  field: z.enum(['mobile', 'phone', 'email', 'lookupId', 'name']),
  isRefusal: z.boolean(),
});
export type DuplicateHit = z.infer<typeof DuplicateHit>;

const LookupReply = z.strictObject({
  /** `card` when the text was a whole card number; then at most one member. */
  by: z.enum(['card', 'search']),
  /** The card that the text named, if it did. */
  cardNumber: z.string().nullable(),
  members: z.array(MemberHit).max(LOOKUP_RESULTS_MAX),
  hasMore: z.boolean(),
  /**
   * Why somebody may be missing here; absent once the copy is whole. `arriving`: the first copy is on its way.
   * `sorting`: its names and parts of numbers are still being filed; card numbers and whole phone numbers are
   * found all the same.
   */
  incomplete: z.enum(['arriving', 'sorting']).optional(),
  /**
   * Nobody is found here, and the centre can be asked (`members.lookupOnline`): at once for what can be nothing but
   * a card or a phone, when somebody asks for it for the rest.
   */
  askCentre: z.enum(['now', 'wanted']).optional(),
});

/** What the chain's rule makes of balances that are left when she is anonymised, added up by unit. */
export const LeftBalance = z.strictObject({
  how: z.enum(['forfeited', 'paid_out']),
  unit: Balance.shape.unit,
  units: z.int().min(1),
});
export type LeftBalance = z.infer<typeof LeftBalance>;

export const RemovalPreview = z.strictObject({
  isRemoved: z.boolean(),
  cards: z.array(
    z.strictObject({
      cardNumber: z.string(),
      cardType: z.string(),
      cardTypeZh: z.string(),
      status: z.string(),
      isInstalled: z.boolean(),
      balance: z.int(),
      unit: Balance.shape.unit,
    }),
  ),
  /** Own ops of the member that the centre has not confirmed. */
  openOps: z.int(),
  /** People who were found to be the same person as she is. */
  mergedPeople: z.int(),
  /** Free for another member from then on; '' for none. */
  mobileText: z.string(),
  /** Booked with an anonymisation; a removal leaves balances as they are. */
  left: z.array(LeftBalance),
});
export type RemovalPreview = z.infer<typeof RemovalPreview>;

export const members = {
  /** One box: card number, phone in any notation or in part, last four digits, look-up ID, e-mail, name. */
  'members.lookup': query(z.strictObject({ text: z.string().max(LOOKUP_TEXT_MAX) }), LookupReply),
  /**
   * The same after the centre was asked for somebody whom this till does not hold, by a whole key only: the answer
   * comes within a second and a half, whatever the line does. `no_line`: nobody answered; `no_key`: nothing of the
   * text is a whole key, and nobody was asked.
   */
  'members.lookupOnline': query(
    z.strictObject({ text: z.string().max(LOOKUP_TEXT_MAX) }),
    z.strictObject({ outcome: z.enum(['found', 'nobody', 'no_line', 'no_key']), found: LookupReply }),
  ),
  /** As far as the role sees her: a manager all of it, which is kept in the list of looks (`signIns.list`). */
  'members.get': query(z.strictObject({ memberId: MemberId }), MemberView),
  /**
   * What is masked, whole: for a supervisor, until she opens another member or signs out. It is kept who looked, at
   * whom and why, before anything is shown.
   */
  'members.reveal': command(z.strictObject({ memberId: MemberId, reason: RevealReason }), MemberView),
  'members.listRecent': query(z.strictObject({}), z.array(MemberHit).max(5)),
  /** Caught while typing: who already has this mobile, look-up ID, e-mail, phone or name. */
  'members.findDuplicates': query(
    z.strictObject({ draft: MemberDraft, exceptMemberId: MemberId.nullable() }),
    z.array(DuplicateHit).max(10),
  ),
  /** Enrolment: member and, where a type is given, the first card, in one act. */
  'members.add': command(
    z.strictObject({
      opId: OpId,
      draft: MemberDraft,
      cardTypeId: CardTypeId.nullable(),
      /** A pre-printed or scanned number; null takes the next of this till's block. */
      cardNumber: CardNumber.nullable(),
      hasMarketingConsent: z.boolean(),
      extras: NewExtras.optional(),
    }),
    ActionReply,
  ),
  'members.edit': command(
    z.strictObject({ opId: OpId, memberId: MemberId, draft: MemberDraft }),
    ActionReply,
  ),
  /** Tags, groups, custom values and verified marks; only what differs is saved. */
  'members.setExtras': command(
    z.strictObject({ opId: OpId, memberId: MemberId, patch: ExtrasPatch }),
    ActionReply,
  ),
  /** What of a member can be filled in beside the profile, in the order of a form. */
  'attributes.list': query(z.strictObject({}), z.array(Attribute)),
  /** What a removal puts out of use (D10); the same for an anonymisation. */
  'members.previewRemoval': query(z.strictObject({ memberId: MemberId }), RemovalPreview),
  /** Out of every list and look-up, cards of no use, mobile free. The ledger stays. Can be taken back. */
  'members.remove': command(
    z.strictObject({ opId: OpId, memberId: MemberId, reason: Reason.min(1) }),
    ActionReply,
  ),
  'members.restoreRemoved': command(
    z.strictObject({ opId: OpId, memberId: MemberId, reason: Reason.min(1) }),
    ActionReply,
  ),
  'members.setState': command(
    z.strictObject({
      opId: OpId,
      memberId: MemberId,
      action: z.enum(['lock', 'unlock', 'block', 'unblock']),
      reason: Reason.min(1),
    }),
    ActionReply,
  ),
  'consents.record': command(
    z.strictObject({ opId: OpId, memberId: MemberId, isGranted: z.boolean() }),
    ActionReply,
  ),
} satisfies Record<string, Method>;
