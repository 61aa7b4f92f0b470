import { WHOLE_CHAIN } from '../base/ids.ts';
import { isRemoved } from '../model/extras.ts';
import type { MemberRow } from '../model/member.ts';
import type { OpBodyOf } from '../model/op.ts';
import type { MessageTemplate, SkipReason } from '../model/template.ts';
import type { Outcome, RowReader } from './rows.ts';

/**
 * Changes no row: the centre sends, and looks then at who still wants it. A member who is not known yet is waited
 * for.
 */
export function requestMessage(rows: RowReader, { memberId }: OpBodyOf<'message.requested'>): Outcome {
  const isKnown = memberId === WHOLE_CHAIN || rows.member(memberId) !== undefined;
  return isKnown ? { held: null, changes: [], flags: [] } : { held: 'unknown_target' };
}

export const addressOf = (
  row: Pick<MemberRow, 'email' | 'mobile'>,
  template: Pick<MessageTemplate, 'channel'>,
) => (template.channel === 'email' ? row.email : row.mobile);

/** Whom a message is for: whom the person goes on as, and the word of all who are that person, merged ones too. */
export interface Addressee {
  row: MemberRow;
  hasMarketingConsent: boolean;
}

/** Why this person gets no such message now (N20); null: nothing speaks against it. */
export function skipReasonOf(
  addressee: Addressee | undefined,
  template: Pick<MessageTemplate, 'channel' | 'purpose'>,
): SkipReason | null {
  if (addressee === undefined) return 'unknown';
  const { row, hasMarketingConsent } = addressee;
  if (row.state === 'anonymised') return 'anonymised';
  if (isRemoved(row)) return 'removed';
  const isMarketing = template.purpose === 'marketing';
  if (row.state === 'blocked' || (row.state === 'locked' && isMarketing)) return 'blocked';
  if (isMarketing && !hasMarketingConsent) return 'no_consent';
  return addressOf(row, template) === null ? 'no_address' : null;
}
