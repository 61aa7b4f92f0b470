import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { MemberId, StaffId, StoreId } from '../../../sync/base/ids.ts';
import type { MemberRow } from '../../../sync/model/member.ts';

export const members = sqliteTable('members', {
  lastName: text('last_name').notNull(),
  firstName: text('first_name').notNull(),
  prefix: text('prefix').notNull(),
  gender: text('gender').$type<MemberRow['gender']>().notNull(),
  dateOfBirth: text('date_of_birth'),
  mobile: text('mobile'),
  phone: text('phone'),
  email: text('email'),
  lookupId: text('lookup_id').notNull(),
  customerType: text('customer_type').$type<MemberRow['customerType']>().notNull(),
  street1: text('street1').notNull(),
  street2: text('street2').notNull(),
  postalCode: text('postal_code').notNull(),
  city: text('city').notNull(),
  region: text('region').notNull(),
  country: text('country').notNull(),
  notes: text('notes').notNull(),
  isCreditAllowed: integer('is_credit_allowed', { mode: 'boolean' }).notNull(),
  tier: text('tier').notNull(),
  tierUntil: text('tier_until'),
  memberId: text('member_id').$type<MemberId>().notNull(),
  seq: integer('seq').notNull(),
  supportId: text('support_id').notNull(),
  storeId: text('store_id').$type<StoreId>().notNull(),
  createdAtMs: integer('created_at_ms').notNull(),
  state: text('state').$type<MemberRow['state']>().notNull(),
  stateEpoch: integer('state_epoch').notNull(),
  stateReason: text('state_reason').notNull(),
  stateHlc: text('state_hlc').notNull(),
  stateActorId: text('state_actor_id').$type<StaffId>(),
  pdpaPolicy: text('pdpa_policy').notNull(),
  hasMarketingConsent: integer('has_marketing_consent', { mode: 'boolean' }).notNull(),
  marketingHlc: text('marketing_hlc').notNull(),
  mergedIntoId: text('merged_into_id').$type<MemberId>(),
  /** See `sync/feed/digest.ts`; the file's own, does not travel in a page. */
  rowHash: integer('row_hash').notNull(),
  /** See `sync/model/extras.ts`. Behind the hash: a migration added it. */
  extras: text('extras').notNull(),
});
