import { z } from 'zod';
import { isRealDay } from '../base/business-day.ts';
import { MemberId, StaffId, StoreId } from '../base/ids.ts';
import { ExtrasText, type ExtraKey } from './extras.ts';

/** A running number of the centre's feed: dense over ops, the same for all rows that one op touched. */
export const Seq = z.int().min(0);

const Text = (max: number) => z.string().trim().max(max);
export const E164 = z.string().regex(/^\+[1-9]\d{5,14}$/);
export const DayText = z.string().refine(isRealDay, 'not a day of the calendar');

/**
 * Profile columns, each a field of its own for the rule "last writer wins per field". `null` and '' both mean
 * none.
 */
export const MemberFields = z.strictObject({
  lastName: Text(80),
  firstName: Text(80),
  prefix: Text(10),
  gender: z.enum(['', 'female', 'male']),
  dateOfBirth: DayText.nullable(),
  mobile: E164.nullable(),
  phone: E164.nullable(),
  email: z.email().max(200).nullable(),
  lookupId: Text(40).min(1),
  customerType: z.enum(['member', 'customer']),
  street1: Text(120),
  street2: Text(120),
  postalCode: Text(20),
  city: Text(80),
  region: Text(80),
  country: Text(60),
  notes: Text(1000),
  isCreditAllowed: z.boolean(),
  tier: Text(40),
  tierUntil: DayText.nullable(),
});
export type MemberFields = z.infer<typeof MemberFields>;
export type MemberField = keyof MemberFields;
export const MEMBER_FIELDS = Object.keys(MemberFields.shape) as MemberField[];

/** Active < Locked (look only) < Blocked (no service) < Anonymised (final). */
export const MemberState = z.enum(['active', 'locked', 'blocked', 'anonymised']);
export type MemberState = z.infer<typeof MemberState>;
export const stateRank = (state: MemberState): number => MemberState.options.indexOf(state);

/** Confirmed row of a member, the same on every replica. */
export const MemberRow = MemberFields.extend({
  memberId: MemberId,
  seq: Seq,
  supportId: z.string().max(20),
  storeId: StoreId,
  createdAtMs: z.int(),
  state: MemberState,
  /** Raised by whoever lowers a state; a state of a later epoch wins, then the higher state. */
  stateEpoch: z.int().min(0),
  stateReason: Text(200),
  stateHlc: z.string(),
  stateActorId: StaffId.nullable(),
  /** Version of the policy that the service rests on (PDPA basis). */
  pdpaPolicy: z.string().max(40),
  hasMarketingConsent: z.boolean(),
  marketingHlc: z.string(),
  /** The member that this one was found to be the same person as; nothing of either was moved. */
  mergedIntoId: MemberId.nullable(),
  /** Tags, groups, custom values, marks: see `extras.ts`. '' for none, as with nearly everybody. */
  extras: ExtrasText,
});
export type MemberRow = z.infer<typeof MemberRow>;

/** Who wrote a field last: the op's clock as the centre counts it, its number in the feed, who and where. */
export interface FieldWriter {
  hlc: string;
  tillId: string;
  seq: number;
  actorId: string;
}

/** Each field's last writer, kept at the centre only; `all`: whoever wrote those that are not named. */
export type FieldClocks = Partial<Record<MemberField | ExtraKey | 'all', FieldWriter>>;

export const EMPTY_FIELDS: MemberFields = {
  lastName: '',
  firstName: '',
  prefix: '',
  gender: '',
  dateOfBirth: null,
  mobile: null,
  phone: null,
  email: null,
  lookupId: '-',
  customerType: 'member',
  street1: '',
  street2: '',
  postalCode: '',
  city: '',
  region: '',
  country: '',
  notes: '',
  isCreditAllowed: false,
  tier: '',
  tierUntil: null,
};

/**
 * The row of an anonymised member: id, store, time of joining and the ledger stay, everything that tells who
 * it was is empty. The same on every node, whatever the row held; used on a till before the row itself comes.
 */
export const blankMember = (member: MemberRow): MemberRow => ({
  ...member,
  ...EMPTY_FIELDS,
  extras: '',
  supportId: '',
  state: 'anonymised',
  // Final: no epoch leads out of it, so none is kept that would depend on what came before.
  stateEpoch: 0,
  stateReason: '',
  hasMarketingConsent: false,
  marketingHlc: '',
});

/** As a copy keeps what comes about a member: whoever was erased stays so, whatever older row comes after. */
export const keptMember = (row: MemberRow, stored: Pick<MemberRow, 'state'> | undefined): MemberRow =>
  stored?.state === 'anonymised' && row.state !== 'anonymised' ? blankMember(row) : row;
